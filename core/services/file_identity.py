"""Which schools and people of the database a partnership's file speaks of.

Ids in a file are its partnership's own. A school is the one that this partnership's file had under that id. So is a
person; or they are somebody who takes part elsewhere, if the file names an account of theirs, or an address that the
workspace of this partnership's own channel has confirmed for them.
"""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, Table, and_, bindparam, func, select, tuple_, union

from core.partnership_file import AccountEntry, PartnershipFile, PersonEntry, SchoolEntry
from core.storage import tables
from core.yaml_tree import Mistake

Proof: TypeAlias = Literal["account", "address", "code"]

_school = tables.School.__table__
_membership = tables.Membership.__table__
_person = tables.Person.__table__
_listed = tables.ListedPerson.__table__
_leader = tables.Leader.__table__
_deputy = tables.Deputy.__table__
_role = tables.PartnershipRole.__table__
_account = tables.Account.__table__

_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "rev", "revd", "canon", "fr"})
_COMMON: Final = frozenset({"school", "primary", "academy", "college", "the", "of", "and", "ce", "rc", "st", "ysgol"})
_LONGEST_BEGINNING: Final = 20

TAKES_PART: Final = union(
    select(_leader.c.person_id, _membership.c.partnership_id).join(
        _membership, and_(_membership.c.school_id == _leader.c.school_id, _membership.c.left_on.is_(None))
    ),
    select(_deputy.c.person_id, _membership.c.partnership_id).join(
        _membership, and_(_membership.c.school_id == _deputy.c.school_id, _membership.c.left_on.is_(None))
    ),
    select(_role.c.person_id, _role.c.partnership_id),
).subquery()
"""Who takes part in which partnership now: leaders and deputies of its schools, its leads and its facilitators."""

_ELSEWHERE = select(TAKES_PART.c.person_id).where(TAKES_PART.c.partnership_id != bindparam("partnership"))
_SCHOOLS_LISTED = (
    select(_membership.c.file_id, _school.c.id, _school.c.name, _school.c.details)
    .join(_school, _school.c.id == _membership.c.school_id)
    .where(_membership.c.partnership_id == bindparam("partnership"))
)
_PEOPLE_LISTED = select(_listed.c.file_id, _listed.c.person_id.label("id"), _listed.c.name).where(
    _listed.c.partnership_id == bindparam("partnership")
)
_ACCOUNT = (_account.c.platform, _account.c.tenant, _account.c.user)


@dataclass(frozen=True, slots=True)
class Shared:
    """Somebody who takes part in another partnership too."""

    person: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Identified:
    """The file with the database's ids instead of its own, and what has to be done for that to be true."""

    file: PartnershipFile
    schools: Mapping[str, str]
    """By the id in the file, the id in the database."""
    people: Mapping[str, str]
    elsewhere: frozenset[str]
    """Of these people, those who take part in another partnership too: nothing about them is changed."""
    newly_shared: Mapping[str, Proof]
    """Of those, the ones whom this file has not listed before, and how they are known."""
    merged: Mapping[str, str]
    """People whom this file listed before without an account, each with the person they have turned out to be."""


def identify(connection: Connection, file: PartnershipFile) -> Identified:
    """Call it only for a file without ``identity_mistakes``."""
    here = {"partnership": file.partnership.id}
    schools_listed = {row.file_id: row.id for row in connection.execute(_SCHOOLS_LISTED, here)}
    people_listed = {row.file_id: row.id for row in connection.execute(_PEOPLE_LISTED, here)}
    elsewhere = set(connection.scalars(_ELSEWHERE, here))
    shared = _shared(connection, file, elsewhere)
    schools = _ids(connection, _school, [each.id for each in file.schools], schools_listed)
    known = people_listed | {entry: each.person for entry, each in shared.items()}
    people = _ids(connection, _person, [each.id for each in file.people], known)
    return Identified(
        file=_with_ids(file, schools, people),
        schools=schools,
        people=people,
        elsewhere=frozenset(elsewhere & set(people.values())),
        newly_shared={each.person: each.proof for each in shared.values() if each.person not in people_listed.values()},
        merged={
            people_listed[entry]: each.person
            for entry, each in shared.items()
            if people_listed.get(entry, each.person) != each.person
        },
    )


