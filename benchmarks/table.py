"""The one table that a run prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.rounds import Rounds


@dataclass(frozen=True, slots=True)
class Result:
    case: str
    ours: str
    peer: str = ""
    ratio: str = ""
    spread: str = ""
    """The quartiles of the ratio over the rounds."""
    target: str = ""
    met: bool | None = None
    """None where nothing was promised or nothing could be measured."""

    def cells(self) -> tuple[str, ...]:
        verdict = "" if self.met is None else ("yes" if self.met else "NO")
        return self.case, self.ours, self.peer, self.ratio, self.spread, self.target, verdict


_HEAD = ("case", "ours", "peer", "ratio", "quartiles", "target", "met")


def compared(case: str, rounds: Rounds, names: tuple[str, str], peer: str, target: float | None) -> Result:
    """Compare two contenders over the same rounds; ``target`` is how many times as fast as the peer ours has to be."""
    ours, theirs = names
    ratio, low, high = rounds.times_as_fast(ours, theirs)
    return Result(
        case,
        turns_a_second(rounds.median(ours)),
        f"{peer}: {turns_a_second(rounds.median(theirs))}",
        f"{ratio:.2f}",
        f"{low:.2f}–{high:.2f}",
        "" if target is None else f"≥ {target:g} ×",
        None if target is None else ratio >= target,
    )


def at_most(case: str, rounds: Rounds, names: tuple[str, str], peer: str, most: float) -> Result:
    """Compare two contenders over the same rounds; ``most`` is the share of the peer's time that ours may take."""
    ours, theirs = names
    share, low, high = rounds.share(ours, theirs)
    return Result(
        case,
        milliseconds(rounds.median(ours)),
        f"{peer}: {milliseconds(rounds.median(theirs))}",
        f"{share:.2f}",
        f"{low:.2f}–{high:.2f}",
        f"≤ {most:g} ×",
        share <= most,
    )


def skipped(case: str, reason: str) -> Result:
    return Result(case, f"skipped: {reason}")


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:,.1f} ms"


def turns_a_second(seconds: float) -> str:
    return f"{1 / seconds:,.0f}/s ({seconds * 1e6:,.0f} µs)"


def as_markdown(results: Sequence[Result]) -> str:
    rows = [_HEAD, *(result.cells() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    head, *rest = ["| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in rows]
    return "\n".join([head, "|-" + "-|-".join("-" * width for width in widths) + "-|", *rest])
