"""Which version of the bot this is."""

from __future__ import annotations

from importlib.metadata import version


def own_version() -> str:
    """The version in ``pyproject.toml`` when it was installed."""
    return version("partnership-bot")
