"""Brings the catalogues of the bot's words in step with the code: ``python -m tests.support.words``, or ``make words``.

New words are added untranslated, words that are said no more are taken out, and translations stay as they are. What is
written depends on the code alone, so it is the same on every machine.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import bot

BOT: Final = Path(bot.__file__).parent
TEMPLATE: Final = BOT / "locale" / "bot.pot"

_KEYWORDS: Final = {"words": None, "plural": (1, 2)}
_HEADER: Final = """\
# The words of the partnership bot, to be translated. bot/messages/languages.py says how to add a language.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"""


def catalogues() -> list[Path]:
    return sorted(BOT.glob("locale/*/LC_MESSAGES/bot.po"))


def extracted() -> Catalog:
    """Every word of the bot, as it stands in the code."""
    catalogue = Catalog()
    found = extract_from_dir(BOT, [("**.py", "python")], keywords=_KEYWORDS, comment_tags=["Translators:"])
    for file, line, message, comments, _ in sorted(found, key=lambda each: each[:2]):
        catalogue.add(message, locations=[(f"bot/{file}", line)], auto_comments=comments)
    return catalogue


def template(words: Catalog) -> bytes:
    return _HEADER.encode() + b"\n" + _written(words)


def in_step(source: bytes, words: Catalog) -> bytes:
    """This catalogue with exactly these words; its header is kept as it is."""
    header, _, _ = source.partition(b"\n\n")
    catalogue = read_po(BytesIO(source), ignore_obsolete=True)
    catalogue.update(words, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return header + b"\n\n" + _written(catalogue)


def _written(catalogue: Catalog) -> bytes:
    written = BytesIO()
    write_po(written, catalogue, width=100, omit_header=True, sort_by_file=True, include_lineno=False)
    return written.getvalue().rstrip() + b"\n"


def main() -> None:
    words = extracted()
    TEMPLATE.write_bytes(template(words))
    for path in catalogues():
        path.write_bytes(in_step(path.read_bytes(), words))


if __name__ == "__main__":
    main()
