"""The details of this machine that affect the figures."""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

_PAGE = b"\0" * 4096


def facts(folder: Path) -> str:
    """Cores, versions, load, and how long the disk under ``folder`` takes to sync a page."""
    busy = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    libraries = ", ".join(f"{name} {version(name)}" for name in ("SQLAlchemy", "psycopg"))
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores (load {busy} at the start), "
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"{libraries}; "
        f"a synchronised write takes {sync_seconds(folder) * 1e3:.2f} ms"
    )


def sync_seconds(folder: Path, writes: int = 200) -> float:
    """The median time to append a page to a file and sync it to disk."""
    sync = getattr(os, "fdatasync", os.fsync)
    taken: list[float] = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(writes):
            file.write(_PAGE)
            begun = time.perf_counter()
            sync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)
