"""A request that is refused leaves a line, and a thousand of them leave no thousand."""

from __future__ import annotations

from datetime import timedelta

from integrations.refusals import Refusal, Refusals
from tests.contract.stage import Clock
from tests.support.log import Entry, Written, written_log

FORGED, TOO_LARGE = Refusal("wrong signature", 401), Refusal("too large", 413)


def told(log: Written) -> list[Entry]:
    keys = ("platform", "reason", "tenant", "left_out")
    return [{key: each[key] for key in keys if key in each} for each in log.of("request refused")]


def test_each_reason_has_one_line_a_minute_and_the_next_tells_how_many_were_left_out() -> None:
    clock = Clock()
    refusals = Refusals("slack", clock)
    with written_log() as log:
        for _ in range(1000):
            refusals.note(FORGED)
        refusals.note(TOO_LARGE)
        clock.later(timedelta(seconds=59))
        refusals.note(FORGED)
        clock.later(timedelta(seconds=1))
        refusals.note(FORGED)
        clock.later(timedelta(minutes=1))
        refusals.note(FORGED)
    assert told(log) == [
        {"platform": "slack", "reason": "wrong signature"},
        {"platform": "slack", "reason": "too large"},
        {"platform": "slack", "reason": "wrong signature", "left_out": 1000},
        {"platform": "slack", "reason": "wrong signature"},
    ]


def test_an_organisation_is_told_only_where_it_looks_like_an_id() -> None:
    clock = Clock()
    refusals = Refusals("teams", clock)
    with written_log() as log:
        for tenant in ("5c000000-0000-4000-8000-0000000000a1", "ann@river.example", "x" * 41):
            refusals.note(Refusal("tenant not allowed", 403, tenant))
            clock.later(timedelta(minutes=1))
    assert [each["tenant"] for each in told(log)] == ["5c000000-0000-4000-8000-0000000000a1", "no id", "no id"]
