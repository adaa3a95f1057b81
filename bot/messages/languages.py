"""The bot's languages: its words from a gettext catalogue, and days as people say them.

To teach the bot another language, say Polish (``pl``):

1. ``pybabel init -D bot -i bot/locale/bot.pot -d bot/locale -l pl`` creates its catalogue; translate every line and
   every plural form, and leave what is in ``{braces}`` as it is. Sentences that say what to type may use whatever
   ``bot.inbound.typed_text`` understands.
2. Add the command words to ``bot.inbound.typed_text.WORDS``, and the numbers and rows beside them: that is what makes
   it one of the bot's languages.
3. ``make words`` updates every catalogue from the code, here as after any change to the English words;
   ``tests/bot/messages/test_languages.py`` then lists what is still missing.

English needs no catalogue: its words are in the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from bot.inbound.typed_text import WORDS, Word

LANGUAGES: Final = tuple(WORDS)
"""English first."""
AWAITS_REVIEW: Final[Mapping[str, str]] = {
    "cy": "The bot's Welsh awaits review by a Welsh-speaking practitioner.",
}
"""What administrators should know about the words of a language."""
UK: Final = ZoneInfo("Europe/London")
SLASH: Final = "/"


class Words:
    """The bot's own words in one language; frameworks bring their own texts."""

    def __init__(self, language: str, catalogue: NullTranslations, calls: str = SLASH) -> None:
        self.language = language
        self._catalogue, self._calls = catalogue, calls

    def __call__(self, text: str, /, **values: object) -> str:
        """``text`` in this language, with ``values`` filled in for ``{names}``."""
        return self._catalogue.gettext(text).format(**values)

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """``many`` in the plural form for ``number`` in this language, with ``{number}`` filled in."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)

    def command(self, word: Word) -> str:
        """``/partnership-report``: a command as typed where these words are read, for everybody to see."""
        return f"{self._calls}{word}"

    def day(self, moment: date | datetime, zone: tzinfo = UK) -> str:
        """``Thursday 3 December``, or ``dydd Iau 3 Rhagfyr``: the day of a moment in this time zone."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(zone)
        if self.language == "en":
            return format_date(moment, "EEEE d MMMM", locale="en_GB")
        day = format_date(moment, "EEEE d MMMM", locale=self.language)
        # Babel capitalises the Welsh "Dydd", as in a calendar heading; within a sentence it is lower case.
        return day.replace("Dydd ", "dydd ") if self.language == "cy" else day

    def time(self, moment: datetime, zone: tzinfo = UK) -> str:
        """``15:45``, as clocks in this zone show it."""
        return moment.astimezone(zone).strftime("%H:%M")

    def joined(self, items: list[str]) -> str:
        """``A``, ``A and B``, ``A, B and C``."""
        words = self
        if len(items) < 2:
            return "".join(items)
        return words("{most} and {last}", most=", ".join(items[:-1]), last=items[-1])


def languages_of(language: str) -> tuple[str, ...]:
    """The languages for messages to everybody: ``both`` is Welsh, then English; if nobody has chosen, as for a
    stranger, English comes first.
    """
    match language:
        case "both":
            return ("cy", "en")
        case "":
            return LANGUAGES
        case _:
            return (language,)


@lru_cache
def words_of(language: str, calls: str = SLASH) -> Words:
    """The words of a language; English for one the bot doesn't speak. ``calls`` is the prefix of a command."""
    if language not in LANGUAGES or language == "en":
        return Words("en", NullTranslations(), calls)
    source = files("bot").joinpath("locale", language, "LC_MESSAGES", "bot.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source)))
    compiled.seek(0)
    return Words(language, GNUTranslations(compiled), calls)