def _shared(connection: Connection, file: PartnershipFile, elsewhere: set[str]) -> dict[str, Shared]:
    """By their id in the file, those who are somebody of another partnership."""
    owners = _owners(connection, [each for person in file.people for each in person.accounts])
    confirmed = _confirmed(connection, file)
    listed = {row.file_id for row in connection.execute(_PEOPLE_LISTED, {"partnership": file.partnership.id})}
    found = {}
    for entry in file.people:
        by_account = [owner for each in entry.accounts if (owner := owners.get(_key(each))) in elsewhere]
        by_address = confirmed.get((entry.email or "").casefold())
        if by_account and by_account[0] is not None:
            found[entry.id] = Shared(by_account[0], "account")
        elif by_address in elsewhere and by_address is not None and entry.id not in listed and not entry.accounts:
            found[entry.id] = Shared(by_address, "address")
    return found


def _owners(connection: Connection, accounts: Iterable[AccountEntry]) -> dict[tuple[str, str, str], str]:
    these = [_key(each) for each in accounts]
    rows = connection.execute(select(*_ACCOUNT, _account.c.person_id).where(tuple_(*_ACCOUNT).in_(these)))
    return {(row.platform, row.tenant, row.user): row.person_id for row in rows}


def _key(account: AccountEntry) -> tuple[str, str, str]:
    return account.platform, account.tenant, account.user


def _confirmed(connection: Connection, file: PartnershipFile) -> dict[str, str]:
    """People by their addresses, as far as the workspaces of this file's own channels have confirmed them.

    An address that they have confirmed for several people identifies none of them.
    """
    workspaces = sorted({(each.platform, each.tenant) for each in file.channels})
    addresses = [each.email.casefold() for each in file.people if each.email]
    rows = connection.execute(
        select(_account.c.address, _account.c.person_id).where(
            _account.c.address.in_(addresses), tuple_(_account.c.platform, _account.c.tenant).in_(workspaces)
        )
    )
    people: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        people[row.address].add(row.person_id)
    return {address: next(iter(found)) for address, found in people.items() if len(found) == 1}


def _ids(connection: Connection, table: Table, entries: Collection[str], known: Mapping[str, str]) -> dict[str, str]:
    """The database's id for each entry; a new one is or begins like the entry's own, so that people can read it."""
    taken = set(connection.scalars(select(table.c.id).where(table.c.id.in_(entries))))
    return {entry: known.get(entry) or _new_id(entry, taken) for entry in entries}


def _new_id(entry: str, taken: set[str]) -> str:
    return entry if entry not in taken else f"{entry[:_LONGEST_BEGINNING]}-{secrets.token_hex(4)}"


