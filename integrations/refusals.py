"""Requests that are not let in: what they are answered with, and the line that they leave in the log."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from core.log import Log

_APART: Final = timedelta(minutes=1)
_AN_ID: Final = re.compile(r"[A-Za-z0-9-]{1,40}")

_log = Log(__name__)


@dataclass(frozen=True, slots=True)
class Refusal:
    reason: str
    status: int
    """What the request is answered with; never why."""
    tenant: str | None = None
    """Whose request it was, where it was properly signed."""


class Refusals:
    """One line for each reason in a minute, however many come; the next one tells how many it stands for."""

    def __init__(self, platform: str, clock: Callable[[], datetime]) -> None:
        self._platform = platform
        self._clock = clock
        self._logged: dict[str, datetime] = {}
        self._left_out: dict[str, int] = {}

    def note(self, refusal: Refusal) -> None:
        now, reason = self._clock(), refusal.reason
        if reason in self._logged and now - self._logged[reason] < _APART:
            self._left_out[reason] = self._left_out.get(reason, 0) + 1
            return
        self._logged[reason] = now
        tenant = refusal.tenant if refusal.tenant is None or _AN_ID.fullmatch(refusal.tenant) else "no id"
        left_out = self._left_out.pop(reason, None)
        _log.warning("request refused", platform=self._platform, reason=reason, tenant=tenant, left_out=left_out)
