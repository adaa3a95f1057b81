"""Cleans text that was copied from a document, a message or a web page.

What has one meaning is put right: a zero-width space is nothing, a non-breaking space is a space, quotation marks
around a whole name are not part of it. What could mean several things raises ``Unclear``, which names the character.
Cleaning twice is the same as cleaning once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

_NOTHING: Final = "\u00ad\u034f\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
"""Invisible characters that say nothing anywhere, such as the soft hyphen."""
_JOINERS: Final = "\u200c\u200d\ufe0e\ufe0f"
"""They shape emoji and scripts without capitals, such as Persian; elsewhere they say nothing."""
_DIRECTIONS: Final = "\u061c\u200e\u200f"
"""They order text that is partly written from right to left; elsewhere they say nothing."""
_SHAPED: Final = ("Lo", "Mc", "Me", "Sk", "Sm", "So")
_INVISIBLE: Final = re.compile(f"[{_NOTHING}{_JOINERS}{_DIRECTIONS}]")
_SPACES: Final = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_STRUCTURE: Final = re.compile(rf"(^|(?<=[:,\[{{-]))(?:{_SPACES.pattern}|{_INVISIBLE.pattern}| )+", re.MULTILINE)

_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f")
"""Wales, Scotland and England: a black flag, and letters that are not displayed."""
_BLANKS: Final = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that look like a space."""
_UNCLEAR: Final = re.compile(f"[{_BLANKS}\u180e\ufff9-\ufffd\ue000-\uf8ff\U000e0000-\U000e007f\U000f0000-\U0010fffd]")
"""Beside those, hidden text, private characters, and the signs of a picture or of a character that was lost."""

_DASHES: Final = dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
_APOSTROPHES: Final = dict.fromkeys("\u2018\u2019\u02bc", "'")
_DOUBLE: Final = '"“”„‟«»'
_QUOTES: Final = _DOUBLE + "'`‘’‚‛‹›"
_PLAIN: Final = str.maketrans(_DASHES)
_PLAIN_ADDRESS: Final = str.maketrans(_APOSTROPHES)

_NAMELESS: Final = {"Cc": "Control character", "Co": "Private character", "Cs": "Half a character"}

_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")
_GUID: Final = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12,13})\}?", re.IGNORECASE)
"""Microsoft's ids; its Agents Playground has one digit more in its tenant."""


class Unclear(Exception):
    """This can't be used as it stands; ``words`` continue a sentence that begins with "this"."""

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


def cleaned(text: str) -> str:
    """Prose without what can't be seen, in composed letters, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", "".join(_seen(text))).split())


def _seen(text: str) -> Iterator[str]:
    reads_leftwards = any(unicodedata.bidirectional(each) in ("R", "AL") for each in text)
    base = "Zs"
    """The category of the last letter or sign; marks above and below it don't count."""
    for each in text:
        if each in _NOTHING:
            continue
        if each in _DIRECTIONS and not reads_leftwards:
            continue
        if each in _JOINERS and base not in _SHAPED:
            continue
        kind = unicodedata.category(each)
        base = base if kind in ("Mn", "Cf") else kind
        yield each


def name(text: str) -> str:
    """A name without the quotation marks around it. Raises ``Unclear``."""
    plain = _unquoted(cleaned(text))
    if found := _UNCLEAR.search(_FLAG.sub("", plain)):
        raise Unclear(f"has {described(found[0])} in it. Type the text again.")
    curly = [each for each in plain if each in "“”„‟"]
    if len(curly) % 2:
        raise Unclear(f"has {described(curly[0])} without its partner. Add the other one, or take this one out.")
    return plain


def _unquoted(text: str) -> str:
    """An apostrophe may stand inside single quotation marks, as in ‘St Mary’s’."""
    inner = text[1:-1].strip()
    double = text[:1] in _DOUBLE and text[-1:] in _DOUBLE and not any(each in _DOUBLE for each in inner)
    single = text[:1] == "‘" and text[-1:] == "’" and "‘" not in inner
    return _unquoted(inner) if len(text) > 1 and (double or single) else text


def token(text: str) -> str:
    """An id, a date or a word of the file's own: plain hyphens, no quotation marks around it, nothing invisible."""
    return _INVISIBLE.sub("", cleaned(text)).translate(_PLAIN).strip(_QUOTES + " ")


def address(text: str) -> str:
    """An e-mail address as people type it. Raises ``Unclear``."""
    plain = token(text).translate(_PLAIN_ADDRESS)
    if found := re.fullmatch("[^<>]*<([^<>]+)>[.,;]*", plain):  # as in: Maya Okafor <m.okafor@…>
        plain = found[1]
    if plain[:7].lower() == "mailto:":
        plain = unquote(plain[7:].partition("?")[0])
    plain = token(plain).rstrip(".,;:").strip(_QUOTES + " ")
    if strange := not_ascii(plain):
        raise Unclear(f"has {strange} in it, which no e-mail address has. Type the address again.")
    if ".." in plain:
        raise Unclear("has two dots side by side, which no e-mail address has. Check it with its owner.")
    if not _ADDRESS.fullmatch(plain):
        raise Unclear("is not an e-mail address. Write it like name@school.example.")
    return plain


@dataclass(frozen=True, slots=True)
class PlatformIds:
    """How a chat platform writes its ids. Each function gets what somebody pasted, and gives the one id that it means.

    They raise ``Unclear``.
    """

    tenant: Callable[[str], str] = token
    user: Callable[[str], str] = token
    channel: Callable[[str, str], str] = lambda pasted, _: token(pasted)
    """Its second argument is the tenant, which a link to a channel may contradict."""


def unclear_id(text: str, words: str) -> Unclear:
    """The words for an id that is none: a character that looks like another is named, since it can't be seen."""
    strange = not_ascii(text)
    return Unclear(f"has {strange} in it. Type it again." if strange else words)


def link(text: str) -> SplitResult:
    """The parts of a link; all are empty if this is none."""
    try:
        return urlsplit(token(text).strip("<>"))
    except ValueError:
        return SplitResult("", "", "", "", "")


def guid(text: str) -> str | None:
    """One of Microsoft's ids in small letters and without braces; None if this is something else."""
    found = _GUID.fullmatch(text)
    return found[1].lower() if found else None


def setting(text: str) -> str:
    """The value of a setting, whose lines stay: a certificate has several."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip(_QUOTES + " \t\r\n")


def structure(text: str) -> str:
    """A YAML file with plain spaces where its structure needs them: in indentation, and after its signs."""
    return _STRUCTURE.sub(lambda found: _INVISIBLE.sub("", _SPACES.sub(" ", found[0])), text)


def not_ascii(text: str) -> str | None:
    """A description of the first character that no keyboard's plain keys type; None if there is none."""
    return next((described(each) for each in text if not each.isascii()), None)


def described(character: str) -> str:
    """A character in words, for somebody who may not see it: ``“ (Left double quotation mark, U+201C)``."""
    kind = _NAMELESS.get(unicodedata.category(character), "Character")
    words = f"{unicodedata.name(character, kind).capitalize()}, U+{ord(character):04X}"
    seen = character.isprintable() and character not in _BLANKS and not unicodedata.combining(character)
    return f"{character} ({words})" if seen else f"an invisible character ({words})"
