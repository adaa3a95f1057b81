"""The tables: what is stored, and its constraints.

Annotations are evaluated here, unlike elsewhere: SQLAlchemy reads them, and strings take it a third longer.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime]):
    """A moment in time: timezone-aware in Python, UTC in the database (SQLite stores no time zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else _in_utc(value)

    # A turn reads dozens of moments: on SQLite, which stores text, a single call parses one.

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _write_to_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        return _read_from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def _write_to_sqlite(moment: datetime | None) -> str | None:
    return None if moment is None else _in_utc(moment).isoformat(" ", "microseconds")[: -len("+00:00")]


def _read_from_sqlite(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(f"{stored}+00:00")


class Base(DeclarativeBase):
    if TYPE_CHECKING:
        __table__: ClassVar[Table]  # Each of them is a Table, which SQLAlchemy's types don't guarantee.
    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map: ClassVar = {datetime: Moment, str: Text, dict[str, Any]: JSON, list[str]: JSON}


class Partnership(Base):
    __tablename__ = "partnership"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str]
    """en, cy or both: the language of messages posted to everybody."""
    visibility: Mapped[str]
    """What the lead wishes for the next cycle: it applies only if every school has agreed."""
    calendar: Mapped[dict[str, Any]]
    """``core.calendar.SchoolCalendar`` as JSON."""
    framework_id: Mapped[str]
    framework_version: Mapped[str]
    __table_args__ = (
        ForeignKeyConstraint(["framework_id", "framework_version"], ["framework.id", "framework.version"]),
        CheckConstraint("language IN ('en', 'cy', 'both')", name="language"),
        CheckConstraint("visibility IN ('open', 'own-and-group', 'lead-only')", name="visibility"),
    )


class VisibilityConsent(Base):
    """A school's latest answer about being seen in its partnership's future cycles."""

    __tablename__ = "visibility_consent"
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    visibility: Mapped[str] = mapped_column(primary_key=True)
    agreed: Mapped[bool]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who answered for the school; None once they have been erased, which leaves the school's answer as it is."""
    said_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("visibility IN ('open', 'lead-only')", name="visibility"),)


class Framework(Base):
    """A framework file as imported; never changed once stored, so that old cycles stay readable."""

    __tablename__ = "framework"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    checksum: Mapped[str]


class School(Base):
    """A school as one partnership knows it: each partnership has a row of its own, also for a school of several."""

    __tablename__ = "school"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    """How it is named to people: no other school of its partnership has the same name."""
    details: Mapped[dict[str, Any]]
    """Phase, town, local authority, language, URN and earlier URNs, if known."""
    formerly: Mapped[str | None] = mapped_column(index=True)
    """The id that it shared with another partnership's school in earlier versions; old buttons still carry it."""
    shared_as: Mapped[str | None] = mapped_column(index=True)
    """The same for the rows that are one school in several partnerships: the id of one of them."""
    proof: Mapped[str | None]
    """How that is known; ``none`` for what was shared in earlier versions without saying why."""
    __table_args__ = (
        CheckConstraint("proof IN ('files', 'account', 'none')", name="proof"),
        CheckConstraint("(shared_as IS NULL) = (proof IS NULL)", name="shared_with_proof"),
    )


class Membership(Base):
    """A school's place in its partnership; ``left_on`` once it has left."""

    __tablename__ = "membership"
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    file_id: Mapped[str]
    """Its id in the partnership's file."""
    same_as_partnership: Mapped[str | None]
    same_as_id: Mapped[str | None]
    """The partnership and id under which another file has it, as this file says."""
    left_on: Mapped[date | None]
    __table_args__ = (UniqueConstraint("partnership_id", "file_id"),)


class Person(Base):
    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str | None]
    language: Mapped[str]
    reminder_time: Mapped[str]
    """``core.calendar.ReminderTime``: the preferred time of the school day for reminders."""
    away_until: Mapped[datetime | None]
    """Until then their deputies are asked instead."""


class ListedPerson(Base):
    """A person in a partnership's file. Several partnerships' entries may be the same person."""

    __tablename__ = "listed_person"
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    file_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    proof: Mapped[str | None]
    """Why this is the person whom another partnership lists; None for somebody whom only this one lists."""
    with_account: Mapped[bool]
    """The file names an account of theirs."""
    name: Mapped[str | None]
    """As the file has it; None for what earlier versions shared, whose name may be another file's."""
    __table_args__ = (CheckConstraint("proof IN ('account', 'address', 'code', 'none')", name="proof"),)


