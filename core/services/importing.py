"""Imports a partnership from its file, and updates it from a later one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, or_, select, tuple_, update

from core.calendar import DEFAULT_REMINDER_TIME, EARLIEST, LATEST, Days, SchoolCalendar
from core.framework import Framework
from core.framework_file import default_source, read_framework
from core.partnership_file import PartnershipFile, SchoolEntry
from core.services import audit, visibility
from core.services.import_checks import mistakes
from core.storage import tables
from core.storage.frameworks import FrameworkShelf, OtherFramework
from core.storage.reconcile import Counted, reconcile
from core.yaml_tree import FileMistakes, Mistake

Rows: TypeAlias = list[dict[str, Any]]

_partnership = tables.Partnership.__table__
_school = tables.School.__table__
_membership = tables.Membership.__table__
_person = tables.Person.__table__
_leader = tables.Leader.__table__
_role = tables.PartnershipRole.__table__
_account = tables.Account.__table__
_channel = tables.Channel.__table__
_network = tables.Network.__table__
_member = tables.NetworkPartnership.__table__

_ACCOUNT = tuple_(_account.c.platform, _account.c.tenant, _account.c.user)
_PERSONS_PLATFORM = tuple_(_account.c.person_id, _account.c.platform, _account.c.tenant)
_LEADER = tuple_(_leader.c.school_id, _leader.c.person_id)


@dataclass(frozen=True, slots=True)
class ImportReport:
    partnership: str
    framework: str
    """Its id and version."""
    counts: Mapping[str, Counted]

    def words(self) -> tuple[str, ...]:
        """A line for each kind of thing."""
        lines = (f"{kind.capitalize()}: {counted}." for kind, counted in self.counts.items())
        return (f"{self.partnership} is up to date. Its framework is {self.framework}.", *lines)


def import_partnership(
    connection: Connection,
    shelf: FrameworkShelf,
    file: PartnershipFile,
    now: datetime,
    framework_source: bytes | None = None,
    reserved_words: Collection[str] = (),
) -> ImportReport:
    """Store what the file says, updating existing data. Nobody's answers are touched.

    ``framework_source`` is the framework file that ``file.framework.path`` names; None for the one that comes with the
    bot. ``reserved_words`` are those of ``read_framework``. Raises ``FileMistakes``, before anything is stored,
    including for things that belong to others.
    """
    source = framework_source or default_source()
    framework = read_framework(source, reserved_words)
    calendar = _calendar_of(file)
    if found := mistakes(connection, file):
        raise FileMistakes(found)
    _store_framework(connection, shelf, file, source, framework)
    _store_partnership(connection, file, framework, calendar)
    today = now.astimezone(calendar.zone).date()
    counts = dict(_store_members(connection, file, today))
    visibility.pin_again(connection, file.partnership.id, now)
    report = ImportReport(file.partnership.name, f"{framework.id} {framework.version}", counts)
    changes = {kind: [counted.added, counted.changed, counted.left] for kind, counted in counts.items()}
    audit.record(connection, now, None, "partnership imported", {"partnership": file.partnership.id, **changes})
    return report


def _calendar_of(file: PartnershipFile) -> SchoolCalendar:
    return SchoolCalendar(
        timezone=file.partnership.timezone,
        nation=file.partnership.nation,
        terms=tuple(Days(each.starts, each.ends) for each in file.calendar.terms),
        days_off=tuple(Days(each.starts, each.ends) for each in file.calendar.school_days_off),
        earliest=file.calendar.earliest or EARLIEST,
        latest=file.calendar.latest or LATEST,
    )


def _store_framework(
    connection: Connection, shelf: FrameworkShelf, file: PartnershipFile, source: bytes, framework: Framework
) -> None:
    try:
        shelf.store(connection, source, framework)
    except OtherFramework as error:
        raise FileMistakes([Mistake(file.framework.line, "framework", str(error))]) from None


def _store_partnership(
    connection: Connection, file: PartnershipFile, framework: Framework, calendar: SchoolCalendar
) -> None:
    entry = file.partnership
    row = {
        "id": entry.id,
        "name": entry.name,
        "language": entry.language,
        "visibility": entry.visibility.value,
        "calendar": calendar.to_json(),
        "framework_id": framework.id,
        "framework_version": framework.version,
    }
    reconcile(connection, _partnership, _partnership.c.id == entry.id, [row])


def _store_members(connection: Connection, file: PartnershipFile, today: date) -> Iterator[tuple[str, Counted]]:
    yield "schools", _store_schools(connection, file, today)
    yield "people", _store_people(connection, file)
    yield "leaders of schools", _store_leaders(connection, file)
    yield "leads and facilitators", _store_roles(connection, file)
    yield "accounts", _store_accounts(connection, file)
    yield "channels", _store_channels(connection, file)
    if networks := _store_networks(connection, file):
        yield "networks", networks


def _store_schools(connection: Connection, file: PartnershipFile, today: date) -> Counted:
    ids = [each.id for each in file.schools]
    rows: Rows = [{"id": each.id, "name": each.name, "details": _details(each)} for each in file.schools]
    schools = reconcile(connection, _school, _school.c.id.in_(ids), rows)
    here = _membership.c.partnership_id == file.partnership.id
    back = update(_membership).where(here, _membership.c.school_id.in_(ids), _membership.c.left_on.is_not(None))
    returned = connection.execute(back.values(left_on=None)).rowcount
    members: Rows = [{"partnership_id": file.partnership.id, "school_id": each, "left_on": None} for each in ids]
    still_here = and_(here, _membership.c.left_on.is_(None))
    counted = reconcile(connection, _membership, still_here, members, leaving={"left_on": today})
    return Counted(counted.added + returned, schools.changed, counted.left)


def _details(entry: SchoolEntry) -> dict[str, str]:
    known = {
        "phase": entry.phase,
        "local_authority": entry.local_authority,
        "urn": entry.urn,
        "language": entry.language,
    }
    return {name: value for name, value in known.items() if value is not None}


def _store_people(connection: Connection, file: PartnershipFile) -> Counted:
    """The file's language is only the initial one: later the person chooses in chat. A known address is kept."""
    rows: Rows = [
        {
            "id": each.id,
            "name": each.name,
            "language": each.language or _first_language(file),
            "reminder_time": DEFAULT_REMINDER_TIME.value,
            "email": each.email,
        }
        for each in file.people
    ]
    those = _person.c.id.in_([each.id for each in file.people])
    addresses = {row.id: row.email for row in connection.execute(select(_person.c.id, _person.c.email).where(those))}
    for row in rows:
        row["email"] = row["email"] or addresses.get(row["id"])
    return reconcile(connection, _person, those, rows, keep={"language", "reminder_time"})


