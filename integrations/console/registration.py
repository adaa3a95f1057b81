"""The terminal's entry in the table of platforms. The command ``chat`` opens it."""

from __future__ import annotations

from typing import Final

from integrations.registration import Registration

CONSOLE: Final = Registration("console")
