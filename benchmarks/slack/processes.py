"""The servers that are measured, each in a separate process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from benchmarks.peer import ROOT, python_with


@contextmanager
def served(*command: str, settings: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a module of ours with these arguments until the context closes; yields its port."""
    with _process([sys.executable, "-m", *command], settings or {}) as port:
        yield port


@contextmanager
def served_by_peer(name: str, *command: str) -> Iterator[int]:
    """Run a module on the versions pinned in ``peers/<name>.txt``. Raises ``NoPeer``."""
    with _process([str(python_with(name)), "-m", *command], {}) as port:
        yield port


@contextmanager
def _process(command: list[str], settings: Mapping[str, str]) -> Iterator[int]:
    environment = os.environ | settings
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.stdin.close()
