"""Writes the next migration: ``python -m core.storage.migrations "What changes"``. Read it before you commit it."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import Connection

from core.storage.database import Database
from core.storage.migrations import configuration


def propose(message: str) -> None:
    """Compare the tables with the result of the migrations, and write the difference as a new migration."""

    def write_it(connection: Connection) -> None:
        config = configuration(connection)
        made = sum(1 for _ in Path(__file__).parent.glob("versions/[0-9]*.py"))
        command.revision(config, message, autogenerate=True, rev_id=f"{made + 1:04}")

    with TemporaryDirectory() as directory:
        database = Database(f"sqlite:///{directory}/empty.db")
        database.upgrade()
        database.write_now(write_it)
        database.close()


if __name__ == "__main__":
    propose(sys.argv[1])
