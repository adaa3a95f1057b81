"""The log as an operator has it, for tests that read it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from inspect import getsource
from io import StringIO
from typing import Any, TypeAlias

from core.log import ROOMS
from integrations.log_setup import Style, set_up_log

Entry: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Written:
    stream: StringIO

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def entries(self) -> list[Entry]:
        """Each line, where the log is JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    def of(self, event: str) -> list[Entry]:
        return [each for each in self.entries if each["event"] == event]

    @property
    def errors(self) -> list[Entry]:
        return [each for each in self.entries if each["level"] == "error"]


@contextmanager
def written_log(level: str = "info", style: Style = "json") -> Iterator[Written]:
    """What is logged in here, as if the program had been started with these settings."""
    root, stream = logging.getLogger(), StringIO()
    before, handler = root.level, set_up_log(level, style, stream)
    try:
        yield Written(stream)
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for room in ROOMS:
            logging.getLogger(room).setLevel(logging.NOTSET)


def place_of(module: str, line: str) -> str:
    """Where in a module of ours a line stands, as the log names it."""
    (number,) = (number for number, each in enumerate(getsource(import_module(module)).splitlines(), 1) if line in each)
    return f"{module}:{number}"
