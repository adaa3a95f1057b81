"""Links accounts to people: by a one-time code, or by an e-mail address that a workspace vouches for."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, insert, or_, select, update

from core.enquiry import Account
from core.services import audit
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
_leader = tables.Leader.__table__
_membership = tables.Membership.__table__
_role = tables.PartnershipRole.__table__
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
    KNOWN = "known"
    """The account already belongs to somebody; the code can still be used."""


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
    if not _join(connection, account, conversation, found.person_id, now, "by code"):
        return Redeemed.KNOWN
    connection.execute(update(_code).where(_code.c.code_hash == found.code_hash).values(used_at=now))
    return Redeemed.LINKED


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
    about = {"platform": account.platform, "tenant": account.tenant, "how": how}
    audit.record(connection, now, person, "account joined", about)
    return True


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


def unjoined(connection: Connection, platform: str, tenant: str) -> tuple[Unjoined, ...]:
    """People, by id, whose account may be looked up in this workspace by their e-mail address.

    Only people in a partnership that has a channel there: whoever set that up knows the workspace, and no other one
    can vouch for anyone. An address shared by several people identifies none of them.
    """
    rows = connection.execute(_UNJOINED, {"platform": platform, "tenant": tenant}).all()
    addresses = Counter(_same(email) for email in connection.scalars(_ADDRESSES))
    return tuple(
        Unjoined(row.id, row.email if row.email is not None and addresses[_same(row.email)] == 1 else None)
        for row in rows
    )


def join_by_email(
    connection: Connection, account: Account, conversation: str | None, email: str, now: datetime
) -> str | None:
    """Link the account to the one person with this address, and return their id; None if there is no such person.

    ``email`` is the address that the workspace has confirmed for a full member.
    """
    people = unjoined(connection, account.platform, account.tenant)
    found = [each.person for each in people if each.email is not None and _same(each.email) == _same(email)]
    if len(found) != 1:
        return None
    return found[0] if _join(connection, account, conversation, found[0], now, "by e-mail address") else None


def is_known(connection: Connection, account: Account) -> bool:
    """Whether the account belongs to somebody."""
    here = and_(*(_account.c[name] == value for name, value in _key(account).items()))
    return connection.scalar(select(_account.c.person_id).where(here)) is not None


def _same(email: str) -> str:
    return email.strip().casefold()


_HERE = and_(_channel.c.platform == bindparam("platform"), _channel.c.tenant == bindparam("tenant"))
_LEAD_SCHOOLS_HERE = (
    select(_leader.c.person_id)
    .join(_membership, and_(_membership.c.school_id == _leader.c.school_id, _membership.c.left_on.is_(None)))
    .join(_channel, _channel.c.partnership_id == _membership.c.partnership_id)
    .where(_HERE)
)
_HAVE_ROLES_HERE = (
    select(_role.c.person_id).join(_channel, _channel.c.partnership_id == _role.c.partnership_id).where(_HERE)
)
_ADDRESSES = select(_person.c.email).where(_person.c.email.is_not(None))
_UNJOINED = (
    select(_person.c.id, _person.c.email)
    .where(
        or_(_person.c.id.in_(_LEAD_SCHOOLS_HERE), _person.c.id.in_(_HAVE_ROLES_HERE)),
        ~exists().where(
            _account.c.person_id == _person.c.id,
            _account.c.platform == bindparam("platform"),
            _account.c.tenant == bindparam("tenant"),
        ),
    )
    .order_by(_person.c.id)
)
