"""What the bot says in Slack, on a plain page: the blocks that a played Slack was sent, and nothing of Slack's own.

A page of it is for a picture. It shows what each kind of block is in words and order; Slack draws it in its own way.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.slack.playing_slack import Posted
from tests.slack.school_world import RIVER, SlackWorld, buttons, furnished, slack_world

Json: TypeAlias = Mapping[str, Any]
Pictures: TypeAlias = Mapping[str, bytes]
"""The content of each file, by its id."""


@dataclass(frozen=True, slots=True)
class Told:
    """The story of the demo: a question, a leader's own tab, and the report with what stands in its thread."""

    question: Posted
    tab: Json
    report: Posted
    thread: tuple[Posted, ...]
    pictures: Pictures
    names: Mapping[str, str]
    """Of the files, by their ids."""


def story(folder: Path) -> Told:
    return asyncio.run(_told(folder))


async def _told(folder: Path) -> Told:
    async with slack_world(furnished(folder / "slack.db")) as world:
        await world.types("priya", "start")
        await world.types("priya", "3 3")
        await _press(world, "priya", "3 Established")
        question = replace(world.own("priya")[-1])
        await world.opens_home("priya")
        tab = world.home("priya")
        assert tab is not None
        await _close_and_report(world)
        river = world.slack.channels[RIVER].messages
        report = next(each for each in river if each.blocks and each.thread is None and each.only_to is None)
        thread = tuple(each for each in river if each.thread == report.ts)
        files = world.slack.files
        contents = {each.id: each.content for each in files.values() if each.content is not None}
        return Told(question, tab, report, thread, contents, {each.id: each.name for each in files.values()})


async def _close_and_report(world: SlackWorld) -> None:
    for _ in range(17):
        await world.types("priya", "3 2")
    for text in ("done", "submit"):
        await world.types("priya", text)
    await world.commands("ruth", "/partnership-report")
    asked = world.in_channel("ruth")[-1]
    close = next(each for each in buttons(asked) if each["text"]["text"] == "Close now and post the report")
    await world.presses("ruth", close, RIVER, asked.ts)


async def _press(world: SlackWorld, person: str, label: str) -> None:
    shown = world.own(person)[-1]
    button = next(each for each in buttons(shown) if each["text"]["text"] == label)
    await world.presses(person, button, f"D0{person.upper()}", shown.ts)


# As a page

_STYLE: Final = """
body { margin: 0; background: #fff; color: #1d1c1d; font: 15px/1.47 "DejaVu Sans", sans-serif; }
main { display: block; padding: 20px 24px 6px; }
article { display: flex; gap: 12px; margin: 0 0 18px; }
article > i { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #12436d; }
article > div { flex: 1; min-width: 0; }
.thread { margin-left: 48px; border-left: 3px solid #ddd; padding-left: 14px; }
.who { font-weight: bold; } .who small { font-weight: normal; color: #616061; margin-left: 6px; }
h3 { font-size: 18px; line-height: 1.3; margin: 4px 0 8px; }
p { margin: 0 0 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
.context { color: #616061; font-size: 13px; }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 0 0 10px; }
.actions span { border: 1px solid #bbb; border-radius: 4px; padding: 4px 12px; font-weight: bold; font-size: 14px; }
.actions .primary { background: #00623b; border-color: #00623b; color: #fff; }
.actions .danger { background: #b3002d; border-color: #b3002d; color: #fff; }
img { max-width: 100%; border: 1px solid #ddd; border-radius: 6px; }
.file { border: 1px solid #ddd; border-radius: 6px; padding: 8px 12px; display: inline-block; margin: 0 8px 8px 0; }
"""


def page(*parts: str) -> str:
    return f"<!doctype html><html lang=en-GB><meta charset=utf-8><style>{_STYLE}</style><main>{''.join(parts)}</main>"


def message(posted: Posted, told: Told, where: str = "") -> str:
    files = "".join(f"<span class=file>File: {escape(told.names[each])}</span>" for each in posted.files)
    shown = blocks(posted.blocks, told.pictures) if posted.blocks else f"<p>{escape(posted.text)}</p>"
    who = "<div class=who>Partnership bot<small>app</small></div>"
    return f"<article class='{where}'><i></i><div>{who}{shown}{files}</div></article>"


def blocks(every: Iterable[Json], pictures: Pictures) -> str:
    return "".join(_block(each, pictures) for each in every)


def _block(block: Json, pictures: Pictures) -> str:
    match block:
        case {"type": "header", "text": {"text": str(text)}}:
            return f"<h3>{escape(text)}</h3>"
        case {"type": "section", "text": {"text": str(text)}}:
            return f"<p>{escape(text)}</p>"
        case {"type": "context", "elements": list(elements)}:
            return "".join(f"<p class=context>{escape(each['text'])}</p>" for each in elements)
        case {"type": "rich_text", "elements": list(sections)}:
            return "".join(f"<p>{''.join(map(_piece, each['elements']))}</p>" for each in sections)
        case {"type": "actions", "elements": list(elements)}:
            return f"<div class=actions>{''.join(map(_button, elements))}</div>"
        case {"type": "image", "slack_file": {"id": str(file)}, "alt_text": str(alt)}:
            data = base64.b64encode(pictures[file]).decode()
            return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'
    raise ValueError(f"nobody draws blocks of type {block.get('type')}")


def _piece(piece: Json) -> str:
    text = escape(piece["text"])
    return f"<b>{text}</b>" if piece.get("style", {}).get("bold") else text


def _button(button: Json) -> str:
    return f"<span class='{button.get('style', '')}'>{escape(button['text']['text'])}</span>"
