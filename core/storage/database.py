"""The database: one write transaction at a time on SQLite, a few in parallel on PostgreSQL.

Every piece of work is a plain function of a connection. It runs in a thread that keeps its connection open or, if
brief, on the event loop, inside one transaction that is committed when the function returns and rolled back when it
raises. It has no effects outside the database: if the connection is lost before the commit, or the event loop can't do
it at once, it is run again. The event loop never waits for a disk or for another program.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from core.storage import migrations
from core.storage.loop_reader import LoopReader
from core.storage.one_writer import OneWriter
from core.storage.threads import Threads
from core.storage.unusable import Unusable, why_unusable
from core.storage.work import Work

if TYPE_CHECKING:
    import psycopg  # Saves a SQLite installation a tenth of a second and 10 MB.

T = TypeVar("T")

BUSY_SECONDS: Final = 10
"""How long a write waits for another process (a worker, the command line) before it gives up."""

CONNECTING_SECONDS: Final = 2
"""How long a server may take to answer, unless its URL says otherwise (``?connect_timeout=10``)."""

SCRUB_WAITS_MS: Final = 1_000
"""How long scrubbing waits for other users of the file; while it waits for readers, nobody can write."""

SIDE_BY_SIDE: Final = 8
"""Concurrent PostgreSQL writes in this process; half as many reads. Each holds one connection."""

_TRY_AGAIN_STATES: Final = frozenset({"40001", "40P01", "55P03", "57014"})
"""PostgreSQL: serialisation failure, deadlock, lock not available, statement cancelled by a timeout."""


class DatabaseBusy(Exception):
    """Nothing was stored, and the same work may be tried again."""

    def __init__(self) -> None:
        super().__init__("Another program is using the database just now. Nothing was stored; please try again.")


class UnusableDatabaseUrl(ValueError):
    """The message leaves out the URL, which may contain a password."""


class Database:
    """The store for everything: a SQLite file, or PostgreSQL.

    SQLite has one writer and several reader threads; each write takes the file's write lock when it begins
    (``BEGIN IMMEDIATE``), waits up to ``BUSY_SECONDS`` for other processes, and is on the disk when it returns
    (WAL with ``synchronous=FULL``). Queued writes are synced to disk together. PostgreSQL has a few
    threads for each, at READ COMMITTED for writes and REPEATABLE READ for reads, so that on both a read sees a single
    point in time.

    Work that fails with a database error raises ``DBAPIError`` with no stored value in its message.
    """

    def __init__(self, url: str, erasures: Path | None = None, *, pooled: bool = False) -> None:
        """Open nothing before the first piece of work. Raises ``UnusableDatabaseUrl``.

        ``erasures``: the list of who was erased, if it isn't the file beside a SQLite file. ``pooled``: a pooler such
        as PgBouncer gives out PostgreSQL's connections for one transaction at a time.
        """
        self._url = parse_url(url)
        self.behind_pooler = pooled and not self.is_sqlite
        """Nothing may be kept on a connection between two transactions, and ``LISTEN`` hears nothing."""
        self.erasures = erasures or (Path(f"{self._url.database}.erased") if self.is_sqlite else None)
        self.engine = (
            _sqlite_engine(self._url, "BEGIN IMMEDIATE")
            if self.is_sqlite
            else _postgresql_engine(self._url, pooled=self.behind_pooler)
        )
        self._writers = (
            OneWriter(self.engine, self._guarded, BUSY_SECONDS)
            if self.is_sqlite
            else Threads(self.engine, self._guarded, "write", SIDE_BY_SIDE)
        )
        readers = (
            _sqlite_engine(self._url, "BEGIN", _ONLY_READING)
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        )
        self._readers = Threads(readers, self._guarded, "read", SIDE_BY_SIDE // 2)
        self._loop_reader = (
            LoopReader(
                _sqlite_engine(self._url, "BEGIN", _ONLY_READING, "PRAGMA busy_timeout = 0"),
                self._guarded,
                self._readers,
            )
            if self.is_sqlite
            else None
        )

    def __repr__(self) -> str:
        return f"Database({self.address!r})"

    @property
    def address(self) -> str:
        """As ``described``."""
        return described(self._url)

    @property
    def file(self) -> Path | None:
        """The full path of a SQLite file, which may not be there yet; None for a server."""
        return Path(str(self._url.database)).absolute() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @property
    def to_listen_at(self) -> str | None:
        """Where PostgreSQL tells that something was put, for its own driver; None where nobody does."""
        if self.is_sqlite or self.behind_pooler:
            return None
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    async def write(self, work: Work[T], *, brief: bool = False) -> T:
        """Run ``work`` in one transaction. Once this returns, what it stored survives a crash.

        ``brief``: it takes well under a millisecond, as an answer does. On SQLite the event loop then runs it itself
        and leaves the wait for the disk to a thread (docs/adr/0015).

        A task that is cancelled while its work runs leaves the work to finish: all of it happens or none.
        """
        return await self._writers.run(work, brief=brief)

    async def read(self, work: Work[T], *, brief: bool = False) -> T:
        """Run ``work`` read-only; all its statements see the same point in time."""
        if brief and self._loop_reader is not None:
            return await self._loop_reader.run(work)
        return await self._readers.run(work)

    def write_now(self, work: Work[T]) -> T:
        """``write`` for code without an event loop: the command line, and tests."""
        return self._writers.run_now(work)

    def read_now(self, work: Work[T]) -> T:
        return self._readers.run_now(work)

    def upgrade(self) -> None:
        """Bring the schema up to this version of the program; several processes may do so at once.

        Raises ``core.storage.migrations.DatabaseTooNew`` if a later version of the program has upgraded it.
        """
        # SQLite alters a table by making a new one, which foreign keys would forbid; the migration checks them later.
        unchecked = (self._url, "BEGIN IMMEDIATE", "PRAGMA foreign_keys = OFF")
        engine = _sqlite_engine(*unchecked) if self.is_sqlite else self.engine
        self._guarded(lambda: _in_one_transaction(engine, migrations.upgrade))

    def is_up_to_date(self) -> bool:
        """Whether the schema matches this version of the program."""
        return self.read_now(migrations.is_up_to_date)

    def needs_pooler_setting(self) -> bool:
        """Whether a pooler lends connections for one transaction at a time, and nobody has said so."""
        return not (self.is_sqlite or self.behind_pooler) and self._guarded(lambda: _is_lent(self.engine))

    def scrub(self) -> bool:
        """Leave nothing of deleted rows in a SQLite file, nor in its log; False if it was busy, so try again later.

        Overwriting what is deleted, as ``secure_delete`` does, isn't enough: when SQLite moves rows between pages, it
        leaves copies in the unused parts. So the file is written anew, which takes about two seconds for 100 MB.
        PostgreSQL looks after itself.
        """
        if not self.is_sqlite:
            return True
        engine = _sqlite_engine(self._url, "BEGIN", f"PRAGMA busy_timeout = {SCRUB_WAITS_MS}")
        return self._guarded(lambda: _scrubbed(engine))

    def _guarded(self, run: Callable[[], T]) -> T:
        try:
            return run()
        except (DBAPIError, sqlite3.Error) as error:
            safe = _in_words(error, described(self._url)).with_traceback(error.__traceback__)
        # Raised outside the handler: the original exception, which may contain what people wrote, doesn't come along.
        raise safe

    def close(self) -> None:
        """Let running work finish, then close every connection."""
        self._writers.close()
        self._readers.close()
        if self._loop_reader is not None:
            self._loop_reader.close()
        self.engine.dispose()


def _scrubbed(engine: Engine) -> bool:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith("SQLITE_BUSY"):
            return False
        raise
    finally:
        connection.close()


def _is_lent(engine: Engine) -> bool:
    """Two connections that are open at once have a server process each, and keep it, unless they are lent one."""
    with engine.connect() as one, engine.connect() as other:
        first, second, again = (_server_process(each) for each in (one, other, one))
    return first == second or first != again


def _server_process(connection: Connection) -> int:
    with connection.begin():
        return int(connection.execute(select(func.pg_backend_pid())).scalar_one())


def _in_one_transaction(engine: Engine, work: Work[T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def parse_url(url: str) -> URL:
    """The URL with our driver. Raises ``UnusableDatabaseUrl``."""
    if (fault := _fault_of_text(url)) is not None:
        raise UnusableDatabaseUrl(fault)
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UnusableDatabaseUrl(_WANTED) from None
    except ValueError:  # What it says holds a part of the URL.
        raise UnusableDatabaseUrl(f"The port is not a number. {_ESCAPE}") from None
    kind = parsed.get_backend_name()
    if kind == "sqlite":
        return _of_file(parsed)
    if kind in ("postgres", "postgresql"):
        return _of_server(parsed)
    raise UnusableDatabaseUrl(_WANTED)


def _fault_of_text(url: str) -> str | None:
    if url != url.strip():
        return "There is a space before or after the database's URL. Take it out."
    if url[:1] in _QUOTES:
        return "There are quotation marks around the database's URL. Take them out."
    if url.startswith("sqlite:") and not url.startswith("sqlite:///") and url.strip("sqlite:/"):
        return "A SQLite file's name comes after three slashes (sqlite:///name.db), its full path after four."
    return None


def _of_file(parsed: URL) -> URL:
    file = parsed.database
    if not file or file == ":memory:":
        raise UnusableDatabaseUrl(_WANTED)
    if file.lstrip("/")[:1] in ("~", "$"):
        raise UnusableDatabaseUrl("~ and $HOME mean nothing here. Write the full path: sqlite:////srv/bot/name.db")
    if parsed.query:
        raise UnusableDatabaseUrl("A SQLite file takes no options. Take out the ? and what comes after it.")
    return parsed.set(drivername="sqlite+pysqlite")


def _of_server(parsed: URL) -> URL:
    if "@" in (parsed.database or ""):
        raise UnusableDatabaseUrl(f"There is an @ in the database's name. {_ESCAPE}")
    if "@" in (parsed.host or ""):
        raise UnusableDatabaseUrl(f"There is an @ in the host's name. {_ESCAPE}")
    return parsed.set(drivername="postgresql+psycopg")


def described(url: str | URL) -> str:
    """A file's full path; a server's address without the password, and without the options, which may contain one."""
    whole = parse_url(url) if isinstance(url, str) else url
    if whole.get_backend_name() == "sqlite":
        return str(Path(str(whole.database)).absolute())
    known = URL.create(whole.drivername, whole.username, whole.password, whole.host, whole.port, whole.database)
    return known.render_as_string()


_WANTED: Final = (
    "The database URL must name a SQLite file (sqlite:///var/partnership.db) or a PostgreSQL database "
    "(postgresql://user:password@host/name)."
)
_ESCAPE: Final = "If the user or the password has an @ or a % in it, write %40 or %25 instead."
_QUOTES: Final = ("'", '"', "‘", "“")


_ONLY_READING: Final = "PRAGMA query_only = ON"
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # Overwrite erased data.
)


def _sqlite_engine(url: URL, begin: str, *pragmas: str) -> Engine:
    # Connections stay open, so a pool would only add work. An event loop and a thread may take turns with one.
    connecting = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=connecting)

    @event.listens_for(engine, "do_connect")
    def make_room(*_: object) -> None:
        # Other users of this machine must not read people's answers: a directory that we create is private to us.
        folder = Path(str(url.database)).absolute().parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            words = f"{folder}: this folder can't be made or used: {(error.strerror or 'no').lower()}."
            raise OperationalError(None, None, Unusable(f"{words} Name another in PARTNERSHIP_DATABASE_URL.")) from None

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # The driver would begin a transaction too late, and in its own way.
        for pragma in (*_PRAGMAS, *pragmas):
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin_so(connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.execute(begin)

    return engine


def _postgresql_engine(url: URL, *, pooled: bool) -> Engine:
    if pooled:
        return _pooled_engine(url)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=_patience(url))

    @event.listens_for(engine, "connect")
    def prepare(connection: psycopg.Connection, _: object) -> None:
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
        connection.commit()

    return engine


def _patience(url: URL) -> dict[str, int]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": CONNECTING_SECONDS}


def _pooled_engine(url: URL) -> Engine:
    """Each transaction may have another server process, which may have been anybody's before: it keeps nothing."""
    connecting = {"prepare_threshold": None, **_patience(url)}
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=connecting)

    @event.listens_for(engine, "begin")
    def prepare(connection: Connection) -> None:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")

    return engine


def _in_words(error: DBAPIError | sqlite3.Error, address: str) -> Exception:
    """The same error without values: PostgreSQL puts stored values into its DETAIL and sometimes into its message."""
    original = error.orig if isinstance(error, DBAPIError) else error
    if getattr(original, "sqlite_errorname", "").startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return DatabaseBusy()
    state = getattr(original, "sqlstate", None)
    if state in _TRY_AGAIN_STATES:
        return DatabaseBusy()
    if (words := why_unusable(original, address)) is not None:
        return OperationalError(None, None, Unusable(words), connection_invalidated=_is_lost(error))
    if state is None or not isinstance(error, DBAPIError):
        return error
    diagnostic: Any = getattr(original, "diag", None)
    found = (type(original).__name__, state, diagnostic.table_name, diagnostic.constraint_name)
    safe = Exception(" ".join(part for part in found if part))
    return type(error)(error.statement, None, safe, True, error.connection_invalidated)


def _is_lost(error: DBAPIError | sqlite3.Error) -> bool:
    return isinstance(error, DBAPIError) and error.connection_invalidated