class Leader(Base):
    """This person leads this school."""

    __tablename__ = "leader"
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Deputy(Base):
    """This person may answer for a school when its leader asks them to, or is away."""

    __tablename__ = "deputy"
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class StandIn(Base):
    """A deputy who answers instead of a leader in one cycle, with that leader's voice."""

    __tablename__ = "stand_in"
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    leader_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    """The leader whose voice it is."""


class PartnershipRole(Base):
    """This person is a lead or a facilitator of this partnership."""

    __tablename__ = "partnership_role"
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    __table_args__ = (CheckConstraint("role IN ('lead', 'facilitator')", name="role"),)


class Account(Base):
    """A person's identity on one chat platform, and their conversation with the bot there."""

    __tablename__ = "account"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    conversation: Mapped[str | None]
    """None until the person or the platform has opened one, and again once the person has removed the bot."""
    last_used_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]
    """When the bot learnt that the organisation has deactivated the account; nothing is sent to it any more."""
    address: Mapped[str | None]
    """The e-mail address, in lower case, that the platform last confirmed for it; None if it was never asked."""


class Channel(Base):
    __tablename__ = "channel"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), index=True)
    language: Mapped[str]
    __table_args__ = (CheckConstraint("language IN ('en', 'cy', 'both')", name="language"),)


class Cycle(Base):
    __tablename__ = "cycle"
    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), index=True)
    title: Mapped[str]
    framework_id: Mapped[str]
    framework_version: Mapped[str]
    scope: Mapped[list[str]]
    """The ids of the sub-themes that are asked; all of the framework's in a full cycle."""
    visibility: Mapped[str]
    wished: Mapped[str | None]
    """The visibility that the lead had asked for, if the schools had agreed to another."""
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    meeting_on: Mapped[date | None]
    nudge_schedule: Mapped[dict[str, Any]]
    """``core.calendar.NudgeSchedule`` as JSON."""
    __table_args__ = (
        ForeignKeyConstraint(["framework_id", "framework_version"], ["framework.id", "framework.version"]),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )


class CycleSchool(Base):
    """The roster of a cycle: the schools that are asked, fixed when the cycle opened."""

    __tablename__ = "cycle_school"
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True, index=True)


class Response(Base):
    """What one leader says for a school in one cycle. It is the school's, and stays when the leader leaves."""

    __tablename__ = "response"
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int]
    school_id: Mapped[str]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    """Who gives it now: it passes to a successor while its cycle is open."""
    begun_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who gave it before it passed to somebody else."""
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    """The school's response in an earlier cycle, on the same framework version: this person's or a predecessor's."""
    started_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    asked_for: Mapped[str | None]
    """Where the leader asked to go: ``<criterion>|<perspective>``, ``priorities`` or ``review``."""
    priorities_done: Mapped[bool]
    __table_args__ = (
        UniqueConstraint("cycle_id", "school_id", "person_id"),
        ForeignKeyConstraint(["cycle_id", "school_id"], ["cycle_school.cycle_id", "cycle_school.school_id"]),
    )


class Answer(Base):
    """A score, or the reason why there is none."""

    __tablename__ = "answer"
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    perspective: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None]
    reason: Mapped[str | None]
    revision: Mapped[int]
    answered_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("(level IS NULL) <> (reason IS NULL)", name="level_or_reason"),
        {"sqlite_with_rowid": False},
    )


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Random, chosen before the note is stored, so that messages can already refer to it."""
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), index=True)
    author_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who wrote it; None once they have been erased, if it was shared."""
    subtheme: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    audience: Mapped[str]
    offered: Mapped[bool | None]
    written_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("kind IN ('strength', 'development', 'evidence')", name="kind"),
        CheckConstraint("audience IN ('school', 'lead', 'meeting')", name="audience"),
    )


class PriorityVote(Base):
    __tablename__ = "priority_vote"
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    subtheme: Mapped[str] = mapped_column(primary_key=True)


