"""Tell whoever typed a command what happened: in sentences, and with an honest exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer


class CannotBeDone(Exception):
    """An error worded for the person who typed the command."""


def say(*lines: str) -> None:
    for line in lines:
        typer.echo(line)


def complain(*lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)


@contextmanager
def in_words() -> Iterator[None]:
    """Print errors raised in this block as a sentence, without a traceback, and exit with code 1."""
    try:
        yield
    except Exception as error:
        words = _words_of(error)
        if words is None:
            raise
    else:
        return
    complain(words)
    raise typer.Exit(1)


def _words_of(error: Exception) -> str | None:
    """The words for an error; None if the person can't do anything about it, so that a traceback is more use."""
    if isinstance(error, CannotBeDone):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror or 'it could not be used'}."
    return _words_of_ours(error)


def _words_of_ours(error: Exception) -> str | None:
    # Imported only once something has gone wrong: together they take longer than most commands.
    from sqlalchemy.exc import DBAPIError

    from core.services.cycles import Refused
    from core.services.report_snapshots import NotClosed
    from core.settings import SettingsMistakes
    from core.storage.database import DatabaseBusy, UnusableDatabaseUrl
    from core.storage.migrations import DatabaseTooNew
    from core.storage.unusable import Unusable
    from core.yaml_tree import FileMistakes

    match error:
        case DBAPIError(orig=Unusable() as why):
            return str(why)
        case DBAPIError():
            return "The database can't be used. Is its address right, and does it run? Try: partnership-bot doctor"
        case FileMistakes():
            return f"{error}\nNothing was changed."
        case Refused() | NotClosed() | SettingsMistakes() | DatabaseBusy() | DatabaseTooNew() | UnusableDatabaseUrl():
            return str(error)
    return None
