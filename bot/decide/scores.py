"""Scores: what a press or a typed number does, and how a leader moves between questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.decide.changes import AskFor, Change, Outcome, Reply, SaveAnswer
from bot.decide.replies import line, show, show_place
from bot.inbound import buttons, typed_text
from bot.messages import references
from core.enquiry import SKIPPED, Answer, AskedFor, Enquiry, Place, Reviewing, Scoring
from core.framework import Framework, Row


def score(enquiry: Enquiry, action: buttons.Score, at: datetime) -> Outcome:
    """A level button was pressed: on the current question, or on an older one to change an answer."""
    row = enquiry.framework.row_of.get((action.criterion, action.perspective))
    answer = _answer(enquiry.framework, action.answer, at)
    if row is None or answer is None:
        return line("old-button")
    return _answered(enquiry, action.criterion, {row: answer}, below=False)


def typed_scores(enquiry: Enquiry, place: Scoring, scored: typed_text.Scored, at: datetime) -> Outcome:
    """Scores were typed: one for the row asked next or named, or one for each row of the criterion."""
    rows = [Row(place.criterion.id, perspective) for perspective in enquiry.framework.perspectives]
    first = place.row if len(scored.answers) < len(rows) else rows[0]
    if scored.about is not None:
        first = Row(place.criterion.id, scored.about)
    given = zip(rows[rows.index(first) :], scored.answers, strict=False)
    read = {row: _answer(enquiry.framework, answer, at) for row, answer in given}
    answers = {row: answer for row, answer in read.items() if answer is not None}
    return _answered(enquiry, place.criterion.id, answers, below=True)


def _answer(framework: Framework, given: str, at: datetime) -> Answer | None:
    level = framework.level_by_name.get(given)
    if level is not None:
        return Answer(level.value, None, 1, at)
    if any(given == each.id for each in framework.unscored):
        return Answer(None, given, 1, at)
    return None


def _answered(enquiry: Enquiry, criterion: str, given: Mapping[Row, Answer], below: bool) -> Outcome:
    """Save these answers for one criterion; an answer older than the saved one is too late to count."""
    saves: list[Change] = []
    replaced = False
    for row, answer in given.items():
        before = enquiry.answers.get(row)
        if _is_news(before, answer):
            saves.append(SaveAnswer(enquiry.response, row, answer))
            replaced = replaced or before is not None
    asked_for = _asked_next(enquiry, criterion, given)
    place = enquiry.place_after(given, asked_for)
    return Outcome((*saves, *_asked(enquiry, asked_for)), _cards(enquiry, place, criterion, replaced, below))


def _is_news(before: Answer | None, now: Answer) -> bool:
    return before is None or (now.at >= before.at and _is_other(before, now))


def _is_other(before: Answer, now: Answer) -> bool:
    return (before.level, before.reason) != (now.level, now.reason)


def _asked_next(enquiry: Enquiry, criterion: str, given: Collection[Row]) -> AskedFor | None:
    """What is still asked for: a reopened criterion asks for its rows one by one, then for nothing more."""
    asked = enquiry.asked_for
    if not isinstance(asked, Row) or asked.criterion != criterion:
        return asked
    last = enquiry.framework.perspectives[-1]
    still_open = [row for row in enquiry.open_rows(criterion) if row not in given]
    if still_open:
        return still_open[0]
    return None if Row(criterion, last) in given or enquiry.open_rows(criterion) else Row(criterion, last)


def _asked(before: Enquiry, asked_for: AskedFor | None) -> tuple[Change, ...]:
    return () if asked_for == before.asked_for else (AskFor(before.response, asked_for),)


def _cards(enquiry: Enquiry, place: Place, criterion: str, replaced: bool, below: bool) -> tuple[Reply, ...]:
    """The card that was answered, and the next place if that is a different message."""
    subtheme_of = enquiry.framework.subtheme_of
    subtheme = subtheme_of[criterion].id
    card = references.Card(enquiry.response, subtheme, criterion if replaced else None)
    if isinstance(place, Scoring) and subtheme_of[place.criterion.id].id == subtheme:
        return (Reply(card, below),)
    following = show(enquiry, place, below=True)
    if below or show_place(enquiry).reference != following.reference:
        return Reply(card), following
    return (Reply(card), show(enquiry, place)) if isinstance(place, Reviewing) else (Reply(card),)


def skip(enquiry: Enquiry, criterion: str, at: datetime) -> Outcome:
    """Leave a criterion: save its open rows as skipped, and keep the rows already answered."""
    if criterion not in enquiry.framework.criterion_by_id:
        return line("old-button")
    rows = enquiry.open_rows(criterion)
    if rows:
        return _answered(enquiry, criterion, {row: Answer(None, SKIPPED, 1, at) for row in rows}, below=False)
    return carry_on(enquiry)


def typed_skip(enquiry: Enquiry, at: datetime) -> Outcome:
    place = enquiry.place
    if not isinstance(place, Scoring):
        return Outcome(replies=(show_place(enquiry, below=True),))
    outcome = skip(enquiry, place.criterion.id, at)
    return replace(outcome, replies=(*outcome.replies[:-1], replace(outcome.replies[-1], below=True)))


def back(enquiry: Enquiry) -> Outcome:
    """Go to the previous question; from a review or choice of priorities reached early, to what is still open."""
    place = enquiry.place
    criteria = enquiry.framework.criteria
    if isinstance(place, Scoring):
        at = criteria.index(place.criterion)
        if at == 0:
            outcome = line("first-question")
            return replace(outcome, replies=(*outcome.replies, show_place(enquiry, below=True)))
        return change(enquiry, criteria[at - 1].id)
    if enquiry.first_open() is not None:
        return carry_on(enquiry)
    if enquiry.chooses_priorities and isinstance(place, Reviewing):
        return _go(enquiry, "priorities")
    return change(enquiry, criteria[-1].id)


def change(enquiry: Enquiry, wanted: str) -> Outcome:
    """Reopen a criterion, or a sub-theme at its first criterion."""
    framework = enquiry.framework
    if wanted in framework.subtheme_by_id:
        wanted = framework.subtheme_by_id[wanted].criteria[0].id
    if wanted not in framework.criterion_by_id:
        return line("old-button")
    rows = (*enquiry.open_rows(wanted), Row(wanted, framework.perspectives[0]))
    return _go(enquiry, rows[0])


def carry_on(enquiry: Enquiry) -> Outcome:
    """Go to the first unanswered question, or to whatever follows the last."""
    return _go(enquiry, None)


def _go(enquiry: Enquiry, asked_for: AskedFor | None) -> Outcome:
    after = replace(enquiry, asked_for=asked_for)
    return Outcome(_asked(enquiry, asked_for), (show_place(after, below=True),))


def typed_change(enquiry: Enquiry, wanted: str) -> Outcome | None:
    """``change 1.2.a``, ``change 1.2``, a title, or a sub-theme's number in the review; None for anything else."""
    if not wanted:
        return _go(enquiry, "review")
    if typed_text.read(wanted, None) == typed_text.Commanded(typed_text.Word.PRIORITIES):
        return _go(enquiry, "priorities" if enquiry.chooses_priorities else "review")
    criteria = ((each.id, (each.id, *each.title.values())) for each in enquiry.framework.criteria)
    subthemes = (
        (each.id, (each.id, *each.title.values(), *each.short_title.values())) for each in enquiry.framework.subthemes
    )
    numbered = ((each.id, (str(number),)) for number, each in enumerate(enquiry.framework.subthemes, 1))
    found = typed_text.best_match(wanted, (*criteria, *subthemes, *numbered))
    return None if found is None else change(enquiry, found)


def typed_hint(enquiry: Enquiry) -> Outcome:
    place = enquiry.place
    if not isinstance(place, Scoring):
        return Outcome(replies=(show_place(enquiry, below=True),))
    return Outcome(replies=(Reply(references.Hint(enquiry.response, place.criterion.id), below=True),))
