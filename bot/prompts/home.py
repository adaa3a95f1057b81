"""What a person finds where a platform gives the bot a page of its own: what matters to them, and a way on from it."""

from __future__ import annotations

from bot import actions
from bot.languages import Words
from bot.messages import Actions, Block, Fact, Facts, Heading, Paragraph, Weight
from bot.prompts.shared import button, help_button
from bot.typed import Word, suggestion
from core.enquiry import LedPartnership


def overview(leads: tuple[LedPartnership, ...], words: Words) -> tuple[Block, ...]:
    """What a lead may know of each partnership they lead."""
    return tuple(block for led in leads for block in _of_partnership(led, words))


def _of_partnership(led: LedPartnership, words: Words) -> tuple[Block, ...]:
    count = words("{submitted} of {schools} schools", submitted=led.submitted, schools=led.schools)
    open_ = (
        Facts((Fact(words("Submitted so far"), count),)) if led.open_cycle else Paragraph(words("No cycle is open."))
    )
    return Heading(led.name, 2), open_, *_report(led, words)


def _report(led: LedPartnership, words: Words) -> tuple[Block, ...]:
    if led.open_cycle is None and led.last_closed is None:
        return ()
    # On an open cycle this asks first.
    return (Actions((button(words("Post the report"), actions.ReportOf(led.id), weight=Weight.MAIN),)),)


def for_leader(words: Words) -> tuple[Block, ...]:
    typed = suggestion(Word.REMINDERS, words.language)
    return (Actions((button(words("Choose when to be reminded"), actions.ShowReminderTimes(), typed),)),)


def for_others(words: Words) -> tuple[Block, ...]:
    return (Actions((help_button(words),)),)
