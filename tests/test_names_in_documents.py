"""What documents, comments and docstrings name is there: modules and what is in them, files, classes, links.

Decisions (``docs/adr``) and changes are dated and may name what has gone since; only their links are looked at.
Recipes name what is still to be written: ``NAME`` stands for any name, and Matrix is a platform laid out like Slack.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parent.parent
ROOMS: Final = ("benchmarks", "bot", "core", "docs", "integrations", "manifest", "scheduler", "tests")
PAGES: Final = (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))
MODULES: Final = tuple(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

DOCSTRING_OR_COMMENT: Final = re.compile(r'""".*?"""|(?<![^\s])# [^\n]*', re.DOTALL)

_ROOM: Final = rf"(?<![\w./@-])(?:{'|'.join(ROOMS)})"
DOTTED: Final = re.compile(rf"{_ROOM}(?:\.[A-Za-z_]\w*)+")
PATH: Final = re.compile(rf"{_ROOM}/[\w./*-]*[\w*/]")
FILE: Final = re.compile(r"`([\w./-]+\.(?:py|md|toml|lock))`")
CLASS: Final = re.compile(r"`((?:[a-z_]\w*\.)*[A-Z]\w*[a-z]\w*(?:\.\w+)*)(?:\([^`]*\))?`")
TARGET: Final = re.compile(r"`make ([a-z-]+)")
LINK: Final = re.compile(r"\]\((?!https?:)([^)\s]+)\)")

OF_OTHERS: Final = {
    "Action.Execute", "Action.Submit",  # Microsoft's
    "Host", "Origin",  # headers
    "VmHWM",  # Linux's
}  # fmt: skip


@cache
def told() -> Mapping[str, str]:
    """By file, what it tells its readers: all of a document, the docstrings and comments of a module."""
    pages = {path: path.read_text(encoding="utf-8") for path in PAGES if path.name != "CHANGELOG.md"}
    pages = {path: text.replace("matrix", "slack").replace("Matrix", "Slack") for path, text in pages.items()}
    tools = {path: path.read_text(encoding="utf-8") for path in (ROOT / "pyproject.toml", ROOT / "Makefile")}
    modules = {path: "\n".join(DOCSTRING_OR_COMMENT.findall(path.read_text(encoding="utf-8"))) for path in MODULES}
    told = pages | tools | modules
    return {str(path.relative_to(ROOT)): text.replace("``", "`") for path, text in told.items()}


def named(what: re.Pattern[str]) -> list[tuple[str, str]]:
    """Where something is named, and what."""
    found = [(where, name) for where, text in told().items() for name in what.findall(text)]
    assert found
    return found


@cache
def _definitions(module: Path) -> list[ast.stmt]:
    return ast.parse(module.read_text(encoding="utf-8")).body


def _names(body: list[ast.stmt]) -> Iterator[str]:
    for statement in body:
        match statement:
            case (
                ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name) | ast.AnnAssign(ast.Name(name))
            ):
                yield name
            case ast.Import(names) | ast.ImportFrom(names=names):
                yield from (each.asname or each.name for each in names)
            case ast.Assign([ast.Name(name)]):
                yield name


def is_in(module: Path, parts: list[str]) -> bool:
    """Whether a module defines or imports this; where there are two parts, a class that has the second."""
    body = _definitions(module)
    *classes, name = parts
    for wanted in classes:
        body = next((each.body for each in body if isinstance(each, ast.ClassDef) and each.name == wanted), [])
    return name in _names(body)


def is_name(dotted: str) -> bool:
    """``core.calendar.SchoolCalendar.zone``: a room, a module, and what stands in it."""
    here, parts = ROOT, dotted.split(".")
    while parts and (here / parts[0]).is_dir():
        here /= parts.pop(0)
    module = here / "__init__.py"
    if parts and (here / f"{parts[0]}.py").is_file():
        module = here / f"{parts.pop(0)}.py"
    return not parts or (module.is_file() and is_in(module, parts))


def is_path(path: str) -> bool:
    """A file or a folder; a decision may be named by its number alone."""
    asked = path.replace("NAME", "*").rstrip("/")
    return any(ROOT.glob(asked)) or any(ROOT.glob(f"{asked}-*.md"))


@cache
def files() -> frozenset[str]:
    """Every file, by its whole path and by the end of it: ``integrations/slack/render.py`` and ``render.py``."""
    found = [*ROOT.glob("*"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.*"))]
    parts = (path.relative_to(ROOT).parts for path in found)
    return frozenset("/".join(each[start:]) for each in parts for start in range(len(each)))


@cache
def words_of_the_code() -> frozenset[str]:
    code = (DOCSTRING_OR_COMMENT.sub("", path.read_text(encoding="utf-8")) for path in MODULES)
    return frozenset(word for text in code for word in re.findall(r"\w+", text))


def test_every_module_that_is_named_exists_and_holds_what_is_said() -> None:
    assert [(where, name) for where, name in named(DOTTED) if not is_name(name)] == []


def test_every_path_that_is_named_exists() -> None:
    assert [(where, path) for where, path in named(PATH) if not is_path(path)] == []


def test_every_file_that_is_named_exists_somewhere() -> None:
    assert [(where, name) for where, name in named(FILE) if name not in files() and not is_path(name)] == []


def test_every_class_that_is_named_exists() -> None:
    """``Enquiry.place``, or ``Score``; it may be a library's, as long as some module uses it."""
    asked = [(where, name) for where, name in named(CLASS) if name not in OF_OTHERS]
    assert [(where, name) for where, name in asked if not words_of_the_code().issuperset(name.split("."))] == []


