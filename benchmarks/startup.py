"""How long the bot takes to start, and how much memory it uses before it draws anything."""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from math import isnan, nan
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Result, skipped

MOST_MEGABYTES = 100
_START = "from start to ready"
_MEMORY = "memory before the first chart"


def results(folder: Path, starts: int) -> list[Result]:
    if find_spec("integrations.cli") is None:
        return [skipped(case, "there is no `partnership-bot serve` yet") for case in (_START, _MEMORY)]
    with TemporaryDirectory(dir=folder) as home:
        measured = [_one_start(Path(home)) for _ in range(starts + 1)]
    (first, first_megabytes), *later = measured
    seconds, megabytes = (statistics.median(each) for each in zip(*later, strict=True))
    most = max(first_megabytes, megabytes)
    return [
        Result(_START, f"{seconds:.2f} s ({first:.2f} s with a new database)"),
        skipped(_MEMORY, "this system has no /proc")
        if isnan(most)
        else Result(
            _MEMORY,
            f"{megabytes:.0f} MB ({first_megabytes:.0f} MB with a new database)",
            target=f"≤ {MOST_MEGABYTES} MB",
            met=most <= MOST_MEGABYTES,
        ),
    ]


def _one_start(home: Path) -> tuple[float, float]:
    """Seconds until it reports that it is ready, and the megabytes that it uses then."""
    port = _free_port()
    begun = time.perf_counter()
    with _serving(home, port) as process:
        _wait_until_ready(port, process)
        return time.perf_counter() - begun, megabytes(process.pid)


@contextmanager
def _serving(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    settings = {"PARTNERSHIP_DATABASE_URL": f"sqlite:///{home / 'partnership.db'}", "PARTNERSHIP_PORT": str(port)}
    command = [str(Path(sys.executable).with_name("partnership-bot")), "serve"]
    process = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.01)
    raise RuntimeError("`partnership-bot serve` did not become ready")


def megabytes(pid: int, line: str = "VmRSS") -> float:
    """The process's memory, or (``VmHWM``) its peak; nan where the system does not report it."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(each.split()[1]) * 1024 / 1e6 for each in lines if each.startswith(f"{line}:")), nan)