class AgreedAction(Base):
    """An improvement action that a partnership agreed at its meeting."""

    __tablename__ = "agreed_action"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Random, chosen when a lead begins to enter it, so that sending it twice stores it once."""
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), index=True)
    cycle_id: Mapped[int | None] = mapped_column(ForeignKey("cycle.id"))
    """The cycle that had closed last: the meeting discussed its report."""
    framework_id: Mapped[str]
    framework_version: Mapped[str]
    subtheme: Mapped[str]
    words: Mapped[str]
    owner_id: Mapped[str] = mapped_column(ForeignKey("school.id"), index=True)
    due_on: Mapped[date | None]
    """None for "by our next meeting"."""
    state: Mapped[str]
    agreed_at: Mapped[datetime]
    posted_with: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The first of the actions it was posted with in the channels; None until it has been posted."""
    __table_args__ = (
        ForeignKeyConstraint(["framework_id", "framework_version"], ["framework.id", "framework.version"]),
        CheckConstraint("state IN ('open', 'carried-on', 'done')", name="state"),
    )


class Network(Base):
    """Partnerships that may share practice with one another, once each has agreed."""

    __tablename__ = "network"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]


class NetworkPartnership(Base):
    """A partnership's place in a network: invited, or a member."""

    __tablename__ = "network_partnership"
    network_id: Mapped[str] = mapped_column(ForeignKey("network.id"), primary_key=True)
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"), primary_key=True, index=True)
    joined: Mapped[bool | None]
    """None until somebody has decided."""
    said_in_chat: Mapped[bool]
    """What a lead decided in chat takes precedence over any later file."""


class PracticeMatch(Base):
    """A proposed pair: one school that would share and another that would welcome help, with their answers."""

    __tablename__ = "practice_match"
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    """The cycle in which help was asked for."""
    subtheme: Mapped[str]
    giver_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    giver_partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"))
    giver_person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """Who offered it, and is asked; None once they have been erased."""
    giver_says: Mapped[bool | None]
    receiver_id: Mapped[str] = mapped_column(ForeignKey("school.id"))
    receiver_partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"))
    receiver_person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    receiver_says: Mapped[bool | None]
    proposed_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("cycle_id", "receiver_id", "subtheme", "giver_id"),)


class Notice(Base):
    """Something that a person has still to be told, once; gone as soon as it is in the outbox."""

    __tablename__ = "notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    what: Mapped[str]
    about: Mapped[dict[str, Any]]
    """Ids and names that the words need."""
    made_at: Mapped[datetime]
    __table_args__ = ({"sqlite_autoincrement": True},)  # Its number is in the key of what is told.


class Talk(Base):
    """The state of the conversation with a person, beyond what their answers show."""

    __tablename__ = "talk"
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    response_id: Mapped[int | None] = mapped_column(ForeignKey("response.id"))
    """The response they are working on."""
    awaiting: Mapped[str | None]
    """``bot.decide.turn_state.Awaiting`` as JSON: a note they were asked to write, a text awaiting a
    decision, or an action they are recording."""


class Snapshot(Base):
    """The publishable figures of a cycle's answers at one moment; never changed."""

    __tablename__ = "snapshot"
    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"))
    number: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(index=True)
    content: Mapped[dict[str, Any]]
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)


class SnapshotSchool(Base):
    """A school whose answers are in a snapshot, and what only this school may see of the others in it."""

    __tablename__ = "snapshot_school"
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    others: Mapped[dict[str, Any]]
    """The medians of the other schools, as far as they may be shown, as ``core.storage.stored_reports`` writes them."""


