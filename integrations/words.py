"""Words of the platforms themselves, in addition to those that come with a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

Words: TypeAlias = Mapping[str, str]

OR_TYPE: Final[Words] = {"en": "Or type: {typed}", "cy": "Neu teipiwch: {typed}"}
NO_FILE: Final[Words] = {
    "en": "I could not add the file here. Please ask me for it again in a few minutes.",
    "cy": "Ni allwn ychwanegu'r ffeil yma. Gofynnwch i mi amdani eto ymhen ychydig funudau.",
}


def in_language(words: Words, language: str) -> str:
    return words.get(language, words["en"])
