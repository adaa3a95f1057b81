"""Why a database can't be used: a sentence for whoever set it up, which says what to do next."""

from __future__ import annotations

import re
from typing import Any, Final


class Unusable(Exception):
    """Its message is that sentence; it holds no password and nothing that is stored."""


_SETTING: Final = "PARTNERSHIP_DATABASE_URL"
_FILE: Final = {
    "SQLITE_NOTADB": f"this file is not a SQLite database. Move it away, or name another in {_SETTING}.",
    "SQLITE_CANTOPEN": (
        "this file can't be opened. Is it a folder, or does this user lack permission to read and write it?"
    ),
    "SQLITE_READONLY": "this file can't be written. Give this user the right to write it, and its folder.",
    "SQLITE_PERM": "this file can't be used. Give this user the right to read and write it, and its folder.",
    "SQLITE_CORRUPT": "this file is damaged. Stop the bot, and go back to a copy of it (docs/operations.md, Backups).",
    "SQLITE_FULL": "the disk is full. Make room on it; nothing was stored.",
    "SQLITE_IOERR": "the disk can't be read or written. Is it full, or broken?",
}
"""By the beginning of the driver's name for the error."""

_PASSWORD: Final = (
    f"the server doesn't accept this user with this password. Check both in {_SETTING}; write %40 for an @"
    " in a password, and %25 for a %."
)
_CONNECTING: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), words)
    for pattern, words in (
        (
            "no password supplied",
            f"the server asks for a password. Write it in {_SETTING}: postgresql://user:password@host/name.",
        ),
        (r"(password|SASL|\w+) authentication failed|role .* does not exist", _PASSWORD),
        (
            "database .* does not exist|no such database",
            f"the server has no database of this name. Check the name in {_SETTING}, or make it: createdb NAME",
        ),
        (
            "resolve host|translate host name",
            f"there is no computer with this name. Check the host in {_SETTING}.",
        ),
        (
            "refused|no such file or directory",
            f"nothing answers there. Does PostgreSQL run, and are host and port in {_SETTING} right?",
        ),
        (
            "timeout expired|timed out|unreachable|no route to host",
            f"the server doesn't answer. Are host and port in {_SETTING} right, and does a firewall let us through?",
        ),
        (
            r"invalid connection option|invalid port number|invalid \S+ value|bad value for|invalid integer value",
            f"the server's port, or an option after the ? in {_SETTING}, is not one that PostgreSQL knows. "
            "Check its spelling.",
        ),
        (
            "pg_hba.conf",
            "the server lets this user in from other places only. Whoever looks after it can allow this one "
            "(pg_hba.conf).",
        ),
        (
            "invalid response to SSL",
            f"what answers there is not PostgreSQL. Check the host and the port in {_SETTING}.",
        ),
        ("SSL|certificate", f"no encrypted connection could be made. Check sslmode and sslrootcert in {_SETTING}."),
        (
            "too many connections|remaining connection slots|too many clients",
            "the server has no connection left. End other programs' connections, or allow more (max_connections).",
        ),
        ("starting up|shutting down|recovery mode", "the server is starting or stopping. Try again in a moment."),
    )
)
"""By what PostgreSQL's library, the server or a pooler says; it gives no other sign."""

POOLED: Final = (
    "A pooler such as PgBouncer lends this bot another connection for each transaction. Set "
    "PARTNERSHIP_DATABASE_POOLER=transaction for every process of the bot, or much of what people press fails."
)
_STATES: Final = {
    "26000": POOLED,
    "42P05": POOLED,
    "42501": "this user may not do that. Let it make tables: GRANT CREATE, USAGE ON SCHEMA public TO user",
    "25006": f"this server only lets us read. Name the one that can be written to in {_SETTING}.",
    "53100": "the server's disk is full. Make room on it; nothing was stored.",
}
"""By PostgreSQL's code of the error, once it is connected."""


def why_unusable(error: Any, address: str) -> str | None:
    """The sentence for an error of a database's driver; None if it isn't about the database as such.

    ``address`` names the database without its password.
    """
    words = _of_file(error) or _of_server(error)
    return words and f"{address}: {words}"


def _of_file(error: Any) -> str | None:
    name = getattr(error, "sqlite_errorname", None) or ""
    return next((words for beginning, words in _FILE.items() if name.startswith(beginning)), None)


def _of_server(error: Any) -> str | None:
    if not type(error).__module__.startswith("psycopg"):
        return None
    state: str | None = error.sqlstate
    if state is not None:
        return _STATES.get(state)
    said = str(error)
    return next((words for pattern, words in _CONNECTING if pattern.search(said)), None)
