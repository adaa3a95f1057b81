"""What is measured beside ours runs on the same versions of what both stand on, or the ratio says nothing."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / file).read_text(encoding="utf-8")))


def test_the_usual_stack_has_the_versions_that_ours_has() -> None:
    ours, theirs = pins("requirements-dev.lock"), pins("benchmarks/peers/bolt.txt")
    assert set(theirs) - set(ours) == {"aiosqlite"}
    assert {name: version for name, version in theirs.items() if ours.get(name, version) != version} == {}
