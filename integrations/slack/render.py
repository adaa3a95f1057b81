"""A message as Slack's blocks, and complete again as plain text for notifications and screen readers.

What people wrote goes only into kinds of text that Slack takes literally (``plain_text`` and the ``text`` elements of
``rich_text``), so that no mention, link, emoji or formatting in it takes effect. The fallback is the one place where
Slack looks for markup, and there it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeAlias, assert_never

from bot.messages.blocks import Block as MessageBlock
from bot.messages.blocks import (
    Button,
    Buttons,
    Choice,
    Facts,
    Heading,
    Message,
    Option,
    Paragraph,
    Picture,
    Progress,
    Table,
    TextInput,
    Weight,
)
from bot.messages.plain_text import CHOSEN, inert, plain_text
from integrations.slack import blocks as kit
from integrations.slack import limits, words
from integrations.slack.blocks import Block, Style
from integrations.slack.form import carried
from integrations.slack.limits import fitted, head, pieces, units
from integrations.slack.parse import WRITE
from integrations.slack.text import escaped
from integrations.words import OR_TYPE, in_language

_STYLES: Final[Mapping[Weight, Style | None]] = {Weight.MAIN: "primary", Weight.CAREFUL: "danger", Weight.PLAIN: None}
_NOTHING: Final = "–"
"""For text with nothing visible in it: Slack refuses empty text."""
_BAR: Final = 10

_Line: TypeAlias = tuple[tuple[str, bool], ...]
"""Pieces of text, each bold or not."""


@dataclass(frozen=True, slots=True)
class Rendered:
    blocks: tuple[Block, ...]
    text: str


def render(message: Message, files: Sequence[str | None] = ()) -> Rendered:
    """``files`` are Slack's ids for the message's pictures, in order; a picture without one is described in words."""
    roomy = tuple(_Renderer(message.lang, files, limits.ELEMENTS_IN_VIEW).blocks(message.blocks))
    blocks = (
        roomy
        if len(roomy) <= limits.BLOCKS
        else tuple(_Renderer(message.lang, files, limits.ELEMENTS).blocks(message.blocks))
    )
    return Rendered(_within_limits(blocks, message.lang), _fallback(message))


def pictures(message: Message) -> tuple[Picture, ...]:
    """The pictures of a message, in the order in which ``render`` expects their files."""
    return tuple(block for block in message.blocks if isinstance(block, Picture))


def _fallback(message: Message) -> str:
    return fitted(escaped(plain_text(message)), limits.MESSAGE_TEXT) or _NOTHING


def _within_limits(blocks: tuple[Block, ...], language: str) -> tuple[Block, ...]:
    """As many blocks as Slack accepts: everything pressable first, then text from the top."""
    if len(blocks) <= limits.BLOCKS:
        return blocks
    room = limits.BLOCKS - 1
    pressable = [place for place, block in enumerate(blocks) if block["type"] == "actions"][:room]
    text = [place for place, block in enumerate(blocks) if block["type"] != "actions"]
    kept = sorted((*pressable, *text[: room - len(pressable)]))
    return (*(blocks[place] for place in kept), _context(in_language(words.SHORTENED, language)))


class _Renderer:
    def __init__(self, language: str, files: Sequence[str | None], row: int) -> None:
        """``row`` is how many buttons go into one block."""
        self._language = language
        self._files = iter(files)
        self._row = row
        self._numbers = count(1)

    def blocks(self, blocks: Iterable[MessageBlock]) -> Iterator[Block]:
        for block in blocks:
            yield from self._block(block)

    def _block(self, block: MessageBlock) -> Iterator[Block]:  # noqa: C901 - a closed union is easiest to read as one match
        match block:
            case Heading(text, 1):
                yield from _heading(text)
            case Heading(text):
                yield from _rich(((text, True),))
            case Paragraph(text):
                yield from _sections(text)
            case Facts(items):
                yield from _rich(*(((f"{each.term}: ", True), (each.text, False)) for each in items))
            case Table():
                yield from _rich(((block.caption, True),), *_rows(block))
            case Picture():
                yield from self._picture(block)
            case Choice():
                yield from self._choice(block)
            case TextInput():
                yield from self._text_input(block)
            case Buttons(buttons):
                yield from self._buttons(map(self._button, buttons))
            case Progress():
                yield _context(_progress(block))
            case _:
                assert_never(block)

    def _picture(self, picture: Picture) -> Iterator[Block]:
        file = next(self._files, None)
        alt = _visible(picture.alt)
        if file is None:
            yield from _sections(f"{picture.file_name}: {alt}")
        else:
            yield kit.image(file, fitted(alt, limits.ALT_TEXT))

    def _choice(self, choice: Choice) -> Iterator[Block]:
        yield from _rich(((choice.legend, True),), ((choice.question, False),), *_long_labels(choice.options))
        yield from self._buttons(self._option(choice, each) for each in choice.options)

    def _text_input(self, block: TextInput) -> Iterator[Block]:
        yield from _rich(((block.label, True),), ((block.hint, False),), ((block.value, False),))
        label = in_language(words.WRITE, self._language)
        yield from self._buttons((self._pressed(label, carried(block, self._language), "primary", WRITE),))
        yield _context(in_language(OR_TYPE, self._language).format(typed=block.typed))

    def _buttons(self, buttons: Iterable[kit.ButtonElement]) -> Iterator[Block]:
        row: list[kit.ButtonElement] = []
        for button in buttons:
            row.append(button)
            if len(row) == self._row:
                yield kit.actions(row)
                row = []
        if row:
            yield kit.actions(row)

    def _option(self, choice: Choice, option: Option) -> kit.ButtonElement:
        label = f"{CHOSEN} {option.label}" if option.chosen else option.label
        spoken = inert(f"{choice.legend}: {label}")
        button = self._pressed(label, option.action, "primary" if option.chosen else None)
        if units(spoken) <= limits.BUTTON_TEXT:
            button["accessibility_label"] = spoken
        return button

    def _button(self, button: Button) -> kit.ButtonElement:
        return self._pressed(button.label, button.action, _STYLES[button.weight])

    def _pressed(self, label: str, value: str, style: Style | None, does: str = "press") -> kit.ButtonElement:
        button: kit.ButtonElement = {
            "type": "button",
            "text": kit.plain(_fitting(label, limits.BUTTON_TEXT)),
            "action_id": f"{does}-{next(self._numbers)}",
        }
        if value:
            button["value"] = head(value, limits.BUTTON_VALUE)
        if style is not None:
            button["style"] = style
        return button


def _heading(text: str) -> Iterator[Block]:
    yield kit.header(_fitting(text, limits.HEADER_TEXT))
    if units(inert(text)) > limits.HEADER_TEXT:
        yield from _sections(text)


def _sections(text: str) -> Iterator[Block]:
    for piece in pieces(_visible(text), limits.SECTION_TEXT):
        yield kit.section(_visible(piece))


def _context(text: str) -> Block:
    return kit.context(_fitting(text, limits.CONTEXT_TEXT))


def _fitting(text: str, most: int) -> str:
    return fitted(_visible(text), most)


def _visible(text: str) -> str:
    text = inert(text)
    return text if text.strip() else _NOTHING


def _rich(*lines: _Line) -> Iterator[Block]:
    """Lines of text that may be bold; lines without any text are left out."""
    part: list[tuple[str, bool]] = []
    room = limits.SECTION_TEXT
    for text, bold in _flowing(lines):
        if units(text) > room:
            yield kit.rich_text(part)
            part, room = [], limits.SECTION_TEXT
        part.append((text, bold))
        room -= units(text)
    if part:
        yield kit.rich_text(part)


def _flowing(lines: Iterable[_Line]) -> Iterator[tuple[str, bool]]:
    """The pieces of all lines, none too long for a block, with a line break between lines."""
    begun = False
    for line in lines:
        shown = [(text, bold) for text, bold in ((inert(text), bold) for text, bold in line) if text.strip()]
        for number, (text, bold) in enumerate(shown):
            whole = f"\n{text}" if begun and number == 0 else text
            yield from ((piece, bold) for piece in pieces(whole, limits.SECTION_TEXT))
        begun = begun or bool(shown)


def _rows(table: Table) -> Iterator[_Line]:
    """Each row as a line that labels its figures, since a phone is too narrow for columns."""
    for first, *rest in table.rows:
        told = " · ".join(f"{column} {cell}" for column, cell in zip(table.columns[1:], rest, strict=False))
        yield ((first, True), (f": {told}" if told else "", False))


def _long_labels(options: Iterable[Option]) -> Iterator[_Line]:
    """In full, the labels that are too long for their buttons."""
    return (((each.label, False),) for each in options if units(each.label) + 2 > limits.BUTTON_TEXT)


def _progress(progress: Progress) -> str:
    share = min(max(progress.done / progress.total, 0), 1) if progress.total > 0 else 0
    full = int(share * _BAR)
    return f"{'▰' * full}{'▱' * (_BAR - full)} {progress.label}"
