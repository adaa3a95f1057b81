"""The imported frameworks, each stored as its original file and read once per process."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, insert, select

from core.framework import Framework
from core.framework_file import checksum, read_framework
from core.storage import tables

_framework = tables.Framework.__table__
_THIS = (_framework.c.id == bindparam("this_id"), _framework.c.version == bindparam("this_version"))
_SOURCE = select(_framework.c.source).where(*_THIS)
_CHECKSUM = select(_framework.c.checksum).where(*_THIS)
_STORE = insert(_framework)


class OtherFramework(Exception):
    """A stored version was imported again with different content; cycles rely on what is stored."""

    def __init__(self, framework: Framework) -> None:
        super().__init__(
            f"Version {framework.version} of the framework {framework.id} is in use already and says something else. "
            "Give the changed file a new version."
        )


class FrameworkShelf:
    """Frameworks by id and version. They never change once stored, so they can be cached."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Framework] = {}
        self._scoped: dict[tuple[str, str, tuple[str, ...]], Framework] = {}

    def get(self, connection: Connection, framework_id: str, version: str) -> Framework:
        """The framework with this id and version. Raises ``LookupError`` if it was never stored."""
        found = self._read.get((framework_id, version))
        if found is None:
            source = connection.scalar(_SOURCE, {"this_id": framework_id, "this_version": version})
            if source is None:
                raise LookupError(f"there is no version {version} of the framework {framework_id}")
            found = self._read[framework_id, version] = read_framework(source.encode(), known=True)
        return found

    def scoped(self, connection: Connection, framework_id: str, version: str, scope: Sequence[str]) -> Framework:
        """The framework narrowed to the sub-themes of a cycle."""
        key = (framework_id, version, tuple(scope))
        found = self._scoped.get(key)
        if found is None:
            found = self._scoped[key] = self.get(connection, framework_id, version).only(scope)
        return found

    def store(self, connection: Connection, source: bytes, framework: Framework) -> bool:
        """Store a framework with the file it was read from; False if it is already stored.

        Raises ``OtherFramework`` if another file is stored under its id and version.
        """
        this = {"this_id": framework.id, "this_version": framework.version}
        brought, stored = checksum(source), connection.scalar(_CHECKSUM, this)
        if stored not in {None, brought}:
            raise OtherFramework(framework)
        if stored is None:
            row = {"id": framework.id, "version": framework.version, "source": source.decode(), "checksum": brought}
            connection.execute(_STORE, row)
        return stored is None
