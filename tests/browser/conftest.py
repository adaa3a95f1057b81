"""A demo of each test's own, as it is at its first start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest

from tests.support.demo import demo_on, furnished


@pytest.fixture(scope="session")
def furnished_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(tmp_path_factory.mktemp("demo") / "demo.db")


@pytest.fixture
def demo(furnished_demo: Path, tmp_path: Path) -> Iterator[str]:
    """The address it is served at."""
    with demo_on(Path(copy(furnished_demo, tmp_path))) as address:
        yield address
