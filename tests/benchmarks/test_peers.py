"""What is measured beside ours runs on the same versions of what both stand on, or the ratio says nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", re.MULTILINE)


def pins(file: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / file).read_text(encoding="utf-8")))


OF_MICROSOFT = {
    "agents": {
        "azure-core", "isodate", "microsoft-agents-activity", "microsoft-agents-authentication-msal",
        "microsoft-agents-hosting-core", "microsoft-agents-hosting-fastapi", "opentelemetry-sdk",
        "opentelemetry-semantic-conventions",
    },
    "teams_apps": {
        "dependency-injector", "microsoft-teams-api", "microsoft-teams-apps", "microsoft-teams-cards",
        "microsoft-teams-common",
    },
}  # fmt: skip


@pytest.mark.parametrize(("peer", "its_own"), [("bolt", {"aiosqlite"}), *OF_MICROSOFT.items()])
def test_a_peer_has_the_versions_that_ours_has(peer: str, its_own: set[str]) -> None:
    ours, theirs = pins("requirements-dev.lock"), pins(f"benchmarks/peers/{peer}.txt")
    assert set(theirs) - set(ours) == its_own
    assert {name: version for name, version in theirs.items() if ours.get(name, version) != version} == {}
