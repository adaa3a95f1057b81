"""The end of the enquiry: the partnership's priorities, the review, and submitting."""

from __future__ import annotations

from dataclasses import replace

from bot import said
from bot.answering import carry_on
from bot.changes import AskFor, Change, Outcome, Say, SetPriorities, Submit
from bot.saying import line, show_place
from bot.typed import best_match, chosen_numbers
from core.enquiry import MOST_PRIORITIES, AskedFor, Choosing, Enquiry, Reviewing


def named(enquiry: Enquiry, text: str) -> tuple[str, ...]:
    """The sub-themes a person typed, by number in the list, id or title; none where the text names no such thing."""
    subthemes = enquiry.framework.subthemes
    numbers = chosen_numbers(text, len(subthemes))
    if numbers is not None:
        return tuple(dict.fromkeys(subthemes[number - 1].id for number in numbers))
    names = ((each.id, (each.id, *each.title.values(), *each.short_title.values())) for each in subthemes)
    found = best_match(text, names)
    return () if found is None else (found,)


def toggle(enquiry: Enquiry, subthemes: tuple[str, ...], below: bool = False) -> Outcome:
    """Choose sub-themes as priorities, or take back ones that were chosen. The third one finishes the choosing."""
    if any(each not in enquiry.framework.subtheme_by_id for each in subthemes):
        return line("old-button")
    chosen = list(enquiry.priorities)
    for each in subthemes:
        chosen.remove(each) if each in chosen else chosen.append(each)
    if len(chosen) > MOST_PRIORITIES:
        return Outcome(says=(*line("three-already").says, Say(said.Priorities(enquiry.response), below=True)))
    full = len(chosen) == MOST_PRIORITIES
    return _chosen(enquiry, tuple(chosen), full or enquiry.priorities_done, leave=full, below=below)


def _chosen(enquiry: Enquiry, chosen: tuple[str, ...], done: bool, leave: bool, below: bool) -> Outcome:
    choosing = isinstance(enquiry.place, Choosing)
    asked_for = None if leave and enquiry.asked_for == "priorities" else enquiry.asked_for
    after = replace(enquiry, priorities=chosen, priorities_done=done, asked_for=asked_for)
    changes = (SetPriorities(enquiry.response, chosen, done), *_asked(enquiry, asked_for))
    here = Say(said.Priorities(enquiry.response), below and not leave)
    if leave and choosing:
        return Outcome(changes, (here, show_place(after, below=True)))
    return Outcome(changes, (here,))


def _asked(enquiry: Enquiry, asked_for: AskedFor | None) -> tuple[Change, ...]:
    return () if asked_for == enquiry.asked_for else (AskFor(enquiry.response, asked_for),)


def priorities_done(enquiry: Enquiry) -> Outcome:
    """The leader has chosen enough, be it none."""
    return _chosen(enquiry, enquiry.priorities, done=True, leave=True, below=False)


def done(enquiry: Enquiry) -> Outcome:
    """``done`` was typed: it ends the choosing, and elsewhere goes on."""
    return priorities_done(enquiry) if isinstance(enquiry.place, Choosing) else carry_on(enquiry)


def open_priorities(enquiry: Enquiry) -> Outcome:
    if not enquiry.chooses_priorities:
        return carry_on(enquiry)
    return _open(enquiry, "priorities")


def open_review(enquiry: Enquiry) -> Outcome:
    return _open(enquiry, "review")


def _open(enquiry: Enquiry, asked_for: AskedFor) -> Outcome:
    after = replace(enquiry, asked_for=asked_for)
    return Outcome(_asked(enquiry, asked_for), (show_place(after, below=True),))


def typed_submit(enquiry: Enquiry) -> Outcome:
    """``submit`` submits what is finished or under review; before that it shows what is still open."""
    finished = enquiry.first_open() is None
    return submit(enquiry) if finished or isinstance(enquiry.place, Reviewing) else open_review(enquiry)


def submit(enquiry: Enquiry) -> Outcome:
    """Submit what there is; doing it again is harmless."""
    if not any(answer.level is not None for answer in enquiry.answers.values()):
        return Outcome(says=(*line("nothing-to-submit").says, *carry_on(enquiry).says))
    again = enquiry.submitted_at is not None
    return Outcome(
        (Submit(enquiry.response),),
        (Say(said.Review(enquiry.response)), Say(said.Submitted(enquiry.response, again), below=True)),
    )
