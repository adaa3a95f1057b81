"""What ``doctor`` says of the list of erased people, by which a restored backup erases them again."""

from __future__ import annotations

import os
from pathlib import Path

from core.storage import erasures
from core.storage.database import Database
from integrations.registration import Checked


def erasures_kept(database: Database) -> Checked:
    file = database.erasures
    if file is None:
        return Checked(
            False,
            "There is no list of erased people outside the database, so a restored backup would bring them back."
            " Name a file for it in PARTNERSHIP_ERASURES.",
        )
    if (unwritable := _not_writable(file)) is not None:
        return Checked(False, f"The list of erased people can't be written: {unwritable} can't be written to.")
    return _compared(file, erasures.read(file), database.read_now(erasures.recorded))


def _not_writable(file: Path) -> Path | None:
    """The file, or the nearest folder above it that exists; None if it can be written."""
    nearest = next(each for each in (file.absolute(), *file.absolute().parents) if each.exists())
    well = os.access(nearest, os.R_OK | os.W_OK) and (nearest.is_dir() == (nearest != file.absolute()))
    return None if well else nearest


def _compared(file: Path, in_file: frozenset[str], in_database: frozenset[str]) -> Checked:
    if back := len(in_file - in_database):
        words = f"{_people(back)} erased after this copy of the database was made. They are erased again"
        return Checked(False, f"{file} names {words} when the bot starts, or by: partnership-bot db upgrade")
    if missing := len(in_database - in_file):
        return Checked(False, f"{file} lacks {_people(missing)} erased; they are added when the bot starts.")
    if not in_file:
        return Checked(True, f"Nobody has been erased yet. They will be listed, outside the database, in {file}.")
    people = "One person has been" if len(in_file) == 1 else f"{len(in_file)} people have been"
    kept = f"{people} erased, and {file} says so outside the database."
    return Checked(True, f"{kept} When you restore a database, leave that file as it is.")


def _people(count: int) -> str:
    return "one person who was" if count == 1 else f"{count} people who were"
