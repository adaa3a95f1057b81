"""A message as a piece of HTML. Everything people wrote is text in it, never markup.

Each message is one form, so that its buttons work without a script. The form contains ``ONCE``, an element that no text
can produce; whoever shows the message replaces it with the fields for that one time.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from markupsafe import Markup, escape

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

ONCE: Final = Markup("<once></once>")

_HEADINGS: Final = {1: "h3", 2: "h4"}
"""The page itself uses the levels above."""
_IN_WORDS: Final[Mapping[str, str]] = {"en": "This picture in words", "cy": "Y llun hwn mewn geiriau"}
_PNG_SIZE: Final = struct.Struct(">16xII")
"""Width and height are at the start of every PNG file (its IHDR chunk)."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or a file of a message, with the id at the end of its URL."""

    id: str
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fragment:
    html: Markup
    attached: tuple[Attached, ...]


def render(message: Message, new_id: Callable[[], str]) -> Fragment:
    """``new_id`` gives unguessable ids: whoever knows a file's URL may be able to see it."""
    renderer = _Renderer(message.lang, new_id)
    body = Markup("\n").join((*map(renderer.block, message.blocks), *renderer.files(message.files)))
    html = Markup('{}<form method="post" lang="{}">{}\n{}\n</form>').format(mark(message.key), message.lang, ONCE, body)
    return Fragment(html, tuple(renderer.attached))


def mark(key: str) -> Markup:
    """How every fragment of a message with this key begins."""
    return Markup("<!--{}-->").format(key.encode().hex())


class _Renderer:
    def __init__(self, language: str, new_id: Callable[[], str]) -> None:
        self._language = language
        self._new_id = new_id
        self.attached: list[Attached] = []

    def block(self, block: Block) -> Markup:  # noqa: C901 - a closed union is easiest to read as one match
        match block:
            case Heading(text, level):
                tag = Markup(_HEADINGS.get(level, "h5"))
                return Markup("<{0}>{1}</{0}>").format(tag, text)
            case Paragraph(text):
                return Markup("<p>{}</p>").format(text)
            case Facts(items):
                return _wrapped("dl", (Markup("<dt>{}</dt><dd>{}</dd>").format(each.term, each.text) for each in items))
            case Table():
                return _table(block)
            case Picture():
                return self._picture(block)
            case Choice(legend, question, options):
                named = Markup("<legend><b>{}</b> <span>{}</span></legend>").format(legend, question)
                return _wrapped("fieldset", (named, _buttons(map(_option, options))))
            case TextInput():
                return _text_input(block)
            case Buttons(buttons):
                return _buttons(map(_button, buttons))
            case Progress(done, total, label):
                bar = Markup(
                    '<label class="progress"><span>{}</span> <progress value="{}" max="{}"></progress></label>'
                )
                return bar.format(label, done, total)
            case _:
                assert_never(block)

    def _picture(self, picture: Picture) -> Markup:
        width, height = _PNG_SIZE.unpack_from(picture.png) if len(picture.png) >= _PNG_SIZE.size else ("", "")
        return Markup(
            '<figure><a href="{address}"><img src="{address}" alt="{alt}" width="{width}" height="{height}"></a>'
            "<figcaption><details><summary>{in_words}</summary><p>{alt}</p></details></figcaption></figure>"
        ).format(
            address=self._address(Attached(self._new_id(), picture.file_name, "image/png", picture.png)),
            alt=picture.alt,
            width=width,
            height=height,
            in_words=_IN_WORDS.get(self._language, _IN_WORDS["en"]),
        )

    def files(self, files: tuple[File, ...]) -> Iterator[Markup]:
        link = Markup('<li><a href="{}" download="{}">{}</a></li>')
        links = (
            link.format(
                self._address(Attached(self._new_id(), file.name, file.media_type, file.content)), file.name, file.name
            )
            for file in files
        )
        if files:
            yield _wrapped("ul", links, "files")

    def _address(self, attached: Attached) -> str:
        """Relative to the viewer's own page, so that their permission is checked."""
        self.attached.append(attached)
        return f"files/{attached.id}"


def _wrapped(tag: str, parts: Iterable[Markup], css_class: str = "") -> Markup:
    named = Markup(' class="{}"').format(css_class) if css_class else Markup()
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), named, Markup().join(parts))


def _table(table: Table) -> Markup:
    head = _wrapped("tr", (Markup('<th scope="col">{}</th>').format(column) for column in table.columns))
    rows = (
        _wrapped(
            "tr",
            (
                Markup('<th scope="row">{}</th>').format(first),
                *(Markup("<td>{}</td>").format(cell) for cell in rest),
            ),
        )
        for first, *rest in table.rows
    )
    return Markup(
        '<div class="wide" tabindex="0" role="region" aria-label="{0}">'
        "<table><caption>{0}</caption><thead>{1}</thead><tbody>{2}</tbody></table></div>"
    ).format(table.caption, head, Markup().join(rows))


def _buttons(buttons: Iterable[Markup]) -> Markup:
    return _wrapped("div", buttons, "buttons")


def _option(option: Option) -> Markup:
    pressed = "true" if option.chosen else "false"
    return Markup('<button name="action" value="{}" aria-pressed="{}">{}</button>').format(
        option.action, pressed, option.label
    )


def _button(button: Button) -> Markup:
    return Markup('<button name="action" value="{}" class="{}">{}</button>').format(
        button.action, button.weight.value, button.label
    )


def _text_input(block: TextInput) -> Markup:
    # A browser drops the first line break in a textarea; this one is there for it.
    return Markup(
        '<label class="write"><b>{label}</b> <small>{hint}</small><textarea name="{name}" rows="3">\n{value}</textarea>'
        '</label><div class="buttons"><button name="action" value="{action}" class="main">{submit}</button></div>'
    ).format(
        label=block.label,
        hint=block.hint,
        name=escape(f"input.{block.name}"),
        value=block.value,
        action=block.action,
        submit=block.submit_label,
    )
