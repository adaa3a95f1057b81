"""Build an outbox row's message just before it is sent: words for most, pictures and files for a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.compose.meeting_pack_files import pack_files
from bot.compose.personal import tell
from bot.compose.report_message import Draw, material_of, picture_message, report_message
from bot.compose.school_report_message import own_material, own_message
from bot.compose.shared_notes import notes_file, shared_with
from bot.compose.still_wanted import still_wanted
from bot.compose.submissions import schools_to
from bot.inbound.events import Conversation
from bot.messages import references, references_partnership
from bot.messages.blocks import File, Message
from bot.messages.languages import SLASH, languages_of, words_of
from bot.wording.meeting_pack import pack_sent
from bot.wording.report_material import ReportMaterial
from bot.wording.school_report import OwnMaterial
from core.enquiry import Known
from core.rights import FILES
from core.services import people, privacy
from core.storage import outbox_record
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem, Place

_WITH_FILES = (
    references.MeetingPackFiles,
    references.MyData,
    references.SchoolReportMessage,
    references.Report,
    references.ReportPicture,
    references_partnership.SharedNotes,
)

_BRIEF = (references.Card, references.Priorities)
"""Messages that follow an answer."""


class Composer:
    def __init__(
        self,
        database: Database,
        shelf: FrameworkShelf,
        draw: Draw,
        clock: Callable[[], datetime],
        calls: Mapping[str, str] | None = None,
    ) -> None:
        """``calls`` is the prefix that commands need on each platform where it isn't a slash."""
        self._database, self._shelf, self._draw, self._clock = database, shelf, draw, clock
        self._calls = calls or {}

    async def __call__(self, item: OutboxItem) -> Message | None:
        """The message as things stand now; None if there is nothing left to say."""
        what = references.from_json(item.prompt)
        if isinstance(what, references.Report | references.ReportPicture):
            return await self._report(item, what)
        if isinstance(what, references.MeetingPackFiles):
            return await self._pack(item, what)
        if isinstance(what, references.SchoolReportMessage):
            return await self._own_report(item, what)
        brief = isinstance(what, _BRIEF)
        return await self._database.read(lambda connection: self._told(connection, item, what), brief=brief)

    def standing(
        self, connection: Connection, conversation: Conversation, user: str, message_id: str
    ) -> Message | None:
        """The current version of a message already sent to this user; None if it is a kind that never changes."""
        place = Place(conversation.platform, conversation.tenant, conversation.id)
        found = outbox_record.shown_as(connection, place, user, message_id)
        if found is None:
            return None
        person, key, prompt = found
        what = references.from_json(prompt)
        return None if isinstance(what, _WITH_FILES) else self._in_words(connection, place.platform, key, what, person)

    def _told(self, connection: Connection, item: OutboxItem, what: references.MessageReference) -> Message | None:
        once = item.manner == "once"
        if once and not still_wanted(connection, item.key, item.person, what, self._clock()):
            return None
        return self._in_words(connection, item.platform, item.key, what, item.person)

    def _in_words(
        self, connection: Connection, platform: str, key: str, what: references.MessageReference, who: str | None
    ) -> Message | None:
        person = None if who is None else people.known(connection, who)
        calls = self._calls.get(platform, SLASH)
        blocks = tell(connection, self._shelf, what, person, self._clock(), calls)
        if blocks is None:
            return None
        files = () if person is None else self._files(connection, what, person)
        return Message(key, blocks, _language(what, person), files)

    def _files(self, connection: Connection, what: references.MessageReference, person: Known) -> tuple[File, ...]:
        if isinstance(what, references.MyData):
            return (_my_data(connection, person.id),)
        if isinstance(what, references_partnership.SharedNotes):
            shared = shared_with(connection, self._shelf, person.id, self._clock())
            file = notes_file(shared, words_of(person.language))
            return () if file is None else (file,)
        if isinstance(what, references_partnership.Submissions):
            return schools_to(connection, self._shelf, person, self._clock())
        return ()

    async def _pack(self, item: OutboxItem, what: references.MeetingPackFiles) -> Message | None:
        """The pack for a lead to show at the meeting; schools are named only where everybody there may see the
        names.
        """
        language, material = await self._database.read(lambda connection: self._for_pack(connection, item, what))
        if language is None or material is None:
            return None
        blocks = pack_sent(material.cycle.title, words_of(language))
        return Message(item.key, blocks, language, await pack_files(material, language, self._draw, self._clock()))

    def _for_pack(
        self, connection: Connection, item: OutboxItem, what: references.MeetingPackFiles
    ) -> tuple[str | None, ReportMaterial | None]:
        person = None if item.person is None else people.known(connection, item.person)
        material = material_of(connection, self._shelf, what.snapshot, self._clock())
        if person is None or material is None:
            return None, None
        role, partnership = FILES["meeting-pack"], material.cycle.partnership
        may = people.has_role(connection, person.id, role, partnership=partnership)
        return (person.language, material) if may else (None, None)

    async def _own_report(self, item: OutboxItem, what: references.SchoolReportMessage) -> Message | None:
        person, material = await self._database.read(lambda connection: self._own_material(connection, item, what))
        if person is None or material is None:
            return None
        return await own_message(material, item.key, words_of(person.language), self._draw)

    def _own_material(
        self, connection: Connection, item: OutboxItem, what: references.SchoolReportMessage
    ) -> tuple[Known | None, OwnMaterial | None]:
        person = None if item.person is None else people.known(connection, item.person)
        return person, None if person is None else own_material(connection, self._shelf, what, person.id, self._clock())

    async def _report(self, item: OutboxItem, what: references.Report | references.ReportPicture) -> Message | None:
        material = await self._database.read(lambda connection: self._for_report(connection, item, what))
        if material is None:
            return None
        if isinstance(what, references.Report):
            return await report_message(material, what, item.key, self._draw)
        return await picture_message(material, what, item.key, self._draw)

    def _for_report(
        self, connection: Connection, item: OutboxItem, what: references.Report | references.ReportPicture
    ) -> ReportMaterial | None:
        """What everybody in the channel may see; in a preview what a lead may, or nothing if they lead no more."""
        reader = item.person if what.preview else None
        material = material_of(connection, self._shelf, what.snapshot, self._clock(), what.area, reader)
        if material is None or not what.preview:
            return material
        may = reader is not None and people.is_lead(connection, reader, material.cycle.partnership)
        return material if may else None


def _language(what: references.MessageReference, person: Known | None) -> str:
    """The language a message starts in; in a channel, a second language may follow."""
    if isinstance(what, references_partnership.AgreedActionsPosted | references.ChannelWelcome):
        return languages_of(what.language)[0]
    return person.language if person else "en"


def _my_data(connection: Connection, person: str) -> File:
    return File("my-data.json", "application/json", privacy.everything_as_json(connection, person).encode())
