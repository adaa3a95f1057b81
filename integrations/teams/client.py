"""Send messages to Teams: the platform port for it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.inbound.events import Account, Conversation, Kind
from bot.messages.blocks import File, Message, Paragraph, Picture
from bot.messages.plain_text import inert
from bot.platform import Cause, OutcomeUnknown, RateLimited, SendFailed, Unreachable, Way
from core.log import Log
from core.pace import PacedLine
from core.services import conversation_addresses
from core.services.conversation_addresses import Reference
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.pacing import Turns, in_time
from integrations.teams import limits
from integrations.teams.connector import Connector, Service
from integrations.teams.errors import nothing_sent
from integrations.teams.files import Files
from integrations.teams.limits import fitted
from integrations.teams.pacing import OF_TENANT
from integrations.teams.parse import PLATFORM, direct
from integrations.teams.render import Activity, Link, pictures_of, render
from integrations.teams.words import CALLS
from integrations.words import NO_FILE, NO_PICTURE, PERHAPS_NO_PICTURE, in_language

_log = Log(__name__)

_PNG: Final = "image/png"
_MOST_REMEMBERED: Final = 1_000
_PATIENCE: Final = 15.0
"""Seconds that Teams may take for all pictures that follow a message."""
_TURNS: Final = 40.0
"""Seconds that these wait for their turns in all, so that ``LONGEST_CALL`` is kept."""
_TRIES: Final = 3
"""Attempts to send a picture after its message, if it certainly wasn't sent; each waits as long as Teams asks for."""


@dataclass(frozen=True, slots=True)
class _Opened:
    service: Service
    address: str
    """Teams' id for the conversation."""


def in_thread(channel: str, message_id: str) -> str:
    """Teams' id for the thread of a message in a channel."""
    return f"{channel};messageid={message_id}"


