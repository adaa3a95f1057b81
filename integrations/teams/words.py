"""The few words that only Teams needs; all others come with the message."""

from __future__ import annotations

from typing import Final

from integrations.words import Words
from manifest.teams.builder import NAME

CALLS: Final = f"@{NAME} "
"""What people type so that the bot hears them in a channel: its name, chosen from a list there."""
SHORTENED: Final[Words] = {
    "en": "This message is too long for Teams to show all of it.",
    "cy": "Mae'r neges hon yn rhy hir i Teams ei dangos i gyd.",
}
FILES: Final[Words] = {"en": "Files:", "cy": "Ffeiliau:"}
# Used when somebody's language isn't known.
DONE: Final = "Done. · Wedi'i wneud."
ANSWERED_ALONE: Final = (
    "I answer you in our own chat. If you find nothing there, add me to your apps in Teams. · Rwy'n eich ateb yn ein "
    "sgwrs ein hunain. Os nad oes dim yno, ychwanegwch fi at eich apiau yn Teams."
)
FILE_OVER: Final = (
    "This file is no longer kept here. Ask the partnership bot for it again.\n"
    "Nid yw'r ffeil hon yn cael ei chadw yma bellach. Gofynnwch i'r bot amdani eto.\n"
)
