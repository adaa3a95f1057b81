"""What matters to a person and what to do next: for the platform's home page, and on request in chat."""

from __future__ import annotations

from bot.inbound import buttons
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import (
    Block,
    Buttons,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Weight,
)
from bot.messages.languages import Words
from bot.wording.invitation_and_reminders import closing_words
from bot.wording.shared import button, help_button
from core.enquiry import Cycle, LedPartnership


def overview(leads: tuple[LedPartnership, ...], words: Words) -> tuple[Block, ...]:
    """What a lead may know about each partnership they lead."""
    return tuple(block for led in leads for block in _of_partnership(led, words))


def _of_partnership(led: LedPartnership, words: Words) -> tuple[Block, ...]:
    open_ = Facts((_count(led, words),)) if led.open_cycle else Paragraph(words("No cycle is open."))
    return Heading(led.name, 2), open_, *_report(led, words)


def under_way(led: LedPartnership, cycle: Cycle, words: Words) -> tuple[Block, ...]:
    """How a lead's open cycle stands. Nobody learns which schools have submitted before it closes."""
    closes = Fact(words("It closes"), closing_words(cycle, words))
    return (
        Heading(words("{partnership}: {cycle}", partnership=led.name, cycle=cycle.title), 2),
        Facts((_count(led, words), closes)),
        *_report(led, words),
    )


def _count(led: LedPartnership, words: Words) -> Fact:
    count = words("{submitted} of {schools} schools", submitted=led.submitted, schools=led.schools)
    return Fact(words("Submitted so far"), count)


def _report(led: LedPartnership, words: Words) -> tuple[Block, ...]:
    if led.open_cycle is None and led.last_closed is None:
        return ()
    # For an open cycle this asks for confirmation.
    return (Buttons((button(words("Post the report"), buttons.ReportOf(led.id), weight=Weight.MAIN),)),)


def for_leader(words: Words) -> tuple[Block, ...]:
    typed = suggestion(Word.REMINDERS, words.language)
    return (Buttons((button(words("Choose when to be reminded"), buttons.ShowReminderTimes(), typed),)),)


def for_others(words: Words) -> tuple[Block, ...]:
    return (Buttons((help_button(words),)),)
