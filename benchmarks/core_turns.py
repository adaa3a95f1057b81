"""The pure conversation: ``bot.decide.step.step`` through the 36 questions of the default enquiry, in memory.

A contender of ``benchmarks.peer``: one round for every line it reads.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from itertools import count

from bot.decide.changes import SaveAnswer
from bot.decide.step import step
from bot.decide.turn_state import Snapshot
from bot.inbound import buttons
from bot.inbound.events import Account, Chose, Conversation, Incoming, Kind
from core.enquiry import Answer, Cycle, Enquiry, Known, Visibility
from core.framework import Framework, Row
from core.framework_file import read_framework

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
INTERVIEWS = 60
_CYCLE = Cycle(
    id=1,
    partnership="harbour",
    title="Autumn 2026",
    visibility=Visibility.OWN_AND_GROUP,
    opens_at=AT - timedelta(days=14),
    closes_at=AT + timedelta(days=14),
    closed_at=None,
    meeting_on=None,
)


class Interview:
    """One leader's interview: what the database would hold, kept in memory."""

    def __init__(self, framework: Framework, response: int) -> None:
        self.answers: dict[Row, Answer] = {}
        enquiry = Enquiry(
            response=response,
            cycle=_CYCLE,
            partnership_name="Harbour Partnership",
            school="a",
            school_name="School A",
            framework=framework,
            answers=self.answers,
            previous={},
            notes=(),
            priorities=(),
            priorities_done=False,
            asked_for=None,
            submitted_at=None,
        )
        self.snapshot = Snapshot(
            now=AT,
            person=Known("leader-a", "Leader A", "en", "after-school"),
            active=response,
            awaiting=None,
            enquiry=enquiry,
            open_enquiries=(),
            leads=(),
            here=None,
            in_view=None,
            fresh=1,
        )

    def receive(self, incoming: Incoming) -> None:
        for change in step(self.snapshot, incoming).changes:
            assert isinstance(change, SaveAnswer)
            self.answers[change.row] = change.answer


def _taps(framework: Framework, response: int) -> list[Incoming]:
    """Every button is new to the bot, as it is in life."""
    account, conversation = Account("test", "t", "leader-a"), Conversation("test", "t", "direct-a", Kind.DIRECT)
    scores = (
        buttons.Score(response, row.criterion, row.perspective, str(1 + number % 4), revision=0)
        for number, row in enumerate(framework.rows)
    )
    return [
        Incoming(f"tap-{number}", AT, account, conversation, Chose(buttons.encode(score)))
        for number, score in enumerate(scores)
    ]


def one_round(framework: Framework, responses: Sequence[int]) -> float:
    """The seconds of a turn; beginning each interview included."""
    pressed = [_taps(framework, response) for response in responses]
    begun = time.perf_counter()
    for response, taps in zip(responses, pressed, strict=True):
        interview = Interview(framework, response)
        for tap in taps:
            interview.receive(tap)
        assert len(interview.answers) == len(framework.rows)
    return (time.perf_counter() - begun) / (len(responses) * len(framework.rows))


def main() -> None:
    framework = read_framework(files("core").joinpath("frameworks", "partnership-enquiry.yaml").read_bytes())
    numbers = count(1)
    for _ in sys.stdin:
        print(one_round(framework, [next(numbers) for _ in range(INTERVIEWS)]), flush=True)


if __name__ == "__main__":
    main()
