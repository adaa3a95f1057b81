"""Links accounts to people: by a one-time code, or by an e-mail address that a workspace vouches for."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, insert, select, update

from core.enquiry import Account
from core.services import account_handover, audit, sharing
from core.services.file_identity import TAKES_PART
from core.storage import tables
from core.storage.upsert import insert_or_ignore, upsert

DAYS_VALID: Final = 7
MOST_WRONG: Final = 5
"""After this many wrong codes, the account has to wait until ``WINDOW`` after the first of them."""
WINDOW: Final = timedelta(hours=1)

EXPLAINED_FOR: Final = timedelta(days=60)
"""How long after its expiry somebody who types a code is still told what happened to it."""

LETTERS: Final = "23456789BCDFGHJKMNPQRSTVWXZ"
"""No letter that looks like a digit, and no vowel: no word of any text is a code."""
_LENGTH: Final = 12
"""57 bits: too many to guess in the days that it is valid, or to recover from its hash."""
_CODE: Final = re.compile(rf"(?:[{LETTERS}][ -]?){{{_LENGTH}}}", re.IGNORECASE)
_LIKE_ONE: Final = re.compile(r"\w{4}-\w{4}-\w{4}", re.ASCII)

_person = tables.Person.__table__
_account = tables.Account.__table__
_channel = tables.Channel.__table__
_code = tables.LinkCode.__table__
_attempt = tables.LinkAttempt.__table__

_JOIN = insert_or_ignore(_account)
_COUNT_WRONG = upsert(_attempt, lambda _: {"wrong": _attempt.c.wrong + 1})


class Redeemed(StrEnum):
    """The result of typing a code."""

    LINKED = "linked"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    TOO_MANY = "too-many"
    """Too many wrong codes before it: it was not checked."""
    PASSED_ON = "passed-on"
    """Linked; before, the account was somebody's who takes no part any more."""
    SHARED = "shared"
    """Whose account it is was known: they take part in the partnership of the code too from now on."""
    KNOWN = "known"
    """The account already belongs to somebody who takes part; the code can still be used."""

    @property
    def is_linked(self) -> bool:
        return self in (Redeemed.LINKED, Redeemed.PASSED_ON, Redeemed.SHARED)


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    """In groups of four, as given to the person. It is stored nowhere."""
    valid_until: datetime


def new_code(connection: Connection, person: str, now: datetime, days: int = DAYS_VALID) -> Code:
    """A new code for this person, which invalidates earlier ones. Raises ``LookupError`` for an unknown person."""
    if connection.scalar(select(_person.c.id).where(_person.c.id == person)) is None:
        raise LookupError(f"there is no person {person}")
    letters = "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))
    code = Code("-".join(letters[place : place + 4] for place in range(0, _LENGTH, 4)), now + timedelta(days=days))
    connection.execute(delete(_code).where(_code.c.person_id == person))
    values = {"code_hash": _hashed(code.text), "person_id": person, "made_at": now, "valid_until": code.valid_until}
    connection.execute(insert(_code), values)
    audit.record(connection, now, None, "link code made", {"days": days})
    return code


def looks_like_code(text: str) -> bool:
    """Whether an unknown person may have meant this as a code, even if mistyped."""
    text = text.strip()
    return _CODE.fullmatch(text) is not None or _LIKE_ONE.fullmatch(text) is not None


def is_code(connection: Connection, text: str) -> bool:
    """Whether this is one of our codes, valid or expired."""
    if _CODE.fullmatch(text.strip()) is None:
        return False
    return connection.scalar(select(_code.c.person_id).where(_code.c.code_hash == _hashed(text))) is not None


def redeem(connection: Connection, account: Account, conversation: str | None, text: str, now: datetime) -> Redeemed:
    """Link the account to the person for whom this code was made. ``conversation`` is their direct conversation."""
    if _has_tried_too_often(connection, account, now):
        return Redeemed.TOO_MANY
    found = connection.execute(select(_code).where(_code.c.code_hash == _hashed(text)).with_for_update()).first()
    if found is None:
        _count_wrong(connection, account, now)
        return Redeemed.WRONG
    if found.used_at is not None:
        return Redeemed.USED
    if found.valid_until <= now:
        return Redeemed.EXPIRED
    result = _linked_by_code(connection, account, conversation, found.person_id, now)
    if result.is_linked:
        connection.execute(update(_code).where(_code.c.code_hash == found.code_hash).values(used_at=now))
    return result


def _linked_by_code(
    connection: Connection, account: Account, conversation: str | None, person: str, now: datetime
) -> Redeemed:
    owner = account_handover.owner_of(connection, account)
    if owner is None:
        _join(connection, account, conversation, person, now, "by code")
        return Redeemed.LINKED
    if owner == person:
        return Redeemed.KNOWN
    if not account_handover.takes_part(connection, owner):
        account_handover.pass_on(connection, account, person, now)
        _written_down(connection, account, person, now, "by code, from somebody who takes no part any more")
        return Redeemed.PASSED_ON
    if not sharing.may_be_one(connection, owner, person):
        return Redeemed.KNOWN
    sharing.merge_person(connection, person, owner)
    sharing.note_shared_people(connection, {owner: "code"})
    _written_down(connection, account, owner, now, "by code, as somebody of another partnership")
    return Redeemed.SHARED


