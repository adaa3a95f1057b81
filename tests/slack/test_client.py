"""Sending to Slack: each message once, pictures in place, and every refusal in words that say what to do."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import pytest

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import (
    Button,
    Buttons,
    File,
    Heading,
    Message,
    Paragraph,
    Picture,
)
from bot.platform import Cause, OutcomeUnknown, RateLimited, Rejected, SendFailed, Unreachable
from integrations.slack.client import SlackChat
from integrations.slack.connection import Connection
from integrations.slack.errors import trouble_of
from integrations.slack.workspaces import OneWorkspace
from integrations.words import NO_FILE, PERHAPS_NO_FILE
from tests.slack.conftest import Time
from tests.slack.playing_slack import (
    ACCEPTED_THEN_DROPPED,
    DROPPED,
    HANGS,
    RATE_LIMITED,
    TEAM,
    TOKEN,
    Fault,
    PlayedSlack,
    refused,
)

LEADER = Conversation("slack", TEAM, "U0LEADER", Kind.DIRECT)
CHANNEL = Conversation("slack", TEAM, "C0RIVER", Kind.CHANNEL)
HELLO = Message("card:1:1.1", (Heading("Hello"), Buttons((Button("Start", "Start|1|a", "start"),))), "en")
REPORT = Message(
    "report:1",
    (Heading("Autumn 2026"), Picture("report.png", b"a picture", "Trust is strong.")),
    "en",
    (File("report.csv", "text/csv", b"a,b\n1,2\n"),),
)


@pytest.fixture(autouse=True)
def everybody(slack: PlayedSlack) -> None:
    slack.direct("U0LEADER")
    slack.has_channel("C0RIVER", "U0LEADER")


async def test_a_direct_message_opens_its_conversation_once(chat: SlackChat, slack: PlayedSlack) -> None:
    await chat.post(LEADER, HELLO)
    await chat.post(LEADER, HELLO)

    assert slack.called() == ["conversations.open", "chat.postMessage", "chat.postMessage"]
    assert [each.text for each in slack.direct("U0LEADER").messages] == ["Hello\n\n[Start]"] * 2


async def test_a_conversation_that_somebody_wrote_in_needs_no_opening(chat: SlackChat, slack: PlayedSlack) -> None:
    chat.remember(TEAM, "U0LEADER", "D0LEADER")
    await chat.post(LEADER, HELLO)

    assert slack.called() == ["chat.postMessage"]


async def test_a_later_version_takes_the_place_of_the_message(chat: SlackChat, slack: PlayedSlack) -> None:
    message_id = await chat.post(LEADER, HELLO)
    await chat.edit(LEADER, message_id, Message("card:1:1.1", (Paragraph("Later"),), "en"))

    (posted,) = slack.direct("U0LEADER").messages
    assert (posted.text, posted.edits) == ("Later", 1)


async def test_an_edit_of_a_message_that_was_deleted_says_so(chat: SlackChat, slack: PlayedSlack) -> None:
    with pytest.raises(Unreachable, match="no longer there"):
        await chat.edit(LEADER, "D0LEADER:1.000001", HELLO)


async def test_a_message_to_one_person_of_a_channel_is_theirs_alone(chat: SlackChat, slack: PlayedSlack) -> None:
    assert await chat.private(CHANNEL, "U0LEADER", HELLO)

    assert [each.only_to for each in slack.channels["C0RIVER"].messages] == ["U0LEADER"]


async def test_who_is_not_in_the_channel_is_told_elsewhere(chat: SlackChat, slack: PlayedSlack) -> None:
    assert not await chat.private(CHANNEL, "U0OTHER", HELLO)


async def test_a_doubtful_message_is_found_by_its_key(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.next_calls("chat.postMessage", ACCEPTED_THEN_DROPPED)
    with pytest.raises(OutcomeUnknown):
        await chat.post(LEADER, HELLO)

    assert len(slack.direct("U0LEADER").messages) == 1, "nobody sent it again"
    (posted,) = slack.direct("U0LEADER").messages
    assert await chat.find(LEADER, HELLO.key) == f"D0LEADER:{posted.ts}"
    assert await chat.find(LEADER, "card:1:1.2") is None


async def test_a_pause_while_looking_for_a_doubtful_message_does_not_settle_the_doubt(
    chat: SlackChat, slack: PlayedSlack
) -> None:
    """``NotNow`` would say that nothing was sent, and the report would be posted again."""
    slack.next_calls("chat.postMessage", ACCEPTED_THEN_DROPPED)
    slack.next_calls("conversations.history", RATE_LIMITED)
    with pytest.raises(OutcomeUnknown):
        await chat.post(CHANNEL, REPORT)


async def test_without_the_permission_to_look_back_nothing_is_found(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.scopes.remove("channels:history")
    await chat.post(CHANNEL, HELLO)

    assert await chat.find(CHANNEL, HELLO.key) is None


# Pictures and files


async def test_a_picture_stands_in_the_message_and_the_files_below_it(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.looks_until_ready = 3
    await chat.post(CHANNEL, REPORT)

    message, below = slack.channels["C0RIVER"].messages
    image = message.blocks[-1]
    assert (image["type"], image["alt_text"]) == ("image", "Trust is strong.")
    assert slack.files[image["slack_file"]["id"]].content == b"a picture"
    assert below.thread == message.ts
    files = [(slack.files[each].name, slack.files[each].content) for each in below.files]
    assert files == [("report.csv", b"a,b\n1,2\n")], "the picture stands once"


async def test_a_picture_that_slack_is_slow_with_is_tried_again(
    chat: SlackChat, slack: PlayedSlack, time: Time
) -> None:
    not_yet = refused("invalid_blocks", errors=["invalid slack file [json-pointer:/blocks/1/slack_file]"])
    slack.next_calls("chat.postMessage", not_yet, not_yet)
    await chat.post(CHANNEL, REPORT)

    assert [len(each.files) for each in slack.channels["C0RIVER"].messages] == [0, 1]
    assert time.waited[:2] == [0.5, 1.0]


async def test_an_edit_whose_picture_slack_is_slow_with_is_tried_again(chat: SlackChat, slack: PlayedSlack) -> None:
    """It is not refused for good."""
    message_id = await chat.post(LEADER, HELLO)
    slack.next_calls("chat.update", refused("invalid_blocks", errors=["invalid slack file [json-pointer:/blocks/1]"]))
    with pytest.raises(SendFailed) as raised:
        await chat.edit(LEADER, message_id, REPORT)
    assert raised.value == SendFailed("Slack has not processed a picture of it yet.")


async def test_a_picture_that_never_gets_ready_is_told_in_words_and_shared_below(
    chat: SlackChat, slack: PlayedSlack
) -> None:
    slack.looks_until_ready = 1000
    await chat.post(CHANNEL, REPORT)

    message, below = slack.channels["C0RIVER"].messages
    assert "Trust is strong." in message.text
    assert [block["type"] for block in message.blocks] == ["header", "section"]
    assert below.thread == message.ts
    assert [slack.files[each].name for each in below.files] == ["report.png", "report.csv"]


async def test_without_the_permission_for_files_the_message_comes_in_words(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.scopes.remove("files:write")
    await chat.post(CHANNEL, REPORT)

    message, *others = slack.channels["C0RIVER"].messages
    assert "Trust is strong." in message.text
    assert {each.text for each in others} == {NO_FILE["en"]}


async def test_a_file_that_cannot_be_shared_does_not_send_the_message_again(
    chat: SlackChat, slack: PlayedSlack
) -> None:
    slack.next_calls("upload", Fault(500))
    await chat.post(LEADER, Message("data", (Paragraph("Your data"),), "en", REPORT.files))

    assert [each.text for each in slack.direct("U0LEADER").messages] == [
        "Your data\n\n📎 report.csv",
        NO_FILE["en"],
    ]


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        pytest.param(ACCEPTED_THEN_DROPPED, [("Your data\n\n📎 report.csv", 0), ("", 1)], id="it arrived"),
        pytest.param(HANGS, [("Your data\n\n📎 report.csv", 0)], id="nobody knows"),
    ],
)
async def test_a_share_that_slack_does_not_answer_is_not_repeated_and_that_is_said(
    slack: PlayedSlack, time: Time, fault: Fault, shown: list[tuple[str, int]]
) -> None:
    slack.next_calls("files.completeUploadExternal", fault)
    connection = Connection(f"{slack.base}/api/")
    hasty = SlackChat(OneWorkspace(TOKEN), connection, time.pause, patience=0.2)
    await hasty.post(LEADER, Message("data", (Paragraph("Your data"),), "en", REPORT.files))
    await connection.close()

    told = [(each.text, len(each.files)) for each in slack.direct("U0LEADER").messages]
    assert told == [*shown, (PERHAPS_NO_FILE["en"], 0)]


async def test_a_file_that_slack_does_not_take_in_time_is_said_to_be_missing(slack: PlayedSlack, time: Time) -> None:
    slack.next_calls("upload", HANGS)
    connection = Connection(f"{slack.base}/api/")
    hasty = SlackChat(OneWorkspace(TOKEN), connection, time.pause, patience=0.2)
    await hasty.post(LEADER, Message("data", (Paragraph("Dyma'ch data"),), "cy", REPORT.files))
    await connection.close()

    assert slack.direct("U0LEADER").messages[-1].text == NO_FILE["cy"]


async def test_a_pause_that_slack_asks_for_delays_a_file(chat: SlackChat, slack: PlayedSlack, time: Time) -> None:
    slack.next_calls("files.getUploadURLExternal", RATE_LIMITED)
    slack.next_calls("files.completeUploadExternal", RATE_LIMITED)
    await chat.post(LEADER, Message("data", (Paragraph("Your data"),), "en", REPORT.files))

    assert [len(each.files) for each in slack.direct("U0LEADER").messages] == [0, 1]
    assert time.waited == [7.0, 7.0]


@pytest.mark.parametrize("method", ["upload", "files.info", "files.completeUploadExternal"])
async def test_a_message_does_not_wait_for_ever_for_its_picture(slack: PlayedSlack, time: Time, method: str) -> None:
    slack.next_calls(method, HANGS)
    connection = Connection(f"{slack.base}/api/")
    await SlackChat(OneWorkspace(TOKEN), connection, time.pause, patience=0.2).post(CHANNEL, REPORT)
    await connection.close()

    message, *_ = slack.channels["C0RIVER"].messages
    assert "Trust is strong." in message.text


# In the thread of another message

PICTURE = Message("picture:1", (Picture("trend.png", b"a picture", "Up at three schools."),), "en")


async def test_a_picture_in_a_thread_is_shown_there_once(chat: SlackChat, slack: PlayedSlack) -> None:
    report = await chat.post(CHANNEL, HELLO)
    await chat.post(CHANNEL, PICTURE, report)

    message, below = slack.channels["C0RIVER"].messages
    assert below.thread == message.ts
    (image,) = below.blocks
    assert (image["type"], image["alt_text"], below.files) == ("image", "Up at three schools.", ())


async def test_a_picture_that_never_gets_ready_is_shared_in_its_thread(chat: SlackChat, slack: PlayedSlack) -> None:
    report = await chat.post(CHANNEL, HELLO)
    slack.looks_until_ready = 1000
    await chat.post(CHANNEL, PICTURE, report)

    message, told, shared = slack.channels["C0RIVER"].messages
    assert (told.thread, shared.thread) == (message.ts, message.ts)
    assert "Up at three schools." in told.text
    assert [slack.files[each].name for each in shared.files] == ["trend.png"]


async def test_files_of_a_message_in_a_thread_are_in_that_thread(chat: SlackChat, slack: PlayedSlack) -> None:
    report = await chat.post(CHANNEL, HELLO)
    await chat.post(CHANNEL, REPORT, report)

    message, *others = slack.channels["C0RIVER"].messages
    assert {each.thread for each in others} == {message.ts}
    assert [slack.files[each].name for each in others[-1].files] == ["report.csv"]


async def test_where_nobody_may_reply_it_is_posted_below(chat: SlackChat, slack: PlayedSlack) -> None:
    report = await chat.post(CHANNEL, HELLO)
    slack.channels["C0RIVER"].no_threads = True
    await chat.post(CHANNEL, PICTURE, report)

    assert [(each.thread, len(each.blocks)) for each in slack.channels["C0RIVER"].messages] == [(None, 2), (None, 1)]


async def test_the_thread_of_a_message_that_was_deleted_is_gone(chat: SlackChat, slack: PlayedSlack) -> None:
    report = await chat.post(CHANNEL, HELLO)
    slack.channels["C0RIVER"].messages.clear()
    with pytest.raises(Unreachable, match="no longer there"):
        await chat.post(CHANNEL, PICTURE, report)


async def test_a_doubtful_message_is_found_in_its_thread(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.scopes.add("look into threads")
    report = await chat.post(CHANNEL, HELLO)
    slack.next_calls("chat.postMessage", ACCEPTED_THEN_DROPPED)
    with pytest.raises(OutcomeUnknown):
        await chat.post(CHANNEL, PICTURE, report)

    picture = slack.channels["C0RIVER"].messages[-1]
    assert await chat.find(CHANNEL, PICTURE.key, report) == f"C0RIVER:{picture.ts}"
    assert await chat.find(CHANNEL, PICTURE.key) is None, "it does not stand in the channel itself"


async def test_where_the_bot_may_not_look_into_threads_nothing_is_found(chat: SlackChat, slack: PlayedSlack) -> None:
    report = await chat.post(CHANNEL, HELLO)
    await chat.post(CHANNEL, PICTURE, report)

    assert await chat.find(CHANNEL, PICTURE.key, report) is None


# What goes wrong


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(RATE_LIMITED, RateLimited(timedelta(seconds=7), hold_all=True), id="a pause"),
        pytest.param(
            refused("ratelimited"), RateLimited(timedelta(seconds=30), hold_all=True), id="a pause of no length"
        ),
        pytest.param(
            Fault(429, {}, {"Retry-After": "soon"}), RateLimited(timedelta(seconds=30), True), id="a pause in words"
        ),
        pytest.param(DROPPED, OutcomeUnknown("The connection to Slack ended before it answered."), id="dropped"),
        pytest.param(Fault(503, {}), OutcomeUnknown("Slack is not well at the moment."), id="not well"),
        pytest.param(refused("fatal_error"), OutcomeUnknown("Slack is not well at the moment."), id="may have worked"),
        pytest.param(
            refused("is_archived"), Unreachable("This channel is archived.", cause=Cause.ARCHIVED), id="archived"
        ),
        pytest.param(
            refused("not_in_channel"),
            Unreachable("The bot is not in this channel: invite it there.", cause=Cause.NOT_IN_CHANNEL),
            id="not in the channel",
        ),
        pytest.param(
            refused("channel_not_found"),
            Unreachable(
                "The bot is not in this channel: invite it there.\n"
                "Or Slack does not know the channel any more: check its id in the partnership's file.",
                cause=Cause.CHANNEL_NOT_FOUND,
            ),
            id="unknown channel",
        ),
        pytest.param(
            refused("token_revoked"),
            Unreachable("The bot was removed from this workspace.", cause=Cause.REMOVED),
            id="removed",
        ),
        pytest.param(
            refused("account_inactive"),
            Unreachable("This person or the bot is no longer active in the workspace.", cause=Cause.REMOVED),
            id="no longer active",
        ),
        pytest.param(
            refused("invalid_auth"),
            SendFailed(
                "Slack does not accept the bot token: check PARTNERSHIP_SLACK__BOT_TOKEN.\n"
                "Or the app was removed from the workspace: install it again.",
                cause=Cause.REMOVED,
            ),
            id="a wrong token can be mended, so nobody's conversation is forgotten",
        ),
        pytest.param(
            refused("missing_scope", needed="chat:write"),
            SendFailed(
                "The Slack app lacks a permission (chat:write): install it again from its manifest.",
                cause=Cause.MAY_NOT_POST,
            ),
            id="missing permission",
        ),
        pytest.param(
            refused("team_added_to_org"),
            SendFailed("The workspace is being moved to another organisation.", cause=Cause.UNWELL),
            id="later",
        ),
        pytest.param(
            refused("invalid_blocks", errors=["invalid additional property"]),
            Rejected("Slack refused it: invalid_blocks.", plain_may_help=True),
            id="blocks that it does not take",
        ),
        pytest.param(
            refused("invalid_blocks_format"),
            Rejected("Slack refused it: invalid_blocks_format.", plain_may_help=True),
            id="nor these",
        ),
        pytest.param(
            refused("msg_blocks_too_long"),
            Rejected("Slack refused it: msg_blocks_too_long.", plain_may_help=True, cause=Cause.TOO_LONG),
            id="blocks too long",
        ),
        pytest.param(
            Fault(413, page="<h1>Too large</h1>"),
            Rejected("Slack refused it: 413.", plain_may_help=True, cause=Cause.TOO_LONG),
            id="too large for whoever stands between",
        ),
        pytest.param(Fault(400, {}), Rejected("Slack refused it: 400.", plain_may_help=True), id="a bad request"),
        pytest.param(
            refused("restricted_action_read_only_channel"),
            Rejected(
                "Only some people may post in this channel: let the bot post there, in the channel's settings.\n"
                "Or the workspace lets no app post: ask its administrator.",
                cause=Cause.MAY_NOT_POST,
            ),
            id="only some may post",
        ),
        pytest.param(
            refused("no_permission"),
            Rejected("The workspace does not let the bot do this: ask its administrator.", cause=Cause.MAY_NOT_POST),
            id="not allowed",
        ),
        pytest.param(refused("msg_<b>_blocks"), Rejected("Slack refused it: msg_b_blocks."), id="something new"),
    ],
)
async def test_each_refusal_means_something(
    chat: SlackChat, slack: PlayedSlack, fault: Fault, expected: Exception
) -> None:
    slack.next_calls("chat.postMessage", fault)
    with pytest.raises(type(expected)) as raised:
        await chat.post(CHANNEL, HELLO)

    assert raised.value == expected
    assert slack.called("chat.postMessage") == ["chat.postMessage"], "it was asked once"


async def test_a_connection_that_was_never_made_has_sent_nothing(slack: PlayedSlack) -> None:
    connection = Connection("http://127.0.0.1:9/api/")
    with pytest.raises(SendFailed, match="could not be reached"):
        await SlackChat(OneWorkspace("token"), connection).post(CHANNEL, HELLO)
    await connection.close()


def test_nor_has_one_that_took_too_long_to_make() -> None:
    """So that a reminder is sent when the network is back; of one that was made and gave no answer nobody knows."""
    assert trouble_of(aiohttp.ConnectionTimeoutError()) == SendFailed("Slack could not be reached.", cause=Cause.UNWELL)
    assert trouble_of(aiohttp.SocketTimeoutError()) == OutcomeUnknown("Slack did not answer in time.")


async def test_what_belongs_to_a_token_is_kept_and_not_for_ever() -> None:
    """Where tokens are renewed there is a new one for each workspace twice a day."""
    connection = Connection("http://127.0.0.1:9/api/")
    first = connection.client("xoxe-0")
    assert connection.client("xoxe-0") is first
    for number in range(1, 1_001):
        connection.client(f"xoxe-{number}")
    assert connection.client("xoxe-0") is not first
    await connection.close()


async def test_a_conversation_that_could_not_be_opened_has_sent_nothing(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.next_calls("conversations.open", DROPPED)
    with pytest.raises(SendFailed):
        await chat.post(LEADER, HELLO)

    assert slack.direct("U0LEADER").messages == []


@pytest.mark.parametrize(
    "method", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal", "files.info"]
)
async def test_a_picture_is_uploaded_again_and_the_message_sent_once(
    chat: SlackChat, slack: PlayedSlack, method: str
) -> None:
    slack.next_calls(method, DROPPED)
    await chat.post(CHANNEL, REPORT)

    message, below = slack.channels["C0RIVER"].messages
    assert [block["type"] for block in message.blocks] == ["header", "image"]
    assert len(below.files) == 1


async def test_a_pause_of_anything_but_messages_does_not_hold_messages(chat: SlackChat, slack: PlayedSlack) -> None:
    slack.next_calls("conversations.history", RATE_LIMITED)
    with pytest.raises(RateLimited) as pause:
        await chat.find(CHANNEL, HELLO.key)
    assert pause.value == RateLimited(timedelta(seconds=7), hold_all=False)


async def test_a_pause_holds_back_everyone_who_calls_the_same_method(
    chat: SlackChat, slack: PlayedSlack, time: Time
) -> None:
    slack.next_calls("conversations.history", RATE_LIMITED)
    with pytest.raises(RateLimited):
        await chat.find(CHANNEL, HELLO.key)
    await chat.find(LEADER, HELLO.key)

    assert time.waited == [7.0]


async def test_nothing_is_sent_where_the_bot_is_not_installed(chat: SlackChat, slack: PlayedSlack) -> None:
    workspaces = OneWorkspace("xoxb-the-token")
    connection = Connection(f"{slack.base}/api/")
    await workspaces.learn(connection)
    with pytest.raises(Unreachable, match="not installed"):
        await SlackChat(workspaces, connection).post(Conversation("slack", "T0OTHER", "C1", Kind.CHANNEL), HELLO)
    await connection.close()

    assert slack.called() == ["auth.test"]