class TeamsChat:
    name = PLATFORM
    calls = CALLS

    def __init__(  # noqa: PLR0913 - its dependencies and how to send
        self,
        connector: Connector,
        database: Database,
        clock: Callable[[], datetime],
        bot_id: str,
        files: Files | None,
        *,
        pictures_along: bool = False,
        patience: float = _PATIENCE,
    ) -> None:
        """``files`` is None if Teams can't reach this installation; ``pictures_along``: never send pictures as a
        URL.
        """
        self._patience = patience
        self._connector, self._database, self._clock = connector, database, clock
        self._bot_id, self._files, self._pictures_along = bot_id, files, pictures_along
        self._lately: dict[Conversation, Reference] = {}

    def remember(self, reached: Mapping[Conversation, Reference]) -> None:
        """Something has just come from there: its answer need not look up where to go, nor store any of it."""
        if len(self._lately) >= _MOST_REMEMBERED:
            self._lately.clear()
        self._lately |= reached

    def lines(self, conversation: Conversation, way: Way) -> tuple[PacedLine]:  # noqa: ARG002 - all calls share it
        return (OF_TENANT,)

    async def ready(self, conversation: Conversation) -> None:
        await self._opened(conversation)

    async def post(self, conversation: Conversation, message: Message, thread: str | None = None) -> str:
        opened = await self._opened(conversation)
        if thread is not None and conversation.kind is Kind.CHANNEL:
            opened = replace(opened, address=in_thread(opened.address, thread))
        pictures, links = await self._addresses(conversation, message)
        answer = await self._connector.send(
            opened.service, opened.address, self._rendered(message, pictures, links), joined=True
        )
        match answer:
            case {"id": str(activity_id)} if activity_id:
                if thread is None and conversation.kind is Kind.CHANNEL:
                    opened = replace(opened, address=in_thread(opened.address, activity_id))
                await self._all_along(opened, message, pictures)
                return activity_id
        raise OutcomeUnknown("Teams did not say which message it made.")

    async def edit(self, conversation: Conversation, message_id: str, message: Message) -> None:
        opened = await self._opened(conversation)
        activity = self._rendered(message, *await self._addresses(conversation, message))
        await self._connector.update(opened.service, opened.address, message_id, {**activity, "id": message_id})

    async def private(self, conversation: Conversation, user: str, message: Message) -> bool:
        """Teams can't show anything in a channel to one person only, so they are told in their own chat with the
        bot.
        """
        await self.post(direct(Account(PLATFORM, conversation.tenant, user)), message)
        return True

    async def find(self, conversation: Conversation, key: str, thread: str | None = None) -> str | None:  # noqa: ARG002
        """Teams doesn't let bots search messages."""
        return None

    async def typing(self, service: Service, there: str) -> None:
        """Show that an answer is being made."""
        await self._if_possible(service, there, {"type": "typing"})

    async def say(self, service: Service, there: str, text: str) -> None:
        """Send something of the bot's own that nobody misses if it is lost."""
        await self._if_possible(service, there, {"type": "message", "textFormat": "plain", "text": text})

    async def _if_possible(self, service: Service, there: str, activity: Activity) -> None:
        try:
            await self._connector.send(service, there, activity)
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable):
            _log.info("Something small could not be shown in Teams")

    async def _opened(self, conversation: Conversation) -> _Opened:
        place = Place(PLATFORM, conversation.tenant, conversation.id)
        reference = self._lately.pop(conversation, None)
        if reference is None or reference.address is None:
            reference = (
                await self._database.read(lambda reading: conversation_addresses.find(reading, place), brief=True)
                or reference
            )
        if reference is None:
            raise Unreachable("The bot has not been added anywhere in this organisation yet.", cause=Cause.REMOVED)
        service = Service(conversation.tenant, reference.service_url)
        if conversation.kind is Kind.CHANNEL:
            return _Opened(service, reference.address or conversation.id)
        return _Opened(service, reference.address or await self._open(service, place, reference))

    async def _open(self, service: Service, place: Place, reference: Reference) -> str:
        about = {
            "isGroup": False,
            "bot": {"id": self._bot_id},
            "members": [{"id": reference.member or place.conversation}],
            "tenantId": service.tenant,
            "channelData": {"tenant": {"id": service.tenant}},
        }
        with nothing_sent():
            answer = await self._connector.create(service, about)
        match answer:
            case {"id": str(address)} if address:
                known, now = replace(reference, address=address), self._clock()
                await self._database.write(lambda writing: conversation_addresses.opened(writing, place, known, now))
                return address
        raise SendFailed("Teams opened no conversation with this person.")

    def _rendered(self, message: Message, pictures: Sequence[str | None], links: Sequence[Link]) -> Activity:
        """The message with a note for anybody who misses a file, where files can't be fetched."""
        if len(links) < len(message.files):
            missing = Paragraph(in_language(NO_FILE, message.lang))
            message = replace(message, blocks=(*message.blocks, missing))
        return render(message, pictures, links)

    async def _addresses(self, conversation: Conversation, message: Message) -> tuple[list[str | None], list[Link]]:
        """The URLs of the message's pictures, if they are shown from one, and of its files."""
        pictures = [await self._of_picture(conversation, message.key, each) for each in pictures_of(message)]
        if self._files is None:
            return pictures, []
        files = [(each.name, await self._files.address_of(conversation, message.key, each)) for each in message.files]
        return pictures, [Link(*each) for each in files]

    async def _of_picture(self, conversation: Conversation, key: str, picture: Picture) -> str | None:
        if self._files is None or self._pictures_along:
            return None
        return await self._files.address_of(conversation, key, File(picture.file_name, _PNG, picture.png))

    async def _all_along(self, opened: _Opened, message: Message, addresses: Sequence[str | None]) -> None:
        """All pictures without a URL, in time for the delivery to learn that their message was posted.

        Where one may be missing, that is said there.
        """
        unseen = [each for each, address in zip(pictures_of(message), addresses, strict=True) if address is None]
        try:
            async with in_time(self._patience, Turns(_TURNS)):
                for each in unseen:
                    await self._along(opened, each)
        except (TimeoutError, OutcomeUnknown) as doubt:
            reason = "Teams did not answer in time." if isinstance(doubt, TimeoutError) else doubt.reason
            _log.warning("A picture may not have been sent along", reason=reason)
            await self.say(opened.service, opened.address, in_language(PERHAPS_NO_PICTURE, message.lang))
        except (RateLimited, SendFailed, Unreachable) as trouble:
            _log.warning("A picture could not be sent along", reason=_reason(trouble))
            await self.say(opened.service, opened.address, in_language(NO_PICTURE, message.lang))

    async def _along(self, opened: _Opened, picture: Picture) -> None:
        """Send a picture after its message, which is already posted, so none of this may make the message fail."""
        if len(picture.png) > limits.PICTURE_BYTES:
            _log.warning("A picture is too large for Teams, so it is told in words only")
            return
        content = f"data:{_PNG};base64,{base64.b64encode(picture.png).decode()}"
        attachment = {"contentType": _PNG, "contentUrl": content, "name": picture.file_name}
        summary = fitted(inert(picture.alt), limits.SUMMARY) or picture.file_name
        activity = {"type": "message", "summary": summary, "attachments": [attachment]}
        for _ in range(_TRIES - 1):
            with suppress(RateLimited, SendFailed):
                await self._connector.send(opened.service, opened.address, activity)
                return
        await self._connector.send(opened.service, opened.address, activity)


def _reason(trouble: RateLimited | SendFailed | Unreachable) -> str:
    match trouble:
        case RateLimited(own=True):
            return "Its turn would have come too late."
        case RateLimited():
            return "Teams asks for a pause."
        case _:
            return trouble.reason
