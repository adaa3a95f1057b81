"""What Teams sends is done once, answered in time, and never with a dead end."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any, TypeAlias

import pytest
from sqlalchemy import Connection, delete, select, update

from bot.inbound.events import Conversation
from core.enquiry import Account
from core.storage import tables
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Claimed
from integrations.teams.connector import Service
from scheduler.delivery import LEASE, Delivery
from scheduler.planner import plan_due
from tests.support.days import CLOSES
from tests.support.faults import ACCEPTED_THEN_DROPPED
from tests.teams import activities
from tests.teams.activities import CHANNEL, in_channel
from tests.teams.adaptive_cards import pressable, seen
from tests.teams.playing_teams import CARD, Member, Posted, refused
from tests.teams.signing import CONNECTOR, TENANT, Signer, claims
from tests.teams.teams_world import TeamsWorld, member, teams_world

Json: TypeAlias = dict[str, Any]

PRIYA, RUTH, STRANGER = member("priya"), member("ruth"), member("alex")
MESSAGE = "application/vnd.microsoft.activity.message"


def latest(world: TeamsWorld, person: Member) -> Posted:
    return world.own(person)[-1]


def pressed(posted: Posted, label: str) -> Json:
    """What the button of this label carries."""
    data: Json = next(each for each in pressable(posted.card or {}) if each["title"] == label)["data"]
    return data


# Answers


async def test_a_press_is_answered_with_the_card_as_it_is_then(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    card = latest(world, PRIYA)
    response = await world.executes(PRIYA, card, pressed(card, "Our school: 3 Established"))
    answer = response.json()
    assert (answer["statusCode"], answer["type"]) == (200, CARD)
    assert "Our school: 3 Established" in seen(answer["value"])
    assert answer["value"] == card.card, "and so has the message been edited"


async def test_a_press_that_comes_again_changes_nothing_and_gets_the_card_again(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    card = latest(world, PRIYA)
    again = activities.executed(
        PRIYA, pressed(card, "Our school: 3 Established"), card.id, world.now, world.teams.service_url
    )
    first, second = await world.send(again), await world.send(again)
    assert first.json() == second.json()
    answers = await world.database.read(lambda reading: reading.execute(select(tables.Answer.revision)).scalars().all())
    assert 1 in answers
    assert 2 not in answers


async def test_the_same_press_as_a_message_does_the_same(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    card = latest(world, PRIYA)
    response = await world.submits(PRIYA, card, pressed(card, "Our school: 3 Established"))
    assert (response.status_code, response.content) == (200, b"")
    assert "Our school: 3 Established" in card.text


async def test_a_note_is_kept_from_the_card(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    await world.types(PRIYA, "3 3")
    await world.types(PRIYA, "3 3")
    card = next(each for each in world.own(PRIYA) if "Add a strength" in each.text)
    await world.executes(PRIYA, card, pressed(card, "Add a strength"))
    box = latest(world, PRIYA)
    text = "Our governors chose the goals with us.\nAll of them."
    await world.executes(PRIYA, box, pressed(box, "Keep it") | {"text": text})
    assert any("Our governors chose the goals with us." in each.text for each in world.own(PRIYA))


@pytest.mark.parametrize("data", [{}, {"action": "Score|999|x|school|3|0"}, {"action": "\0"}, {"action": "nonsense"}])
async def test_a_button_that_the_bot_does_not_know_has_a_way_on(world: TeamsWorld, data: Json) -> None:
    await world.types(PRIYA, "start")
    card = latest(world, PRIYA)
    response = await world.executes(PRIYA, card, data)
    assert response.status_code == 200
    assert latest(world, PRIYA) is not card


async def test_who_closes_a_cycle_sees_on_the_card_that_it_has_closed(world: TeamsWorld) -> None:
    """She asked in the channel, and was answered in her own chat."""
    await world.types(PRIYA, "start")
    for text in (*["3 2"] * 18, "done", "submit"):
        await world.types(PRIYA, text)
    await world.mentions(RUTH, "partnership-report")
    asked = latest(world, RUTH)
    response = await world.executes(RUTH, asked, pressed(asked, "Close now and post the report"))
    assert response.json()["type"] == CARD
    card = response.json()["value"]
    assert "Summer 2027 has closed, so there is nothing more to decide here." in str(card)
    assert [each["title"] for each in pressable(card)] == ["Help"]
    assert latest(world, RUTH).text.startswith("The report for Summer 2027 is in the channel now.")


async def test_a_press_on_a_card_of_which_no_record_is_left_brings_a_new_one_with_the_answer(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    card = latest(world, PRIYA)
    await world.database.write(lambda writing: writing.execute(delete(tables.Posted)) and None)
    response = await world.executes(PRIYA, card, pressed(card, "Our school: 3 Established"))
    assert response.json()["value"] == "Done. · Wedi'i wneud."
    assert latest(world, PRIYA) is not card
    assert "Our school: 3 Established" in latest(world, PRIYA).text


async def test_a_press_on_a_message_that_is_not_known_is_answered_in_words(world: TeamsWorld) -> None:
    await world.types(PRIYA, "hello")
    unknown = Posted("1790000000000", {"attachments": []})
    response = await world.executes(PRIYA, unknown, {"action": "ShowHelp"})
    assert response.json() == {"statusCode": 200, "type": MESSAGE, "value": "Done. · Wedi'i wneud."}


async def test_nobody_gets_a_card_that_was_sent_to_somebody_else(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    response = await world.executes(RUTH, latest(world, PRIYA), {"action": "ShowHelp"})
    assert response.json()["type"] == MESSAGE


async def test_a_card_that_is_wanted_anew_comes_as_it_is_and_nothing_happens(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    card, before = latest(world, PRIYA), await world.rows()
    world.teams.calls.clear()
    refresh = activities.executed(PRIYA, pressed(card, "Skip"), card.id, world.now, world.teams.service_url)
    refresh["value"]["trigger"] = "automatic"
    response = await world.send(refresh)
    assert response.json() == {"statusCode": 200, "type": CARD, "value": card.card}
    assert await world.rows() == before
    assert world.teams.called() == []


# What Teams' store asks


async def test_whoever_adds_the_bot_is_welcomed_once(world: TeamsWorld) -> None:
    await world.installs(PRIYA)
    made = activities.activity("conversationUpdate", PRIYA, world.now, world.teams.service_url, membersAdded=[])
    await world.send(made)
    await world.installs(PRIYA, "add-upgrade")
    assert [each.activity["summary"] for each in world.own(PRIYA)] == ["Willow Valley Partnership: Summer 2027"]


async def test_a_welcome_that_comes_again_is_none(world: TeamsWorld) -> None:
    world.teams.direct(PRIYA)
    added = activities.installed(PRIYA, world.now, world.teams.service_url)
    for _ in range(2):
        await world.send(added)
    assert len(world.own(PRIYA)) == 1


async def test_whoever_adds_it_again_is_welcomed_again(world: TeamsWorld) -> None:
    await world.installs(PRIYA)
    await world.installs(PRIYA, "remove")
    await world.installs(PRIYA)
    assert len(world.own(PRIYA)) == 2


async def test_a_channel_is_welcomed_once_and_learns_how_the_bot_is_called(world: TeamsWorld) -> None:
    added = activities.installed(RUTH, world.now, world.teams.service_url, **in_channel(RUTH))
    for _ in range(2):
        await world.send(added)
    assert [each.replies_to for each in world.channel] == [None]
    assert "call me by my name and write partnership-report" in world.channel[0].text
    await world.installs(RUTH, "add-upgrade", **in_channel(RUTH))
    assert len(world.channel) == 1


@pytest.mark.parametrize("word", ["hi", "hello", "help", "Hello!", "helo"])
async def test_hello_and_help_work(world: TeamsWorld, word: str) -> None:
    await world.types(PRIYA, word)
    assert "What I can do" in latest(world, PRIYA).text


async def test_a_message_without_a_word_in_it_has_a_way_on(world: TeamsWorld) -> None:
    await world.types(PRIYA, "start")
    await world.types(PRIYA, " ")
    assert "Shared goals" in latest(world, PRIYA).text
    assert len(world.own(PRIYA)) == 2, "the question once more, in view"


async def test_a_stranger_has_a_way_on_too(world: TeamsWorld) -> None:
    await world.types(STRANGER, "hello")
    assert "I don't know you yet" in latest(world, STRANGER).text
    assert "If you were given a code" in latest(world, STRANGER).text


async def test_called_in_a_channel_it_answers_alone_and_says_so_in_the_thread(world: TeamsWorld) -> None:
    await world.mentions(PRIYA, "help")
    assert [(each.replies_to, each.text[:34]) for each in world.channel] == [
        ("1795000000001", "I answer you in our own chat. If y")
    ]
    assert "What I can do" in latest(world, PRIYA).text


async def test_a_stranger_who_calls_it_in_a_channel_is_answered_alone(world: TeamsWorld) -> None:
    await world.mentions(STRANGER, "hi")
    assert "I don't know you yet" in latest(world, STRANGER).text
    assert len(world.channel) == 1


async def test_an_answer_that_takes_longer_is_announced(world: TeamsWorld) -> None:
    world.door._soon = 0
    await world.types(PRIYA, "hello")
    assert world.teams.direct(PRIYA).typing == 1


async def test_it_is_announced_while_nobody_knows_yet_who_asks(world: TeamsWorld) -> None:
    """Teams wants to see something within two seconds of what was said, however long a look into its roster takes."""

    async def until_something_is_seen(account: Account, service: Service, conversation: str, member: str) -> None:
        await asyncio.wait_for(world.teams.typing_was_seen.wait(), 5)

    world.door._soon, world.door._recognise = 0, until_something_is_seen
    await world.types(PRIYA, "hello")
    assert world.teams.called("typing", "send") == ["typing", "send"]


async def test_a_message_that_comes_again_is_not_announced(world: TeamsWorld) -> None:
    world.teams.direct(PRIYA)
    text = activities.message(PRIYA, "help", world.now, world.teams.service_url)
    for _ in range(2):
        await world.send(text)
    assert (len(world.own(PRIYA)), world.teams.called("typing")) == (1, [])


async def test_an_answer_that_is_there_needs_no_announcement(world: TeamsWorld) -> None:
    await world.types(PRIYA, "hello")
    assert world.teams.called("typing") == []


@pytest.mark.parametrize(("kind", "status"), [("messageReaction", 200), ("somethingNew", 200), ("invoke", 501)])
async def test_what_the_bot_does_not_know_has_no_effect(world: TeamsWorld, kind: str, status: int) -> None:
    before = await world.rows()
    odd = activities.activity(kind, PRIYA, world.now, world.teams.service_url, name="something/new")
    assert (await world.send(odd)).status_code == status
    assert await world.rows() == before
    assert world.teams.called() == []


# Where people are reached


async def stored(world: TeamsWorld) -> list[tuple[str, str | None]]:
    table = tables.ConversationReference
    wanted = select(table.conversation, table.address).order_by(table.conversation)
    return await world.database.read(lambda reading: [tuple(row) for row in reading.execute(wanted)])  # type: ignore[misc]


async def test_a_conversation_is_kept_when_it_is_first_heard_of(world: TeamsWorld) -> None:
    await world.types(PRIYA, "hello")
    assert await stored(world) == [(PRIYA.directory_id, f"a:1_{PRIYA.directory_id}")]


async def test_a_channel_can_be_written_to_once_the_bot_is_in_its_team(world: TeamsWorld) -> None:
    await world.installs(RUTH, "add-upgrade", **in_channel(RUTH))
    assert (CHANNEL, CHANNEL) in await stored(world)
    await world.installs(RUTH, "remove", **in_channel(RUTH))
    assert await stored(world) == []


async def test_a_bot_that_is_removed_from_a_team_forgets_whichever_of_its_channels_it_was_in(world: TeamsWorld) -> None:
    """Teams names the channel that was chosen when the bot is added, and the team's first one when it is removed."""
    await world.installs(RUTH, **in_channel(RUTH))
    there = in_channel(RUTH)
    assert (CHANNEL, CHANNEL) in await stored(world)
    general = there["conversation"] | {"id": "19:general@thread.tacv2"}
    await world.installs(RUTH, "remove", conversation=general, channelData=there["channelData"])
    assert CHANNEL not in dict(await stored(world))


