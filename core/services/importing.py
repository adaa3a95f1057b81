"""Imports a partnership from its file, and updates it from a later one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import Connection, and_, or_, select, tuple_, update

from core.calendar import DEFAULT_REMINDER_TIME, EARLIEST, LATEST, Days, SchoolCalendar
from core.enquiry import Account
from core.framework import Framework
from core.framework_file import default_source, read_framework
from core.partnership_file import PartnershipFile, SchoolEntry
from core.services import account_handover, audit, deputies, handover, sharing, visibility
from core.services.file_identity import Identified, identify
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
_listed = tables.ListedPerson.__table__
_deputy = tables.Deputy.__table__
_leader = tables.Leader.__table__
_role = tables.PartnershipRole.__table__
_account = tables.Account.__table__
_channel = tables.Channel.__table__
_network = tables.Network.__table__
_member = tables.NetworkPartnership.__table__

_ACCOUNT = tuple_(_account.c.platform, _account.c.tenant, _account.c.user)
_PERSONS_PLATFORM = tuple_(_account.c.person_id, _account.c.platform, _account.c.tenant)


@dataclass(frozen=True, slots=True)
class ImportReport:
    partnership: str
    framework: str
    """Its id and version."""
    counts: Mapping[str, Counted]
    notes: tuple[str, ...] = ()
    """A sentence each: what is shared with other partnerships and why, and what else should be known."""

    def words(self) -> tuple[str, ...]:
        """A line for each kind of thing, then the notes."""
        lines = (f"{kind.capitalize()}: {counted}." for kind, counted in self.counts.items())
        return (f"{self.partnership} is up to date. Its framework is {self.framework}.", *lines, *self.notes)


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
    framework = read_framework(source, reserved_words, known=framework_source is None)
    calendar = _calendar_of(file)
    if found := mistakes(connection, file):
        raise FileMistakes(found)
    _store_framework(connection, shelf, file, source, framework)
    _store_partnership(connection, file, framework, calendar)
    today = now.astimezone(calendar.zone).date()
    identified = identify(connection, file)
    notes: list[str] = []
    counts = dict(_store_members(connection, file, identified, now, today, notes))
    sharing.share_schools(connection, file.partnership.id)
    notes += sharing.in_words(sharing.shared_entries(connection, file.partnership.id))
    visibility.pin_again(connection, file.partnership.id, now)
    report = ImportReport(file.partnership.name, f"{framework.id} {framework.version}", counts, tuple(notes))
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


def _store_members(
    connection: Connection,
    as_written: PartnershipFile,
    identified: Identified,
    now: datetime,
    today: date,
    notes: list[str],
) -> Iterator[tuple[str, Counted]]:
    file = identified.file
    for gone, into in identified.merged.items():
        sharing.merge_person(connection, gone, into)
    yield "schools", _store_schools(connection, as_written, file, today, notes)
    yield "people", _store_people(connection, file, identified.elsewhere)
    _store_list_of_people(connection, as_written, identified)
    yield "leaders of schools", _store_leaders(connection, file, now, notes)
    if (counted := _store_deputies(connection, file)) is not None:
        yield "deputies", counted
    yield "leads and facilitators", _store_roles(connection, file)
    yield "accounts", _store_accounts(connection, file, identified.elsewhere, now, notes)
    yield "channels", _store_channels(connection, file)
    if networks := _store_networks(connection, file):
        yield "networks", networks


def _store_schools(
    connection: Connection, as_written: PartnershipFile, file: PartnershipFile, today: date, notes: list[str]
) -> Counted:
    ids = [each.id for each in file.schools]
    before = {row.id: row for row in connection.execute(select(_school).where(_school.c.id.in_(ids)))}
    names = told_apart(file.schools)
    notes += _names_told(file.schools, names)
    rows: Rows = []
    for each in file.schools:
        details = _details(each, before[each.id].details if each.id in before else {}, today)
        if each.id in before and details.get("earlier_urns") != before[each.id].details.get("earlier_urns"):
            notes.append(f"{names[each.id]} has a new number: {each.urn}. It was {before[each.id].details['urn']}.")
        rows.append(
            {
                "id": each.id,
                "name": names[each.id],
                "details": details,
                "formerly": None,
                "shared_as": None,
                "proof": None,
            }
        )
    schools = reconcile(connection, _school, _school.c.id.in_(ids), rows, keep={"formerly", "shared_as", "proof"})
    here = _membership.c.partnership_id == file.partnership.id
    back = update(_membership).where(here, _membership.c.school_id.in_(ids), _membership.c.left_on.is_not(None))
    returned = connection.execute(back.values(left_on=None)).rowcount
    members: Rows = [
        {
            "partnership_id": file.partnership.id,
            "school_id": each.id,
            "file_id": written.id,
            "same_as_partnership": each.same_as and each.same_as.partnership,
            "same_as_id": each.same_as and each.same_as.id,
            "left_on": None,
        }
        for each, written in zip(file.schools, as_written.schools, strict=True)
    ]
    still_here = and_(here, _membership.c.left_on.is_(None))
    counted = reconcile(connection, _membership, still_here, members, leaving={"left_on": today})
    return Counted(counted.added + returned, schools.changed, counted.left)


def told_apart(schools: Sequence[SchoolEntry]) -> dict[str, str]:
    """Names that differ: where two are equal, the town, the authority or the number stands beside them."""
    names = {each.id: each.name for each in schools}
    same: dict[str, list[SchoolEntry]] = defaultdict(list)
    for each in schools:
        same[each.name.casefold()].append(each)
    for several in same.values():
        if len(several) > 1:
            names |= {each.id: f"{each.name} ({mark})" for each, mark in zip(several, _marks(several), strict=True)}
    return names


def _marks(several: Sequence[SchoolEntry]) -> Sequence[str | int]:
    for marks in ([each.town for each in several], [each.local_authority for each in several]):
        known = [mark for mark in marks if mark is not None]
        if len({each.casefold() for each in known}) == len(several):
            return known
    numbers = [each.urn for each in several if each.urn is not None]
    return numbers if len(numbers) == len(several) else range(1, len(several) + 1)


def _names_told(schools: Sequence[SchoolEntry], names: Mapping[str, str]) -> Iterator[str]:
    for each in schools:
        if names[each.id] != each.name:
            yield f"Two schools are called {each.name}; the one on line {each.line} appears as {names[each.id]}."


def _details(entry: SchoolEntry, before: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Earlier numbers of the school stay, each with the day until which it was known to be right."""
    earlier = [*before.get("earlier_urns", ())]
    if entry.urn is not None and before.get("urn") not in (None, entry.urn):
        earlier.append({"urn": before["urn"], "until": today.isoformat()})
    known = {
        "phase": entry.phase,
        "town": entry.town,
        "local_authority": entry.local_authority,
        "urn": entry.urn,
        "language": entry.language,
        "earlier_urns": earlier or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def _store_people(connection: Connection, file: PartnershipFile, elsewhere: Collection[str]) -> Counted:
    """The file's language is only the initial one: later the person chooses in chat. A known address is kept.

    Whoever takes part in another partnership too (``elsewhere``) stays as they are.
    """
    rows: Rows = [
        {
            "id": each.id,
            "name": each.name,
            "language": each.language or _first_language(file),
            "reminder_time": DEFAULT_REMINDER_TIME.value,
            "away_until": None,
            "email": each.email,
        }
        for each in file.people
        if each.id not in elsewhere
    ]
    those = _person.c.id.in_([row["id"] for row in rows])
    addresses = {row.id: row.email for row in connection.execute(select(_person.c.id, _person.c.email).where(those))}
    for row in rows:
        row["email"] = row["email"] or addresses.get(row["id"])
    return reconcile(connection, _person, those, rows, keep={"language", "reminder_time", "away_until"})


def _store_list_of_people(connection: Connection, as_written: PartnershipFile, identified: Identified) -> None:
    """Entries that are no longer in the file stay, so that somebody who returns is the same person."""
    here, entries = as_written.partnership.id, identified.people
    rows: Rows = [
        {
            "partnership_id": here,
            "file_id": each.id,
            "person_id": entries[each.id],
            "proof": None,
            "with_account": bool(each.accounts),
            "name": each.name,
        }
        for each in as_written.people
    ]
    those = and_(_listed.c.partnership_id == here, _listed.c.file_id.in_(entries))
    reconcile(connection, _listed, those, rows, keep={"proof"})
    sharing.note_shared_people(connection, identified.newly_shared)
    sharing.find_proof(connection, entries.values())


def _first_language(file: PartnershipFile) -> str:
    return "cy" if file.partnership.language == "cy" else "en"


def _store_leaders(connection: Connection, file: PartnershipFile, now: datetime, notes: list[str]) -> Counted:
    schools = {each.id: each.name for each in file.schools}
    rows: Rows = [{"school_id": each.id, "person_id": person} for each in file.schools for person in each.leaders]
    those = _leader.c.school_id.in_(schools)
    before = {(row.school_id, row.person_id) for row in connection.execute(select(_leader).where(those))}
    counted = reconcile(connection, _leader, those, rows)
    after = {(row["school_id"], row["person_id"]) for row in rows}
    handover.tell_leavers(connection, sorted(before - after), now)
    handover.tell_newcomers(connection, sorted(after - before), now)
    deputies.dismiss_others(connection, sorted(schools))
    passed = handover.pass_on(connection, sorted(schools), now)
    notes += (
        f"{schools[each]}: what its former leader has answered in the open cycle is the new one's." for each in passed
    )
    return counted


def _store_deputies(connection: Connection, file: PartnershipFile) -> Counted | None:
    """None if there are and were none."""
    those = _deputy.c.school_id.in_([each.id for each in file.schools])
    rows: Rows = [{"school_id": each.id, "person_id": person} for each in file.schools for person in each.deputies]
    counted = reconcile(connection, _deputy, those, rows)
    deputies.dismiss_others(connection, [each.id for each in file.schools])
    return counted if rows or counted.left else None


def _store_roles(connection: Connection, file: PartnershipFile) -> Counted:
    listed = [*((each, "lead") for each in file.leads), *((each, "facilitator") for each in file.facilitators)]
    here = file.partnership.id
    rows: Rows = [{"partnership_id": here, "person_id": person, "role": role} for person, role in listed]
    return reconcile(connection, _role, _role.c.partnership_id == here, rows)


def _store_accounts(
    connection: Connection, file: PartnershipFile, elsewhere: Collection[str], now: datetime, notes: list[str]
) -> Counted:
    """An account in the file replaces the person's others in the same workspace, so that a slip can be corrected.

    Whoever takes part in another partnership too keeps the accounts they have.
    """
    listed = [(person.id, each) for person in file.people if person.id not in elsewhere for each in person.accounts]
    rows: Rows = [
        {
            "platform": each.platform,
            "tenant": each.tenant,
            "user": each.user,
            "person_id": person,
            "conversation": None,
            "last_used_at": None,
            "address": None,
            "deactivated_at": None,
        }
        for person, each in listed
    ]
    those = or_(
        _ACCOUNT.in_([(each.platform, each.tenant, each.user) for _, each in listed]),
        _PERSONS_PLATFORM.in_([(person, each.platform, each.tenant) for person, each in listed]),
    )
    names = {person.id: person.name for person in file.people}
    for person, each in listed:
        account = Account(each.platform, each.tenant, each.user)
        if (before := account_handover.owner_of(connection, account)) not in (None, person):
            whose = _as_listed(connection, file.partnership.id, before)
            notes.append(f"The {each.platform} account {each.user} is now {names[person]}'s. It was {whose}.")
            account_handover.pass_on(connection, account, person, now)
    return reconcile(
        connection, _account, those, rows, keep={"conversation", "last_used_at", "address", "deactivated_at"}
    )


def _as_listed(connection: Connection, partnership: str, person: str | None) -> str:
    """Whose something was, in words that name nobody of another partnership."""
    where = (_listed.c.partnership_id == partnership, _listed.c.person_id == person)
    found = connection.scalar(select(_listed.c.file_id).where(*where).order_by(_listed.c.file_id).limit(1))
    return "somebody's who takes no part any more" if found is None else f"{found}'s"


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
