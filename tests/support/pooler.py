"""A real PgBouncer in front of a PostgreSQL server, which lends its connections for one transaction at a time."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import URL, make_url

from tests.support.installing import from_debian

MISSING: Final = "No PgBouncer was found. Install it (Debian: apt-get install pgbouncer)."
_PORT: Final = 6432
"""Only a part of the socket's name: PgBouncer listens on no network address."""
_SETTINGS: Final = """
[databases]
* = host={server} user=postgres

[pgbouncer]
unix_socket_dir = {home}
listen_port = {port}
auth_type = any
pool_mode = {mode}
default_pool_size = {connections}
logfile = {home}/log
"""
# It ends when its standard input closes, however the process of the tests ended.
_KEEPER: Final = """
"$0" -q "$1" &
cat
kill $!
wait $!
"""


def pgbouncer() -> str | None:
    """The program, which Debian keeps where only an administrator's shell looks."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextmanager
def pooled(
    url: str, connections: int = 3, mode: Literal["transaction", "session"] = "transaction"
) -> Iterator[str | None]:
    """The address of the same database behind PgBouncer; None where the machine has none."""
    program = pgbouncer()
    if program is None:
        yield None
        return
    direct, home = make_url(url), Path(tempfile.mkdtemp(prefix="pooler-"))
    settings = home / "settings.ini"
    server = direct.query["host"]
    settings.write_text(_SETTINGS.format(server=server, home=home, port=_PORT, mode=mode, connections=connections))
    if nobody := (os.geteuid() == 0):
        for path in (home, settings):
            shutil.chown(path, "nobody")
    keeping = ("sh", "-c", _KEEPER, program, str(settings))
    keeper = subprocess.Popen(keeping, stdin=subprocess.PIPE, user="nobody" if nobody else None)
    try:
        _wait_for(home / f".s.PGSQL.{_PORT}")
        yield _address(direct, home).render_as_string(hide_password=False)
    finally:
        keeper.communicate()
        shutil.rmtree(home)


def _address(direct: URL, home: Path) -> URL:
    return direct.set(query={"host": str(home), "port": str(_PORT)})


def _wait_for(place: Path, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            with socket.socket(socket.AF_UNIX) as attempt:
                return attempt.connect(str(place))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def main() -> None:
    if pgbouncer() is None:
        sys.stderr.write("The tests of a pooler need PgBouncer, and there is none here: installing one.\n")
        from_debian("pgbouncer")
    sys.stderr.write(f"{f'Tests of a pooler use {found}.' if (found := pgbouncer()) else MISSING}\n")


if __name__ == "__main__":
    main()
