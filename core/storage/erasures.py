"""Who has been erased: keyed hashes, in the database and in a file outside it (docs/adr/0019).

The file outlives the database: when an older copy of the database is restored, it says who has been erased since. A
line is about one person. It has a key of its own, then the hash of the person's id, then that of each account, so the
lines of several files can simply be put together.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, select, update

from core.enquiry import Account
from core.storage import outbox, tables
from core.storage.upsert import insert_or_ignore

Scrubbed: TypeAlias = Literal["no", "all but the goodbye", "yes"]
"""Whether nothing is left of somebody in the unused parts of the database's file."""

_erasure = tables.Erasure.__table__
_PUT = insert_or_ignore(_erasure)
_BYTES: Final = 16
_WAITS_FOR_GOODBYE: Final = timedelta(days=1)
"""Longer than delivery keeps trying."""


def record(connection: Connection, person: str, accounts: Iterable[Account]) -> None:
    """Record that somebody is being erased, in the transaction that does it."""
    key = secrets.token_hex(_BYTES)
    known_by = (of_person(person), *map(of_account, accounts))
    put(connection, " ".join((key, *(_hash(key, each) for each in known_by))))


def put(connection: Connection, line: str) -> None:
    _PUT.run(connection, {"line": line, "scrubbed": "no"})


def recorded(connection: Connection) -> frozenset[str]:
    return frozenset(connection.scalars(select(_erasure.c.line)))


def of_person(person: str) -> str:
    return json.dumps(["person", person])


def of_account(account: Account) -> str:
    return json.dumps(["account", account.platform, account.tenant, account.user])


def is_about(line: str) -> Callable[[str], bool]:
    """Whether a line of the file is about this person or account."""
    key, *hashes = line.split()
    return lambda known_by: _hash(key, known_by) in hashes


def _hash(key: str, known_by: str) -> str:
    return hmac.digest(bytes.fromhex(key), known_by.encode(), "sha256")[:_BYTES].hex()


# What is left of them in the unused parts of a SQLite file


def unscrubbed(connection: Connection, now: datetime) -> tuple[frozenset[str], Scrubbed]:
    """Those of whom something may be left, and what is true of them once the file has been scrubbed now.

    While the goodbye to one of them still has to be sent, it says where it goes: after that there is more to scrub.
    """
    waits = outbox.strangers_wait(connection, now - _WAITS_FOR_GOODBYE)
    left = ("no",) if waits else ("no", "all but the goodbye")
    lines = frozenset(connection.scalars(select(_erasure.c.line).where(_erasure.c.scrubbed.in_(left))))
    return lines, "all but the goodbye" if waits else "yes"


def mark_scrubbed(connection: Connection, lines: Iterable[str], scrubbed: Scrubbed) -> None:
    connection.execute(update(_erasure).where(_erasure.c.line.in_(list(lines))).values(scrubbed=scrubbed))


# The file


def read(file: Path) -> frozenset[str]:
    """Its lines; one that was cut off while it was written is left out. Raises ``OSError``."""
    if not file.exists():
        return frozenset()
    return frozenset(line for line in file.read_text("ascii", "replace").splitlines() if _is_whole(line))


def _is_whole(line: str) -> bool:
    parts = line.split()
    return len(parts) > 1 and all(len(each) == 2 * _BYTES and set(each) <= _HEX for each in parts)


_HEX: Final = frozenset("0123456789abcdef")


def append(file: Path, lines: Iterable[str]) -> None:
    """Add these lines; they are on the disk when this returns. Raises ``OSError``."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # Begun with a line break: the last line may have been cut off.
        os.write(descriptor, "".join(f"\n{line}\n" for line in lines).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
