"""Slack's entry in the table of platforms. Its imports take half a second and 25 MB, so they are inside the
functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from integrations.registration import Checked, Clock, LivePlatform, Registration, Service
from integrations.slack.manifest_command import manifest

if TYPE_CHECKING:
    from core.pasted_text import PlatformIds
    from core.settings import Settings
    from core.storage.database import Database


def _ids() -> PlatformIds:
    from integrations.slack.ids import SLACK_IDS

    return SLACK_IDS


def _is_wanted(settings: Settings) -> bool:
    return bool(settings.slack.model_fields_set)


def _set_up(settings: Settings, database: Database, clock: Clock) -> LivePlatform | None:
    from integrations.slack.setup import slack_of

    slack = slack_of(settings, database, clock)
    return None if slack is None else slack.live()


async def _check_up(settings: Settings, database: Database, clock: Clock, *, ask: bool) -> Sequence[Checked]:
    from integrations.slack.doctor import check_up

    return await check_up(settings, database, clock, ask=ask)


SLACK: Final = Registration(
    "slack",
    ids=_ids,
    writes_first=True,
    service=Service("Slack", "docs/slack.md", _is_wanted, _set_up, _check_up, manifest),
)
