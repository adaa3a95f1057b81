"""Contenders in separate processes: libraries that we do not depend on, each in its own virtual environment.

Each process does one round for every line it reads, and replies with the seconds that a turn took.
"""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.startup import megabytes

ROOT = Path(__file__).parent.parent
_PEERS = Path(__file__).parent / "peers"
_INSTALL = ("-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "-r")


class NoPeer(Exception):
    """The peer cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class OfItsOwn:
    """A contender in a separate process."""

    process: subprocess.Popen[str]

    def __call__(self) -> float:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def most_megabytes(self) -> float:
        """Its peak memory so far; nan where the system does not report it."""
        return megabytes(self.process.pid, "VmHWM")


@contextmanager
def peer(name: str, *arguments: str) -> Iterator[OfItsOwn]:
    """Run ``peers/with_<name>.py`` on the versions pinned in ``peers/<name>.txt``. Raises ``NoPeer``."""
    with _process([str(python_with(name)), str(_PEERS / f"with_{name}.py"), *arguments]) as contender:
        yield contender


@contextmanager
def our_own(module: str, *arguments: str) -> Iterator[OfItsOwn]:
    """Run a module of ours that uses the same protocol, so that it runs under the same conditions as the peer."""
    with _process([sys.executable, "-m", module, *arguments]) as contender:
        yield contender


@contextmanager
def _process(command: list[str]) -> Iterator[OfItsOwn]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            yield OfItsOwn(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def python_with(name: str) -> Path:
    """The interpreter of the peer's environment, which is created if it is missing or its versions have changed."""
    home, wanted = ROOT / ".venvs" / name, _PEERS / f"{name}.txt"
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    made_from = home / wanted.name
    if not made_from.exists() or made_from.read_bytes() != wanted.read_bytes():
        print(f"Making an environment for {name}; this happens once.", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        install = [str(python), *_INSTALL, str(wanted)]
        if subprocess.run(install, check=False).returncode != 0:
            raise NoPeer(f"{name} could not be installed")
        made_from.write_bytes(wanted.read_bytes())
    return python
