"""``import``: load a partnership from its file, or update it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from bot.inbound.typed_text import reserved_words
from core.file_kinds import WAY_OUT, other_kind
from core.framework_file import read_framework
from core.partnership_file import PartnershipFile, read_partnership
from core.services import people
from core.services.importing import ImportReport, import_partnership
from core.storage.frameworks import FrameworkShelf
from core.yaml_tree import FileMistakes
from integrations.commands.environment import database_of_settings
from integrations.commands.output import CannotBeDone, say
from integrations.platforms import PLATFORMS, Platforms, ids_of, names_of
from integrations.real_time import real_time


def import_file(path: Path, platforms: Platforms = PLATFORMS) -> None:
    """Import everything or nothing. Raises ``CannotBeDone`` with a line for each mistake."""
    with _mistakes_of(path):
        file = read_partnership(_bytes_of(path), names_of(platforms), ids_of(platforms))
    source = _framework_source(path, file)
    with database_of_settings(new=True) as database, _mistakes_of(path):
        report = database.write_now(lambda connection: _imported(connection, file, source, platforms))
    say(*report.words())


def _imported(
    connection: Connection, file: PartnershipFile, source: bytes | None, platforms: Platforms
) -> ImportReport:
    report = import_partnership(connection, FrameworkShelf(), file, real_time(), source, reserved_words())
    # Where the bot can write to people first, the clock may invite them at once.
    first = names_of(each for each in platforms if each.writes_first)
    accounts = (each for person in file.people for each in person.accounts)
    for platform, tenant in {(each.platform, each.tenant) for each in accounts if each.platform in first}:
        people.open_conversations(connection, platform, tenant)
    return report


def _framework_source(path: Path, file: PartnershipFile) -> bytes | None:
    if file.framework.path is None:
        return None
    framework = path.parent / file.framework.path
    try:
        source = _bytes_of(framework)
    except OSError:
        raise CannotBeDone(
            f"{path}: line {file.framework.line}, framework: {framework} can't be read.\nNothing was changed."
        ) from None
    with _mistakes_of(framework):
        read_framework(source, reserved_words())
    return source


def _bytes_of(path: Path) -> bytes:
    """Raises ``CannotBeDone`` for a file of another program, and ``OSError``."""
    source = path.read_bytes()
    if kind := other_kind(source, path.name):
        raise CannotBeDone(f"{path}: this is {kind}. {WAY_OUT}\nNothing was changed.")
    return source


@contextmanager
def _mistakes_of(path: Path) -> Iterator[None]:
    """The mistakes, each with the file it is in."""
    try:
        yield
    except FileMistakes as error:
        lines = [f"{path}: {mistake}" for mistake in error.mistakes]
        raise CannotBeDone("\n".join((*lines, "Nothing was changed."))) from None