async def test_another_service_address_takes_the_place_of_the_old_one(world: TeamsWorld) -> None:
    await world.types(PRIYA, "hello")
    world.teams.base += "/uk"  # Any address of the same host will do.
    moved = activities.message(PRIYA, "hello", world.now, f"{world.teams.base}/")
    await world.send(moved, CONNECTOR.token(claims(f"{world.teams.base}/", world.now)))
    table = tables.ConversationReference
    kept = await world.database.read(lambda reading: reading.scalar(select(table.service_url)))
    assert kept == f"{world.teams.base}/"


async def test_an_erased_person_leaves_nothing_but_the_goodbye(world: TeamsWorld) -> None:
    await world.types(PRIYA, "erase me")
    card = latest(world, PRIYA)
    await world.executes(PRIYA, card, pressed(card, "Yes, erase me"))
    assert "You have been removed" in latest(world, PRIYA).text
    assert await stored(world) == []
    await world.types(PRIYA, "hello")
    assert "I don't know you yet" in latest(world, PRIYA).text


async def test_somebody_who_removed_the_bot_can_be_written_to_once_they_add_it_again(world: TeamsWorld) -> None:
    account = tables.Account

    async def conversation() -> str | None:
        wanted = select(account.conversation).where(account.user == PRIYA.directory_id)
        return await world.database.read(lambda reading: reading.scalar(wanted))

    await world.installs(PRIYA)
    assert await conversation() == PRIYA.directory_id
    await world.installs(PRIYA, "remove")
    assert await conversation() is None
    await world.installs(PRIYA)
    assert await conversation() == PRIYA.directory_id


