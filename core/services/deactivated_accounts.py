"""Accounts that their organisation has deactivated: nothing is sent there, and the leads they matter to learn of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import BindParameter, ColumnElement, Connection, and_, bindparam, or_, select, update

from core.enquiry import Account
from core.storage import tables
from core.storage.outbox import Place

_account = tables.Account.__table__
_school = tables.School.__table__
_leader = tables.Leader.__table__
_membership = tables.Membership.__table__
_role = tables.PartnershipRole.__table__
_outbox = tables.Outbox.__table__

_PERSON: BindParameter[str] = bindparam("person")
_LED_SCHOOLS = (
    select(_membership.c.partnership_id)
    .join(_leader, _leader.c.school_id == _membership.c.school_id)
    .where(_leader.c.person_id == _PERSON, _membership.c.left_on.is_(None))
)
_ROLES = select(_role.c.partnership_id).where(_role.c.person_id == _PERSON)
_TAKES_PART_IN = or_(_role.c.partnership_id.in_(_LED_SCHOOLS), _role.c.partnership_id.in_(_ROLES))
_LEADS_CONCERNED = (
    select(_role.c.person_id)
    .where(_role.c.role == "lead", _role.c.person_id != _PERSON, _TAKES_PART_IN)
    .distinct()
    .order_by(_role.c.person_id)
)
_SCHOOLS_SEEN_BY = (
    select(_school.c.name)
    .join(_leader, _leader.c.school_id == _school.c.id)
    .join(_membership, and_(_membership.c.school_id == _school.c.id, _membership.c.left_on.is_(None)))
    .join(_role, and_(_role.c.partnership_id == _membership.c.partnership_id, _role.c.role == "lead"))
    .where(_leader.c.person_id == _PERSON, _role.c.person_id == bindparam("lead"))
    .distinct()
    .order_by(_school.c.name)
)


@dataclass(frozen=True, slots=True)
class Joined:
    """An account that belongs to somebody."""

    account: Account
    person: str
    deactivated: bool


def deactivate(connection: Connection, account: Account, now: datetime) -> str | None:
    """Remember that the account was deactivated, and give up what waits for its conversation.

    Returns whose it is; None if that was known already, or it is nobody's.
    """
    found = connection.execute(select(_account.c.person_id, _account.c.conversation).where(_is(account))).first()
    if found is None:
        return None
    fresh = update(_account).where(_is(account), _account.c.deactivated_at.is_(None))
    if connection.execute(fresh.values(conversation=None, deactivated_at=now)).rowcount != 1:
        return None
    if found.conversation is not None:
        _give_up(connection, Place(account.platform, account.tenant, found.conversation))
    return cast("str", found.person_id)


def _give_up(connection: Connection, place: Place) -> None:
    waiting = update(_outbox).filter_by(**place._asdict(), kind="direct", state="waiting")
    connection.execute(waiting.values(state="dead", trouble="This person's account was deactivated."))


def restore(connection: Connection, account: Account) -> None:
    """The account is active again, on a platform that addresses people by their account's id."""
    back = update(_account).where(_is(account), _account.c.deactivated_at.is_not(None))
    connection.execute(back.values(conversation=account.user, deactivated_at=None))


def joined(connection: Connection, account: Account) -> Joined | None:
    """The account, if it belongs to somebody."""
    return next(iter(_joined(connection, account.platform, account.tenant, user=account.user)), None)


def joined_in(connection: Connection, platform: str, tenant: str) -> tuple[Joined, ...]:
    """All accounts of this organisation that belong to somebody, by their person's id."""
    return _joined(connection, platform, tenant)


def joined_at(connection: Connection, place: Place) -> Joined | None:
    """The account whose conversation with the bot this is."""
    here = _joined(connection, place.platform, place.tenant, conversation=place.conversation)
    return next(iter(here), None)


def leads_concerned(connection: Connection, person: str) -> tuple[str, ...]:
    """The other leads, by id, of the partnerships in which this person takes part."""
    return tuple(connection.scalars(_LEADS_CONCERNED, {"person": person}))


def schools_seen_by(connection: Connection, lead: str, person: str) -> tuple[str, ...]:
    """The names of the schools that this person leads in the lead's partnerships."""
    return tuple(connection.scalars(_SCHOOLS_SEEN_BY, {"person": person, "lead": lead}))


def told_by(person: str) -> str:
    """How the keys of all messages begin that tell leads of this person's accounts."""
    return f"deactivated:{person}:"


def _joined(connection: Connection, platform: str, tenant: str, **more: str) -> tuple[Joined, ...]:
    here = select(_account).filter_by(platform=platform, tenant=tenant, **more).order_by(_account.c.person_id)
    return tuple(
        Joined(Account(platform, tenant, row.user), row.person_id, row.deactivated_at is not None)
        for row in connection.execute(here)
    )


def _is(account: Account) -> ColumnElement[bool]:
    return and_(
        _account.c.platform == account.platform, _account.c.tenant == account.tenant, _account.c.user == account.user
    )
