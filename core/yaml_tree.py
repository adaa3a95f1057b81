"""Reads YAML with the position of everything in it, so that a mistake can be reported with its line.

Only what people write in these files is read: maps, lists and single values. Aliases are rejected (aliased text has no
single position, and a chain of aliases can grow exponentially), as are tags and second documents. Whatever a file
contains, nothing here raises.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import yaml

from core.file_kinds import WAY_OUT, other_kind
from core.pasted_text import described, structure, token

BIGGEST: Final = 1_000_000
"""Bytes. The default framework has 38,000; a far bigger file was not written by hand."""
DEEPEST: Final = 20
"""Nesting depth of maps and lists. A framework has eight levels."""

FORBIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Invisible characters that change how the text around them is displayed."""

Path: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to an item, from the top of the file."""

Sort: TypeAlias = Literal["text", "number", "true or false", "date", "nothing"]
"""The type that YAML gives a single value."""


@dataclass(frozen=True, slots=True)
class Mistake:
    line: int
    """From 1, as editors count."""
    place: str
    """The path to it in the file's own words, such as ``areas 1 > subthemes 1.1 > title``; empty for the whole file."""
    words: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.place}: {self.words}" if self.place else f"line {self.line}: {self.words}"


class FileMistakes(Exception):
    """A file can't be used. Its mistakes, one or more, are in line order."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda mistake: mistake.line))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True, slots=True)
class Single:
    """One value: the text as written, and the type YAML gives it."""

    line: int
    path: Path
    text: str
    sort: Sort


@dataclass(frozen=True, slots=True)
class Items:
    line: int
    path: Path
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    line: int
    path: Path
    entries: Mapping[str, Node]
    keys: Mapping[str, Single]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A placeholder for a mistake that has already been reported, so that it isn't reported again."""

    line: int
    path: Path


Node: TypeAlias = Single | Items | Entries | Unreadable


@dataclass(frozen=True, slots=True)
class Parsed:
    root: Node
    mistakes: tuple[Mistake, ...]

    def place(self, path: Path) -> str:
        """The ``path`` in words; list items by their id or name, else by their number."""
        parts: list[str] = []
        node: Node | None = self.root
        for step in path:
            if isinstance(step, int):
                node = node.items[step] if isinstance(node, Items) else None
                parts[-1:] = [" ".join([*parts[-1:], _name(node, step)])]
            else:
                node = node.entries.get(step) if isinstance(node, Entries) else None
                parts.append(shown(step))
        return " > ".join(parts)


def _name(node: Node | None, position: int) -> str:
    named = [node.entries.get(key) for key in ("id", "name")] if isinstance(node, Entries) else []
    texts = (shown(each.text) for each in named if isinstance(each, Single))
    return next((text for text in texts if text), f"number {position + 1}")