class SnapshotReader(Base):
    """Who knew a school's answers when the snapshot was made: they led the school, or had answered for it."""

    __tablename__ = "snapshot_reader"
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    school_id: Mapped[str] = mapped_column(ForeignKey("school.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class SnapshotFigures(Base):
    """The few figures of a snapshot that a network's summary needs: small, and separate from the long report."""

    __tablename__ = "snapshot_figures"
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    partnership_id: Mapped[str] = mapped_column(ForeignKey("partnership.id"))
    framework_id: Mapped[str]
    made_at: Mapped[datetime]
    submitted: Mapped[int]
    roster: Mapped[int]
    asked: Mapped[str]
    figures: Mapped[bytes] = mapped_column(LargeBinary)
    """The format is described in ``core.analysis.network.PartnershipReport``."""
    __table_args__ = (Index("ix_snapshot_figures_made", "framework_id", "made_at"),)


class NetworkSnapshot(Base):
    """The summary of a network's reports over a past term; never changed."""

    __tablename__ = "network_snapshot"
    network_id: Mapped[str] = mapped_column(primary_key=True)
    framework_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class Inbox(Base):
    """Events already handled, so that a redelivered one has no effect."""

    __tablename__ = "inbox"
    event_key: Mapped[str] = mapped_column(primary_key=True)
    """A keyed hash, since many an event's id contains the user's: see ``core.storage.inbox``."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class InstallationKey(Base):
    """A secret that a migration made for this installation, and that stays with its database."""

    __tablename__ = "installation_key"
    purpose: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class Erasure(Base):
    """Somebody who was erased, as keyed hashes: see ``core.storage.erasures``."""

    __tablename__ = "erasure"
    line: Mapped[str] = mapped_column(primary_key=True)
    scrubbed: Mapped[str]
    """``core.storage.erasures.Scrubbed``"""


class Outbox(Base):
    """Messages to send, and where. It holds ids, never words: a message is composed when it is sent."""

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(primary_key=True)
    platform: Mapped[str]
    tenant: Mapped[str]
    conversation: Mapped[str]
    kind: Mapped[str]
    """direct or channel."""
    private_to: Mapped[str | None]
    """In a channel: the one user who may see it."""
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]
    prompt: Mapped[str]
    """``bot.wording`` as JSON: what is to be said."""
    thread: Mapped[str | None]
    """The key of the message in whose thread it goes; None for the conversation itself."""
    manner: Mapped[str]
    """``refresh`` edits the message with this key if there is one; ``below`` posts it again; ``once`` is sent at most
    once."""
    state: Mapped[str]
    attempts: Mapped[int]
    due_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    calling_at: Mapped[datetime | None]
    """When the platform was last called with it: before that it can't have arrived."""
    message_id: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    trouble: Mapped[str | None]
    """Why it was not sent, for the operator; never what was in it."""
    turn: Mapped[str | None]
    """The id, as in the log, of the event that caused it; None if the clock did."""
    __table_args__ = (
        CheckConstraint("manner IN ('refresh', 'below', 'once')", name="manner"),
        CheckConstraint("state IN ('waiting', 'claimed', 'sent', 'unknown', 'dead', 'superseded')", name="state"),
        Index(
            "ix_outbox_to_do",
            "platform",
            "tenant",
            "conversation",
            "id",
            sqlite_where=text("state IN ('waiting', 'claimed')"),
            postgresql_where=text("state IN ('waiting', 'claimed')"),
        ),
        Index(
            "uq_outbox_once",
            "key",
            unique=True,
            sqlite_where=text("manner = 'once'"),
            postgresql_where=text("manner = 'once'"),
        ),
        Index("ix_outbox_last_said", "person_id", "id"),
        {"sqlite_autoincrement": True},  # The sender of an erased row must not find another one with its id.
    )


class Posted(Base):
    """The latest message with each key in each conversation, so that a later version can replace it."""

    __tablename__ = "posted"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    """The one person it is for; None for everybody in a channel."""
    posted_at: Mapped[datetime | None] = mapped_column(index=True)
    """None for one posted by an earlier version while this one was already running: the next purge sets it."""
    __table_args__ = ({"sqlite_with_rowid": False},)


class Hold(Base):
    """A pause that a platform asked for; ``conversation`` is empty if it applies to the whole tenant."""

    __tablename__ = "hold"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class Pace(Base):
    """A line of calls to a platform that it limits by itself: a method in a workspace, the messages in a channel.

    ``tenant`` is empty for what was learnt of a line in all workspaces.
    """

    __tablename__ = "pace"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    empty_at: Mapped[float]
    """When the line is empty, in seconds since 1970; of what was learnt: when."""
    slower: Mapped[float]
    """How much slower than documented bulk messages go; 1 for a line of one workspace."""
    refused_at: Mapped[float]
    """When a call was last refused, in seconds since 1970; 0 if none was."""
    calls: Mapped[int]
    """Calls since then."""
    __table_args__ = ({"sqlite_with_rowid": False},)


class SignOfLife(Base):
    """When something last worked, in whichever process."""

    __tablename__ = "sign_of_life"
    kind: Mapped[str] = mapped_column(primary_key=True)
    """``minute``: what the clock does every minute; ``write``: something was stored to see that it can be."""
    at: Mapped[datetime]
    __table_args__ = ({"sqlite_with_rowid": False},)


class Nudge(Base):
    """A reminder slot planned for a person: planned once, sent at most once."""

    __tablename__ = "nudge"
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    slot: Mapped[str] = mapped_column(primary_key=True)
    planned_at: Mapped[datetime]


class NudgeChoice(Base):
    """A person's choice about reminders for one cycle."""

    __tablename__ = "nudge_choice"
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    snoozed_until: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class Audit(Base):
    """The audit trail of actions that others rely on: ids only, never a score or a note."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[str | None]
    act: Mapped[str]
    about: Mapped[dict[str, Any]]


class BrowserMessage(Base):
    """A message as the browser chat shows it: the platform's own copy of the conversation."""

    __tablename__ = "browser_message"
    id: Mapped[int] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(index=True)
    visible_to: Mapped[str | None]
    thread: Mapped[int | None]
    """The message in whose thread it is; None for one in the conversation itself."""
    author: Mapped[str]
    body: Mapped[str]
    """Rendered HTML for a message from the bot; plain text for one from a person."""
    sent_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    __table_args__ = ({"sqlite_autoincrement": True},)  # Browsers ask for everything after an id.


class BrowserFile(Base):
    __tablename__ = "browser_file"
    id: Mapped[str] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("browser_message.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DemoClock(Base):
    """How far the demo's clock has been moved forward."""

    __tablename__ = "demo_clock"
    id: Mapped[int] = mapped_column(primary_key=True)
    ahead_seconds: Mapped[int]


class LinkCode(Base):
    """The hash of a code that links an account to a person; one per person at a time."""

    __tablename__ = "link_code"
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LinkAttempt(Base):
    """How many wrong codes were recently typed from an account."""

    __tablename__ = "link_attempt"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    wrong: Mapped[int]
    since: Mapped[datetime]


class SlackInstallation(Base):
    """A Slack workspace, or a whole organisation, whose people have installed the app."""

    __tablename__ = "slack_installation"
    tenant: Mapped[str] = mapped_column(primary_key=True)
    """The workspace's id, or the organisation's if the app is installed for all of it."""
    name: Mapped[str | None]
    bot_user: Mapped[str | None]
    bot: Mapped[str | None]
    scopes: Mapped[list[str]]
    tokens: Mapped[str]
    """``integrations.slack.vault``: encrypted."""
    expires_at: Mapped[datetime | None]
    """When the bot token expires; None for one that does not."""
    renewing_until: Mapped[datetime | None]
    """A process is renewing the tokens; no other may until then."""
    installed_at: Mapped[datetime]


class SlackState(Base):
    """An installation that has begun but not yet returned from Slack, by the hash of its state."""

    __tablename__ = "slack_state"
    state_hash: Mapped[str] = mapped_column(primary_key=True)
    valid_until: Mapped[datetime]


class ConversationReference(Base):
    """Addresses for a platform without a fixed endpoint: where to reach it, and its ids for a conversation."""

    __tablename__ = "conversation_reference"
    platform: Mapped[str] = mapped_column(primary_key=True)
    tenant: Mapped[str] = mapped_column(primary_key=True)
    conversation: Mapped[str] = mapped_column(primary_key=True)
    """The bot's own id for it: for a direct conversation, the user of the person's account."""
    service_url: Mapped[str]
    address: Mapped[str | None]
    """The platform's id for it; None until it has been opened."""
    member: Mapped[str | None]
    """The platform's id for the person, specific to this bot."""
    team: Mapped[str | None]
    """The team that the channel belongs to."""
    seen_at: Mapped[datetime]
    """Roughly when something was last received from there."""


class SharedFile(Base):
    """A picture or file in a message, for a platform that fetches it with the token."""

    __tablename__ = "shared_file"
    token: Mapped[str] = mapped_column(primary_key=True)
    platform: Mapped[str]
    tenant: Mapped[str]
    conversation: Mapped[str]
    key: Mapped[str]
    """The message's key."""
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (Index("ix_shared_file_place", "platform", "tenant", "conversation", "key"),)
