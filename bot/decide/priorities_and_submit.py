"""The end of the enquiry: the partnership's priorities, the review, and submitting."""

from __future__ import annotations

from dataclasses import replace

from bot.decide.changes import AskFor, Change, Outcome, Reply, SetPriorities
from bot.decide.replies import line, show_place, with_place
from bot.decide.scores import carry_on
from bot.inbound.buttons import Submit
from bot.inbound.typed_text import best_match, chosen_numbers
from bot.messages import references
from core.enquiry import MOST_PRIORITIES, AskedFor, Choosing, Enquiry, Reviewing


def named(enquiry: Enquiry, text: str) -> tuple[str, ...]:
    """The sub-themes a person typed, by number in the list, id or title; none if any of the text names no sub-theme."""
    subthemes = enquiry.framework.subthemes
    numbers = chosen_numbers(text, len(subthemes))
    if numbers is not None:
        return tuple(dict.fromkeys(subthemes[number - 1].id for number in numbers))
    names = ((each.id, (each.id, *each.title.values(), *each.short_title.values())) for each in subthemes)
    found = best_match(text, names)
    return () if found is None else (found,)


def prioritise(enquiry: Enquiry, subtheme: str, yes: bool) -> Outcome:
    """Choose a sub-theme as a priority, or withdraw the choice."""
    if not enquiry.chooses_priorities or subtheme not in enquiry.framework.subtheme_by_id:
        return line("old-button")
    others = frozenset(enquiry.priorities) - {subtheme}
    return _choose(enquiry, others | {subtheme} if yes else others, below=False)


def toggle(enquiry: Enquiry, subthemes: tuple[str, ...]) -> Outcome:
    """Sub-themes were typed: withdraw those already chosen, and choose the others."""
    return _choose(enquiry, frozenset(enquiry.priorities) ^ frozenset(subthemes), below=True)


def _choose(enquiry: Enquiry, chosen: frozenset[str], below: bool) -> Outcome:
    """Choosing the third one ends the choice of priorities."""
    if len(chosen) > MOST_PRIORITIES:
        asked = _open(enquiry, "priorities")
        return replace(asked, replies=(*line("three-already").replies, *asked.replies))
    full = len(chosen) == MOST_PRIORITIES
    return _chosen(enquiry, tuple(sorted(chosen)), full or enquiry.priorities_done, leave=full, below=below)


def _chosen(enquiry: Enquiry, chosen: tuple[str, ...], done: bool, leave: bool, below: bool) -> Outcome:
    choosing = isinstance(enquiry.place, Choosing)
    asked_for = None if leave and enquiry.asked_for == "priorities" else enquiry.asked_for
    after = replace(enquiry, priorities=chosen, priorities_done=done, asked_for=asked_for)
    changes = (SetPriorities(enquiry.response, chosen, done), *_asked(enquiry, asked_for))
    here = Reply(references.Priorities(enquiry.response), below and not leave)
    if leave and choosing:
        return Outcome(changes, (here, show_place(after, below=True)))
    return Outcome(changes, (here,))


def _asked(enquiry: Enquiry, asked_for: AskedFor | None) -> tuple[Change, ...]:
    return () if asked_for == enquiry.asked_for else (AskFor(enquiry.response, asked_for),)


def priorities_done(enquiry: Enquiry) -> Outcome:
    """The leader has finished choosing, even if they chose none."""
    if not enquiry.chooses_priorities:
        return carry_on(enquiry)
    return with_place(enquiry, _chosen(enquiry, enquiry.priorities, done=True, leave=True, below=False))


def done(enquiry: Enquiry) -> Outcome:
    """``done`` was typed: it ends the choice of priorities; anywhere else it moves on."""
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
    """``submit`` submits an enquiry that is finished or under review; before that it shows what is still open."""
    finished = enquiry.first_open() is None
    return submit(enquiry) if finished or isinstance(enquiry.place, Reviewing) else open_review(enquiry)


def submit(enquiry: Enquiry) -> Outcome:
    """Submit what there is, and stay at the review; submitting twice does no harm."""
    if not any(answer.level is not None for answer in enquiry.answers.values()):
        onward = carry_on(enquiry)
        return replace(onward, replies=(*line("nothing-to-submit").replies, *onward.replies))
    reviewing = isinstance(enquiry.place, Reviewing)
    return Outcome(
        (Submit(enquiry.response), *(() if reviewing else _asked(enquiry, "review"))),
        (
            Reply(references.Review(enquiry.response), below=not reviewing),
            Reply(references.Submitted(enquiry.response, again=enquiry.submitted_at is not None), below=True),
        ),
    )
