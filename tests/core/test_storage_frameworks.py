"""A framework is kept as the file it came in, read once, and never changed under its version."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete

from core.framework_file import default_framework, default_source
from core.storage import tables
from core.storage.frameworks import FrameworkShelf, OtherFramework

ID, VERSION = default_framework().id, default_framework().version


def test_what_was_stored_can_be_read_by_any_process(connection: Connection) -> None:
    assert FrameworkShelf().store(connection, default_source(), default_framework())
    assert FrameworkShelf().get(connection, ID, VERSION) == default_framework()


def test_the_same_file_again_changes_nothing(connection: Connection, shelf: FrameworkShelf) -> None:
    shelf.store(connection, default_source(), default_framework())
    assert not shelf.store(connection, default_source(), default_framework())


def test_another_file_of_the_same_version_is_refused_in_words(connection: Connection, shelf: FrameworkShelf) -> None:
    shelf.store(connection, default_source(), default_framework())
    with pytest.raises(OtherFramework, match=r"Version 1\.0 .* says something else. Give the changed file a new versi"):
        shelf.store(connection, default_source() + b"# changed\n", default_framework())
    assert FrameworkShelf().get(connection, ID, VERSION) == default_framework()


def test_it_is_read_once(connection: Connection, shelf: FrameworkShelf) -> None:
    shelf.store(connection, default_source(), default_framework())
    first = shelf.get(connection, ID, VERSION)
    narrowed = shelf.scoped(connection, ID, VERSION, ["1.1"])
    connection.execute(delete(tables.Framework))
    assert shelf.get(connection, ID, VERSION) is first
    assert shelf.scoped(connection, ID, VERSION, ["1.1"]) is narrowed


def test_a_scope_narrows_it(connection: Connection, shelf: FrameworkShelf) -> None:
    shelf.store(connection, default_source(), default_framework())
    scoped = shelf.scoped(connection, ID, VERSION, ["3.2", "1.1"])
    assert [subtheme.id for subtheme in scoped.subthemes] == ["1.1", "3.2"]


def test_one_that_was_never_stored_is_not_found(connection: Connection, shelf: FrameworkShelf) -> None:
    with pytest.raises(LookupError, match="there is no version 2 of the framework partnership-enquiry"):
        shelf.get(connection, ID, "2")
