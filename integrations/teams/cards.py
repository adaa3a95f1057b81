"""The few elements of Adaptive Cards that the bot uses: https://adaptivecards.io/explorer, version 1.5"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NotRequired, TypeAlias, TypedDict

VERSION: Final = "1.5"
VERB: Final = "press"
ACTION: Final = "action"
"""The field in which a button carries what the bot put on it."""

ActionStyle: TypeAlias = Literal["positive", "destructive"]
Data: TypeAlias = dict[str, str]


class SubmitAction(TypedDict):
    type: Literal["Action.Submit"]
    title: str
    data: Data


class Execute(TypedDict):
    type: Literal["Action.Execute"]
    title: str
    verb: str
    data: Data
    fallback: SubmitAction
    style: NotRequired[ActionStyle]


class TextRun(TypedDict):
    type: Literal["TextRun"]
    text: str
    weight: NotRequired[Literal["Bolder"]]
    isSubtle: NotRequired[bool]


class RichTextBlock(TypedDict):
    type: Literal["RichTextBlock"]
    inlines: list[TextRun]
    spacing: NotRequired[Literal["Small"]]
    horizontalAlignment: NotRequired[Literal["Center"]]


class TextBlock(TypedDict):
    type: Literal["TextBlock"]
    text: str
    wrap: bool
    style: NotRequired[Literal["heading"]]
    size: NotRequired[Literal["Large", "Medium"]]
    weight: NotRequired[Literal["Bolder"]]


class Image(TypedDict):
    type: Literal["Image"]
    url: str
    altText: str
    size: Literal["Stretch"]
    msTeams: dict[str, bool]


class InputText(TypedDict):
    type: Literal["Input.Text"]
    id: str
    label: str
    isMultiline: bool
    maxLength: int
    value: NotRequired[str]


class ActionSet(TypedDict):
    type: Literal["ActionSet"]
    actions: list[Execute]


class Column(TypedDict):
    type: Literal["Column"]
    width: Literal["stretch"]
    style: Literal["emphasis", "accent"]
    minHeight: str
    verticalContentAlignment: Literal["Center"]
    items: list[RichTextBlock]
    selectAction: Execute


class ColumnSet(TypedDict):
    type: Literal["ColumnSet"]
    columns: list[Column]
    spacing: Literal["Small"]


class Container(TypedDict):
    type: Literal["Container"]
    separator: bool
    items: list[RichTextBlock | ColumnSet]


Element: TypeAlias = RichTextBlock | TextBlock | Image | InputText | ActionSet | ColumnSet | Container


def heading(markdown: str, size: Literal["Large", "Medium"]) -> TextBlock:
    return {"type": "TextBlock", "text": markdown, "wrap": True, "style": "heading", "size": size, "weight": "Bolder"}


def rich_text(runs: list[TextRun], *, close: bool = False) -> RichTextBlock:
    """``close``: close to what is above it."""
    block: RichTextBlock = {"type": "RichTextBlock", "inlines": runs}
    if close:
        block["spacing"] = "Small"
    return block


def execute(title: str, action: str, style: ActionStyle | None = None) -> Execute:
    """A button whose press replaces the card; clients that don't support that send it as text."""
    data = {ACTION: action}
    button: Execute = {
        "type": "Action.Execute",
        "title": title,
        "verb": VERB,
        "data": data,
        "fallback": {"type": "Action.Submit", "title": title, "data": data},
    }
    if style is not None:
        button["style"] = style
    return button


def cell(label: RichTextBlock, pressed: Execute, *, chosen: bool) -> Column:
    """Something to tap, as large as a finger."""
    return {
        "type": "Column",
        "width": "stretch",
        "style": "accent" if chosen else "emphasis",
        "minHeight": "44px",
        "verticalContentAlignment": "Center",
        "items": [{**label, "horizontalAlignment": "Center"}],
        "selectAction": pressed,
    }


def columns(cells: list[Column]) -> ColumnSet:
    return {"type": "ColumnSet", "columns": cells, "spacing": "Small"}


def card(body: Sequence[Element], language: str, fallback: str) -> dict[str, object]:
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "lang": language,
        "fallbackText": fallback,
        "msteams": {"width": "Full"},
        "body": list(body),
    }