def shown(text: str, most: int = 60) -> str:
    """An excerpt of a file, fit for a sentence: one line, nothing invisible, not too long."""
    line = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in " ".join(text.split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def is_blank(text: str) -> bool:
    """Whether nothing is visible: only spaces, joiners, variation selectors, soft hyphens."""
    return all(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Mn", "Zs") for each in text)


def parse(source: bytes, *, known: bool = False) -> Parsed:
    """The file as a tree, with the mistakes that prevent parts of it from being read.

    ``known``: this file has been read before without a mistake, so libyaml may read it, which is far quicker than
    PyYAML's own reader. It is not for new files: it accepts tabs and question marks in more places, and words its
    errors differently.
    """
    try:
        text = _decoded(source)
    except FileMistakes as mistakes:
        return Parsed(Unreadable(1, ()), mistakes.mistakes)
    loader = _QUICK if known else yaml.SafeLoader
    plain = _built(structure(text), loader)
    # What could be read before such spaces were put right must stay readable: stored frameworks are read again.
    return _built(text, loader) if plain.mistakes and not _built(text, loader).mistakes else plain


def _built(text: str, loader: type[yaml.SafeLoader]) -> Parsed:
    try:
        return _Builder(text, loader).parsed()
    except FileMistakes as mistakes:
        return Parsed(Unreadable(1, ()), mistakes.mistakes)


def _stop(line: int, words: str) -> FileMistakes:
    return FileMistakes([Mistake(line, "", words)])


_SAVE_AS_UTF8: Final = "Open it in a text editor and save it as UTF-8."


def _decoded(source: bytes) -> str:
    if kind := other_kind(source):
        raise _stop(1, f"this is {kind}. {WAY_OUT}")
    if len(source) > BIGGEST:
        raise _stop(
            1, f"this file has {len(source):,} bytes, and {BIGGEST:,} is the most. Check that it is the right one."
        )
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _stop(1, f"this file is saved as UTF-16 or UTF-32. {_SAVE_AS_UTF8}")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_lines(source[: error.start].decode("utf-8", "replace")))
        raise _stop(line, f"a character here is not UTF-8. {_SAVE_AS_UTF8}") from None
    if forbidden := [_invisible(number, line) for number, line in enumerate(_lines(text), 1) if FORBIDDEN.search(line)]:
        raise FileMistakes(forbidden)
    return text


def _lines(text: str) -> list[str]:
    return re.split("\r\n|\r|\n", text)


def _invisible(number: int, line: str) -> Mistake:
    found = FORBIDDEN.search(line)
    what = described(found[0]) if found else ""
    return Mistake(number, "", f"there is {what} in this line. Type the line again.")


_QUICK: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, where PyYAML was built with it; it gives the same events."""


class _Builder:
    """Turns the events of PyYAML's safe loader into a tree."""

    def __init__(self, text: str, loader_of: type[yaml.SafeLoader]) -> None:
        loader = loader_of(text)
        self._text = text
        self._loader = loader
        self._next: Callable[[], yaml.Event] = loader.get_event
        self._resolve: Callable[[type[yaml.Node], str, tuple[bool, bool]], str] = loader.resolve
        self._told: list[tuple[int, Path, str]] = []

    def parsed(self) -> Parsed:
        try:
            root = self._document()
        except yaml.MarkedYAMLError as error:
            raise _syntax(error, _lines(self._text)) from None
        except (yaml.YAMLError, ValueError, OverflowError):  # codes and versions with numbers out of range
            here: int = getattr(self._loader, "line", 0)  # libyaml's has none.
            raise _stop(here + 1, _PERCENT if self._text.startswith("%") else _BACKSLASH) from None
        parsed = Parsed(root, ())
        return Parsed(root, tuple(Mistake(line, parsed.place(path), words) for line, path, words in self._told))

    def _document(self) -> Node:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise _stop(1, "this file is empty.")
        root = self._node(self._next(), (), None)
        self._next()
        if not isinstance(extra := self._next(), yaml.StreamEndEvent):
            raise _stop(_line(extra), "a second document begins here. Keep one to a file, and remove the line ---.")
        if isinstance(root, Single) and root.sort == "nothing":
            raise _stop(1, "this file is empty.")
        return root

    def _node(self, event: yaml.Event, path: Path, key: Single | None) -> Node:
        line = key.line if key else _line(event)
        if len(path) > DEEPEST:
            raise _stop(_line(event), "lists and maps are nested too deeply here. Check the brackets.")
        if isinstance(event, yaml.AliasEvent):
            self._told.append(
                (_line(event), path, f"*{shown(event.anchor or '')} points to words elsewhere. Write them out here.")
            )
            return Unreadable(line, path)
        if isinstance(event, yaml.CollectionStartEvent | yaml.ScalarEvent) and event.tag is not None:
            self._told.append((_line(event), path, f"the tag {shown(event.tag)} is not allowed here. Remove it."))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._items(path, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._entries(path, line)
        assert isinstance(event, yaml.ScalarEvent)
        return Single(_line(event), path, event.value, self._sort(event))

    def _sort(self, event: yaml.ScalarEvent) -> Sort:
        return _SORTS.get(self._resolve(yaml.ScalarNode, event.value, event.implicit), "text")

    def _items(self, path: Path, line: int) -> Items:
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*path, len(items)), None))
        return Items(line, path, tuple(items))

    def _entries(self, path: Path, line: int) -> Entries:
        entries: dict[str, Node] = {}
        keys: dict[str, Single] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._node(event, (*path, "?"), None)
            if not isinstance(key, Single):
                self._node(self._next(), (*path, "?"), None)
                words = "the name before a colon must be a single word, not a list or a map."
                self._told += [(_line(event), path, words)] if not isinstance(key, Unreadable) else []
                continue
            name = token(key.text)
            value = self._node(self._next(), (*path, name), key)
            if name in keys:
                words = f"{shown(name)} stands here a second time (first on line {keys[name].line}). Keep one."
                self._told.append((key.line, path, words))
            else:
                entries[name], keys[name] = value, key
        return Entries(line, path, entries, keys)


_SORTS: Final[Mapping[str, Sort]] = {
    "tag:yaml.org,2002:int": "number",
    "tag:yaml.org,2002:float": "number",
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:timestamp": "date",
    "tag:yaml.org,2002:null": "nothing",
}


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


_PERCENT: Final = "a line that begins with % is an instruction to YAML. Remove it, or put the words in quotes."
_BACKSLASH: Final = "a backslash inside double quotes begins a code. Use single quotes, or write the backslash twice."
_UNFINISHED: Final = "a second colon is on this line, or the line above is not finished. Use quotes."

# PyYAML's description of the problem; whether to report the line where the item began; our words.
_TROUBLES: Final = (
    ("%", False, _PERCENT),
    (" *\t", False, "this line begins with a tab. Use spaces."),
    (
        ".*\n.*quoted scalar.*end of stream",
        True,
        "the quotation mark that opens here is never closed. Add the closing one.",
    ),
    (".*\n.*escape", False, _BACKSLASH),
    (".*\n.*cannot start any token", False, "words that begin with {found} must be in quotes."),
    (".*\n.*mapping values are not allowed", False, _UNFINISHED),
    (".*\n.*could not find expected ':'", True, "this line has no colon. Write a name, a colon and a space first."),
    (
        ".*\n.*flow",
        True,
        "the bracket that opens here is never closed, or words with a , : ? # or bracket in them need quotes.",
    ),
    ("", False, "this line doesn't fit the lines above it. Check its indentation and the quotation marks."),
)


def _syntax(error: yaml.MarkedYAMLError, lines: list[str]) -> FileMistakes:
    """The YAML reader's error, in words for somebody who doesn't know YAML's terms."""
    here = min(error.problem_mark.line, len(lines) - 1) if error.problem_mark else 0
    start = error.context_mark.line if error.context_mark else here
    found = lines[here][error.problem_mark.column :][:1] if error.problem_mark else ""
    account = f"{lines[here]}\n{error.context} {error.problem}"
    at_start, words = next((at, words) for clue, at, words in _TROUBLES if re.match(clue, account))
    return _stop((start if at_start else here) + 1, words.format(found=shown(found) or "a tab"))
