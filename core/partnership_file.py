"""Reads the YAML file that describes a partnership: either the whole of it, or every mistake in it.

``docs/import.md`` describes the format for users. Nothing is stored here; each entry keeps its line number, so that
later errors can still refer to it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import PurePosixPath
from typing import Final, Literal, TypeAlias
from zoneinfo import available_timezones

from core.enquiry import Visibility
from core.file_kinds import other_kind
from core.pasted_text import PlatformIds, address, token
from core.yaml_fields import Reader, did_you_mean
from core.yaml_tree import Entries, Items, Node, Single, parse, shown

Language: TypeAlias = Literal["en", "cy"]
Languages: TypeAlias = Literal["en", "cy", "both"]
Nation: TypeAlias = Literal["england", "wales", "scotland", "northern-ireland"]

DEFAULT_FRAMEWORK: Final = "partnership-enquiry"
DEFAULT_TIMEZONE: Final = "Europe/London"
LONGEST_NAME: Final = 200
"""Characters: room for a name in two languages."""
LONGEST_KEY: Final = 300
"""Characters of a chat platform's id for a workspace, person or channel."""
MOST_SCHOOLS: Final = 200
MOST_PEOPLE: Final = 2000
MOST_NETWORKS: Final = 20
LONGEST_SPAN: Final = 200
"""Days; more is most likely a wrong year."""

_LANGUAGE: Final[Mapping[str, Language]] = {"en": "en", "cy": "cy"}
_LANGUAGES: Final[Mapping[str, Languages]] = {"en": "en", "cy": "cy", "both": "both"}
_NATIONS: Final[Mapping[str, Nation]] = {
    "england": "england",
    "wales": "wales",
    "scotland": "scotland",
    "northern-ireland": "northern-ireland",
}
_VISIBILITIES: Final = {each.value: each for each in Visibility}
_URN: Final = re.compile("[0-9]{3,8}(?:-[0-9]{3,5})?")


@dataclass(frozen=True, slots=True)
class PartnershipEntry:
    id: str
    name: str
    language: Languages
    nation: Nation
    timezone: str
    visibility: Visibility
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class FrameworkEntry:
    path: str | None
    """Relative to the import file's folder, with forward slashes; None for the framework that comes with the bot."""
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class SameAs:
    """The school's entry in another partnership's file."""

    partnership: str
    id: str


@dataclass(frozen=True, slots=True)
class SchoolEntry:
    id: str
    name: str
    leaders: tuple[str, ...]
    """Ids of people."""
    phase: str | None
    local_authority: str | None
    urn: str | None
    language: Languages | None
    town: str | None
    same_as: SameAs | None
    deputies: tuple[str, ...]
    """Ids of people."""
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class AccountEntry:
    platform: str
    tenant: str
    user: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class PersonEntry:
    id: str
    name: str
    email: str | None
    language: Language | None
    accounts: tuple[AccountEntry, ...]
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    platform: str
    tenant: str
    id: str
    language: Languages
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class NetworkEntry:
    id: str
    name: str
    joined: bool
    """Otherwise it is invited, and its lead is asked in chat."""
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class DaysEntry:
    """A range of days, first and last included; ``name`` is empty if none was given."""

    name: str
    starts: date
    ends: date
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    terms: tuple[DaysEntry, ...]
    school_days_off: tuple[DaysEntry, ...]
    earliest: time | None
    latest: time | None
    """The bot may remind people between these times in the partnership's zone; None leaves the choice to the bot."""


@dataclass(frozen=True, slots=True)
class PartnershipFile:
    partnership: PartnershipEntry
    framework: FrameworkEntry
    schools: tuple[SchoolEntry, ...]
    people: tuple[PersonEntry, ...]
    leads: tuple[str, ...]
    facilitators: tuple[str, ...]
    channels: tuple[ChannelEntry, ...]
    calendar: CalendarEntry
    networks: tuple[NetworkEntry, ...] = ()


_AS_WRITTEN: Final = PlatformIds()