def test_every_target_of_make_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert [(where, name) for where, name in named(TARGET) if name not in targets] == []


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links to them are written."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in headings}


def leads_somewhere(page: Path, link: str) -> bool:
    name, _, anchor = link.partition("#")
    there = page.parent / name if name else page
    return there.exists() and (not anchor or anchor in anchors(there))


def test_every_link_leads_somewhere() -> None:
    pages = (*PAGES, *ROOT.glob("docs/adr/*.md"))
    links = [(page, link) for page in pages for link in LINK.findall(page.read_text(encoding="utf-8"))]
    assert len(links) > 30
    assert [(page.name, link) for page, link in links if not leads_somewhere(page, link)] == []


# That the tests above would see


@pytest.mark.parametrize(
    ("text", "what", "stale"),
    [
        ("by its name in `bot.lines`", DOTTED, "bot.lines"),
        ("bot.inbound.buttons.Score.colour is", DOTTED, "bot.inbound.buttons.Score.colour"),
        ("see core/analysis/secrecy.py.", PATH, "core/analysis/secrecy.py"),
        ("`integrations/slack/door.py`", FILE, "integrations/slack/door.py"),
        ("`make tea`", TARGET, "tea"),
    ],
)
def test_a_name_of_nothing_is_seen(text: str, what: re.Pattern[str], stale: str) -> None:
    assert what.findall(text) == [stale]
    assert not is_name(stale)
    assert not is_path(stale)


def test_a_class_that_has_gone_is_seen() -> None:
    stale = "No" + "SuchThing"
    assert CLASS.findall(f"`{stale}(12)` comes out") == [stale]
    assert stale not in words_of_the_code()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bot", "a room"),
        ("core.analysis.disclosure", "a package"),
        ("core.analysis.disclosure.Gate", "what a package brings in"),
        ("bot.turn.handle.handle", "a function"),
        ("core.calendar.SchoolCalendar.in_school_hours", "a method"),
        ("core.enquiry.Account.tenant", "a field"),
        ("bot.inbound.typed_text.WORDS", "a constant"),
    ],
)
def test_what_is_there_is_found(name: str, why: str) -> None:
    assert is_name(name)
