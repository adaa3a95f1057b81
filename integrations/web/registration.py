"""The browser chat in the table of platforms. It is for the demo alone, which opens it."""

from __future__ import annotations

from typing import Final

from integrations.registration import Registration

WEB: Final = Registration("web")