def _with_ids(file: PartnershipFile, schools: Mapping[str, str], people: Mapping[str, str]) -> PartnershipFile:
    def those(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(people[each] for each in ids)

    return replace(
        file,
        schools=tuple(
            replace(each, id=schools[each.id], leaders=those(each.leaders), deputies=those(each.deputies))
            for each in file.schools
        ),
        people=tuple(replace(each, id=people[each.id]) for each in file.people),
        leads=those(file.leads),
        facilitators=those(file.facilitators),
    )


# How to write somebody's id


def as_in_files(connection: Connection, people: Collection[str]) -> dict[str, str]:
    """People's ids as their files have them, with the partnership's where several files have the same."""
    counts = select(_listed.c.file_id, func.count().label("often")).group_by(_listed.c.file_id)
    often = {row.file_id: row.often for row in connection.execute(counts)}
    rows = connection.execute(
        select(_listed).where(_listed.c.person_id.in_(people)).order_by(_listed.c.partnership_id.desc())
    )
    return {each: each for each in people} | {
        row.person_id: row.file_id if often[row.file_id] == 1 else f"{row.partnership_id}/{row.file_id}" for row in rows
    }


def person_meant(connection: Connection, written: str) -> tuple[str, ...]:
    """The people whose id in a file this is, alone or after their partnership's (``river/ann``)."""
    partnership, _, file_id = written.rpartition("/")
    where = [_listed.c.file_id == file_id, *([_listed.c.partnership_id == partnership] if partnership else [])]
    found = select(_listed.c.person_id).where(*where).distinct().order_by(_listed.c.person_id)
    return tuple(connection.scalars(found))


# What can't be


def identity_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    """Entries that can't be whom or what the file says. The words never reveal anything of another partnership."""
    yield from _school_mistakes(connection, file)
    yield from _person_mistakes(connection, file)
    yield from _account_mistakes(connection, file)


def _school_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    here = {"partnership": file.partnership.id}
    known = {row.file_id: row for row in connection.execute(_SCHOOLS_LISTED, here)}
    for entry in file.schools:
        before = known.get(entry.id)
        if before is not None and not _same_school(entry, before.name, before.details.get("urn")):
            words = (
                f"under this id your file had {before.name}, with another number. If another school has taken its "
                "place, give that one an id of its own; if it is the same school, change its name first, and its "
                "number with a later import."
            )
            yield Mistake(entry.line, f"schools {entry.id}", words)


def _same_school(entry: SchoolEntry, name: str, urn: str | None) -> bool:
    return entry.urn is None or urn is None or entry.urn == urn or _alike(entry.name, name, _COMMON)


def _person_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    here = {"partnership": file.partnership.id}
    known = {row.file_id: row.name for row in connection.execute(_PEOPLE_LISTED, here)}
    for entry in file.people:
        if not _alike(entry.name, known.get(entry.id) or entry.name, _TITLES):
            words = (
                f"under this id your file had {known[entry.id]}. If {entry.name} has taken their place, give "
                f"{entry.name} an id of their own, such as {_another(entry, file.people)}; the old answers stay with "
                "the school. If it is one person with a new name, keep a part of the old name this time."
            )
            yield Mistake(entry.line, f"people {entry.id}", words)


def _another(entry: PersonEntry, people: Iterable[PersonEntry]) -> str:
    taken = {each.id for each in people}
    return next(each for number in range(2, 9999) if (each := f"{entry.id}-{number}") not in taken)


def _alike(one: str, other: str, common: frozenset[str]) -> bool:
    """Whether two names share a word that tells something; names made of common words have to be equal."""
    first, second = _words(one), _words(other)
    return first == second or bool((first & second) - common)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", name.casefold().replace("'", "").replace("’", "")))


def _account_mistakes(connection: Connection, file: PartnershipFile) -> Iterator[Mistake]:
    """An account may move between this partnership's own people, and to them from somebody who takes part nowhere else.

    Whoever takes part elsewhere too keeps the accounts they have: another would read what the other partnership tells.
    """
    here = {"partnership": file.partnership.id}
    elsewhere = set(connection.scalars(_ELSEWHERE, here))
    listed = {row.file_id: row.id for row in connection.execute(_PEOPLE_LISTED, here)}
    speaking = set(connection.scalars(select(_account.c.person_id).where(_account.c.person_id.in_(listed.values()))))
    owners = _owners(connection, [each for person in file.people for each in person.accounts])
    entries: dict[str, str] = {}
    for entry in file.people:
        person = listed.get(entry.id)
        owned = {owner for each in entry.accounts if (owner := owners.get(_key(each))) in elsewhere}
        concerned = {each for each in (*owned, person) if each in elsewhere or (owned and each in speaking)}
        for account in entry.accounts:
            if concerned and {owners.get(_key(account))} != concerned:
                yield Mistake(account.line, f"people {entry.id} > accounts", _NOT_BY_FILE)
        for each in concerned:
            if entries.setdefault(str(each), entry.id) != entry.id:
                words = f"the accounts show that this is the same person as {entries[str(each)]}. Keep one of the two."
                yield Mistake(entry.line, f"people {entry.id}", words)


_NOT_BY_FILE: Final = (
    "this account can't be given by a file, because one of the people concerned takes part in another partnership too. "
    "Take it out, and give the person a code: partnership-bot link."
)
