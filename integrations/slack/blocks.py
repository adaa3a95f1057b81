"""The few blocks of Block Kit that the bot uses: https://docs.slack.dev/reference/block-kit/blocks

The SDK's own classes look up their validators again for every part of every message. The tests validate every kind of
message with them, so a turn need not.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NotRequired, TypeAlias, TypedDict

Style: TypeAlias = Literal["primary", "danger"]


class PlainText(TypedDict):
    type: Literal["plain_text"]
    text: str
    emoji: bool


class ButtonElement(TypedDict):
    type: Literal["button"]
    text: PlainText
    action_id: str
    value: NotRequired[str]
    style: NotRequired[Style]
    accessibility_label: NotRequired[str]


class TextStyle(TypedDict):
    bold: bool


class RichText(TypedDict):
    type: Literal["text"]
    text: str
    style: NotRequired[TextStyle]


class RichTextSection(TypedDict):
    type: Literal["rich_text_section"]
    elements: list[RichText]


class HeaderBlock(TypedDict):
    type: Literal["header"]
    text: PlainText


class SectionBlock(TypedDict):
    type: Literal["section"]
    text: PlainText
    expand: bool


class ContextBlock(TypedDict):
    type: Literal["context"]
    elements: list[PlainText]


class RichTextBlock(TypedDict):
    type: Literal["rich_text"]
    elements: list[RichTextSection]


class ActionsBlock(TypedDict):
    type: Literal["actions"]
    elements: list[ButtonElement]


class SlackFile(TypedDict):
    id: str


class ImageBlock(TypedDict):
    type: Literal["image"]
    slack_file: SlackFile
    alt_text: str


Block: TypeAlias = HeaderBlock | SectionBlock | ContextBlock | RichTextBlock | ActionsBlock | ImageBlock


def plain(text: str) -> PlainText:
    """Text that Slack shows as it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> HeaderBlock:
    return {"type": "header", "text": plain(text)}


def section(text: str) -> SectionBlock:
    """``expand``: all of it is shown at once, without a "see more"."""
    return {"type": "section", "text": plain(text), "expand": True}


def context(text: str) -> ContextBlock:
    return {"type": "context", "elements": [plain(text)]}


def rich_text(parts: Iterable[tuple[str, bool]]) -> RichTextBlock:
    """Pieces of text, each bold or not."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [_piece(*each) for each in parts]}],
    }


def _piece(text: str, bold: bool) -> RichText:
    return {"type": "text", "text": text, "style": {"bold": True}} if bold else {"type": "text", "text": text}


def actions(buttons: list[ButtonElement]) -> ActionsBlock:
    return {"type": "actions", "elements": buttons}


def image(file: str, alt: str) -> ImageBlock:
    return {"type": "image", "slack_file": {"id": file}, "alt_text": alt}
