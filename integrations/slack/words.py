"""The few words that only Slack needs; all others come with the message."""

from __future__ import annotations

from typing import Final

from integrations.words import Words

WRITE: Final[Words] = {"en": "Write it here", "cy": "Ysgrifennwch yma"}
YOUR_WORDS: Final[Words] = {"en": "In your own words", "cy": "Yn eich geiriau eich hun"}
CANCEL: Final[Words] = {"en": "Cancel", "cy": "Canslo"}
SHORTENED: Final[Words] = {
    "en": "This message is too long for Slack to show all of it.",
    "cy": "Mae'r neges hon yn rhy hir i Slack ei dangos i gyd.",
}
UNDER_MESSAGES: Final[Words] = {
    "en": "Press a button here, and I answer under Messages. You can also just write to me there.",
    "cy": "Pwyswch fotwm yma, a byddaf yn ateb o dan Messages. Gallwch hefyd ysgrifennu ataf yno.",
}
FOR_MEMBERS: Final[Words] = {
    "en": "I can only work with people of the Slack workspace that I was added to. "
    "Your partnership's lead can tell you how you can take part.",
    "cy": "Dim ond gyda phobl y man gwaith Slack yr ychwanegwyd fi ato y gallaf weithio. "
    "Gall arweinydd eich partneriaeth ddweud wrthych sut y gallwch gymryd rhan.",
}
"""Their language isn't known, so they read both."""
