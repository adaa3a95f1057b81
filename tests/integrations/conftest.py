"""The demo, furnished once and served on a copy for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import httpx
import pytest

from tests.support.demo import demo_on, furnished


@pytest.fixture(scope="session")
def furnished_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(tmp_path_factory.mktemp("demo") / "demo.db")


@pytest.fixture
def demo_file(furnished_demo: Path, tmp_path: Path) -> Path:
    return Path(copy(furnished_demo, tmp_path / "demo.db"))


@pytest.fixture
def client(demo_file: Path) -> Iterator[httpx.Client]:
    """A browser without scripts, on a demo of its own."""
    with demo_on(demo_file) as address, httpx.Client(base_url=address) as opened:
        yield opened


@pytest.fixture(scope="module")
def shared(furnished_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The same on a demo that many tests share: for what has no effect, or none that another test could notice."""
    file = Path(copy(furnished_demo, tmp_path_factory.mktemp("shared")))
    with demo_on(file) as address, httpx.Client(base_url=address) as opened:
        yield opened
