"""Teams' entry in the table of platforms. Its imports take time and memory, so they are inside the functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from integrations.registration import Checked, Clock, LivePlatform, Registration, Service
from integrations.teams.manifest_command import manifest

if TYPE_CHECKING:
    from core.pasted_text import PlatformIds
    from core.settings import Settings
    from core.storage.database import Database


def _ids() -> PlatformIds:
    from integrations.teams.ids import TEAMS_IDS

    return TEAMS_IDS


def _is_wanted(settings: Settings) -> bool:
    return bool(settings.teams.model_fields_set)


def _set_up(settings: Settings, database: Database, clock: Clock) -> LivePlatform | None:
    from integrations.teams.setup import teams_of

    teams = teams_of(settings, database, clock)
    return None if teams is None else teams.live()


async def _check_up(settings: Settings, database: Database, clock: Clock, *, ask: bool) -> Sequence[Checked]:
    from integrations.teams.doctor import check_up

    return await check_up(settings, database, clock, ask=ask)


TEAMS: Final = Registration(
    "teams",
    ids=_ids,
    service=Service("Teams", "docs/teams.md", _is_wanted, _set_up, _check_up, manifest),
)
