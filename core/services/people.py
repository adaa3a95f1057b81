"""People, the schools they lead, and where they can be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, nulls_last, select, update

from core.enquiry import Account, Known
from core.rights import Role
from core.storage import tables
from core.storage.outbox import Place
from core.storage.prepared import Prepared

_person = tables.Person.__table__
_account = tables.Account.__table__
_school = tables.School.__table__
_leader = tables.Leader.__table__
_role = tables.PartnershipRole.__table__
_channel = tables.Channel.__table__
_partnership = tables.Partnership.__table__
_asked = tables.CycleSchool.__table__
_membership = tables.Membership.__table__
_cycle = tables.Cycle.__table__


@dataclass(frozen=True, slots=True)
class School:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A partnership's channel; ``language`` is en, cy or both."""

    platform: str
    tenant: str
    conversation: str
    language: str


_THIS_ACCOUNT = (
    _account.c.platform == bindparam("its_platform"),
    _account.c.tenant == bindparam("its_tenant"),
    _account.c.user == bindparam("its_user"),
)
_PERSONS = select(_person.c.id, _person.c.name, _person.c.language, _person.c.reminder_time)
_KNOWN = Prepared(_PERSONS.where(_person.c.id == bindparam("person")))
_PERSON_OF = Prepared(_PERSONS.join(_account, _account.c.person_id == _person.c.id).where(*_THIS_ACCOUNT))
_SET_LANGUAGE = update(_person).where(_person.c.id == bindparam("this")).values(language=bindparam("to"))
_SET_REMINDER_TIME = update(_person).where(_person.c.id == bindparam("this")).values(reminder_time=bindparam("to"))
_SCHOOLS = (
    select(_school.c.id, _school.c.name)
    .join(_leader, _leader.c.school_id == _school.c.id)
    .where(_leader.c.person_id == bindparam("person"))
    .order_by(_school.c.name, _school.c.id)
)
_LEADS = (
    select(_role.c.partnership_id)
    .where(_role.c.person_id == bindparam("person"), _role.c.role == "lead")
    .order_by(_role.c.partnership_id)
)
_LEADS_OF = (
    select(_role.c.person_id)
    .where(_role.c.partnership_id == bindparam("partnership"), _role.c.role == "lead")
    .order_by(_role.c.person_id)
)
_SCHOOLS_ASKED = (
    select(_leader.c.school_id)
    .join(_asked, _asked.c.school_id == _leader.c.school_id)
    .where(_leader.c.person_id == bindparam("person"), _asked.c.cycle_id == bindparam("cycle"))
    .order_by(_leader.c.school_id)
)
_IS_LEAD = _LEADS.where(_role.c.partnership_id == bindparam("partnership"))
_EVERY_CHANNEL = select(_channel.c.platform, _channel.c.tenant, _channel.c.conversation, _channel.c.language).order_by(
    _channel.c.platform, _channel.c.tenant, _channel.c.conversation
)
_CHANNELS = _EVERY_CHANNEL.where(_channel.c.partnership_id == bindparam("partnership"))
_CHANNELS_ON = _EVERY_CHANNEL.where(_channel.c.platform == bindparam("platform"))
_PLATFORMS_OF_CHANNELS = (
    select(_channel.c.platform, _partnership.c.name)
    .join(_partnership, _partnership.c.id == _channel.c.partnership_id)
    .distinct()
    .order_by(_channel.c.platform, _partnership.c.name)
)
_THIS_CHANNEL = (
    _channel.c.platform == bindparam("platform"),
    _channel.c.tenant == bindparam("tenant"),
    _channel.c.conversation == bindparam("conversation"),
)
_CHANNEL_PARTNERSHIP = select(_channel.c.partnership_id).where(*_THIS_CHANNEL)
_CHANNEL_LANGUAGE = select(_channel.c.language).where(*_THIS_CHANNEL)
_REMEMBER = (
    update(_account)
    .where(*_THIS_ACCOUNT)
    .values(conversation=bindparam("where"), last_used_at=bindparam("at"), deactivated_at=None)
)
_IN_WORKSPACE = and_(_account.c.platform == bindparam("its_platform"), _account.c.tenant == bindparam("its_tenant"))
_DIRECT = select(_account.c.conversation).where(*_THIS_ACCOUNT)
_FORGET = update(_account).where(*_THIS_ACCOUNT).values(conversation=None)
_HAS_CONVERSATION = _account.c.conversation.is_not(None)
_REACHED = (
    select(_account.c.platform, _account.c.tenant, _account.c.conversation)
    .where(_account.c.person_id == bindparam("person"), _HAS_CONVERSATION)
    .order_by(nulls_last(_account.c.last_used_at.desc()), _account.c.platform, _account.c.tenant, _account.c.user)
    .limit(1)
)


def can_be_reached(person: ColumnElement[str]) -> ColumnElement[bool]:
    """The condition that the bot can write to this person: some account of theirs has a conversation with it."""
    return exists().where(_account.c.person_id == person, _HAS_CONVERSATION)


def known(connection: Connection, person: str) -> Known | None:
    return _first(connection, _KNOWN, {"person": person})


def person_of(connection: Connection, account: Account) -> Known | None:
    return _first(connection, _PERSON_OF, _this(account))


def _first(connection: Connection, persons: Prepared, values: Mapping[str, str]) -> Known | None:
    row = persons.first(connection, values)
    return None if row is None else Known(row["id"], row["name"], row["language"], row["reminder_time"])


def set_language(connection: Connection, person: str, language: str) -> None:
    connection.execute(_SET_LANGUAGE, {"this": person, "to": language})


def set_reminder_time(connection: Connection, person: str, reminder_time: str) -> None:
    connection.execute(_SET_REMINDER_TIME, {"this": person, "to": reminder_time})