def purge(connection: Connection, now: datetime) -> int:
    """Delete old records of wrong codes, and codes that nobody will ask about any more."""
    attempts = connection.execute(delete(_attempt).where(_attempt.c.since <= now - WINDOW))
    codes = connection.execute(delete(_code).where(_code.c.valid_until <= now - EXPLAINED_FOR))
    return attempts.rowcount + codes.rowcount


def _hashed(text: str) -> str:
    letters = re.sub(r"[ -]", "", text).upper()
    return hashlib.sha256(letters.encode()).hexdigest()


def _join(
    connection: Connection, account: Account, conversation: str | None, person: str, now: datetime, how: str
) -> bool:
    """Link them; False if the account already belongs to somebody."""
    values = {**_key(account), "person_id": person, "conversation": conversation, "last_used_at": None}
    if _JOIN.run(connection, values) != 1:
        return False
    connection.execute(delete(_attempt).where(_is(account)))
    _written_down(connection, account, person, now, how)
    return True


def _written_down(connection: Connection, account: Account, person: str, now: datetime, how: str) -> None:
    about = {"platform": account.platform, "tenant": account.tenant, "how": how}
    audit.record(connection, now, person, "account joined", about)


def _key(account: Account) -> dict[str, str]:
    return {"platform": account.platform, "tenant": account.tenant, "user": account.user}


def _is(account: Account) -> ColumnElement[bool]:
    return and_(*(_attempt.c[name] == value for name, value in _key(account).items()))


def _has_tried_too_often(connection: Connection, account: Account, now: datetime) -> bool:
    connection.execute(delete(_attempt).where(_attempt.c.since <= now - WINDOW))
    wrong = connection.scalar(select(_attempt.c.wrong).where(_is(account)))
    return wrong is not None and wrong >= MOST_WRONG


def _count_wrong(connection: Connection, account: Account, now: datetime) -> None:
    _COUNT_WRONG.run(connection, {**_key(account), "wrong": 1, "since": now})


# By e-mail address


@dataclass(frozen=True, slots=True)
class Unjoined:
    """A person in a workspace's partnership who has no account there yet."""

    person: str
    email: str | None


@dataclass(frozen=True, slots=True)
class _Here:
    """Somebody who takes part in partnerships that all have a channel in this workspace, and nowhere else."""

    person: str
    email: str | None
    accounts: int
    accounts_here: int
    partnerships: frozenset[str]


@dataclass(frozen=True, slots=True)
class Matched:
    """Whose an account turned out to be, by its address."""

    person: str
    passed_on: bool
    """It was somebody's before who takes no part any more."""


def unjoined(connection: Connection, platform: str, tenant: str) -> tuple[Unjoined, ...]:
    """People, by id, whose account may be looked up in this workspace by their e-mail address.

    Only people who take part now, and whose partnerships all have a channel there: whoever set that up knows the
    workspace, and no other one can vouch for anyone. An address that means several people identifies none of them.
    """
    here = _those_here(connection, platform, tenant)
    return tuple(
        Unjoined(each.person, each.email if each.email and each in _meant_by(here, each.email) else None)
        for each in here
        if not each.accounts_here
    )


def how_many_unjoined(connection: Connection, platform: str, tenant: str) -> int:
    """The number of ``unjoined``, without comparing everybody's addresses."""
    return sum(not each.accounts_here for each in _those_here(connection, platform, tenant))


def join_by_email(
    connection: Connection, account: Account, conversation: str | None, email: str, now: datetime
) -> Matched | None:
    """Link the account to the one person with this address; None if there is no such person.

    ``email`` is the address that the workspace has confirmed for a full member. Entries of several partnerships with
    this address are one person from then on, as long as none of them has another account: the workspace says nothing of
    whoever holds that. The account of somebody who takes no part any more becomes theirs.
    """
    here = _those_here(connection, account.platform, account.tenant)
    owner = account_handover.owner_of(connection, account)
    if owner is not None and account_handover.takes_part(connection, owner):
        return _joined_too(connection, account, owner, email, here)
    found = _meant_by(here, email)
    if not found or any(each.accounts_here for each in found):
        return None
    person, *others = (each.person for each in found)
    if owner is None:
        _join(connection, account, conversation, person, now, "by e-mail address")
    else:
        account_handover.pass_on(connection, account, person, now)
        _written_down(connection, account, person, now, "by e-mail address, from somebody who takes no part any more")
    _become_one(connection, person, others)
    account_handover.set_address(connection, account, email)
    return Matched(person, passed_on=owner is not None)


