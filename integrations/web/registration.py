"""The browser chat's entry in the table of platforms. Only the demo uses it."""

from __future__ import annotations

from typing import Final

from integrations.registration import Registration

WEB: Final = Registration("web")
