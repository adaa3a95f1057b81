"""What is said in Welsh about the partnership as a whole, each message in all its ways; names and titles are Welsh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeAlias

from bot.decide.turn_state import ActionDraft
from bot.messages.blocks import Block
from bot.messages.languages import words_of
from bot.wording import agreed_actions, cycle_dates, networks, practice, visibility
from core.agreed_actions import ActionPlan, ActionState, AgreedAction, Owner
from core.analysis.disclosure import Bound, Count, Shown, Withheld
from core.analysis.network import NetworkFacts, NetworkSubTheme
from core.analysis.periods import Period, Term
from core.calendar import Days, NudgeSchedule, SchoolCalendar
from core.enquiry import Cycle, Visibility
from core.framework_file import default_framework
from core.networks import Membership, Network
from core.practice import Match, Other
from core.reminders import round_of
from core.visibility import SchoolSay, VisibilityTally
from tests.support.days import london

CY: Final = words_of("cy")
Told: TypeAlias = dict[Callable[..., object], list[tuple[Block, ...]]]

_NOW: Final = datetime(2026, 12, 15, 16, tzinfo=UTC)
_FRAMEWORK: Final = default_framework()
_CALENDAR: Final = SchoolCalendar(
    terms=(Days(date(2027, 1, 4), date(2027, 3, 24)),), days_off=(Days(date(2027, 2, 8), date(2027, 2, 12)),)
)
_CYCLE: Final = Cycle(1, "aber", "Hydref 2026", Visibility.OPEN, _NOW, _NOW, None, None)
_CWM: Final = Owner("cwm", "Ysgol y Cwm")
ACTIONS: Final = tuple(
    AgreedAction(
        number, "aber", None, each.id, each.title, "Rydym yn ymweld.", _CWM, due_on, state, _NOW, posted=number > 1
    )
    for number, (each, due_on, state) in enumerate(
        zip(_FRAMEWORK.subthemes[:4], (None, *[date(2027, 2, 5)] * 3), (*ActionState, ActionState.OPEN), strict=True),
        start=1,
    )
)
ABER: Final = ActionPlan(
    "aber", "Ysgolion Aber", _FRAMEWORK, (_CWM,), _CALENDAR, ACTIONS, leads=True, own_schools=frozenset({"cwm"}),
    has_channel=True,
)  # fmt: skip


def about_actions() -> Told:
    member = replace(ABER, leads=False, own_schools=frozenset())
    other = replace(ABER, id="ogwr", name="Ysgolion Ogwr")
    empty = replace(ABER, actions=())
    drafts = (ActionDraft(9), ActionDraft(9, None, "1.1"), ActionDraft(9, None, "1.1", "Rydym yn ymweld."))
    return {
        agreed_actions.form: [
            *(agreed_actions.form(draft, (ABER,), _NOW, CY) for draft in (*drafts, replace(drafts[2], owner="cwm"))),
            agreed_actions.form(drafts[0], (ABER, other), _NOW, CY),
        ],
        agreed_actions.form_over: [agreed_actions.form_over(CY), agreed_actions.form_over(CY, recorded=True)],
        agreed_actions.action: [
            agreed_actions.action(of, each, _NOW, CY)
            for of in (ABER, member, replace(ABER, has_channel=False))
            for each in ACTIONS
        ],
        agreed_actions.action_removed: [agreed_actions.action_removed(CY)],
        agreed_actions.list_: [agreed_actions.list_(each, CY) for each in ((ABER, other), (member,), (empty,), ())],
        agreed_actions.last_time: [agreed_actions.last_time(ACTIONS, CY)],
        agreed_actions.posted: [agreed_actions.posted("Ysgolion Aber", each, CY) for each in (ACTIONS, ())],
        agreed_actions.looked_at: [agreed_actions.looked_at((each,), "aber", CY) for each in (ABER, empty)],
    }


def about_visibility() -> Told:
    say = SchoolSay("aber", "Ysgolion Aber", "cwm", "Ysgol y Cwm", Visibility.OPEN, None, Visibility.OWN_AND_GROUP)
    lead_only = replace(say, asked=Visibility.LEAD_ONLY, yes=True, pinned=None)
    tally = VisibilityTally("Ysgolion Aber", Visibility.OPEN, 3, 7)
    return {
        visibility.list_: [
            visibility.list_(says, tallies, CY)
            for says, tallies in (((say, lead_only), ()), ((say,), (tally,)), ((), ()))
        ],
        visibility.ask: [visibility.ask(each, CY) for each in (say, lead_only)],
        visibility.answered: [visibility.answered(replace(say, yes=yes), CY) for yes in (True, False)],
        visibility.not_as_wished: [
            visibility.not_as_wished(replace(_CYCLE, visibility=each), "Ysgolion Aber", CY)
            for each in (Visibility.OPEN, Visibility.OWN_AND_GROUP)
        ],
    }


def about_cycle_dates() -> Told:
    """Past the only term, in the summer holidays, and over two days."""
    days = [("2026-11-09", "2027-01-29"), ("2027-08-02", "2027-08-20"), ("2026-12-16", "2026-12-17")]
    calendar = SchoolCalendar(terms=(Days(date(2026, 9, 2), date(2026, 12, 18)),))
    cycles = [
        replace(_CYCLE, opens_at=london(f"{opens} 08:00"), closes_at=london(f"{closes} 16:00"))
        for opens, closes in days
    ]
    around = [round_of(each, calendar, NudgeSchedule()) for each in cycles]
    return {cycle_dates.cycle_dates: [cycle_dates.cycle_dates(each, "Ysgolion Aber", CY) for each in around]}


def about_sharing() -> Told:
    match = Match(
        1, True, "cwm", "Ysgol y Cwm", "Ysgolion Aber", _FRAMEWORK.subthemes[0].title, False, None, _NOW, None
    )
    other = Other("Ysgol y Bryn", "Ysgolion Ogwr", "Mari", "mari@bryn.example")
    ways = [replace(match, gives=gives, elsewhere=far) for gives in (True, False) for far in (True, False)]
    met = [replace(each, says=True, other=other) for each in ways]
    return {
        practice.ask: [practice.ask(each, CY) for each in ways],
        practice.answered: [practice.answered(replace(match, says=says), CY) for says in (True, False)],
        practice.introduction: [practice.introduction(each, CY) for each in met],
        practice.list_: [
            practice.list_(each, now, CY) for each in ((*ways, *met), ()) for now in (_NOW, _NOW + timedelta(days=90))
        ],
    }


def about_networks() -> Told:
    membership = Membership("mid", "Rhwydwaith y Canolbarth", "aber", "Ysgolion Aber", None)
    mid = Network("mid", "Rhwydwaith y Canolbarth", 3)
    counts: tuple[Count | Withheld, ...] = (
        Count(2, 9, Bound.AT_MOST),
        Count(4, 9, Bound.ABOUT),
        Count(7, 9, Bound.AT_LEAST),
        Withheld(),
    )
    told = NetworkFacts(
        9, 9, 50, 60,
        tuple(
            NetworkSubTheme(each.id, number, 9, count, Shown(Decimal("2.1"), 9))
            for number, (each, count) in enumerate(zip(_FRAMEWORK.subthemes, counts, strict=False), start=1)
        ),
    )  # fmt: skip
    terms = [Period(term, date(2026, 1, 1), date(2026, 5, 1)) for term in Term]
    few = replace(told, subthemes=())
    return {
        networks.list_: [
            networks.list_((membership,), (mid,), CY),
            networks.list_((membership, replace(membership, partnership="ogwr")), (), CY),
        ],
        networks.ask: [networks.ask(membership, CY)],
        networks.totals: [
            networks.totals(mid.name, _FRAMEWORK, term, facts, CY) for term in terms for facts in (told, few)
        ],
    }
