"""The interview on the ``transitions`` library: a state for each question, one machine for everybody.

It is given the same buttons as ours at the same moments, and answers with the same two things: what to keep, and which
message to show.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from transitions import EventData, Machine  # type: ignore[import-not-found]

Question: TypeAlias = tuple[str, str]
"""A criterion and a perspective."""

QUESTIONS: dict[str, Question] = {
    f"{area}.{theme}.{criterion} {perspective}": (f"{area}.{theme}.{criterion}", perspective)
    for area in (1, 2, 3)
    for theme in (1, 2, 3)
    for criterion in "ab"
    for perspective in ("school", "partnership")
}
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CLOSES = AT + timedelta(days=14)
INTERVIEWS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    question: Question
    level: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Show:
    """A sub-theme's message, edited in place or posted anew; the review once there is no question left."""

    subtheme: str
    anew: bool


@dataclass(eq=False)
class Interview:
    """One leader's interview: the model that the machine moves from question to question."""

    response: int
    state: str = next(iter(QUESTIONS))
    answers: dict[Question, Answer] = field(default_factory=dict)
    kept: Answer | None = None
    shown: Show | None = None

    def receive(self, button: str, at: datetime) -> tuple[Answer | None, Show | None]:
        """A button was pressed: what to keep, and what to show."""
        _, response, criterion, perspective, level, _ = button.split("|")
        self.kept = self.shown = None
        self.answer(response=int(response), question=(criterion, perspective), level=int(level), at=at)  # type: ignore[attr-defined]
        return self.kept, self.shown

    def is_open(self, event: EventData) -> bool:
        return bool(event.kwargs["at"] < CLOSES)

    def is_asked(self, event: EventData) -> bool:
        return bool(event.kwargs["response"] == self.response and event.kwargs["question"] == QUESTIONS[self.state])

    def is_level(self, event: EventData) -> bool:
        return bool(1 <= event.kwargs["level"] <= 4)

    def keep(self, event: EventData) -> None:
        given = event.kwargs
        self.kept = self.answers[given["question"]] = Answer(given["question"], given["level"], given["at"])

    def show(self, event: EventData) -> None:
        before, now = event.transition.source[:3], self.state[:3]
        self.shown = Show(now, anew=before != now)


def interviewer() -> Machine:
    machine = Machine(
        None, states=[*QUESTIONS, "review"], initial=next(iter(QUESTIONS)), send_event=True, auto_transitions=False
    )
    machine.add_ordered_transitions(
        trigger="answer", loop=False, conditions=[["is_open", "is_asked", "is_level"]], before="keep", after="show"
    )
    return machine


def buttons(response: int) -> list[str]:
    return [
        f"Score|{response}|{criterion}|{perspective}|{1 + number % 4}|0"
        for number, (criterion, perspective) in enumerate(QUESTIONS.values())
    ]


def one_round(machine: Machine) -> float:
    """The seconds of a turn; beginning and ending each interview included."""
    pressed = [buttons(response) for response in range(INTERVIEWS)]
    begun = time.perf_counter()
    for response in range(INTERVIEWS):
        interview = Interview(response)
        machine.add_model(interview)
        for button in pressed[response]:
            interview.receive(button, AT)
        machine.remove_model(interview)
        assert interview.state == "review"
        assert len(interview.answers) == len(QUESTIONS)
    return (time.perf_counter() - begun) / (INTERVIEWS * len(QUESTIONS))


def main() -> None:
    machine = interviewer()
    for _ in sys.stdin:
        print(one_round(machine), flush=True)


if __name__ == "__main__":
    main()
