"""What waits in the outbox goes to Slack: each thing once, in order, and with the pauses that Slack asks for."""

from __future__ import annotations

from datetime import timedelta

from bot.compose.composer import Composer
from core.charts.pool import ChartPool
from core.storage.frameworks import FrameworkShelf
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection
from integrations.slack.workspaces import OneWorkspace
from scheduler.delivery import Delivery
from tests.slack.playing_slack import ACCEPTED_THEN_DROPPED, DROPPED, RATE_LIMITED, TOKEN, Fault, Posted, refused
from tests.slack.school_world import RIVER, SlackWorld, buttons, user


async def close_and_report(world: SlackWorld, *faults: Fault) -> None:
    """Five of seven schools have submitted, and the lead closes the cycle; this happens to the post of the report."""
    await world.types("priya", "start")
    for _ in range(18):
        await world.types("priya", "3 2")
    await world.types("priya", "done")
    await world.types("priya", "submit")
    await world.commands("ruth", "/partnership-report")
    asked = world.in_channel("ruth")[-1]
    close = next(each for each in buttons(asked) if each["text"]["text"] == "Close now and post the report")
    world.slack.next_calls("chat.postMessage", *faults)
    await world.presses("ruth", close, RIVER, asked.ts)


def reports(world: SlackWorld) -> list[Posted]:
    return [each for each in world.in_channel("priya") if "5 of 7 schools submitted" in each.text]


def pictures(world: SlackWorld, report: Posted) -> tuple[int, int]:
    """How many pictures can be seen in it, and how many in its thread."""
    below = (each for each in world.in_channel("priya") if each.thread == report.ts)
    in_thread = [block["type"] for each in below for block in each.blocks].count("image")
    return [block["type"] for block in report.blocks].count("image"), in_thread


def files_below(world: SlackWorld, report: Posted) -> list[str]:
    """The names of what was shared in its thread."""
    below = (each for each in world.in_channel("priya") if each.thread == report.ts)
    return [world.slack.files[file].name for each in below for file in each.files]


async def test_a_prompt_whose_answer_was_lost_stands_there_once(world: SlackWorld) -> None:
    world.slack.next_calls("chat.postMessage", ACCEPTED_THEN_DROPPED)
    await world.types("priya", "start")
    (question,) = world.own("priya")
    assert question.edits == 1, "it was found by its key, and edited"


async def test_a_prompt_that_was_lost_is_sent_again(world: SlackWorld) -> None:
    world.slack.next_calls("chat.postMessage", DROPPED)
    await world.types("priya", "start")
    assert len(world.own("priya")) == 1


async def test_a_prompt_whose_blocks_slack_does_not_take_comes_as_plain_text(world: SlackWorld) -> None:
    world.slack.next_calls("chat.postMessage", refused("invalid_blocks", errors=["unsupported type: actions"]))
    await world.types("priya", "start")
    (question,) = world.own("priya")
    assert {block["type"] for block in question.blocks} == {"section"}
    assert "[Skip]" in question.text, "what can be pressed can be typed"


async def test_a_report_whose_answer_was_lost_is_posted_once(world: SlackWorld) -> None:
    await close_and_report(world, ACCEPTED_THEN_DROPPED)
    world.clock.later(timedelta(hours=1))
    await world.delivery.drain()
    (report,) = reports(world)
    assert pictures(world, report) == (1, 2), "scores; priorities, forms of collaboration"
    assert files_below(world, report) == ["partnership-report-1-en.csv", "partnership-report-1-en.xlsx"]


async def test_a_report_that_may_be_lost_is_never_sent_blindly_again(world: SlackWorld) -> None:
    world.slack.scopes.remove("channels:history")
    await close_and_report(world, DROPPED)
    world.clock.later(timedelta(hours=1))
    await world.delivery.drain()
    assert reports(world) == []


async def test_a_report_that_slack_held_back_comes_with_its_picture_and_its_numbers(world: SlackWorld) -> None:
    await close_and_report(world, RATE_LIMITED)
    assert reports(world) == []
    world.clock.later(timedelta(seconds=7))
    await world.delivery.drain()
    (report,) = reports(world)
    assert pictures(world, report) == (1, 2), "scores; priorities, forms of collaboration"
    assert files_below(world, report) == ["partnership-report-1-en.csv", "partnership-report-1-en.xlsx"]


async def test_the_lead_hears_at_once_why_there_is_no_report(world: SlackWorld) -> None:
    """In her own conversation, and where she asked, for her alone."""
    await world.types("ruth", "hello")
    await close_and_report(world, *[refused("restricted_action")] * 2)
    await world.delivery.drain()
    in_channel = [each for each in world.in_channel("ruth") if each.only_to == user("ruth")]
    for told in (world.own("ruth")[-1], in_channel[-1]):
        assert "only some people can post in the channel" in told.text
        assert [each["text"]["text"] for each in buttons(told)] == ["Post again", "Help"]


async def test_a_pause_holds_every_process(world: SlackWorld) -> None:
    """One process is told to pause; another, with a memory of its own, obeys as well."""
    world.slack.next_calls("chat.postMessage", RATE_LIMITED)
    await world.types("priya", "start")
    assert world.own("priya") == []

    connection, charts = Connection(f"{world.slack.base}/api/"), ChartPool()
    other = SlackChat(OneWorkspace(TOKEN), connection)
    composer = Composer(world.database, FrameworkShelf(), charts.draw, world.clock)
    process = Delivery(world.database, {other.name: other}, composer, world.clock)
    world.slack.calls.clear()
    await process.drain()
    assert world.slack.called() == []

    world.clock.later(timedelta(seconds=7))
    await process.drain()
    await connection.close()
    charts.close()
    assert len(world.own("priya")) == 1


async def test_a_message_that_somebody_deleted_is_posted_anew(world: SlackWorld) -> None:
    await world.types("priya", "start")
    question = world.own("priya").pop()
    skip = next(each for each in buttons(question) if each["text"]["text"] == "3 Established")
    await world.presses("priya", skip, "D0PRIYA", question.ts)
    (again,) = world.own("priya")
    assert "Our school: 3 Established" in again.text
