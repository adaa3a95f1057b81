"""Compares typed text so that what looks the same to people counts as the same."""

from __future__ import annotations

import unicodedata
from typing import Final

_APOSTROPHES: Final = "\u2018\u2019\u02bc\u2032\uff07\u00b4`"
_UNSEEN: Final = "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
"""Invisible characters in copied text. Those that change direction stay: they show ``3 2`` as ``2 3``."""
_AS_COMPARED: Final = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_UNSEEN, ""))


def simplified(text: str) -> str:
    """Text normalised for comparison: apostrophes, case, spaces, invisible characters and full stops."""
    plain = unicodedata.normalize("NFC", text).translate(_AS_COMPARED)
    return " ".join(plain.casefold().split()).rstrip(".!").rstrip()
