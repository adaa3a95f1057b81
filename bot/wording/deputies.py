"""What leaders and their deputies are told about answering instead of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bot.inbound import buttons
from bot.messages.blocks import Block, Button, Buttons, Fact, Facts, Heading, Paragraph
from bot.messages.languages import Words
from bot.wording.shared import button, help_button
from core.enquiry import OpenEnquiry
from core.services.deputies import DeputyOf


def list_(open_enquiries: Sequence[OpenEnquiry], found: Sequence[DeputyOf], words: Words) -> tuple[Block, ...]:
    """Who could answer instead of the leader, for each school that is asked now."""
    if not open_enquiries:
        return (Paragraph(words("Nothing is open at the moment, so there is nothing to ask a deputy.")), _help(words))
    of_school = {key: tuple(each) for key, each in groupby(found, key=lambda each: (each.cycle, each.school))}
    blocks = (_school(each, of_school.get((each.cycle, each.school), ()), words) for each in open_enquiries)
    return (Heading(words("Your deputies")), *(block for each in blocks for block in each), _help(words))


def _school(enquiry: OpenEnquiry, found: Sequence[DeputyOf], words: Words) -> tuple[Block, ...]:
    named = f"{enquiry.school_name} · {enquiry.cycle_title}"
    if not found:
        nobody = words("No deputy is listed. Your partnership's lead can have one added.")
        return (Facts((Fact(named, nobody),)),)
    state = (
        words("{name} answers instead of you", name=each.name)
        if each.answers
        else words("{name} can answer instead of you", name=each.name)
        for each in found
    )
    asked = tuple(_ask(each, words) for each in found if not each.answers)
    return (Facts((Fact(named, "; ".join(state)),)), *((Buttons(asked),) if asked else ()))


def _ask(deputy: DeputyOf, words: Words) -> Button:
    press = buttons.AskDeputy(deputy.cycle, deputy.school, deputy.person)
    return button(words("Ask {name}", name=deputy.name), press)


def stands_in(enquiry: OpenEnquiry, leader: str, words: Words) -> tuple[Block, ...]:
    """To a deputy whom ``leader`` (a name) asks to answer."""
    when = f"{words.day(enquiry.closes_at)}, {words.time(enquiry.closes_at)}"
    return (
        Paragraph(
            words(
                "{leader} asks you to answer {title} for {school}, as their deputy. It closes on {when}.",
                leader=leader, title=enquiry.cycle_title, school=enquiry.school_name, when=when,
            )
        ),
        Paragraph(
            words(
                "You carry on from what has been answered so far: the school has one voice. Once it has closed, you "
                "won't see it any more."
            )
        ),
        Buttons((button(words("Start"), buttons.Start(enquiry.cycle, enquiry.school)), help_button(words))),
    )  # fmt: skip


def _help(words: Words) -> Buttons:
    return Buttons((help_button(words),))
