"""The bot's languages: its words from a gettext catalogue, and days as people say them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "cy")
UK = ZoneInfo("Europe/London")
_BABEL_LOCALE = {"en": "en_GB", "cy": "cy"}


class Words:
    """The bot's own words in one language; framework texts bring their own."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, text: str, /, **values: object) -> str:
        """``text`` in this language, with ``values`` put in where it has ``{names}``."""
        return self._catalogue.gettext(text).format(**values)

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)

    def day(self, moment: date | datetime) -> str:
        """``Thursday 3 December``, or ``dydd Iau 3 Rhagfyr``: the day a moment falls on in the UK."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(UK)
        return format_date(moment, "EEEE d MMMM", locale=_BABEL_LOCALE[self.language])

    def time(self, moment: datetime) -> str:
        return moment.astimezone(UK).strftime("%H:%M")

    def joined(self, items: list[str]) -> str:
        """``A``, ``A and B``, ``A, B and C``."""
        if len(items) < 2:
            return "".join(items)
        return self("{most} and {last}", most=", ".join(items[:-1]), last=items[-1])


@lru_cache
def words_of(language: str) -> Words:
    """The words of a language; English for one the bot does not speak."""
    if language not in LANGUAGES or language == "en":
        return Words("en", NullTranslations())
    source = files("bot").joinpath("locale", language, "LC_MESSAGES", "bot.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source)))
    compiled.seek(0)
    return Words(language, GNUTranslations(compiled))
