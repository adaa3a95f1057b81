"""The people to play in the demo, and what to try as each of them."""

from __future__ import annotations

from typing import Final

from bot.inbound.events import Conversation, Kind
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
        "He has submitted. Type review to look at the answers, or actions for what was agreed. "
        "Once the cycle has closed his school's own report comes, and two school days later an introduction.",
    ),
    Sample(
        "ruth",
        "Ruth Ellery",
        "Leads the partnership.",
        "Type /partnership-report in the channel: five of seven schools have submitted, so you can close and post it. "
        "Then try meeting-pack, notes, responses and action.",
    ),
    Sample(
        "owain",
        "Owain Davies",
        "Headteacher of Heron Quay Primary School. Leads the Heron Estuary Partnership, which has closed its cycle.",
        "Its schools have agreed to see one another by name. Type /partnership-report preview last.",
        in_channel=False,
    ),
    Sample(
        "nia",
        "Nia Powell",
        "Facilitates the Three Rivers Network of seven partnerships, and leads the largest of them.",
        "Type network for what most partnerships need most, or /partnership-report preview last for the figures of "
        "ten schools.",
        in_channel=False,
    ),
    Sample(
        "alex",
        "Alex Reed",
        "Works at a school that is not in the partnership.",
        "Try to find something out. The bot is friendly, and tells nothing.",
        in_channel=False,
    ),
)

NEIGHBOURS: Final = ("owain", "nia")
"""Including those who belong to other partnerships of the network."""
