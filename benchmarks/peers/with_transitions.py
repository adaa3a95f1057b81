"""The interview on the ``transitions`` library: a state for each question, one machine for everybody."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from transitions import EventData, Machine  # type: ignore[import-not-found]

QUESTIONS = [
    f"{area}.{theme}.{criterion} {perspective}"
    for area in (1, 2, 3)
    for theme in (1, 2, 3)
    for criterion in "ab"
    for perspective in ("school", "partnership")
]
AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
INTERVIEWS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    level: int
    at: datetime


@dataclass(eq=False)
class Interview:
    """One leader's interview: the model that the machine moves from question to question."""

    answers: dict[str, Answer] = field(default_factory=dict)
    prompt: str = QUESTIONS[0]
    state: str = QUESTIONS[0]

    def receive(self, button: str, at: datetime) -> bool:
        """A button was pressed; it carries its question and the level."""
        question, level = button.split("|")
        return bool(self.answer(question=question, level=int(level), at=at))  # type: ignore[attr-defined]

    def is_asked(self, event: EventData) -> bool:
        return bool(event.kwargs["question"] == self.state)

    def is_level(self, event: EventData) -> bool:
        return bool(1 <= event.kwargs["level"] <= 4)

    def keep(self, event: EventData) -> None:
        self.answers[self.state] = Answer(event.kwargs["level"], event.kwargs["at"])

    def ask(self, event: EventData) -> None:  # noqa: ARG002
        self.prompt = self.state


def interviewer() -> Machine:
    machine = Machine(
        None, states=[*QUESTIONS, "review"], initial=QUESTIONS[0], send_event=True, auto_transitions=False
    )
    machine.add_ordered_transitions(
        trigger="answer", loop=False, conditions=[["is_asked", "is_level"]], before="keep", after="ask"
    )
    return machine


def one_round(machine: Machine) -> float:
    buttons = [f"{question}|{1 + number % 4}" for number, question in enumerate(QUESTIONS)]
    interviews = [Interview() for _ in range(INTERVIEWS)]
    machine.add_model(interviews)
    begun = time.perf_counter()
    for interview in interviews:
        for button in buttons:
            interview.receive(button, AT)
    taken = time.perf_counter() - begun
    machine.remove_model(interviews)
    assert all(each.prompt == "review" and len(each.answers) == len(QUESTIONS) for each in interviews)
    return taken / (INTERVIEWS * len(QUESTIONS))


def main() -> None:
    machine = interviewer()
    for _ in sys.stdin:
        print(one_round(machine), flush=True)


if __name__ == "__main__":
    main()
