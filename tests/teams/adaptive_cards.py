"""What Teams makes of a card: what is read, what can be pressed, and what it would say against it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from jsonschema import Draft6Validator
from markdown_it import MarkdownIt

Json: TypeAlias = dict[str, Any]

SCHEMA = Path(__file__).parent.parent.parent.parent / "shared" / "schemas" / "adaptive-card-1.5.schema.json"
"""The cards' own description, where it lies beside the project."""
_FOR_TEAMS = ("msteams", "msTeams")
"""What only Teams knows of, so that the description does not."""
_WORDS = {"text", "title", "altText", "fallbackText", "label", "value", "url", "action", "lang", "id"}
_markdown = MarkdownIt("commonmark")


@lru_cache
def _schema() -> Draft6Validator | None:
    return Draft6Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))) if SCHEMA.exists() else None


def complaints(card: Json, message: Json) -> list[str]:
    """What would be refused, cut, unreadable or alive in a message with this card."""
    found = [*_schema_complaints(json.dumps(_shape(card)))]
    size = len(json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-16-le"))
    found.extend([f"{size} bytes are too many"] if size > 80_000 else [])
    found.extend([] if card.get("fallbackText") and message.get("summary") else ["nothing for notifications"])
    actions = [each for part in elements(card) if part["type"] == "ActionSet" for each in part["actions"]]
    found.extend([f"{len(actions)} buttons are too many"] if len(actions) > 6 else [])
    found.extend(
        f"no fallback: {each['title']}" for each in pressable(card) if each["fallback"]["data"] != each["data"]
    )
    for part in elements(card):
        found.extend(_of_element(part))
    return found


def _of_element(part: Json) -> Iterator[str]:
    if part["type"] == "Image" and not part.get("altText"):
        yield "a picture that is not told"
    if part["type"] == "TextBlock":
        yield from (f"comes alive: {kind}" for kind in _alive(part["text"]))
        if not part.get("wrap"):
            yield "a text that is cut"
    if part["type"] == "RichTextBlock":
        yield from (f"a formula: {run['text']}" for run in part["inlines"] if "{{" in run["text"])
        if not any(run["text"].strip() for run in part["inlines"]):
            yield "a text without anything to read"


def _alive(markdown: str) -> Iterator[str]:
    """What Markdown would make of a text beyond text; links are the bot's own where they go to files."""
    for block in _markdown.parse(markdown):
        if block.type not in {"paragraph_open", "paragraph_close", "inline"}:
            yield block.type
        for each in block.children or ():
            if each.type == "link_open" and "/teams/files/" in str(each.attrs["href"]):
                continue
            if each.type not in {"text", "link_close", "text_special"}:
                yield each.type


@cache
def _schema_complaints(shape: str) -> tuple[str, ...]:
    """What the cards' own description does not know; nothing where that is not at hand."""
    schema = _schema()
    found = () if schema is None else schema.iter_errors(json.loads(shape))
    return tuple(f"{each.json_path}: {each.message[:200]}" for each in found)


def _shape(part: Any, name: str = "") -> Any:
    """A card without its words, and each of its parts once: thousands of cards are of a few dozen shapes."""
    if isinstance(part, dict):
        return {key: _shape(value, key) for key, value in part.items() if key not in _FOR_TEAMS}
    if isinstance(part, list):
        shapes = [_shape(each) for each in part]
        return [each for place, each in enumerate(shapes) if each not in shapes[:place]]
    return "words" if isinstance(part, str) and name in _WORDS else part


def elements(part: Any) -> Iterator[Json]:
    """Every element of a card, from the top."""
    for each in part.get("body", part.get("items", part.get("columns", ()))):
        yield each
        yield from elements(each)


def text_of(part: Json) -> str:
    """What is read in one element."""
    match part["type"]:
        case "TextBlock":
            blocks = _markdown.parse(part["text"])
            return "".join(each.content for block in blocks for each in block.children or ())
        case "RichTextBlock":
            return "".join(run["text"] for run in part["inlines"])
        case "Image":
            return str(part["altText"])
        case "Input.Text":
            return f"{part['label']} {part.get('value', '')}"
        case "ActionSet":
            return " ".join(each["title"] for each in part["actions"])
        case _:
            return ""


def seen(card: Json) -> str:
    return "\n".join(text for part in elements(card) if (text := text_of(part)))


def pressable(card: Json) -> Iterator[Json]:
    """Every button and every cell to tap, from the top."""
    for part in elements(card):
        if "selectAction" in part:
            yield part["selectAction"]
        yield from part.get("actions", ())


@dataclass(frozen=True)
class Cell:
    """Something to tap, and the bold words above it."""

    legend: str
    name: str
    action: Json


def cells(card: Json) -> Iterator[Cell]:
    legend = ""
    for part in card["body"]:
        if part["type"] == "RichTextBlock" and all(run.get("weight") == "Bolder" for run in part["inlines"]):
            legend = text_of(part)
        for each in (part, *elements(part)):
            if "selectAction" in each:
                name = each["selectAction"]["title"].removeprefix("✓ ")
                yield Cell(
                    name.partition(": ")[0] if ": " in name else legend,
                    name.partition(": ")[2] or name,
                    each["selectAction"],
                )
