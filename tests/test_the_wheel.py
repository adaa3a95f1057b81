"""The wheel brings everything: installed in an empty environment outside the repository, the commands run from it.

The libraries are those of the tests, so nothing is downloaded. They are on the environment's path, but the ``.pth``
file among them, which leads into the repository, is not read there.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
import tomllib
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.partnership_files import river

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "core", "integrations", "manifest", "scheduler")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

WHERE_THE_ROOMS_ARE = """
import importlib, json, sys
print(json.dumps({room: importlib.import_module(room).__file__ for room in sys.argv[1:]}))
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """The program in its environment, and an empty folder to run it in."""

    environment: Path
    home: Path

    def start(self, *words: str, **settings: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PARTNERSHIP_", "PYTHON"))}
        return subprocess.Popen(
            [str(self.environment / "bin" / words[0]), *words[1:]],
            cwd=self.home,
            env=kept | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, code: int = 0, **settings: str) -> list[str]:
        """What it says, line by line; it has to end with this code."""
        with self.start(*words, **settings) as process:
            said, complaints = process.communicate(timeout=240)
        assert process.returncode == code, f"{said}\n{complaints}"
        return said.splitlines()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.iterdir()
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment, home = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("home")
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True, capture_output=True)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return Installed(environment, home)


def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as opened:
        (name,) = [each for each in opened.namelist() if each.endswith(".dist-info/METADATA")]
        return Parser().parsestr(opened.read(name).decode())


def test_it_holds_the_rooms_with_all_their_files_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as opened:
        brought = {name for name in opened.namelist() if ".dist-info/" not in name}
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    assert brought == {path.relative_to(ROOT).as_posix() for path in files if path.suffix != ".pyc"}


def test_it_says_whose_it_is_and_on_what_terms(wheel: Path) -> None:
    said = metadata(wheel)
    assert (said["Author"], said["License-Expression"]) == ("The partnership bot authors", "MIT")
    assert said["Description-Content-Type"] == "text/markdown"
    with ZipFile(wheel) as opened:
        (licence,) = [
            name for name in opened.namelist() if name.endswith(f".dist-info/licenses/{said['License-File']}")
        ]
        assert opened.read(licence).startswith(b"MIT License\n")


def test_every_room_is_the_wheels(installed: Installed) -> None:
    (said,) = installed.run("python", "-c", WHERE_THE_ROOMS_ARE, *ROOMS)
    assert [
        room for room, file in json.loads(said).items() if not Path(file).is_relative_to(installed.environment)
    ] == []


def test_it_says_its_version(installed: Installed) -> None:
    assert installed.run("partnership-bot", "--version") == [f"partnership-bot {PROJECT['version']}"]


def test_the_demo_answers_and_its_report_and_meeting_pack_are_written(installed: Installed) -> None:
    pages = dict(pages_of_demo(installed, "/", "/as/priya/", "/static/chat.css"))
    assert "Priya" in pages["/"]
    assert "Willow Valley" in pages["/as/priya/"], "what the bot has said to her"
    assert ":root" in pages["/static/chat.css"]

    report = of_demo(installed, "report", "--language", "both")
    assert report["partnership-report-2-cy-overview.png"].startswith(b"\x89PNG")
    words = report["partnership-report-2.txt"].decode()
    assert "6 of 7 schools submitted" in words
    assert "Cyflwynodd 6 o'r 7 ysgol" in words, "the catalogue of the bot's Welsh"

    pack = {Path(name).suffix: content[:4] for name, content in of_demo(installed, "meeting-pack").items()}
    assert pack[".pdf"] == b"%PDF"
    assert pack[".pptx"] == pack[".xlsx"] == b"PK\x03\x04"


def pages_of_demo(installed: Installed, *places: str) -> Iterator[tuple[str, str]]:
    """What the demo answers at these addresses; then it is stopped, and its database stays."""
    with installed.start("partnership-bot", "demo", "--port", "0") as process:
        assert process.stdout is not None
        ready = "The demo is ready: "
        address = next(line.removeprefix(ready).strip() for line in process.stdout if line.startswith(ready))
        for place in places:
            with urllib.request.urlopen(address + place) as answer:
                yield place, answer.read().decode()
        process.send_signal(signal.SIGINT)
        said, complaints = process.communicate(timeout=60)
    assert (process.returncode, said.splitlines()[-1:]) == (0, ["The demo has stopped."]), complaints


def of_demo(installed: Installed, command: str, *options: str) -> dict[str, bytes]:
    """The files that a command writes about the demo's partnership."""
    words = (command, "willow-valley", "--out", command, *options)
    written = installed.run("partnership-bot", *words, PARTNERSHIP_DATABASE_URL="sqlite:///var/demo.db")
    return {path.name: path.read_bytes() for path in (installed.home / each for each in written)}


def test_a_partnership_is_imported_and_the_doctor_says_what_is_missing(installed: Installed) -> None:
    (installed.home / "river.yaml").write_text(river(), encoding="utf-8")

    imported = installed.run("partnership-bot", "import", "river.yaml")

    assert imported[0] == "River Partnership is up to date. Its framework is partnership-enquiry 1.0."
    assert (installed.home / "var" / "partnership.db").exists()
    assert installed.run("partnership-bot", "doctor", code=1) == [
        "NO  River Partnership has its channel in web, which only the demo and the terminal use.",
        "1 of the 14 things checked needs attention. --all lists them. No chat platform was asked: --ask does that.",
    ]
