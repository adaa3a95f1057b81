"""Text for XML-based files, such as workbooks and slides."""

from __future__ import annotations

import re
from typing import Final

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The opposite of what XML 1.0 calls a character (section 2.2)."""


def xml_text(words: str) -> str:
    """The words without characters that XML forbids: control characters and lone surrogates."""
    return _NOT_IN_XML.sub("", words)
