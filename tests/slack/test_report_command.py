"""What a lead types after ``/partnership-report``, and what then stands where in Slack."""

from __future__ import annotations

import pytest

from tests.slack.playing_slack import Posted
from tests.slack.school_world import RIVER, SlackWorld, buttons, direct, user


async def asks(world: SlackWorld, text: str = "", person: str = "ruth") -> Posted:
    """What is shown last in the channel to the one who typed the command alone."""
    response = await world.commands(person, "/partnership-report", text)
    assert (response.status_code, response.text) == (200, ""), "it is acknowledged without a word"
    return [each for each in world.in_channel(person) if each.only_to == user(person)][-1]


async def presses(world: SlackWorld, shown: Posted, label: str, channel: str = RIVER) -> None:
    button = next(each for each in buttons(shown) if each["text"]["text"] == label)
    await world.presses("ruth", button, channel, shown.ts)


def for_everybody(world: SlackWorld) -> list[Posted]:
    """What stands in the channel itself, without its threads."""
    return [each for each in world.in_channel("tom") if each.thread is None and each.only_to is None]


def images(messages: list[Posted]) -> list[str]:
    """The words of the pictures."""
    return [block["alt_text"] for each in messages for block in each.blocks if block["type"] == "image"]


@pytest.fixture
async def closed(world: SlackWorld) -> SlackWorld:
    """A fifth school has submitted, the lead has closed the cycle, and the report stands in the channel."""
    await world.types("ruth", "hello")
    await world.types("priya", "start")
    for text in (*["3 2"] * 18, "done", "submit"):
        await world.types("priya", text)
    await presses(world, await asks(world), "Close now and post the report")
    return world


async def test_help_says_how_it_is_used(world: SlackWorld) -> None:
    told = (await asks(world, "help")).text
    for example in ("/partnership-report last area 2", "/partnership-report preview"):
        assert example in told


async def test_while_the_cycle_is_open_nobody_sees_a_score_the_lead_included(world: SlackWorld) -> None:
    assert "Summer 2027 is still open" in (await asks(world)).text
    assert "nobody sees any score of the group" in (await asks(world, "preview")).text
    assert "Only a lead of the partnership" in (await asks(world, person="priya")).text
    assert for_everybody(world) == []


async def test_the_report_is_one_message_with_the_lead_picture_and_the_others_and_tables_in_the_thread(
    closed: SlackWorld,
) -> None:
    (report,) = for_everybody(closed)
    assert "5 of 7 schools submitted" in report.text
    below = [each for each in closed.in_channel("tom") if each.thread == report.ts]
    files = [closed.slack.files[file].name for each in below for file in each.files]
    assert files == ["partnership-report-1-en.csv", "partnership-report-1-en.xlsx"]
    (overview,) = images([report])
    assert overview.startswith("Strongest: Trust and belonging.")
    assert len(images(below)) == 2, "the priorities, trust and challenge"
    assert overview not in images(below)


async def test_asked_for_twice_it_is_posted_once_and_again_by_its_own_button(closed: SlackWorld) -> None:
    again = await asks(closed)
    assert "in the channel already" in again.text
    assert len(for_everybody(closed)) == 1

    await presses(closed, again, "Post again")

    assert len(for_everybody(closed)) == 2


async def test_a_preview_is_for_the_lead_alone_with_its_pictures_and_a_button_to_post_it(closed: SlackWorld) -> None:
    assert "sent you a direct message" in (await asks(closed, "preview last area 2")).text
    shown = [each for each in closed.own("ruth") if each.thread is None]
    assert shown[-1].text.startswith("A preview, for you alone. Nothing has been posted.")
    assert images(shown[-1:])[0].startswith("Strongest: An honest picture.")
    assert len(images(shown)) == len(set(images(shown)))
    assert len(for_everybody(closed)) == 1

    await presses(closed, shown[-1], "Post it in the channel", direct("ruth"))

    assert for_everybody(closed)[-1].text.startswith("Willow Valley Partnership: Summer 2027 – Knowing our reality")


@pytest.mark.parametrize("named", ["last", "Summer 2027", "1"])
async def test_a_cycle_and_an_area_can_be_named(closed: SlackWorld, named: str) -> None:
    await asks(closed, f"{named} area 2")
    report = for_everybody(closed)[-1].text
    assert "Knowing our reality and impact" in report
    assert "Trust and belonging" not in report, "that is in the third area"


async def test_what_there_is_not_is_never_guessed(closed: SlackWorld) -> None:
    told = (await asks(closed, "summer term")).text
    assert "I don't know that cycle or area" in told
    assert "1. Summer 2027" in told
