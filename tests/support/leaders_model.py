"""What leaders have said, worked out from what they saw and did: a second opinion on what the bot has stored.

It knows nothing of the conversation's inside. A button means what it carries, a number what stands beside it on the
question in view, and a word of command is told by the test that types it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from bot.decide.notes import MOST_CHARACTERS
from bot.decide.turn_state import TextOffered
from bot.inbound import buttons
from bot.inbound.button_codec import decode
from core.framework import Framework, Row

Answered: TypeAlias = tuple[int | None, str | None]
"""A level, or the reason why there is none."""
Note: TypeAlias = tuple[str, str, str]
"""Sub-theme, kind and text."""


@dataclass
class Reply:
    """One leader's response."""

    person: str
    school: str
    answers: dict[Row, Answered] = field(default_factory=dict)
    answered_at: dict[Row, datetime] = field(default_factory=dict)
    notes: dict[Note, tuple[str, bool | None]] = field(default_factory=dict)
    """The audience of each, and whether it is offered."""
    priorities: frozenset[str] = frozenset()
    submitted: bool = False

    def facts(self) -> tuple[object, ...]:
        """Everything that must be stored just so."""
        return self.person, self.school, self.answers, self.notes, self.priorities, self.submitted


@dataclass
class LeadersModel:
    framework: Framework
    replies: dict[int, Reply] = field(default_factory=dict)
    note_ids: dict[int, tuple[int, Note]] = field(default_factory=dict)
    """Which response and which of its notes a number means."""
    closed: bool = False

    def presses(self, person: str, carried: str, text: str, at: datetime, awaiting: object) -> None:
        """A button was pressed; ``text`` was written beside it, ``awaiting`` is what was asked of the person last."""
        action = decode(carried)
        if action is None:
            return
        if (number := buttons.note_of(action)) is not None:
            self._about_note(person, number, action)
        elif (response := buttons.response_of(action)) is not None:
            reply = self.own(person, response)
            if reply is not None:
                self._about_response(reply, response, action, text, at, awaiting)

    def own(self, person: str, response: int | None) -> Reply | None:
        """The reply of this number, where it is this person's and can still change."""
        reply = None if response is None else self.replies.get(response)
        return reply if reply is not None and reply.person == person and not self.closed else None

    def _about_note(self, person: str, number: int, action: buttons.Press) -> None:
        response, note = self.note_ids.get(number, (None, None))
        reply = self.own(person, response)
        if reply is None or note is None or note not in reply.notes:
            return
        audience, offered = reply.notes[note]
        match action:
            case buttons.OfferNote(_, yes):
                reply.notes[note] = (audience, yes)
            case buttons.ShowNoteTo(_, wider):
                reply.notes[note] = (wider.value, offered)
            case buttons.RemoveNote():
                del reply.notes[note]

    def _about_response(  # noqa: C901 - a closed union is easiest to read as one match
        self, reply: Reply, response: int, action: buttons.Press, text: str, at: datetime, awaiting: object
    ) -> None:
        match action:
            case buttons.Score(_, criterion, perspective, answer):
                self._score(reply, Row(criterion, perspective), answer, at)
            case buttons.Skip(_, criterion):
                for row in self.rows_of(criterion):
                    if row not in reply.answers:
                        self._keep(reply, row, (None, "skipped"), at)
            case buttons.Prioritise(_, subtheme, yes):
                others = reply.priorities - {subtheme}
                self.choose(reply, others | {subtheme} if yes else others)
            case buttons.WriteNote(_, subtheme, kind):
                self.note(reply, subtheme, kind.value, text)
            case buttons.KeepText(_, offer, kind) if isinstance(awaiting, TextOffered):
                if (awaiting.response, awaiting.offer) == (response, offer):
                    self.note(reply, awaiting.subtheme, kind.value, awaiting.text)
            case buttons.Submit():
                self.submit(reply)

    def rows_of(self, criterion: str) -> Iterator[Row]:
        return (row for row in self.framework.rows if row.criterion == criterion)

    def _score(self, reply: Reply, row: Row, answer: str, at: datetime) -> None:
        if row not in self.framework.rows:
            return
        if answer in {str(value) for value in self.framework.level_values}:
            self._keep(reply, row, (int(answer), None), at)
        elif answer in {each.id for each in self.framework.unscored}:
            self._keep(reply, row, (None, answer), at)

    def _keep(self, reply: Reply, row: Row, answered: Answered, at: datetime) -> None:
        """What was done later counts, in whatever order it arrives; the same answer again is no news."""
        before = reply.answers.get(row)
        if before is None or (before != answered and at >= reply.answered_at[row]):
            reply.answers[row] = answered
            reply.answered_at[row] = at

    def choose(self, reply: Reply, wanted: frozenset[str]) -> None:
        known = wanted <= set(self.framework.subtheme_by_id)
        if known and len(wanted) <= 3 and len(self.framework.subthemes) > 1:
            reply.priorities = wanted

    def note(self, reply: Reply, subtheme: str, kind: str, text: str) -> None:
        text = legible(text).strip()
        if subtheme in self.framework.subtheme_by_id and text and len(text) <= MOST_CHARACTERS:
            reply.notes.setdefault((subtheme, kind, text), ("school", None))

    def submit(self, reply: Reply) -> None:
        reply.submitted = reply.submitted or any(level is not None for level, _ in reply.answers.values())

    def types_numbers(self, reply: Reply, asked: Iterable[tuple[Row, str]], at: datetime) -> None:
        """Numbers or names of levels were typed for these rows of the question in view."""
        for row, answer in asked:
            self._score(reply, row, answer, at)


def legible(text: str) -> str:
    """As every database can keep it; cut where it is longer than any note can be."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text.replace("\x00", ""))[: 2 * MOST_CHARACTERS]
