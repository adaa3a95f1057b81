"""Speaking with whoever typed a command: in sentences, and honest in the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from sqlalchemy.exc import DBAPIError

from core.services.cycles import Refused
from core.services.report_snapshots import NotClosed
from core.settings import Settings, SettingsMistakes, load_settings
from core.storage.database import DatabaseBusy, UnusableDatabaseUrl
from core.storage.migrations import DatabaseTooNew
from core.yaml_tree import FileMistakes


class CannotBeDone(Exception):
    """Said to whoever typed the command, in words for them."""


def say(*lines: str) -> None:
    for line in lines:
        typer.echo(line)


@contextmanager
def in_words() -> Iterator[None]:
    """What goes wrong in here is told in words, without a traceback, and ends the command with exit code 1."""
    try:
        yield
    except (
        CannotBeDone,
        Refused,
        NotClosed,
        SettingsMistakes,
        DatabaseBusy,
        DatabaseTooNew,
        UnusableDatabaseUrl,
    ) as error:
        words = str(error)
    except FileMistakes as error:
        words = f"{error}\nNothing was changed."
    except DBAPIError:
        words = "The database can't be used. Is its address right, and does it run? Try: partnership-bot doctor"
    except OSError as error:
        words = f"{error.filename or 'A file'}: {error.strerror or 'it could not be used'}."
    else:
        return
    typer.echo(words, err=True)
    raise typer.Exit(1)


def settings(**given: object) -> Settings:
    """The settings of the environment. Raises ``SettingsMistakes``."""
    return load_settings(**given)