def _first_language(file: PartnershipFile) -> str:
    return "cy" if file.partnership.language == "cy" else "en"


def _store_leaders(connection: Connection, file: PartnershipFile) -> Counted:
    """If a school also belongs to another partnership, this file only adds leaders: the other may have named some."""
    listed = [(school.id, person) for school in file.schools for person in school.leaders]
    shared = select(_membership.c.school_id).where(
        _membership.c.partnership_id != file.partnership.id, _membership.c.left_on.is_(None)
    )
    our_own = and_(_leader.c.school_id.in_([each.id for each in file.schools]), _leader.c.school_id.not_in(shared))
    rows: Rows = [{"school_id": school, "person_id": person} for school, person in listed]
    return reconcile(connection, _leader, or_(our_own, _LEADER.in_(listed)), rows)


def _store_roles(connection: Connection, file: PartnershipFile) -> Counted:
    listed = [*((each, "lead") for each in file.leads), *((each, "facilitator") for each in file.facilitators)]
    here = file.partnership.id
    rows: Rows = [{"partnership_id": here, "person_id": person, "role": role} for person, role in listed]
    return reconcile(connection, _role, _role.c.partnership_id == here, rows)


def _store_accounts(connection: Connection, file: PartnershipFile) -> Counted:
    """An account in the file replaces the person's others in the same workspace, so that a slip can be corrected."""
    listed = [(person.id, each) for person in file.people for each in person.accounts]
    rows: Rows = [
        {
            "platform": each.platform,
            "tenant": each.tenant,
            "user": each.user,
            "person_id": person,
            "conversation": None,
            "last_used_at": None,
        }
        for person, each in listed
    ]
    those = or_(
        _ACCOUNT.in_([(each.platform, each.tenant, each.user) for _, each in listed]),
        _PERSONS_PLATFORM.in_([(person, each.platform, each.tenant) for person, each in listed]),
    )
    return reconcile(connection, _account, those, rows, keep={"conversation", "last_used_at"})


def _store_channels(connection: Connection, file: PartnershipFile) -> Counted:
    here = file.partnership.id
    rows: Rows = [
        {
            "platform": each.platform,
            "tenant": each.tenant,
            "conversation": each.id,
            "partnership_id": here,
            "language": each.language,
        }
        for each in file.channels
    ]
    return reconcile(connection, _channel, _channel.c.partnership_id == here, rows)


def _store_networks(connection: Connection, file: PartnershipFile) -> Counted | None:
    """None if there is and was none. What a lead decided in chat takes precedence over the file."""
    here = file.partnership.id
    named: Rows = [{"id": each.id, "name": each.name} for each in file.networks]
    reconcile(connection, _network, _network.c.id.in_([each.id for each in file.networks]), named)
    rows: Rows = [
        {"network_id": each.id, "partnership_id": here, "joined": True if each.joined else None, "said_in_chat": False}
        for each in file.networks
    ]
    in_chat = and_(_member.c.partnership_id == here, _member.c.said_in_chat)
    said = set(connection.scalars(select(_member.c.network_id).where(in_chat)))
    kept = [row for row in rows if row["network_id"] not in said]
    gone = said - {each.id for each in file.networks}
    those = and_(_member.c.partnership_id == here, or_(~_member.c.said_in_chat, _member.c.network_id.in_(gone)))
    counted = reconcile(connection, _member, those, kept)
    return counted if rows or counted.left else None
