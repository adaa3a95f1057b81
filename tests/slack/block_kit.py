"""What Slack says of blocks before it takes them: its documented limits, and its own description of their shape."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from jsonschema import Draft7Validator

Json: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parent.parent.parent
SHARED = ROOT.parent / "shared"
"""Papers that may lie beside the project: payloads that Slack sent, and JSON Schemas of its blocks."""


def complaints(blocks: list[Json], *, most: int) -> list[str]:
    """What Slack refuses; lengths are counted as it does, in UTF-16 units."""
    found = [] if len(blocks) <= most else [f"no more than {most} items allowed [json-pointer:/blocks]"]
    for place, block in enumerate(blocks):
        found.extend(f"{each} [json-pointer:/blocks/{place}]" for each in _of_block(block))
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    found.extend(f"block_id {each} already exists" for each, times in ids.items() if times > 1)
    actions = Counter(each["action_id"] for block in blocks for each in _interactive(block))
    found.extend(f"action_id {each} already exists" for each, times in actions.items() if times > 1)
    return found


def _of_block(block: Json) -> Iterator[str]:
    check = _CHECKS.get(block["type"])
    return iter([f"nobody uses blocks of type {block['type']} here"]) if check is None else check(block)


def _context(block: Json) -> Iterator[str]:
    yield from _number("elements", block["elements"], 10)
    for each in block["elements"]:
        yield from _text(each, 2000)


def _actions(block: Json) -> Iterator[str]:
    yield from _number("elements", block["elements"], 25)
    for each in block["elements"]:
        yield from _button(each)


def _image(block: Json) -> Iterator[str]:
    yield from _length("alt_text", block["alt_text"], 2000)
    if ("slack_file" in block) == ("image_url" in block):
        yield "an image has a file or an address"


def _rich_text(block: Json) -> Iterator[str]:
    texts = [part["text"] for section in block["elements"] for part in section["elements"]]
    yield from _length("rich_text", "".join(texts), 3000)
    yield from ("empty text" for text in texts if not text)


def _input(block: Json) -> Iterator[str]:
    yield from _text(block["label"], 2000)
    if "hint" in block:
        yield from _text(block["hint"], 2000)
    yield from _length("initial_value", block["element"].get("initial_value", "-"), 3000)


_CHECKS: dict[str, Callable[[Json], Iterator[str]]] = {
    "header": lambda block: _text(block["text"], 150),
    "section": lambda block: _text(block["text"], 3000),
    "context": _context,
    "actions": _actions,
    "image": _image,
    "rich_text": _rich_text,
    "input": _input,
}


def _button(button: Json) -> Iterator[str]:
    yield from _text(button["text"], 75)
    yield from _length("action_id", button["action_id"], 255)
    yield from _length("value", button.get("value", "-"), 2000)
    yield from _length("accessibility_label", button.get("accessibility_label", "-"), 75)
    if button.get("style", "primary") not in {"primary", "danger"}:
        yield "invalid style"


def _text(text: Json, most: int) -> Iterator[str]:
    yield from _length(text["type"], text["text"], most)


def _length(name: str, text: str, most: int) -> Iterator[str]:
    length = len(text.encode("utf-16-le")) // 2
    if not 1 <= length <= most:
        yield f"{name} must be 1 to {most} characters and is {length}"


def _number(name: str, items: list[Json], most: int) -> Iterator[str]:
    if not 1 <= len(items) <= most:
        yield f"{name} must be 1 to {most} items and is {len(items)}"


def _interactive(block: Json) -> Iterator[Json]:
    if block["type"] == "actions":
        yield from block["elements"]
    elif block["type"] == "input":
        yield block["element"]


def slack_files(blocks: list[Json]) -> Iterator[tuple[int, str]]:
    """Where pictures are shown, and which files."""
    for place, block in enumerate(blocks):
        if block["type"] == "image" and "slack_file" in block:
            yield place, block["slack_file"]["id"]


@lru_cache
def _schema(name: str) -> Draft7Validator | None:
    path = SHARED / "schemas" / f"slack-{name}.schema.json"
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def schema_complaints(part: object, name: Literal["blocks", "modal"]) -> list[str]:
    """What Slack's own description of blocks does not know; nothing where that is not at hand."""
    schema = _schema(name)
    return [] if schema is None else [f"{each.json_path}: {each.message[:200]}" for each in schema.iter_errors(part)]
