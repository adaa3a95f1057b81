"""What is due: cycles to close, nudges to send, agreed actions to post or ask about, school reports, rows to delete.

All state is in the tables, so any number of processes may plan at once, a missed minute makes no difference, and the
demo may plan for any moment it moves its clock to.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Final, NamedTuple, assert_never

from sqlalchemy import Connection

from bot.apply.post_agreed_actions import new_actions
from bot.apply.post_report import put
from bot.apply.tell import tell
from bot.messages import references, references_partnership
from bot.messages.references import MessageReference
from core.calendar import SlotKind
from core.enquiry import Cycle
from core.reminders import NudgeDue
from core.services import (
    agreed_actions_due,
    conversation_addresses,
    cycles,
    deputies,
    linking,
    networks_due,
    notices,
    nudges,
    people,
    practice,
    practice_due,
    school_reports_due,
    shared_files,
    visibility_due,
)
from core.services.agreed_actions_due import CheckInDue
from core.services.notices import Notice, What
from core.storage import inbox, outbox, pace
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf

EVENTS_KEPT_FOR: Final = timedelta(days=30)
"""Longer than any platform keeps redelivering an event."""


class Planned(NamedTuple):
    """What the planning did."""

    closed: int
    messages: int


async def plan_due(database: Database, now: datetime) -> Planned:
    """Close the cycles whose time is up, and enqueue the messages that are due."""
    overdue = await database.read(partial(cycles.due_to_close, now=now))
    closed = [await database.write(partial(_close, cycle=cycle, now=now)) for cycle in overdue]
    messages = sum(told for told in closed if told is not None)
    messages += await _plan_enquiries(database, now)
    messages += await _plan_practice(database, now)
    return Planned(sum(told is not None for told in closed), messages)


async def _plan_enquiries(database: Database, now: datetime) -> int:
    messages = await _plan_notices(database, now)
    due = await database.read(partial(nudges.due, now=now))
    for _, of_one_cycle in groupby(due, key=lambda each: each.cycle):  # Short transactions: people are answering.
        messages += await database.write(partial(_plan, due=tuple(of_one_cycle), now=now))
    for partnership in await database.read(partial(agreed_actions_due.to_post, now=now)):
        messages += await database.write(partial(_post_actions, partnership=partnership, now=now))
    if asked := await database.read(partial(agreed_actions_due.to_ask, now=now)):
        messages += await database.write(partial(_ask_about_actions, asked=asked, now=now))
    if told := await database.read(partial(visibility_due.to_tell, now=now)):
        messages += await database.write(partial(_tell_what_is_pinned, told=told, now=now))
    if schools := await database.read(partial(visibility_due.to_ask, now=now)):
        messages += await database.write(partial(_ask_schools, asked=schools, now=now))
    for cycle_id in await database.read(partial(_own_reports_wait, now=now)):
        messages += await database.write(partial(_own_reports, cycle=cycle_id, now=now))
    return messages


async def _plan_notices(database: Database, now: datetime) -> int:
    if await database.read(deputies.anybody_away):
        await database.write(partial(deputies.ask_for_those_away, now=now))
    if not await database.read(notices.waits):
        return 0
    return await database.write(partial(_tell_notices, now=now))


async def _plan_practice(database: Database, now: datetime) -> int:
    messages = 0
    if await database.read(partial(practice_due.anybody_new, now=now)):
        await database.write(partial(practice.propose_now, now=now))
    if asked := await database.read(partial(practice_due.to_ask, now=now)):
        messages += await database.write(
            partial(_tell_sides, due=asked, kind=references_partnership.AskPractice, now=now)
        )
    if introduced := await database.read(partial(practice_due.to_introduce, now=now)):
        told = partial(_tell_sides, due=introduced, kind=references_partnership.Introduction, now=now)
        messages += await database.write(told)
    if leads := await database.read(partial(networks_due.to_ask, now=now)):
        messages += await database.write(partial(_ask_leads, due=leads, now=now))
    return messages


async def next_due(database: Database, now: datetime) -> datetime | None:
    """When the next reminder is due, if nobody does anything until then; None if none is."""
    return await database.read(partial(nudges.next_at, now=now))


async def purge(database: Database, now: datetime) -> int:
    """Delete old events and messages; returns how many rows were deleted."""
    while await database.write(inbox.hash_plain):
        pass  # Short transactions: people are answering.
    return await database.write(partial(_purge, now=now))


def _close(connection: Connection, cycle: Cycle, now: datetime) -> int | None:
    """Close a cycle; returns how many people are told, or None if it needed no closing."""
    if not cycles.close_overdue(connection, cycle.id, now):
        return None  # Another process closed it, or a lead, who knows already.
    leads = people.leads_of(connection, cycle.partnership)
    return sum(
        tell(connection, lead, f"closed:{cycle.id}:{lead}", references.CycleClosed(cycle.id), now) for lead in leads
    )


def _plan(connection: Connection, due: tuple[NudgeDue, ...], now: datetime) -> int:
    planned = (each for each in due if nudges.plan(connection, each, now))
    return sum(tell(connection, each.person, each.key, _said(each), now) for each in planned)


def _tell_notices(connection: Connection, now: datetime) -> int:
    return sum(_tell_notice(connection, each, now) for each in notices.take(connection, now))


def _tell_notice(connection: Connection, notice: Notice, now: datetime) -> int:
    key, about = f"notice:{notice.id}", notice.about
    match notice.what:
        case What.ACCOUNT_PASSED_ON:
            return tell(connection, notice.person, key, references.ShortReply(notice.what), now)
        case What.LEADS_NO_MORE:
            return tell(connection, notice.person, key, references.LeadsNoMore(about["school"]), now)
        case What.RESPONSE_PASSED_ON:
            return tell(connection, notice.person, key, references.ResponsePassedOn(about["response"]), now)
        case What.STANDS_IN:
            asked = references.StandsIn(about["cycle"], about["school"], about["leader"])
            return tell(connection, notice.person, key, asked, now)
        case What.CYCLE_DATES:
            return tell(connection, notice.person, key, references.CycleDates(about["cycle"]), now)
        case What.LAST_REPORT:
            due = school_reports_due.last_report(connection, notice.person, about["school"])
            if due is None:
                return 0
            own = references.SchoolReportMessage(due.snapshot, due.school)
            return tell(connection, notice.person, due.key, own, now)
        case _:
            assert_never(notice.what)


def _post_actions(connection: Connection, partnership: str, now: datetime) -> int:
    return len(put(connection, new_actions(connection, partnership), now))


def _ask_about_actions(connection: Connection, asked: tuple[CheckInDue, ...], now: datetime) -> int:
    return sum(
        tell(connection, each.person, each.key, references_partnership.AgreedActionsCheckIn(each.partnership), now)
        for each in asked
    )


def _tell_what_is_pinned(
    connection: Connection, told: tuple[visibility_due.PinnedOtherwise, ...], now: datetime
) -> int:
    return sum(
        tell(connection, each.person, each.key, references_partnership.NotAsWished(each.cycle), now) for each in told
    )


def _ask_schools(connection: Connection, asked: tuple[visibility_due.VisibilityQuestionDue, ...], now: datetime) -> int:
    return sum(
        tell(
            connection, each.person, each.key, references_partnership.AskVisibility(each.partnership, each.school), now
        )
        for each in asked
    )


def _own_reports_wait(connection: Connection, now: datetime) -> tuple[int, ...]:
    return tuple(
        each for each in school_reports_due.closed_lately(connection, now) if school_reports_due.waits(connection, each)
    )


def _own_reports(connection: Connection, cycle: int, now: datetime) -> int:
    """Send each leader the report of each of their schools, once for each snapshot."""
    return sum(
        tell(connection, each.person, each.key, references.SchoolReportMessage(each.snapshot, each.school), now)
        for each in school_reports_due.due(connection, FrameworkShelf(), cycle, now)
    )


def _tell_sides(
    connection: Connection,
    due: tuple[practice_due.PracticeQuestionDue, ...],
    kind: type[references_partnership.AskPractice | references_partnership.Introduction],
    now: datetime,
) -> int:
    return sum(tell(connection, each.person, each.key, kind(each.match), now) for each in due)


def _ask_leads(connection: Connection, due: tuple[networks_due.NetworkQuestionDue, ...], now: datetime) -> int:
    return sum(
        tell(connection, each.person, each.key, references_partnership.AskNetwork(each.network, each.partnership), now)
        for each in due
    )


def _said(due: NudgeDue) -> MessageReference:
    if due.slot.kind is SlotKind.OPENING:
        return references.Invitation(due.cycle)
    return references.Nudge(due.cycle, last_day=due.slot.kind is SlotKind.LAST_DAY)


def _purge(connection: Connection, now: datetime) -> int:
    pace.purge(connection, time.time())  # Calls are paced by real time, wherever the clock stands.
    purges = (outbox.purge, linking.purge, conversation_addresses.purge, shared_files.purge)
    return inbox.purge(connection, now - EVENTS_KEPT_FOR) + sum(purge(connection, now) for purge in purges)
