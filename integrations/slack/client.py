"""Send messages to Slack: the platform port for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.inbound.events import Conversation, Kind
from bot.messages.blocks import File, Message, Picture
from bot.messages.languages import SLASH
from bot.platform import Cause, OutcomeUnknown, RateLimited, SendFailed, Unreachable, Way
from core.log import Log
from core.pace import PacedLine
from integrations.pacing import Pause, Turns, in_time
from integrations.slack import uploads
from integrations.slack.connection import CALL_ERRORS, Answer, Call, Connection, in_our_words, nothing_sent
from integrations.slack.direct_channels import DirectChannels
from integrations.slack.errors import (
    NO_LOOKING_BACK,
    NO_PRIVATE_WORD,
    NO_THREADS,
    NoLongerActive,
    code_of,
    is_about_file,
)
from integrations.slack.keys import metadata, with_key
from integrations.slack.parse import PLATFORM, message_id
from integrations.slack.render import Rendered, pictures, render
from integrations.slack.workspaces import Workspace, Workspaces
from integrations.words import NO_FILE, PERHAPS_NO_FILE, Words, in_language

T = TypeVar("T")

_log = Log(__name__)

_TRIES: Final = 3
"""Attempts to share a file after its message has been posted, each after the pause that Slack asks for."""
_FILE_WAITS: Final = (0.5, 1.0, 2.0)
"""Seconds before retrying a message whose picture Slack hasn't processed yet."""
_PATIENCE: Final = 8.0
"""Seconds that Slack may take for all pictures of a message, to take its files in, and to share them."""
_TURNS: Final = 40.0
"""Seconds that the pictures and files of a message wait for their turns in all, so that ``LONGEST_CALL`` is kept."""
_LOOK_BACK: Final = 100
_METHODS: Final[Mapping[Way, str]] = {
    "post": "chat.postMessage", "edit": "chat.update", "private": "chat.postEphemeral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    workspace: Workspace
    channel: str
    thread: str | None = None
    """Slack's id for the message whose thread it is."""


class SlackChat:
    name = PLATFORM
    calls = SLASH

    def __init__(
        self,
        workspaces: Workspaces,
        connection: Connection,
        pause: Pause = asyncio.sleep,
        patience: float = _PATIENCE,
        channels: DirectChannels | None = None,
    ) -> None:
        self._workspaces = workspaces
        self._patience = patience
        self._connection = connection
        self._pause = pause
        self._channels = channels or DirectChannels()

    def remember(self, tenant: str, user: str, channel: str) -> None:
        """Remember this person's direct-message channel, so that it need not be opened."""
        self._channels.remember(tenant, user, channel)

    def lines(self, conversation: Conversation, way: Way) -> Sequence[PacedLine]:
        in_channel = conversation.kind is Kind.CHANNEL and way != "edit"
        return self._connection.pacer.lines(_METHODS[way], conversation.id if in_channel else None)

    async def ready(self, conversation: Conversation) -> None:
        await self._place(conversation, bulk=True)

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        try:
            return await self._post(conversation, message, thread)
        except NoLongerActive as end:
            # Slack documents this code for a token that is void; where ours is not, it can only be about the person.
            direct = conversation.kind is Kind.DIRECT
            of_person = direct and await self._is_still_accepted(conversation.tenant)
            raise Unreachable(end.reason, deactivated=of_person, cause=end.cause) from None

    async def _post(self, conversation: Conversation, message: Message, thread: str | None) -> str:
        place, turns = _in_thread(await self._place(conversation), thread), Turns(_TURNS)
        files = await self._pictures(place.workspace, message, turns)
        shown, ts = await self._posted_or_found(place, message, files)
        unseen = () if shown else _as_files(pictures(message))
        await self._attach(replace(place, thread=place.thread or ts), (*unseen, *message.files), message.lang, turns)
        return message_id(place.channel, ts)

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        workspace = await self._workspace(conversation.tenant)
        channel, _, ts = message_id.partition(":")
        rendered = render(message, await self._pictures(workspace, message, Turns(_TURNS)))

        async def update(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.chat_update(
                channel=channel,
                ts=ts,
                text=rendered.text,
                blocks=_blocks(rendered),
                metadata=metadata(message),
                parse="none",
                link_names=False,
            )

        with in_our_words():
            await self._ask(workspace, "chat.update", update, joined=True)

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:
        place = await self._place(conversation)
        rendered = render(message)

        async def show(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.chat_postEphemeral(
                channel=place.channel,
                user=user,
                text=rendered.text,
                blocks=_blocks(rendered),
                parse="none",
                link_names=False,
            )

        with in_our_words():
            try:
                await self._ask(place.workspace, "chat.postEphemeral", show, place.channel, joined=True)
            except SlackApiError as error:
                if code_of(error) in NO_PRIVATE_WORD:
                    return False
                raise
        return True

    async def private_in_turn(self, conversation: Conversation, user: str, message: Message) -> None:
        """``private`` for what delivery knows nothing of."""
        await self._connection.pacer.turn(conversation.tenant, _METHODS["private"], conversation.id)
        await self.private(conversation, user, message)

    async def find(self, conversation: Conversation, key: str, thread: str | None = None) -> str | None:
        place = _in_thread(await self._place(conversation), thread)
        ts = await self._standing(place, key)
        return None if ts is None else message_id(place.channel, ts)

    async def open_form(self, tenant: str, trigger: str, view: View) -> None:
        workspace = await self._workspace(tenant)

        async def open_(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.views_open(trigger_id=trigger, view=view)

        with in_our_words():
            await self._ask(workspace, "views.open", open_)

    async def _is_still_accepted(self, tenant: str) -> bool:
        async def test(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.auth_test()

        try:
            await self._ask(await self._workspace(tenant), "auth.test", test)
        except (RateLimited, *CALL_ERRORS):
            return False
        return True

    async def _workspace(self, tenant: str) -> Workspace:
        workspace = await self._workspaces.find(tenant)
        if workspace is None:
            raise Unreachable("The bot is not installed in this Slack workspace.", cause=Cause.REMOVED)
        return workspace

    async def _place(self, conversation: Conversation, *, bulk: bool = False) -> _Place:
        workspace = await self._workspace(conversation.tenant)
        if conversation.kind is Kind.CHANNEL:
            return _Place(workspace, conversation.id)
        known = await self._channels.find(conversation.tenant, conversation.id)
        return _Place(workspace, known or await self._opened(workspace, conversation.id, bulk=bulk))

    async def _standing(self, place: _Place, key: str) -> str | None:
        """Slack's id for the latest message under this key; also None without the permission to look."""

        async def look_back(slack: AsyncWebClient) -> AsyncSlackResponse:
            where, most = place.channel, _LOOK_BACK
            if place.thread is None:
                return await slack.conversations_history(channel=where, include_all_metadata=True, limit=most)
            return await slack.conversations_replies(
                channel=where, ts=place.thread, include_all_metadata=True, limit=most
            )

        method = "conversations.history" if place.thread is None else "conversations.replies"
        with in_our_words():
            try:
                return with_key(await self._ask(place.workspace, method, look_back), key)
            except SlackApiError as error:
                if code_of(error) in NO_LOOKING_BACK:
                    return None
                raise

    async def _opened(self, workspace: Workspace, user: str, *, bulk: bool) -> str:
        async def open_(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.conversations_open(users=user)

        with nothing_sent():
            match await self._ask(workspace, "conversations.open", open_, bulk=bulk):
                case {"channel": {"id": str(channel)}}:
                    await self._channels.opened(workspace.tenant, user, channel)
                    return channel
        raise SendFailed("Slack opened no conversation with this person.")

    async def _pictures(self, workspace: Workspace, message: Message, turns: Turns) -> list[str | None]:
        files = _as_files(pictures(message))
        return await uploads.to_be_shown(self._connection, workspace, files, self._pause, self._patience, turns)

    async def _posted_or_found(self, place: _Place, message: Message, files: Sequence[str | None]) -> tuple[bool, str]:
        """If the response was lost, look at once for a message with files, since they belong below it.

        Such a message is sent only once, so whatever has its key isn't an earlier version.
        """
        try:
            return await self._posted(place, message, files)
        except OutcomeUnknown as doubt:
            ts = await self._seen(place, message.key) if message.files else None
            if ts is None:
                raise doubt from None
            return None not in files, ts

    async def _seen(self, place: _Place, key: str) -> str | None:
        """Like ``_standing``, but also None if that can't be found out: the outcome stays unknown."""
        try:
            return await self._standing(place, key)
        except (RateLimited, SendFailed, Unreachable, OutcomeUnknown):
            return None

    async def _posted(self, place: _Place, message: Message, files: Sequence[str | None]) -> tuple[bool, str]:
        """Whether the message shows all its pictures, and Slack's id for it."""
        with in_our_words():
            for tries, wait in enumerate((0.0, *_FILE_WAITS)):
                try:
                    await self._pause(wait)
                    shown = render(message, files)
                    return None not in files, await self._send(place, message, shown, joined=tries == 0)
                except SlackApiError as error:
                    if not is_about_file(error):
                        raise
            return False, await self._send(place, message, render(message))

    async def _send(self, place: _Place, message: Message, rendered: Rendered, *, joined: bool = False) -> str:
        """Post in its thread, or at the bottom where the workspace doesn't allow replies in it."""
        try:
            return await self._sent(place, message, rendered, joined=joined)
        except SlackApiError as error:
            if place.thread is None or code_of(error) not in NO_THREADS:
                raise
            return await self._sent(replace(place, thread=None), message, rendered)

    async def _sent(self, place: _Place, message: Message, rendered: Rendered, *, joined: bool = False) -> str:
        async def post(slack: AsyncWebClient) -> AsyncSlackResponse:
            return await slack.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread,
                text=rendered.text,
                blocks=_blocks(rendered),
                metadata=metadata(message),
                mrkdwn=False,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )

        answer = await self._ask(place.workspace, "chat.postMessage", post, place.channel, joined=joined)
        ts = answer.get("ts")
        if not isinstance(ts, str):
            raise OutcomeUnknown("Slack did not say which message it made.")
        return ts

    async def _attach(self, place: _Place, files: Sequence[File], language: str, turns: Turns) -> None:
        """Share files below a message that is already posted, so none of this may make the message fail.

        Where one may be missing, that is said there.
        """
        if not files:
            return
        try:
            await self._share(place, files, turns)
        except OutcomeUnknown as doubt:
            _log.warning("A file may not have been shared", reason=doubt.reason)
            await self._say(place, PERHAPS_NO_FILE, language)
        except (RateLimited, SendFailed, Unreachable) as trouble:
            _log.warning("A file could not be shared", reason=_reason(trouble))
            await self._say(place, NO_FILE, language)

    async def _share(self, place: _Place, files: Sequence[File], turns: Turns) -> None:
        upload, complete = (
            partial(each, self._connection, place.workspace) for each in (uploads.upload, uploads.complete)
        )
        with nothing_sent():
            async with in_time(self._patience, turns):
                uploaded = [(await _patiently(partial(upload, file)), file) for file in files]
        with in_our_words():
            async with in_time(self._patience, turns):
                await _patiently(partial(complete, uploaded, place.channel, place.thread))

    async def _say(self, place: _Place, words: Words, language: str) -> None:
        rendered = Rendered((), in_language(words, language))
        try:
            with in_our_words():
                await self._send(place, Message("no-file", (), language), rendered)
        except (RateLimited, SendFailed, Unreachable, OutcomeUnknown) as trouble:
            _log.warning("Nor could that be said", reason=_reason(trouble))

    async def _ask(
        self,
        workspace: Workspace,
        method: str,
        call: Call,
        channel: str | None = None,
        *,
        joined: bool = False,
        bulk: bool = False,
    ) -> Answer:
        whose = workspace.tenant, workspace.token
        return await self._connection.ask(*whose, method, call, channel, joined=joined, bulk=bulk)


async def _patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Slack may ask for a pause; the next call waits for it as for its turn."""
    for _ in range(_TRIES - 1):
        with suppress(RateLimited):
            return await call()
    return await call()


def _reason(trouble: RateLimited | SendFailed | Unreachable | OutcomeUnknown) -> str:
    match trouble:
        case RateLimited(own=True):
            return "Its turn would have come too late."
        case RateLimited():
            return "Slack asked for a pause."
        case _:
            return trouble.reason


def _in_thread(place: _Place, message_id: str | None) -> _Place:
    """``message_id`` is what ``post`` returned for the message whose thread it is."""
    return place if message_id is None else replace(place, thread=message_id.partition(":")[2])


def _blocks(rendered: Rendered) -> list[dict[str, object]]:
    return [{**block} for block in rendered.blocks]


def _as_files(shown: Sequence[Picture]) -> tuple[File, ...]:
    return tuple(File(each.file_name, "image/png", each.png) for each in shown)
