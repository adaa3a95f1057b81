"""The people one can be in the demo, and what to try as each of them."""

from __future__ import annotations

from typing import Final

from bot.events import Conversation, Kind
from integrations.web.chat import Sample
from integrations.web.client import PLATFORM

PARTNERSHIP_ID: Final = "willow-valley"
PARTNERSHIP: Final = "Willow Valley Partnership"
CHANNEL: Final = Conversation(PLATFORM, "demo", PARTNERSHIP_ID, Kind.CHANNEL)

SAMPLES: Final = (
    Sample(
        "priya",
        "Priya Nair",
        "Headteacher of Lanternfield Primary School.",
        "She has been invited and has not started yet. Press Start: it takes a tap for each score.",
    ),
    Sample(
        "sian",
        "Siân Morgan",
        "Headteacher of Ysgol Rhyd y Wennol, a Welsh-medium school.",
        "She is half way, in Welsh. Carry on (type parhau), or type english to change the language.",
        language="cy",
    ),
    Sample(
        "tom",
        "Tom Okafor",
        "Headteacher of Ambercombe High School.",
        "He has submitted. Type review to look at the answers; they can change until the cycle closes.",
    ),
    Sample(
        "ruth",
        "Ruth Ellery",
        "Leads the partnership.",
        "Type /partnership-report in the channel: five of seven schools have submitted, so you can close and post it.",
    ),
    Sample(
        "alex",
        "Alex Reed",
        "Works at a school that is not in the partnership.",
        "Try to find something out. The bot is friendly, and tells nothing.",
        in_channel=False,
    ),
)
