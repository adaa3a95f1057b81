"""A message as an Adaptive Card, which works on a phone as well as on a desktop.

What people wrote goes only into text without markup, except for headings, where it is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final, TypeAlias, assert_never

from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
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
from integrations.teams import cards as kit
from integrations.teams import limits, words
from integrations.teams.cards import ActionStyle, Element, RichTextBlock, TextRun
from integrations.teams.limits import fitted
from integrations.teams.text import escaped, pieces
from integrations.words import OR_TYPE, in_language

Activity: TypeAlias = dict[str, object]

CARD: Final = "application/vnd.microsoft.card.adaptive"
_STYLES: Final[Mapping[Weight, ActionStyle | None]] = {
    Weight.MAIN: "positive",
    Weight.CAREFUL: "destructive",
    Weight.PLAIN: None,
}
_NOTHING: Final = "–"
"""For text with nothing visible in it."""
_BAR: Final = 10
_FALLBACK: Final = 2_000

_Line: TypeAlias = tuple[tuple[str, bool], ...]
"""Pieces of text, each bold or not."""


@dataclass(frozen=True, slots=True)
class Link:
    """A file of the message, and its URL."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class _Scale:
    """Levels with their descriptors, and the questions they answer."""

    levels: Facts
    choices: tuple[Choice, ...]


def render(message: Message, pictures: Sequence[str | None] = (), files: Sequence[Link] = ()) -> Activity:
    """``pictures`` are the URLs of the message's pictures, in order; a picture without one is described in words."""
    body = list(_Renderer(message.lang, pictures).blocks(message.blocks))
    links = [_links(files, message.lang)] if files else []
    while limits.is_too_large(activity := _activity(message, [*body, *links])):
        shorter = _shortened(body, message.lang)
        if shorter == body:
            break
        body = shorter
    return activity


def card_of(activity: Activity) -> object:
    """The card alone, as in the answer to a press."""
    match activity:
        case {"attachments": [{"content": content}]}:
            return content
    return None


def pictures_of(message: Message) -> tuple[Picture, ...]:
    """The pictures of a message, in the order in which ``render`` expects their URLs."""
    return tuple(block for block in message.blocks if isinstance(block, Picture))


def _activity(message: Message, body: Sequence[Element]) -> Activity:
    fallback = fitted(plain_text(message), _FALLBACK) or _NOTHING
    content = kit.card(body, message.lang, fallback)
    return {
        "type": "message",
        "summary": fitted(_first_words(message), limits.SUMMARY),
        "attachments": [{"contentType": CARD, "content": content}],
    }


def _first_words(message: Message) -> str:
    """For a notification: a heading or paragraph, else what a picture shows, else whatever the message begins with."""
    told = (inert(block.text) for block in message.blocks if isinstance(block, Heading | Paragraph))
    return _first(told) or _first(inert(each.alt) for each in pictures_of(message)) or _beginning(message)


def _beginning(message: Message) -> str:
    return _first(plain_text(message).split("\n")) or _NOTHING


def _first(texts: Iterable[str]) -> str | None:
    return next((text for text in texts if text.strip()), None)


def _shortened(body: list[Element], language: str) -> list[Element]:
    """Without the largest text; everything pressable stays."""
    note = _subtle(in_language(words.SHORTENED, language))
    texts = [each for each in body if each["type"] in {"RichTextBlock", "TextBlock"} and each != note]
    if not texts:
        return body
    longest = max(texts, key=lambda each: len(str(each)))
    return [*(each for each in body if each is not longest and each != note), note]


class _Renderer:
    def __init__(self, language: str, pictures: Sequence[str | None]) -> None:
        self._language = language
        self._pictures = iter(pictures)
        self._room = limits.ACTIONS

    def blocks(self, blocks: Sequence[Block]) -> Iterator[Element]:
        for each in _grouped(blocks):
            yield from _scale(each) if isinstance(each, _Scale) else self._block(each)

    def _block(self, block: Block) -> Iterator[Element]:  # noqa: C901 - a closed union is easiest to read as one match
        match block:
            case Heading(text, level):
                yield kit.heading(escaped(_visible(text)), "Large" if level == 1 else "Medium")
            case Paragraph(text):
                yield from _lines(((text, False),))
            case Facts(items):
                yield from _lines(*map(_fact, items))
            case Table():
                yield from _lines(((block.caption, True),), *_rows(block))
            case Picture():
                yield from self._picture(block)
            case Choice():
                yield from _choice(block)
            case TextInput():
                yield from self._text_input(block)
            case Buttons(buttons):
                yield from self._buttons(buttons)
            case Progress():
                yield _subtle(_progress(block))
            case _:
                assert_never(block)

    def _picture(self, picture: Picture) -> Iterator[Element]:
        address, alt = next(self._pictures, None), fitted(_visible(picture.alt), limits.ALT_TEXT)
        if address is None:
            yield from _lines(((f"{picture.file_name}: {alt}", False),))
        else:
            yield {
                "type": "Image",
                "url": address,
                "altText": alt,
                "size": "Stretch",
                "msTeams": {"allowExpand": True},
            }

    def _text_input(self, block: TextInput) -> Iterator[Element]:
        yield from _lines(((block.hint, False),))
        box: kit.InputText = {
            "type": "Input.Text",
            "id": block.name,
            "label": fitted(_visible(block.label), limits.LABEL),
            "isMultiline": True,
            "maxLength": limits.INPUT_TEXT,
        }
        if block.value:
            box["value"] = fitted(inert(block.value), limits.INPUT_TEXT)
        yield box
        yield from self._buttons((Button(block.submit_label, block.action, block.typed, Weight.MAIN),))

    def _buttons(self, buttons: Sequence[Button]) -> Iterator[Element]:
        """As many buttons as Teams accepts, and what to type instead of the others."""
        shown, others = buttons[: self._room], buttons[self._room :]
        self._room -= len(shown)
        if shown:
            pressable = [kit.execute(_label(each.label), each.action, _STYLES[each.weight]) for each in shown]
            yield {"type": "ActionSet", "actions": pressable}
        if others:
            typed = " · ".join(inert(each.typed) for each in others)
            yield _subtle(in_language(OR_TYPE, self._language).format(typed=typed))


