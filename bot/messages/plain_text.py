"""A message as plain text: what a terminal shows, and the fallback for every platform.

Each button says what to type instead of pressing it, so nothing is lost without buttons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Facts,
    File,
    Heading,
    Message,
    Option,
    Paragraph,
    Picture,
    Progress,
    Table,
    TextInput,
)

CHOSEN: Final = "✓"
_LONGEST_PART: Final = 2_000
"""Characters; every platform takes a paragraph of this length."""
_STEERING: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""All control characters except line breaks, lone surrogates, and characters that change the direction of the text
after them, which could make it read differently.
"""


def plain_text(message: Message) -> str:
    """The whole message, a blank line between its blocks."""
    return "\n\n".join((*map(_block, message.blocks), *_files(message.files)))


def only_text(message: Message) -> Message:
    """The same message without pictures, buttons and files, for a platform that refused those.

    What can be pressed in the original says what to type instead.
    """
    parts = plain_text(message).split("\n\n")
    return Message(message.key, tuple(Paragraph(shorter(each, _LONGEST_PART)) for each in parts if each), message.lang)


def shorter(text: str, most: int) -> str:
    """The text, or as many of its words as fit into ``most`` characters, ending in an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    words, space, rest = cut.rpartition(" ")
    return (words if space and len(rest) < most // 2 else cut).rstrip() + "…"


def inert(text: str) -> str:
    """Text without characters that control a terminal or change the direction of reading."""
    # No such character is printable, and this check takes a fifth of the time.
    return text if text.isprintable() else _STEERING.sub("", text.replace("\t", " "))


def _block(block: Block) -> str:  # noqa: C901 - a closed union is easiest to read as one match
    match block:
        case Heading(text) | Paragraph(text):
            return inert(text)
        case Facts(items):
            return _lines(f"{inert(each.term)}: {inert(each.text)}" for each in items)
        case Table(caption, columns, rows):
            return _lines((inert(caption), *(" | ".join(map(inert, row)) for row in (columns, *rows))))
        case Picture(file_name, _, alt):
            return f"🖼 {inert(file_name)}: {inert(alt)}"
        case Choice(legend, question, options):
            return _lines((inert(legend), inert(question), "  ".join(map(_option, options))))
        case TextInput():
            return _text_input(block)
        case Buttons(buttons):
            return "  ".join(map(_button, buttons))
        case Progress(_, _, label):
            return inert(label)
        case _:
            assert_never(block)


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(line for line in lines if line)


def _text_input(block: TextInput) -> str:
    send = pressable(block.submit_label, block.typed)
    return _lines((inert(block.label), inert(block.hint), inert(block.value), send))


def _option(option: Option) -> str:
    shown = pressable(option.label, option.typed)
    return f"{shown} {CHOSEN}" if option.chosen else shown


def _button(button: Button) -> str:
    return pressable(button.label, button.typed)


def pressable(label: str, typed: str) -> str:
    """What to type, in brackets, and what it does: ``[3] Established``, ``[back] Go back``, ``[Help]``."""
    label, typed = inert(label), inert(typed)
    if label.casefold() == typed.casefold():
        return f"[{label}]"
    number, _, rest = label.partition(" ")
    says_it_already = rest and typed.split()[-1:] == [number]
    return f"[{typed}] {rest if says_it_already else label}"


def _files(files: tuple[File, ...]) -> Iterator[str]:
    if files:
        yield _lines(f"📎 {inert(file.name)}" for file in files)