def read_partnership(
    source: bytes, platforms: Iterable[str], ids: Mapping[str, PlatformIds] | None = None
) -> PartnershipFile:
    """The partnership in this file, with accounts and channels on ``platforms``, whose ids are written as in ``ids``.

    Raises ``FileMistakes`` with every mistake.
    """
    reader = Reader(parse(source))
    file = _PartnershipReader(reader, platforms, ids or {}).file()
    reader.finish()
    return file


class _PartnershipReader:
    def __init__(self, reader: Reader, platforms: Iterable[str], ids: Mapping[str, PlatformIds]) -> None:
        self._reader = reader
        self._ids = ids
        self._platforms = {each: each for each in platforms}
        self._known: Collection[str] | None = None
        """Ids of people as written, right or wrong; None if there is no list to look in."""
        self._seen: dict[str, dict[str, int]] = {}

    def file(self) -> PartnershipFile:
        required = ("partnership", "schools", "people", "leads", "calendar")
        top = self._reader.fields(self._reader.root, required, ("framework", "facilitators", "channels", "networks"))
        self._known = _written_ids(top.get("people"))
        schools = self._reader.items(top.get("schools"), 1, MOST_SCHOOLS)
        people = self._reader.items(top.get("people"), 1, MOST_PEOPLE)
        return PartnershipFile(
            partnership=self._partnership(top.get("partnership")),
            framework=self._framework(top.get("framework")),
            schools=tuple(self._school(item) for item in schools),
            people=tuple(self._person(item) for item in people),
            leads=self._references(top.get("leads"), least=1),
            facilitators=self._references(top.get("facilitators")),
            channels=tuple(self._channel(item) for item in self._reader.items(top.get("channels"), 0, MOST_SCHOOLS)),
            calendar=self._calendar(top.get("calendar")),
            networks=tuple(self._network(item) for item in self._reader.items(top.get("networks"), 0, MOST_NETWORKS)),
        )

    def _partnership(self, node: Node | None) -> PartnershipEntry:
        fields = self._reader.fields(node, ("id", "name", "nation"), ("language", "timezone", "visibility"))
        return PartnershipEntry(
            id=self._reader.id(fields.get("id")),
            name=self._reader.name(fields.get("name"), LONGEST_NAME),
            language=self._reader.choice(fields.get("language"), _LANGUAGES) or "en",
            nation=self._reader.choice(fields.get("nation"), _NATIONS) or "england",
            timezone=self._timezone(fields.get("timezone")),
            visibility=self._reader.choice(fields.get("visibility"), _VISIBILITIES) or Visibility.OWN_AND_GROUP,
            line=_line(node),
        )

    def _timezone(self, node: Node | None) -> str:
        name = self._reader.word(node, 100)
        if node and name and name != DEFAULT_TIMEZONE and name not in available_timezones():
            meant = did_you_mean(name, available_timezones()) or DEFAULT_TIMEZONE
            self._reader.note(node, f'"{shown(name)}" is not a time zone. Did you mean {meant}?')
        return name or DEFAULT_TIMEZONE

    def _framework(self, node: Node | None) -> FrameworkEntry:
        path = self._reader.name(node, LONGEST_KEY)
        if node is None or path in ("", DEFAULT_FRAMEWORK):
            return FrameworkEntry(None, _line(node))
        if not path.lower().endswith((".yaml", ".yml")):
            kind = other_kind(b"", path) or "not a framework"
            words = f'"{shown(path)}" is {kind}. Write {DEFAULT_FRAMEWORK}, or the name of a .yaml file.'
            self._reader.note(node, words)
        elif "\\" in path or PurePosixPath(path).is_absolute() or re.match("[A-Za-z]:", path):
            words = "write the way to the framework file from the folder of this file, with forward slashes."
            self._reader.note(node, words)
        return FrameworkEntry(path, _line(node))

    def _school(self, node: Node) -> SchoolEntry:
        optional = ("phase", "town", "local_authority", "urn", "language", "same_as", "deputies")
        fields = self._reader.fields(node, ("id", "name", "leaders"), optional)
        return SchoolEntry(
            id=self._id("school", fields.get("id")),
            name=self._reader.name(fields.get("name"), LONGEST_NAME),
            leaders=self._references(fields.get("leaders")),
            phase=self._reader.name(fields.get("phase"), LONGEST_NAME) or None,
            local_authority=self._reader.name(fields.get("local_authority"), LONGEST_NAME) or None,
            urn=self._urn(fields.get("urn")),
            language=self._reader.choice(fields.get("language"), _LANGUAGES),
            town=self._reader.text(fields.get("town"), LONGEST_NAME) or None,
            same_as=self._same_as(fields.get("same_as")),
            deputies=self._references(fields.get("deputies")),
            line=_line(node),
        )

    def _same_as(self, node: Node | None) -> SameAs | None:
        if node is None:
            return None
        fields = self._reader.fields(node, ("partnership", "id"), ())
        return SameAs(self._reader.id(fields.get("partnership")), self._reader.id(fields.get("id")))

    def _urn(self, node: Node | None) -> str | None:
        if not isinstance(node, Single):
            self._reader.expected(node, "The school's number belongs here.")
            return None
        urn = token(node.text)
        if not _URN.fullmatch(urn):
            self._reader.note(node, f'"{shown(node.text)}" is not a school number. Write it like 123456 or 123-4567.')
            return None
        self._once("urn", node, urn, f"the number {urn}", "Every school has a number of its own.")
        return urn

    def _person(self, node: Node) -> PersonEntry:
        fields = self._reader.fields(node, ("id", "name"), ("email", "language", "accounts"))
        return PersonEntry(
            id=self._id("person", fields.get("id")),
            name=self._reader.name(fields.get("name"), LONGEST_NAME),
            email=self._email(fields.get("email")),
            language=self._reader.choice(fields.get("language"), _LANGUAGE),
            accounts=tuple(self._account(item) for item in self._reader.items(fields.get("accounts"), 0, 20)),
            line=_line(node),
        )

    def _email(self, node: Node | None) -> str | None:
        email = self._reader.pasted(node, 254, address)
        self._once("email", node, email.casefold(), "this e-mail address", "One address belongs to one person.")
        return email or None

    def _account(self, node: Node) -> AccountEntry:
        fields = self._reader.fields(node, ("platform", "tenant", "user"))
        platform = self._platform(fields.get("platform"))
        ids = self._ids.get(platform, _AS_WRITTEN)
        account = AccountEntry(
            platform=platform,
            tenant=self._reader.pasted(fields.get("tenant"), LONGEST_KEY, ids.tenant),
            user=self._reader.pasted(fields.get("user"), LONGEST_KEY, ids.user),
            line=_line(node),
        )
        key = "\n".join((account.platform, account.tenant, account.user)) if account.user else ""
        self._once("account", node, key, "this account", "One account belongs to one person: keep one of the two.")
        return account

    def _platform(self, node: Node | None) -> str:
        return self._reader.choice(node, self._platforms) or ""

    def _channel(self, node: Node) -> ChannelEntry:
        fields = self._reader.fields(node, ("platform", "tenant", "id"), ("language",))
        platform = self._platform(fields.get("platform"))
        ids = self._ids.get(platform, _AS_WRITTEN)
        tenant = self._reader.pasted(fields.get("tenant"), LONGEST_KEY, ids.tenant)
        channel = ChannelEntry(
            platform=platform,
            tenant=tenant,
            id=self._reader.pasted(fields.get("id"), LONGEST_KEY, lambda pasted: ids.channel(pasted, tenant)),
            language=self._reader.choice(fields.get("language"), _LANGUAGES) or "en",
            line=_line(node),
        )
        key = "\n".join((channel.platform, channel.tenant, channel.id)) if channel.id else ""
        self._once("channel", node, key, "this channel", "Keep one of the two.")
        return channel

    def _network(self, node: Node) -> NetworkEntry:
        fields = self._reader.fields(node, ("id", "name"), ("state",))
        return NetworkEntry(
            id=self._id("network", fields.get("id")),
            name=self._reader.name(fields.get("name"), LONGEST_NAME),
            joined=self._reader.choice(fields.get("state"), {"joined": "joined", "invited": "invited"}) == "joined",
            line=_line(node),
        )

    def _calendar(self, node: Node | None) -> CalendarEntry:
        fields = self._reader.fields(node, ("terms",), ("school_days_off", "hours"))
        hours = self._reader.fields(fields.get("hours"), ("earliest", "latest"))
        earliest = self._reader.time_of_day(hours.get("earliest"))
        latest = self._reader.time_of_day(hours.get("latest"))
        if earliest and latest and latest <= earliest:
            self._reader.note(hours["latest"], "the latest time must come after the earliest. Check the two.")
        terms = self._reader.items(fields.get("terms"), 1, 60)
        days_off = self._reader.items(fields.get("school_days_off"), 0, 500)
        return CalendarEntry(
            terms=self._apart([self._days(item, named=True) for item in terms], "Let every day belong to one term."),
            school_days_off=self._apart([self._day_off(item) for item in days_off], "Keep one of the two."),
            earliest=earliest,
            latest=latest,
        )

    def _day_off(self, node: Node) -> tuple[Node, DaysEntry] | None:
        if not isinstance(node, Single):
            return self._days(node, named=False)
        day = self._reader.day(node)
        return (node, DaysEntry("", day, day, node.line)) if day else None

    def _days(self, node: Node, named: bool) -> tuple[Node, DaysEntry] | None:
        required = ("name", "starts", "ends") if named else ("starts", "ends")
        fields = self._reader.fields(node, required, ("name",))
        name = self._reader.name(fields.get("name"), LONGEST_NAME)
        starts, ends = self._reader.day(fields.get("starts")), self._reader.day(fields.get("ends"))
        if starts is None or ends is None:
            return None
        if ends < starts:
            self._reader.note(fields["ends"], f"it ends before it starts ({starts}). Check the two dates.")
            return None
        if (ends - starts).days >= LONGEST_SPAN:
            self._reader.note(fields["ends"], f"from {starts} this is more than {LONGEST_SPAN} days. Check the years.")
            return None
        return node, DaysEntry(name, starts, ends, node.line)

    def _apart(self, spans: Iterable[tuple[Node, DaysEntry] | None], way_out: str) -> tuple[DaysEntry, ...]:
        kept: list[DaysEntry] = []
        for node, days in filter(None, spans):
            clash = next((each for each in kept if each.starts <= days.ends and days.starts <= each.ends), None)
            if clash:
                self._reader.note(node, f"these days overlap with those on line {clash.line}. {way_out}")
            kept.append(days)
        return tuple(kept)

    def _references(self, node: Node | None, least: int = 0) -> tuple[str, ...]:
        """Ids of people, each of whom must be listed under people."""
        seen: dict[str, int] = {}
        ids = []
        for item in self._reader.items(node, least, MOST_PEOPLE):
            id_ = self._reader.word(item, LONGEST_KEY)
            self._reader.once(item, id_, seen, f'"{shown(id_)}"', "Keep one of the two.")
            if id_ and self._known is not None and id_ not in self._known:
                self._reader.note(item, f'there is no "{shown(id_)}" under people. {self._way_out(id_)}')
            ids.append(id_)
        return tuple(ids)

    def _way_out(self, unknown: str) -> str:
        meant = did_you_mean(unknown, self._known or ())
        return f"Did you mean {shown(meant)}?" if meant else "Add this person there, or take the id out here."

    def _id(self, what: str, node: Node | None) -> str:
        id_ = self._reader.id(node)
        self._once(what, node, id_.casefold(), f"the id {shown(id_)}", f"Give every {what} an id of its own.")
        return id_

    def _once(self, kind: str, node: Node | None, key: str, what: str, way_out: str) -> None:
        self._reader.once(node, key, self._seen.setdefault(kind, {}), what, way_out)


def _written_ids(people: Node | None) -> Collection[str] | None:
    if not isinstance(people, Items):
        return None
    ids = (item.entries.get("id") for item in people.items if isinstance(item, Entries))
    return dict.fromkeys(token(id_.text) for id_ in ids if isinstance(id_, Single))


def _line(node: Node | None) -> int:
    return node.line if node else 1
