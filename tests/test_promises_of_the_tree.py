"""What holds for the whole tree: no address or path of one machine, complete locks, modules that only define."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "core", "integrations", "manifest", "scheduler")
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")

# In pieces, so that this file keeps the promise too.
INDEX_HOSTS = [rf"{first}{second}\.org" for first, second in (("py", "pi"), ("python", "hosted"))]
MACHINE_PATHS = [rf"(?<![\w.])/{folder}/\w" for folder in ("work", "tmp", "root", "home", "Users")]
MACHINES_OWN = re.compile("|".join([*INDEX_HOSTS, *MACHINE_PATHS]))

IMPORT_AND_LOOK = """
import gc, importlib, socket, sys, threading

deeds = {"socket.connect", "subprocess.Popen", "os.fork"}
done = []
sys.addaudithook(lambda event, _: done.append(event) if event in deeds else None)
for name in sys.argv[1:]:
    importlib.import_module(name)
    if done or threading.active_count() > 1:
        sys.exit(f"importing {name} did something: {done} {threading.enumerate()}")
left = [thing for thing in gc.get_objects() if isinstance(thing, socket.socket) and thing.fileno() >= 0]
sys.exit(f"left open: {left}" if left else 0)
"""


def files_of_the_project() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("only a git checkout knows which files are the project's")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in files_of_the_project()
        for match in MACHINES_OWN.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param("see https://py" + "pi.org/project/x", id="index"),
        pytest.param("--find-links /ho" + "me/someone/wheels", id="home"),
        pytest.param('"/t' + 'mp/x"', id="temporary"),
    ],
)
def test_a_leak_would_be_seen(leak: str) -> None:
    assert MACHINES_OWN.search(leak)


def pinned(lock: str) -> Iterator[tuple[Requirement, str]]:
    """Each requirement of a lock with the lines that belong to it."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", "")
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement, _, hashes = line.partition("--hash=")
            yield Requirement(requirement), hashes


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_of_a_lock_is_one_version_with_hashes(lock: str) -> None:
    for requirement, hashes in pinned(lock):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert re.match(r"sha256:[0-9a-f]{64}\b", hashes), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_does_not_say_where_to_download(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*--?(?!hash=)\w|index|find-links", text, re.MULTILINE)


def test_what_npm_installs_is_pinned_and_may_come_from_anywhere() -> None:
    home = ROOT / "integrations" / "demo" / "playground"
    locked = json.loads((home / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    asked = json.loads((home / "package.json").read_text(encoding="utf-8"))["dependencies"]
    versions = {name.removeprefix("node_modules/"): each["version"] for name, each in locked.items() if name}
    assert versions == asked
    assert all("integrity" in each and "resolved" not in each for name, each in locked.items() if name)


def test_the_locks_agree_with_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-build.lock": project["dependency-groups"]["build"],
        "requirements-dev.lock": [text for text in project["dependency-groups"]["dev"] if isinstance(text, str)],
    }
    for lock, texts in asked.items():
        versions = {requirement.name: str(requirement.specifier)[2:] for requirement, _ in pinned(lock)}
        for wanted in map(Requirement, texts):
            assert wanted.specifier.contains(versions[wanted.name]), f"{lock}: run `make lock` for {wanted}"


def extras_asked_for_by_libraries() -> Iterator[tuple[str, str]]:
    """Library and extra, wherever one installed library asks for another with an extra."""
    for library in distributions():
        for wanted in map(Requirement, library.requires or ()):
            if wanted.marker is None or wanted.marker.evaluate({"extra": ""}):
                yield from ((canonicalize_name(wanted.name), extra) for extra in wanted.extras)


def test_every_extra_is_pinned_with_its_library() -> None:
    """pip looks for ``coverage[toml]`` apart from a pinned ``coverage`` and takes a newer one, whose hash it lacks."""
    pinned_extras = {requirement.name: requirement.extras for requirement, _ in pinned("requirements-dev.lock")}
    asked = set(extras_asked_for_by_libraries())
    assert ("coverage", "toml") in asked
    missing = {(name, extra) for name, extra in asked if extra not in pinned_extras.get(name, {extra})}
    assert missing == set()


def test_what_runs_is_what_is_tested() -> None:
    tested = {str(requirement) for requirement, _ in pinned("requirements-dev.lock")}
    for lock in ("requirements.lock", "requirements-build.lock"):
        assert {str(requirement) for requirement, _ in pinned(lock)} <= tested


def modules() -> list[str]:
    """Every module that somebody imports; Alembic runs its own, and ``__main__`` is there to be run."""
    paths = (path.relative_to(ROOT) for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    imported = (path for path in paths if path.name not in {"__main__.py", "env.py"} and path.parent.name != "versions")
    return sorted(".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in imported)


def test_importing_a_module_starts_nothing() -> None:
    command = [sys.executable, "-c", IMPORT_AND_LOOK, *modules()]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
