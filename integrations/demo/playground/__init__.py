"""Microsoft's Agents Playground, in which the demo is played as in Teams. It needs Node.js and stays on this computer.

https://learn.microsoft.com/microsoft-365/agents-sdk/test-with-toolkit-project
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

HOME: Final = Path(sys.prefix) / "agents-playground"
_HERE: Final = Path(__file__).parent
_WANTED: Final = ("package.json", "package-lock.json")
_PROGRAM: Final = Path("node_modules", "@microsoft", "m365agentsplayground", "cli.js")
_SECONDS_TO_END: Final = 5

NO_NODE: Final = (
    "The demo in Teams needs Node.js 20 or newer, and there is none here. Please install it:\n"
    "    Debian or Ubuntu: sudo apt install nodejs npm\n"
    "    macOS:            brew install node\n"
    "    anywhere:         https://nodejs.org\n"
    "Everything but Teams can be tried without it: make demo"
)
_NOT_INSTALLED: Final = (
    "Microsoft's Agents Playground could not be installed with npm. Can this computer reach its registry?"
)


class NoPlayground(Exception):
    """The Playground can't be run here; says why, and what to do."""


def is_installed() -> bool:
    locked = HOME / "package-lock.json"
    same = locked.exists() and locked.read_bytes() == (_HERE / "package-lock.json").read_bytes()
    return same and (HOME / _PROGRAM).exists()


def program(name: str) -> str:
    """``node``, or ``npm`` that comes with it. Raises ``NoPlayground``."""
    found = shutil.which(name)
    if found is None:
        raise NoPlayground(NO_NODE)
    return found


def install() -> None:
    """Install the pinned version there. Raises ``NoPlayground``."""
    npm = program("npm")
    shutil.rmtree(HOME, ignore_errors=True)
    HOME.mkdir()
    for name in _WANTED:
        shutil.copy(_HERE / name, HOME)
    command = (npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    if subprocess.run(command, cwd=HOME, stdout=subprocess.DEVNULL, check=False).returncode != 0:
        shutil.rmtree(HOME, ignore_errors=True)
        raise NoPlayground(_NOT_INSTALLED)


@contextmanager
def played(folder: Path, port: int, bot: str, people: Mapping[str, object]) -> Iterator[str]:
    """Run a Playground and yield its address. ``people`` says who plays in it and who else is there.

    ``folder`` is for its own files, and ``bot`` is the bot's address. It stops at the latest with this process. Raises
    ``NoPlayground``.
    """
    node = program("node")
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "people.json"  # It reads YAML, and JSON is a subset of that.
    told.write_text(json.dumps(people, indent=2), encoding="utf-8")
    environment = os.environ | {
        "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(told.resolve()),
        "M365_AGENTS_PLAYGROUND_LOGFILE": str((folder / "playground.log").resolve()),
        "TEAMSAPPTESTER_BROWSER": "none",
    }
    address = f"http://127.0.0.1:{port}"
    command = [
        node, "--require", str(_HERE / "only_here.cjs"), str(HOME / _PROGRAM), "start", "--disable-telemetry",
        "--app-endpoint", f"{bot}/api/messages", "--channel-id", "msteams",
        "--port", str(port), "--service-url", f"{address}/_connector",
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # Ctrl-C is for the bot, which stops the Playground when it is done.
    ) as process:
        try:
            _wait_for(process, port, folder)
            yield address
        finally:
            _end(process)


def _wait_for(process: subprocess.Popen[str], port: int, folder: Path) -> None:
    assert process.stdout is not None
    told = process.stdout.readline().strip()
    if told != f"Listening on {port}":
        raise NoPlayground(f"Microsoft's Agents Playground did not start. {folder / 'playground.log'} may say why.")


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