def _grouped(blocks: Sequence[Block]) -> Iterator[Block | _Scale]:
    """The blocks, with levels and the questions below them combined."""
    rest = list(blocks)
    while rest:
        first = rest.pop(0)
        choices = _answered_by(first, rest) if isinstance(first, Facts) else ()
        del rest[: len(choices)]
        yield _Scale(first, choices) if isinstance(first, Facts) and choices else first


def _answered_by(levels: Facts, blocks: Iterable[Block]) -> tuple[Choice, ...]:
    """The questions at the start of these blocks that these levels answer."""
    terms = tuple(each.term for each in levels.items)
    choices = takewhile(lambda block: isinstance(block, Choice) and _labels(block) == terms, blocks)
    return tuple(each for each in choices if isinstance(each, Choice))


def _labels(choice: Choice) -> tuple[str, ...]:
    return tuple(each.label for each in choice.options)


def _scale(scale: _Scale) -> Iterator[Element]:
    """The questions, then each level's descriptor with a cell to tap for each question below it."""
    for choice in scale.choices:
        yield from _lines(((choice.legend, True),), ((choice.question, False),))
    for place, level in enumerate(scale.levels.items):
        cells = [_of_scale(choice, choice.options[place]) for choice in scale.choices]
        yield {"type": "Container", "separator": True, "items": [*_told(level), kit.columns(cells)]}


@lru_cache(maxsize=500)  # The levels of a question are the same for everybody who is asked it.
def _told(level: Fact) -> tuple[RichTextBlock, ...]:
    return tuple(_lines(_fact(level)))


def _of_scale(choice: Choice, option: Option) -> kit.Column:
    shown, spoken = _labelled(choice.name, option.label, option.chosen)
    return kit.cell(shown, kit.execute(spoken, option.action), chosen=option.chosen)


@lru_cache(maxsize=500)  # So are the words on its cells.
def _labelled(name: str, label: str, chosen: bool) -> tuple[RichTextBlock, str]:
    return _label_of_cell(name or label, f"{name}: {label}" if name else label, chosen)


def _choice(choice: Choice) -> Iterator[Element]:
    yield from _lines(((choice.legend, True),), ((choice.question, False),))
    yield from (kit.columns([_tappable(each)]) for each in choice.options)


def _tappable(option: Option) -> kit.Column:
    shown, spoken = _label_of_cell(option.label, option.label, option.chosen)
    return kit.cell(shown, kit.execute(spoken, option.action), chosen=option.chosen)


def _label_of_cell(label: str, spoken: str, chosen: bool) -> tuple[RichTextBlock, str]:
    mark = f"{CHOSEN} " if chosen else ""
    shown = kit.rich_text(_runs(((f"{mark}{fitted(_visible(label), limits.LABEL)}", chosen),)))
    return shown, _label(f"{mark}{spoken}")


def _lines(*lines: _Line) -> Iterator[RichTextBlock]:
    """Each line of text as a block of its own, close to the one above; lines without any text are left out."""
    shown = (runs for line in lines for part in _broken(line) if (runs := _runs(part)))
    return (kit.rich_text(runs, close=place > 0) for place, runs in enumerate(shown))


def _broken(line: _Line) -> Iterator[_Line]:
    """A line in which people put line breaks: text without markup can't show those either."""
    part: list[tuple[str, bool]] = []
    for text, bold in line:
        first, *rest = inert(text).split("\n")
        part.append((first, bold))
        for each in rest:
            yield tuple(part)
            part = [(each, bold)]
    yield tuple(part)


def _runs(line: _Line) -> list[TextRun]:
    if not any(text.strip() for text, _ in line):
        return []
    return [_run(piece, bold) for text, bold in line for piece in pieces(text)]


def _run(text: str, bold: bool) -> TextRun:
    return {"type": "TextRun", "text": text, "weight": "Bolder"} if bold else {"type": "TextRun", "text": text}


def _subtle(text: str) -> RichTextBlock:
    return kit.rich_text([{"type": "TextRun", "text": each, "isSubtle": True} for each in pieces(inert(text))])


def _fact(fact: Fact) -> _Line:
    return ((f"{fact.term}: ", True), (fact.text, False))


def _rows(table: Table) -> Iterator[_Line]:
    """Each row as a line that labels its figures, since a phone is too narrow for columns."""
    for first, *rest in table.rows:
        told = " · ".join(f"{column} {cell}" for column, cell in zip(table.columns[1:], rest, strict=False))
        yield ((first, True), (f": {told}" if told else "", False))


def _links(files: Sequence[Link], language: str) -> Element:
    links = " · ".join(f"[{escaped(each.name)}]({each.address})" for each in files)
    return {"type": "TextBlock", "text": f"{in_language(words.FILES, language)} {links}", "wrap": True}


def _visible(text: str) -> str:
    text = inert(text)
    return text if text.strip() else _NOTHING


def _label(text: str) -> str:
    return fitted(_visible(text).replace("\n", " "), limits.BUTTON_TEXT)


def _progress(progress: Progress) -> str:
    share = min(max(progress.done / progress.total, 0), 1) if progress.total > 0 else 0
    full = int(share * _BAR)
    return f"{'▰' * full}{'▱' * (_BAR - full)} {progress.label}"
