"""Messages to Teams: each arrives once, in the right place, whatever Teams or the connection does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import Button, Buttons, Message, Paragraph
from bot.platform import Cause, OutcomeUnknown, RateLimited, Rejected, SendFailed, Unreachable
from core.services import conversation_addresses
from core.services.conversation_addresses import Reference
from core.storage.outbox import Place
from integrations.teams.connector import Service
from tests.support.faults import ACCEPTED_THEN_DROPPED, DROPPED, Fault
from tests.teams.activities import CHANNEL
from tests.teams.playing_teams import BOT_ID, RATE_LIMITED, Member, refused
from tests.teams.signing import TENANT
from tests.teams.teams_world import TeamsWorld, member

PRIYA = member("priya")
DIRECT = Conversation("teams", TENANT, PRIYA.directory_id, Kind.DIRECT)
RIVER = Conversation("teams", TENANT, CHANNEL, Kind.CHANNEL)
MESSAGE = Message("card:1:1.1", (Paragraph("Hello."), Buttons((Button("Help", "ShowHelp", "help"),))), "en")


ENDED = OutcomeUnknown("The connection to Teams ended before it answered.")


async def is_known(world: TeamsWorld, conversation: Conversation, **known: str) -> None:
    """Something has come from there."""
    place = Place("teams", conversation.tenant, conversation.id)
    reference = Reference(known.pop("service_url", world.teams.service_url), **known)
    await world.database.write(lambda writing: conversation_addresses.remember(writing, place, reference, world.now))


@pytest.fixture(autouse=True)
async def known(world: TeamsWorld) -> None:
    world.teams.direct(PRIYA)
    await is_known(world, DIRECT, member=PRIYA.id)
    await is_known(world, RIVER, address=CHANNEL)


# Where it goes


async def test_a_persons_conversation_is_opened_once(world: TeamsWorld) -> None:
    for _ in range(2):
        await world.bot.chat.post(DIRECT, MESSAGE)
    assert world.teams.called("create", "send") == ["create", "send", "send"]
    assert [each.text for each in world.own(PRIYA)] == ["Hello.\nHelp"] * 2
    (_, about), *_ = [each for each in world.teams.calls if each[0] == "create"]
    assert about == {
        "isGroup": False, "bot": {"id": BOT_ID}, "members": [{"id": PRIYA.id}], "tenantId": TENANT,
        "channelData": {"tenant": {"id": TENANT}},
    }  # fmt: skip


async def test_somebody_of_the_file_is_written_to_where_their_organisation_is(world: TeamsWorld) -> None:
    world.teams.direct(member("ruth"))
    await world.bot.chat.post(Conversation("teams", TENANT, member("ruth").directory_id, Kind.DIRECT), MESSAGE)
    assert [each.text for each in world.own(member("ruth"))] == ["Hello.\nHelp"]


async def test_nobody_is_written_to_in_an_organisation_that_nothing_came_from(world: TeamsWorld) -> None:
    with pytest.raises(Unreachable, match="has not been added anywhere in this organisation"):
        await world.bot.chat.post(Conversation("teams", "another-tenant", "x", Kind.DIRECT), MESSAGE)
    assert world.teams.called() == []


async def test_people_of_two_organisations_are_each_reached_in_their_own(world: TeamsWorld) -> None:
    other = Member("0000-other", tenant="tenant-b")
    world.teams.direct(other)
    there = Conversation("teams", "tenant-b", other.directory_id, Kind.DIRECT)
    await is_known(world, there, member=other.id)
    await world.bot.chat.post(there, MESSAGE)
    assert [each.text for each in world.own(other)] == ["Hello.\nHelp"]


async def test_a_message_goes_into_the_thread_of_another(world: TeamsWorld) -> None:
    first = await world.bot.chat.post(RIVER, MESSAGE)
    await world.bot.chat.post(RIVER, MESSAGE, first)
    assert [each.replies_to for each in world.channel] == [None, first]


async def test_a_message_is_replaced_where_it_stands(world: TeamsWorld) -> None:
    message_id = await world.bot.chat.post(DIRECT, MESSAGE)
    await world.bot.chat.edit(DIRECT, message_id, Message("card:1:1.1", (Paragraph("Changed."),), "en"))
    assert [(each.id, each.text) for each in world.own(PRIYA)] == [(message_id, "Changed.")]


async def test_a_message_that_is_gone_is_not_replaced(world: TeamsWorld) -> None:
    with pytest.raises(Unreachable, match="no longer there"):
        await world.bot.chat.edit(RIVER, "179", MESSAGE)


async def test_a_word_for_one_person_of_a_channel_goes_to_their_own_chat(world: TeamsWorld) -> None:
    assert await world.bot.chat.private(RIVER, PRIYA.directory_id, MESSAGE)
    assert [each.text for each in world.own(PRIYA)] == ["Hello.\nHelp"]
    assert world.channel == []


# Service addresses


@pytest.mark.parametrize(
    "service_url",
    [
        "https://evil.example/",
        "http://127.0.0.1:1/uk/",
        "https://smba.trafficmanager.net.evil.example/",
        "https://x@y/",
    ],
)
async def test_a_foreign_address_gets_neither_a_message_nor_a_token(world: TeamsWorld, service_url: str) -> None:
    await is_known(world, RIVER, service_url=service_url)
    with pytest.raises(SendFailed, match="none of Teams"):
        await world.bot.chat.post(RIVER, MESSAGE)
    assert world.teams.called() == []


# What Teams says


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        pytest.param(RATE_LIMITED, RateLimited(timedelta(seconds=7)), id="a pause"),
        pytest.param(refused(429), RateLimited(timedelta(seconds=5)), id="a pause of unknown length"),
        pytest.param(
            refused(429, Retry_After="999999"), RateLimited(timedelta(seconds=5)), id="a pause that makes no sense"
        ),
        pytest.param(
            refused(412, "PreconditionFailed"),
            SendFailed("Teams is not well at the moment.", cause=Cause.UNWELL),
            id="412",
        ),
        pytest.param(refused(503), SendFailed("Teams is not well at the moment.", cause=Cause.UNWELL), id="503"),
        pytest.param(refused(502), OutcomeUnknown("Teams is not well at the moment."), id="502"),
        pytest.param(refused(504), OutcomeUnknown("Teams is not well at the moment."), id="504"),
        pytest.param(refused(500), OutcomeUnknown("Teams is not well at the moment."), id="500"),
        pytest.param(
            refused(403, "MessageWritesBlocked"), Unreachable("This person has blocked the bot in Teams."), id="blocked"
        ),
        pytest.param(
            refused(403, "BotNotInConversationRoster"),
            Unreachable("The bot has not been added there in Teams, or was removed.", cause=Cause.NOT_IN_CHANNEL),
            id="not in the roster",
        ),
        pytest.param(
            refused(403, "BotDisabledByAdmin"),
            Unreachable("The organisation's administrator has switched the bot off in Teams.", cause=Cause.REMOVED),
            id="switched off",
        ),
        pytest.param(
            refused(403, "Odd<>!"),
            Rejected("Teams refused it: 403 Odd.", cause=Cause.MAY_NOT_POST),
            id="forbidden",
        ),
        pytest.param(
            refused(403),
            Rejected("Teams refused it: 403.", cause=Cause.MAY_NOT_POST),
            id="forbidden without a word",
        ),
        pytest.param(
            refused(404),
            Unreachable(
                "Teams does not know this conversation, or that message, any more.", cause=Cause.CHANNEL_NOT_FOUND
            ),
            id="not found",
        ),
        pytest.param(
            refused(413, "MessageSizeTooBig"),
            Rejected("Teams refused it: 413 MessageSizeTooBig.", plain_may_help=True, cause=Cause.TOO_LONG),
            id="large",
        ),
        pytest.param(
            refused(400, "BadSyntax"),
            Rejected("Teams refused it: 400 BadSyntax.", plain_may_help=True),
            id="bad form",
        ),
        pytest.param(DROPPED, OutcomeUnknown("The connection to Teams ended before it answered."), id="dropped"),
        pytest.param(
            ACCEPTED_THEN_DROPPED,
            OutcomeUnknown("The connection to Teams ended before it answered."),
            id="taken, then dropped",
        ),
        pytest.param(Fault(200, {}), OutcomeUnknown("Teams did not say which message it made."), id="no id"),
        pytest.param(
            Fault(502, page="<h1>Bad Gateway</h1>"), OutcomeUnknown("Teams is not well at the moment."), id="a gateway"
        ),
        pytest.param(
            Fault(403, page="<h1>No</h1>"),
            Rejected("Teams refused it: 403.", cause=Cause.MAY_NOT_POST),
            id="somebody who stands between",
        ),
        pytest.param(
            Fault(200, page="<h1>Log in</h1>"), OutcomeUnknown("Teams did not say which message it made."), id="a wall"
        ),
    ],
)
async def test_trouble_is_told_in_the_bots_words_and_nothing_is_sent_twice(
    world: TeamsWorld, fault: Fault, trouble: Exception
) -> None:
    world.teams.next_calls("send", fault)
    with pytest.raises(type(trouble)) as told:
        await world.bot.chat.post(RIVER, MESSAGE)
    assert told.value == trouble
    assert world.teams.called("send") == ["send"]


async def test_an_answer_that_does_not_come_leaves_a_doubt(world: TeamsWorld) -> None:
    world.bot.connector.http.timeout = 0.05
    world.teams.next_calls("send", Fault(hangs=True))
    with pytest.raises(OutcomeUnknown, match="in time"):
        await world.bot.chat.post(RIVER, MESSAGE)


@pytest.mark.parametrize("fault", [refused(502), DROPPED, refused(412)])
async def test_a_conversation_that_could_not_be_opened_leaves_none(world: TeamsWorld, fault: Fault) -> None:
    world.teams.next_calls("create", fault)
    with pytest.raises(SendFailed):
        await world.bot.chat.post(DIRECT, MESSAGE)
    assert world.own(PRIYA) == []


async def test_somebody_who_has_not_added_the_bot_is_let_alone(world: TeamsWorld) -> None:
    world.teams.people[PRIYA.id].has_bot = False
    with pytest.raises(Unreachable, match="has not been added there"):
        await world.bot.chat.post(DIRECT, MESSAGE)


async def test_nobody_home_is_certain(world: TeamsWorld) -> None:
    world.bot.connector.http.timeout = 1
    world.teams.base = "http://127.0.0.1:1"
    object.__setattr__(world.bot.connector.service_urls, "on_this_computer", True)
    await is_known(world, RIVER)
    with pytest.raises(SendFailed, match="could not be reached"):
        await world.bot.chat.post(RIVER, MESSAGE)


# The bot's own token


async def test_one_token_serves_for_all_messages(world: TeamsWorld) -> None:
    for _ in range(3):
        await world.bot.chat.post(RIVER, MESSAGE)
    assert world.teams.called("authority", "token") == ["authority", "token"]
    (_, form), *_ = [each for each in world.teams.calls if each[0] == "token"]
    assert (form["scope"], form["grant_type"], form["tenant"]) == (
        "https://api.botframework.com/.default", "client_credentials", TENANT,
    )  # fmt: skip


async def test_a_token_that_is_not_accepted_is_replaced_once(world: TeamsWorld) -> None:
    await world.bot.chat.post(RIVER, MESSAGE)
    world.teams.tokens.clear()
    await world.bot.chat.post(RIVER, MESSAGE)
    assert len(world.channel) == 2
    assert world.teams.called("token") == ["token"] * 2


async def test_a_bot_that_is_not_accepted_says_what_to_look_at(world: TeamsWorld) -> None:
    world.teams.next_calls("send", refused(401), refused(401))
    with pytest.raises(SendFailed, match="PARTNERSHIP_TEAMS__APP_ID and its secret"):
        await world.bot.chat.post(RIVER, MESSAGE)
    assert world.teams.called("send") == ["send"] * 2


# Pacing


async def test_seven_a_second_and_sixty_in_half_a_minute_are_never_too_many(world: TeamsWorld) -> None:
    """The played Teams refuses what is too fast."""
    for _ in range(70):
        await world.bot.chat.post(RIVER, MESSAGE)
    assert len(world.channel) == 70
    assert 30 < world.time.now - 1000 < 45


async def test_after_a_pause_was_asked_for_nobody_goes_there_before_it_is_over(world: TeamsWorld) -> None:
    world.teams.next_calls("send", RATE_LIMITED)
    with pytest.raises(RateLimited):
        await world.bot.chat.post(RIVER, MESSAGE)
    await world.bot.chat.post(RIVER, MESSAGE)
    assert world.time.now >= 1007


async def test_showing_that_something_is_coming_may_fail(world: TeamsWorld) -> None:
    world.teams.next_calls("typing", refused(500), DROPPED, refused(403, "BotDisabledByAdmin"), RATE_LIMITED)
    for _ in range(5):
        await world.bot.chat.typing(Service(TENANT, world.teams.service_url), CHANNEL)
    assert world.teams.talks[CHANNEL].typing == 1