def _joined_too(
    connection: Connection, account: Account, owner: str, email: str, here: Iterable[_Here]
) -> Matched | None:
    """Let whose account this is, and who has no other, be those of other partnerships who have this address."""
    speaking = [each for each in here if each.person == owner and each.accounts == 1]
    silent = [each for each in _meant_by(here, email) if not each.accounts]
    if not speaking or not silent or not _as_one([*speaking, *silent]):
        return None
    _become_one(connection, owner, [each.person for each in silent])
    account_handover.set_address(connection, account, email)
    return Matched(owner, passed_on=False)


def _become_one(connection: Connection, person: str, others: Sequence[str]) -> None:
    for each in others:
        sharing.merge_person(connection, each, person)
    if others:
        sharing.note_shared_people(connection, {person: "address"})


def _meant_by(here: Iterable[_Here], email: str) -> tuple[_Here, ...]:
    """Whom an account with this address is for: whoever has none yet, else the only one who has this address."""
    found = [each for each in here if each.email is not None and _same(each.email) == _same(email)]
    return _as_one([each for each in found if not each.accounts] or found)


def _as_one(entries: Sequence[_Here]) -> tuple[_Here, ...]:
    """These, if they may be one person: no two of them in one partnership or with accounts; else none."""
    partnerships = [each for entry in entries for each in entry.partnerships]
    speaking = [each for each in entries if each.accounts]
    return tuple(entries) if len(set(partnerships)) == len(partnerships) and len(speaking) <= 1 else ()


def _those_here(connection: Connection, platform: str, tenant: str) -> list[_Here]:
    bound = {"platform": platform, "tenant": tenant}
    partnerships: dict[str, set[str]] = defaultdict(set)
    for person, partnership in connection.execute(_PARTNERSHIPS_OF_THOSE_HERE, bound):
        partnerships[person].add(partnership)
    rows = connection.execute(_THOSE_HERE, bound).all()
    return [_Here(row.id, row.email, row.accounts, row.accounts_here, frozenset(partnerships[row.id])) for row in rows]


def belongs_to_somebody(connection: Connection, account: Account) -> bool:
    """Whether the account is somebody's who takes part now."""
    owner = account_handover.owner_of(connection, account)
    return owner is not None and account_handover.takes_part(connection, owner)


def tenants_with(connection: Connection, account: Account) -> tuple[str, ...]:
    """The other organisations of the platform in which an account with the same id belongs to somebody."""
    same = select(_account.c.tenant).where(_account.c.platform == account.platform, _account.c.user == account.user)
    return tuple(connection.scalars(same.where(_account.c.tenant != account.tenant).order_by(_account.c.tenant)))


def join_same(
    connection: Connection, account: Account, conversation: str | None, tenants: Collection[str], now: datetime
) -> str | None:
    """Link the account to the one person who has those with its id in ``tenants``, and return their id.

    The platform has confirmed that all of these are the same account. None if nobody who takes part now has one, or
    several people do.
    """
    same = select(_account.c.person_id).where(_account.c.platform == account.platform, _account.c.user == account.user)
    theirs = set(connection.scalars(same.where(_account.c.tenant.in_(tenants))))
    found = [each for each in theirs if account_handover.takes_part(connection, each)]
    if len(found) != 1:
        return None
    (person,) = found
    return person if _join(connection, account, conversation, person, now, "by the same account elsewhere") else None


def _same(email: str) -> str:
    return email.strip().casefold()


_HAS_CHANNEL_HERE = (
    select(_channel.c.partnership_id)
    .where(_channel.c.platform == bindparam("platform"), _channel.c.tenant == bindparam("tenant"))
    .scalar_subquery()
)
_elsewhere = TAKES_PART.alias("elsewhere")
_ONLY_HERE = and_(
    _person.c.id.in_(select(TAKES_PART.c.person_id).where(TAKES_PART.c.partnership_id.in_(_HAS_CHANNEL_HERE))),
    _person.c.id.not_in(select(_elsewhere.c.person_id).where(_elsewhere.c.partnership_id.not_in(_HAS_CHANNEL_HERE))),
)
_ACCOUNTS = select(func.count()).where(_account.c.person_id == _person.c.id)
_THOSE_HERE = (
    select(
        _person.c.id,
        _person.c.email,
        _ACCOUNTS.scalar_subquery().label("accounts"),
        _ACCOUNTS.where(_account.c.platform == bindparam("platform"), _account.c.tenant == bindparam("tenant"))
        .scalar_subquery()
        .label("accounts_here"),
    )
    .where(_ONLY_HERE)
    .order_by(_person.c.id)
)
_PARTNERSHIPS_OF_THOSE_HERE = select(TAKES_PART.c.person_id, TAKES_PART.c.partnership_id).where(
    TAKES_PART.c.person_id.in_(select(_person.c.id).where(_ONLY_HERE))
)