async def test_a_lead_who_called_it_in_a_channel_can_be_written_to_first(world: TeamsWorld) -> None:
    await world.database.write(lambda writing: writing.execute(update(tables.Account).values(conversation=None)))
    await world.mentions(RUTH, "partnership-report")
    account = tables.Account
    wanted = select(account.user).where(account.conversation.is_not(None))
    assert await world.database.read(lambda reading: reading.scalars(wanted).all()) == [RUTH.directory_id]


# Its words, as Teams has them


@pytest.mark.parametrize(
    ("person", "asked", "told"),
    [
        (RUTH, "help", "You lead Willow Valley Partnership: type @Partnership bot partnership-report to post"),
        (RUTH, "report help", "alone: @Partnership bot partnership-report last area 2."),
        (RUTH, "report 9", "Type for example @Partnership bot partnership-report last,"),
        (PRIYA, "report", "your partnership's lead, who can type @Partnership bot partnership-report."),
    ],
)
async def test_a_command_is_told_as_it_is_typed_in_teams(
    world: TeamsWorld, person: Member, asked: str, told: str
) -> None:
    await world.types(person, asked)
    assert told in latest(world, person).text
    assert "/partnership-report" not in latest(world, person).text


async def test_a_card_answered_to_a_press_says_it_so_too(world: TeamsWorld) -> None:
    await world.types(RUTH, "help")
    response = await world.executes(RUTH, latest(world, RUTH), {"action": ""})
    assert "type @Partnership bot partnership-report" in response.text


