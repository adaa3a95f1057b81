"""What a person wrote, from the HTML in which Teams sends a message once more."""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from typing import Final

_PICTURE: Final = re.compile(r"<img\b(?![^>]*schema\.skype\.com/Emoji)", re.IGNORECASE)
_QUOTATION: Final = re.compile(r"<blockquote\b[^>]*schema\.skype\.com/Reply.*?</blockquote>", re.IGNORECASE | re.DOTALL)
_ID: Final = re.compile(r'\bitemid="([0-9]{1,20})"', re.IGNORECASE)
_BLOCKS: Final = frozenset({"p", "div", "br", "li", "tr"})


def has_picture(html: str) -> bool:
    """Whether it shows a picture that isn't an emoji."""
    return _PICTURE.search(html) is not None


def quoted_in(html: str) -> str | None:
    """The id of the message it replies to."""
    found = _QUOTATION.search(html)
    named = None if found is None else _ID.search(found[0])
    return None if named is None else named[1]


def words_of(html: str) -> str:
    """Its words, escaped as in the text of a message, without the message it replies to; an emoji is a word too."""
    reader = _Words()
    reader.feed(_QUOTATION.sub("", html))
    reader.close()
    return escape("".join(reader.found), quote=False).strip()


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "emoji" or (tag == "img" and "Emoji" in (told.get("itemtype") or "")):
            self.found.append(told.get("alt") or "")
        elif tag in _BLOCKS and self.found:
            self.found.append("\n")
