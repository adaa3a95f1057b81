"""The scenarios in a played Slack: every press, text and command is a signed request, and its messages are seen."""

from __future__ import annotations

from asyncio import Runner
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from tests.slack.playing_slack import TEAM, Posted
from tests.slack.school_world import RIVER, SlackWorld, buttons, direct, renamed, slack_world

Json: TypeAlias = dict[str, Any]

TENANT = TEAM


@contextmanager
def opened(database: Path) -> Iterator[SlackDriver]:
    renamed(f"sqlite:///{database}")
    with Runner() as runner:
        playing = slack_world(database)
        world = runner.run(playing.__aenter__())
        try:
            yield SlackDriver(world, runner)
            sent = world.slack.called("chat.postMessage", "chat.postEphemeral")
            assert sent, "the played Slack has taken and checked something"
        finally:
            runner.run(playing.__aexit__(None, None, None))


@dataclass
class SlackDriver:
    world: SlackWorld
    runner: Runner
    read: dict[str, dict[str, str]] = field(default_factory=dict)
    """What each person could read before they last did something."""

    def types(self, person: str, text: str) -> None:
        self._remember(person)
        if text.startswith("/"):
            self._commands(person, text, direct(person))
        else:
            self.runner.run(self.world.types(person, text))

    def presses(self, person: str, label: str) -> None:
        places = ((direct(person), self.world.own(person)), (RIVER, self.world.in_channel(person)))
        messages = sorted(
            ((posted, channel) for channel, each in places for posted in each), key=lambda shown: shown[0].ts
        )
        shown = [(button, *message) for message in messages for button in buttons(message[0])]
        fitting = [each for each in shown if each[0]["text"]["text"] == label]
        assert fitting, f"{person} sees no button {label}, only {[each[0]['text']['text'] for each in shown]}"
        button, posted, channel = fitting[-1]
        self._send(person, button, channel, posted)

    def chooses(self, person: str, legend: str, label: str) -> None:
        for posted in reversed(self.world.own(person)):
            row = _row(posted, legend, label)
            if row is not None:
                self._send(person, row, direct(person), posted)
                return
        raise AssertionError(f"{person} sees no {label} under {legend}")

    def writes(self, person: str, text: str) -> None:
        posted = next(each for each in reversed(self.world.own(person)) if "Or type: " in str(each.blocks))
        opens = next(each for each in buttons(posted) if each["action_id"].startswith("write"))
        self._send(person, opens, direct(person), posted)
        self.runner.run(self.world.submits(person, self.world.slack.views[-1], text))

    def says_in_channel(self, person: str, text: str) -> None:
        self._remember(person)
        self._commands(person, text, RIVER)

    def sees(self, person: str) -> str:
        read = self.read[person]
        return "\n".join(text for ts, text in self._readable(person).items() if read.get(ts) != text)

    def sees_in_channel(self, person: str) -> str:
        """With the files that are below a message: Slack has them in its thread."""
        posted = [each for each in self.world.in_channel(person) if each.only_to is None]
        return "\n".join(self._text(each) for each in posted if each.thread is None or each.files)

    def sees_in_thread(self, person: str) -> str:
        return "\n".join(self._text(each) for each in self.world.in_channel(person) if each.thread is not None)

    def _send(self, person: str, button: Json, channel: str, posted: Posted) -> None:
        self._remember(person)
        self.runner.run(self.world.presses(person, button, channel, posted.ts))

    def _commands(self, person: str, text: str, channel: str) -> None:
        name, _, rest = text.partition(" ")
        self.runner.run(self.world.commands(person, name, rest, channel=channel))

    def _remember(self, person: str) -> None:
        self.read[person] = self._readable(person)

    def _readable(self, person: str) -> dict[str, str]:
        return {each.ts: self._text(each) for each in (*self.world.own(person), *self.world.in_channel(person))}

    def _text(self, posted: Posted) -> str:
        """As Slack shows it: its own signs are written out, and shared files are there by name."""
        files = " ".join(self.world.slack.files[each].name for each in posted.files)
        return posted.text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") + files


def _row(posted: Posted, legend: str, label: str) -> Json | None:
    """The button with this label in the row whose legend begins like this."""
    under = ""
    for block in posted.blocks:
        if block["type"] == "rich_text":
            under = "".join(part["text"] for section in block["elements"] for part in section["elements"])
        elif block["type"] == "actions" and under.startswith(legend):
            found = [each for each in block["elements"] if each["text"]["text"].removeprefix("✓ ") == label]
            if found:
                return dict(found[0])
    return None