@pytest.mark.parametrize("text", ["partnership-report", "/partnership-report", "@Partnership bot partnership-report"])
async def test_it_is_understood_either_way(world: TeamsWorld, text: str) -> None:
    await world.types(RUTH, text)
    assert "Summer 2027 is still open" in latest(world, RUTH).text


# Nothing is lost and nothing comes twice


async def test_a_message_that_may_have_arrived_is_said_once_more_only_where_that_does_no_harm(
    world: TeamsWorld,
) -> None:
    world.teams.next_calls("send", ACCEPTED_THEN_DROPPED)
    await world.types(PRIYA, "start")
    assert len(world.own(PRIYA)) == 2, "its buttons mean the same"


async def test_a_report_that_may_have_arrived_is_never_said_again(world: TeamsWorld) -> None:
    for text in ("start", *["3 3"] * 18, "done", "submit"):
        await world.types(PRIYA, text)
    await world.mentions(RUTH, "partnership-report")
    world.teams.next_calls(CHANNEL, ACCEPTED_THEN_DROPPED)
    asked = latest(world, RUTH)
    await world.executes(RUTH, asked, pressed(asked, "Close now and post the report"))
    for _ in range(3):
        world.clock.later(timedelta(minutes=5))
        await world.delivery.drain()
    assert len([each for each in world.channel if "5 of 7 schools submitted" in each.text]) == 1


@dataclass
class Postponed:
    """Delivery that takes what it is given, and sends nothing."""

    delivery: Delivery
    given: list[Claimed] = field(default_factory=list)

    def claim(self, connection: Connection, conversations: Iterable[Conversation]) -> Sequence[Claimed]:
        return self.delivery.claim(connection, conversations)

    async def deliver(self, _: Iterable[Conversation], claimed: Iterable[Claimed] = ()) -> None:
        self.given.extend(claimed)


