"""What leads ask about the report: to post it, to preview it, and what to do while its cycle is open."""

from __future__ import annotations

from bot.decide.changes import CloseCycle, Outcome, PostReport, PreviewReport, Reply, SendPack
from bot.decide.permissions import command_refused, leads_cycle, led_here
from bot.decide.replies import asked_by, carry_on, line
from bot.decide.turn_state import TurnState
from bot.inbound import buttons, report_request
from bot.inbound.report_request import ReportWanted
from bot.inbound.typed_text import Word
from bot.messages import references
from core.enquiry import LedPartnership


def understands(state: TurnState, rest: str, text: str) -> bool:
    """Whether what follows the word "report" is meant for it; otherwise it is just text.

    Meant for it are text that starts like a command, and anything a lead types while no question is open.
    """
    asked, enquiry = report_request.read(rest), state.enquiry
    if not asked.which and not asked.preview:
        return True
    if text.lstrip().startswith("/"):
        return True
    led = led_here(state)
    busy = enquiry is not None and enquiry.cycle.is_open(state.now)
    return bool(led) and (not asked.which or not busy or bool(report_request.readings(asked.which, led)))


def report(state: TurnState, rest: str) -> Outcome:
    """Someone asked for the partnership's report, or for a part or a preview of it."""
    asked, led = report_request.read(rest), led_here(state)
    if asked.help:
        return line("report-help")
    if (refused := command_refused(state, Word.REPORT)) is not None:
        return refused
    if not led:
        return line("only-leads")
    if asked.which:
        return _named(state, report_request.readings(asked.which, led), asked.preview)
    if len(led) > 1:
        return Outcome(replies=(Reply(references.WhichReport(preview=asked.preview), below=True),))
    return _of(led[0], asked.preview)


def _named(state: TurnState, wanted: tuple[ReportWanted, ...], preview: bool) -> Outcome:
    match wanted:
        case ():
            return Outcome(replies=(Reply(references.ReportsThere(), below=True),))
        case (one,):
            return _on(state, one.cycle, one.area, preview)
        case _:
            named = tuple((each.cycle, each.area) for each in wanted)
            return Outcome(replies=(Reply(references.WhichReport(named, preview), below=True),))


def _of(led: LedPartnership, preview: bool) -> Outcome:
    """The report to show when a lead names none: the open cycle's, otherwise the last one's."""
    if led.open_cycle is not None:
        return _of_open(led, "", preview)
    if led.last_closed is None:
        return line("no-cycle-yet")
    return _shown(led.last_closed, "", preview)


def pack(state: TurnState, rest: str) -> Outcome:
    """Someone asked for the meeting pack; without a name they get the one for the last closed cycle."""
    which, led = report_request.read(rest).which, led_here(state)
    if (refused := command_refused(state, Word.MEETING_PACK)) is not None:
        return refused
    if not led:
        return line("only-leads-pack")
    found = dict.fromkeys(each.cycle for each in report_request.readings(which or "last", led) if not each.area)
    match tuple(found):
        case ():
            return Outcome(replies=(Reply(references.ReportsThere(), below=True),)) if which else line("no-cycle-yet")
        case (cycle,):
            return _pack_of(state, cycle)
        case several:
            return Outcome(replies=(Reply(references.WhichPack(several), below=True),))


def _pack_of(state: TurnState, cycle: int) -> Outcome:
    if _led(state, cycle):
        return Outcome(changes=(SendPack(cycle),))
    led = leads_cycle(state, cycle)
    return line("only-leads-pack") if led is None else line("preview-waits", led.last_closed)


def _of_open(led: LedPartnership, area: str, preview: bool) -> Outcome:
    """Before a cycle closes nobody sees any of the group's scores, not even the lead."""
    assert led.open_cycle is not None
    if preview:
        return line("preview-waits", led.last_closed)
    return Outcome(replies=(Reply(references.ReportChoice(led.open_cycle, area), below=True),))


def _on(state: TurnState, cycle: int, area: str, preview: bool) -> Outcome:
    """The report on this cycle, or on one area of it."""
    found = next(((led, one) for led in state.leads for one in led.begun if one.id == cycle), None)
    if found is None:
        return line("only-leads")
    led, one = found
    if area and area not in {each.id for each in one.areas}:
        return carry_on(state, line("old-button"))
    return _of_open(led, area, preview) if cycle == led.open_cycle else _shown(cycle, area, preview)


def act(state: TurnState, action: buttons.Press) -> Outcome:
    """Handle a button that only a lead of the partnership may press."""
    match action:
        case buttons.ReportOf(partnership, preview):
            led = next((each for each in state.leads if each.id == partnership), None)
            return line("only-leads") if led is None else _of(led, preview)
        case buttons.ReportOn(cycle, area, preview):
            return _on(state, cycle, area, preview)
        case buttons.PackOf(cycle):
            return _pack_of(state, cycle)
        case buttons.CloseAndReport(cycle, area):
            return _close_and_report(state, cycle, area)
        case buttons.PostLast(cycle):
            return _post_last(state, cycle)
        case buttons.Wait(cycle):
            may = _led(state, cycle) or leads_cycle(state, cycle) is not None
            return line("waiting", cycle) if may else line("only-leads")
        case buttons.PostAgain(cycle, attempt, area):
            return _posted(cycle, area, attempt) if _led(state, cycle) else line("only-leads")
        case _:
            return carry_on(state, line("old-button"))


def _post_last(state: TurnState, cycle: int) -> Outcome:
    """Post the report of the previous cycle, even if this one has closed since."""
    for led in state.leads:
        if cycle == led.open_cycle or cycle in led.closed_cycles:
            later = led.closed_cycles.index(cycle) + 1 if cycle in led.closed_cycles else 0
            before = led.closed_cycles[later:]
            return _posted(before[0]) if before else line("no-cycle-yet")
    return line("only-leads")


def _shown(cycle: int, area: str, preview: bool) -> Outcome:
    return Outcome(changes=(PreviewReport(cycle, area),)) if preview else _posted(cycle, area)


def _posted(cycle: int, area: str = "", again: int | None = None) -> Outcome:
    return Outcome(changes=(PostReport(cycle, again, area),))


def _led(state: TurnState, cycle: int) -> bool:
    return any(cycle in each.closed_cycles for each in state.leads)


def _close_and_report(state: TurnState, cycle: int, area: str) -> Outcome:
    if _led(state, cycle):
        return _posted(cycle, area)
    led = leads_cycle(state, cycle)
    if led is None:
        return line("only-leads")
    if not led.may_close_now:
        return line("too-few-to-close", cycle)
    if not led.has_channel:
        return line("no-channel")
    asked = asked_by(references.ReportChoice(cycle, area))
    return Outcome((CloseCycle(cycle), PostReport(cycle, area=area)), asked)