def schools_of(connection: Connection, person: str) -> tuple[School, ...]:
    """The schools this person leads, by name."""
    return tuple(School(*row) for row in connection.execute(_SCHOOLS, {"person": person}))


def leads(connection: Connection, person: str) -> tuple[str, ...]:
    """The partnerships this person leads."""
    return tuple(connection.scalars(_LEADS, {"person": person}))


def leads_of(connection: Connection, partnership: str) -> tuple[str, ...]:
    """The leads of a partnership, by their ids."""
    return tuple(connection.scalars(_LEADS_OF, {"partnership": partnership}))


def schools_asked(connection: Connection, person: str, cycle: int) -> tuple[str, ...]:
    """The schools that this person leads and a cycle asks."""
    return tuple(connection.scalars(_SCHOOLS_ASKED, {"person": person, "cycle": cycle}))


def school_name(connection: Connection, school: str) -> str | None:
    return cast("str | None", connection.scalar(select(_school.c.name).where(_school.c.id == school)))


def school_meant(connection: Connection, school: str, *, cycle: int | None = None, partnership: str = "") -> str:
    """The school that an old button means: once, several partnerships' schools had one id."""
    of_cycle = select(_cycle.c.partnership_id).where(_cycle.c.id == cycle).scalar_subquery()
    found = connection.scalar(
        select(_school.c.id)
        .join(_membership, _membership.c.school_id == _school.c.id)
        .where(_school.c.formerly == school, _membership.c.partnership_id == (partnership or of_cycle))
    )
    return school if found is None else cast("str", found)


def is_lead(connection: Connection, person: str, partnership: str) -> bool:
    return connection.scalar(_IS_LEAD, {"person": person, "partnership": partnership}) is not None


def has_role(connection: Connection, person: str, role: Role, *, partnership: str = "", school: str = "") -> bool:
    """Whether this person may have what is for this role in this partnership or school, as things stand now."""
    match role:
        case Role.LEAD:
            return is_lead(connection, person, partnership)
        case Role.LEADER | Role.SCHOOL:
            return school in {each.id for each in schools_of(connection, person)}
        case Role.PARTICIPANT | Role.CHANNEL:
            return True
        case Role.SCHOOL_OR_LEAD | Role.FACILITATOR | Role.LEAD_OR_FACILITATOR:
            return False


def channels_of(connection: Connection, partnership: str) -> tuple[Channel, ...]:
    return tuple(Channel(*row) for row in connection.execute(_CHANNELS, {"partnership": partnership}))


def channels_on(connection: Connection, platform: str) -> tuple[Channel, ...]:
    """Every partnership's channels on this platform."""
    return tuple(Channel(*row) for row in connection.execute(_CHANNELS_ON, {"platform": platform}))


def platforms_of_channels(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The platforms on which partnerships have a channel, and the partnership's name, in order."""
    rows = connection.execute(_PLATFORMS_OF_CHANNELS)
    return tuple((platform, name) for platform, name in rows)


def channel_partnership(connection: Connection, platform: str, tenant: str, conversation: str) -> str | None:
    """The partnership this channel belongs to."""
    where = {"platform": platform, "tenant": tenant, "conversation": conversation}
    return cast("str | None", connection.scalar(_CHANNEL_PARTNERSHIP, where))


def channel_language(connection: Connection, platform: str, tenant: str, conversation: str) -> str | None:
    """The language of a partnership's channel: en, cy or both; None if it isn't a partnership's."""
    where = {"platform": platform, "tenant": tenant, "conversation": conversation}
    return cast("str | None", connection.scalar(_CHANNEL_LANGUAGE, where))


def direct_conversation(connection: Connection, account: Account) -> str | None:
    """The direct conversation with the person behind this account, if there is one."""
    return cast("str | None", connection.scalar(_DIRECT, _this(account)))


def reached_at(connection: Connection, person: str) -> Place | None:
    """The conversation with this person on the account they used most recently."""
    row = connection.execute(_REACHED, {"person": person}).first()
    return None if row is None else Place(*row)


def remember_conversation(connection: Connection, account: Account, conversation: str, now: datetime) -> None:
    """Store the bot's direct conversation with this person. An unknown account stays unknown."""
    connection.execute(_REMEMBER, {**_this(account), "where": conversation, "at": now})


def forget_conversation(connection: Connection, account: Account) -> None:
    """The person removed the bot: it can't write to them there until they open it again."""
    connection.execute(_FORGET, _this(account))


def forget_conversations(connection: Connection, platform: str, tenant: str) -> None:
    """The bot was removed from a whole workspace."""
    connection.execute(update(_account).where(_IN_WORKSPACE).values(conversation=None), _workspace(platform, tenant))


def open_conversations(connection: Connection, platform: str, tenant: str) -> None:
    """Let the bot write first, on a platform that addresses people by their account's id."""
    silent = update(_account).where(
        _IN_WORKSPACE, _account.c.conversation.is_(None), _account.c.deactivated_at.is_(None)
    )
    connection.execute(silent.values(conversation=_account.c.user), _workspace(platform, tenant))


def open_conversation(connection: Connection, account: Account) -> None:
    """Let the bot write first to this account too, if it belongs to somebody, since the bot is installed there."""
    silent = update(_account).where(*_THIS_ACCOUNT, _account.c.conversation.is_(None))
    connection.execute(silent.values(conversation=_account.c.user), _this(account))


def _workspace(platform: str, tenant: str) -> dict[str, str]:
    return {"its_platform": platform, "its_tenant": tenant}


def _this(account: Account) -> dict[str, str]:
    return {"its_platform": account.platform, "its_tenant": account.tenant, "its_user": account.user}
