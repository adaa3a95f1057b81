"""The chat platforms there are.

A new one is a folder beside the others, a line here, and its settings in ``core/platform_settings.py``; CONTRIBUTING.md
explains it step by step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from integrations.console.registration import CONSOLE
from integrations.registration import Registration
from integrations.slack.registration import SLACK
from integrations.teams.registration import TEAMS
from integrations.web.registration import WEB

if TYPE_CHECKING:
    from core.pasted_text import PlatformIds

Platforms: TypeAlias = tuple[Registration, ...]

PLATFORMS: Final[Platforms] = (SLACK, TEAMS, WEB, CONSOLE)


def names_of(platforms: Iterable[Registration]) -> tuple[str, ...]:
    return tuple(each.name for each in platforms)


def ids_of(platforms: Iterable[Registration]) -> Mapping[str, PlatformIds]:
    return {each.name: each.ids() for each in platforms if each.ids is not None}