async def test_the_next_question_is_claimed_in_the_transaction_of_the_answer(world: TeamsWorld) -> None:
    """One wait for the disk less; and if nothing sends it, it goes when the claim is over."""
    postponed = Postponed(world.delivery)
    door = world.bot.door(FrameworkShelf(), postponed, standing=nothing_stands)
    world.teams.direct(PRIYA)
    await door.receive(activities.message(PRIYA, "start", world.now, world.teams.service_url))
    await door.finish()
    assert [each.item.conversation for each in postponed.given] == [PRIYA.directory_id]
    await world.delivery.drain()
    assert world.own(PRIYA) == []
    world.clock.later(LEASE + timedelta(seconds=1))
    await world.delivery.drain()
    assert len(world.own(PRIYA)) == 1


def nothing_stands(*_: object) -> None:
    """No card is asked for here."""


async def test_what_teams_refuses_is_said_later(world: TeamsWorld) -> None:
    world.teams.next_calls("send", refused(412), refused(412))
    await world.types(PRIYA, "hello")
    assert world.own(PRIYA) == []
    world.clock.later(timedelta(minutes=1))
    await world.delivery.drain()
    assert "What I can do" in latest(world, PRIYA).text


async def test_two_activities_at_once_are_both_done(world: TeamsWorld) -> None:
    world.teams.direct(PRIYA)
    world.teams.direct(RUTH)
    texts = [activities.message(each, "help", world.now, world.teams.service_url) for each in (PRIYA, RUTH)]
    await asyncio.gather(*(world.send(each) for each in texts))
    assert [len(world.own(each)) for each in (PRIYA, RUTH)] == [1, 1]


@pytest.mark.parametrize("state", ["MessageWritesBlocked", "BotNotInConversationRoster", "BotDisabledByAdmin"])
async def test_a_leader_who_cannot_be_written_to_is_let_alone_and_their_lead_told(
    world: TeamsWorld, state: str
) -> None:
    await world.installs(PRIYA)
    await world.installs(RUTH)
    priya = world.teams.direct(PRIYA)
    world.teams.calls.clear()
    while not any("I can no longer write" in each.text for each in world.own(RUTH)):
        world.teams.next_calls(priya.id, refused(403, state))
        world.clock.later(timedelta(hours=1))
        assert world.now < CLOSES
        await plan_due(world.database, world.now)
        await world.delivery.drain()
    assert "one of the leaders of Lanternfield Primary School" in latest(world, RUTH).text
    assert len(priya.messages) == 1, "the welcome"
    world.teams._faults.clear()
    world.clock.later(timedelta(days=7))
    await plan_due(world.database, world.now)
    await world.delivery.drain()
    assert len(priya.messages) == 1, "and nothing is tried there again"


# Who is let in


async def test_leaders_of_other_organisations_are_let_in_where_those_are_named(stage: Path, tmp_path: Path) -> None:
    other = Member("0000-other", tenant="tenant-b")
    async with teams_world(Path(copy(stage, tmp_path)), allowed_tenants=f"{TENANT}, Tenant-B") as world:
        assert (await world.types(other, "hello")).status_code == 200
        assert "I don't know you yet" in latest(world, other).text
        assert (await world.types(Member("0000-third", tenant="tenant-c"), "hello")).status_code == 403


@pytest.mark.parametrize(
    ("authorization", "body", "status"),
    [
        (None, b"{}", 401),
        (f"Bearer {Signer(key='stranger').token(claims())}", b"{}", 401),
        ("Bearer a.b.c", b" " * 1_000_001, 413),
    ],
)
async def test_whoever_is_refused_is_told_nothing(
    world: TeamsWorld, caplog: pytest.LogCaptureFixture, authorization: str | None, body: bytes, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    before = await world.rows()
    response = await world.send_raw(body, authorization)
    assert (response.status_code, response.content) == (status, b"")
    assert await world.rows() == before
    assert "Bearer" not in caplog.text


async def test_neither_a_token_nor_a_note_gets_into_the_log(
    world: TeamsWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    world.teams.next_calls("update", refused(500), refused(403, "Forbidden"))
    await world.types(PRIYA, "start")
    await world.types(PRIYA, "strength 1.1 Our secret strength")
    await world.types(PRIYA, "3 4")
    logged = "\n".join(f"{each.name} {each.getMessage()}" for each in caplog.records)
    for secret in ("Our secret strength", "bot-token", world.token()[:40], "the-client-secret"):
        assert secret not in logged, json.dumps([each.name for each in caplog.records if secret in each.getMessage()])
