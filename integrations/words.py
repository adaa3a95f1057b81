"""Words of the platforms themselves, in addition to those that come with a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

Words: TypeAlias = Mapping[str, str]

OR_TYPE: Final[Words] = {"en": "Or type: {typed}", "cy": "Neu teipiwch: {typed}"}
NO_FILE: Final[Words] = {
    "en": "I could not add the file here. Please ask me for it again in a few minutes. If you did not ask for it, "
    "whoever looks after the bot can help.",
    "cy": "Ni allwn ychwanegu'r ffeil yma. Gofynnwch i mi amdani eto ymhen ychydig funudau. Os na ofynnoch chi amdani, "
    "gall y sawl sy'n gofalu am y bot helpu.",
}
PERHAPS_NO_FILE: Final[Words] = {
    "en": "I can't tell whether the file arrived. If you can't see it here, please ask me for it again in a few "
    "minutes. If you did not ask for it, whoever looks after the bot can help.",
    "cy": "Ni allaf ddweud a gyrhaeddodd y ffeil. Os na welwch hi yma, gofynnwch i mi amdani eto ymhen ychydig "
    "funudau. Os na ofynnoch chi amdani, gall y sawl sy'n gofalu am y bot helpu.",
}
NO_PICTURE: Final[Words] = {
    "en": "I could not add the picture here. What it shows is described in words above.",
    "cy": "Ni allwn ychwanegu'r llun yma. Disgrifir yr hyn y mae'n ei ddangos mewn geiriau uchod.",
}
PERHAPS_NO_PICTURE: Final[Words] = {
    "en": "I can't tell whether the picture arrived. What it shows is described in words above.",
    "cy": "Ni allaf ddweud a gyrhaeddodd y llun. Disgrifir yr hyn y mae'n ei ddangos mewn geiriau uchod.",
}


def in_language(words: Words, language: str) -> str:
    return words.get(language, words["en"])
