"""Takes checked values out of a YAML tree and collects every mistake on the way.

Each method returns a placeholder for a missing or wrong value, so that reading continues to the end of the file;
``finish`` then raises if there was any mistake. A method given None (a missing entry, which ``fields`` has already
reported) reports nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, time
from difflib import get_close_matches
from typing import Final, TypeVar

from core import pasted_text
from core.pasted_text import Unclear, described, not_ascii, token
from core.yaml_tree import (
    FORBIDDEN,
    Entries,
    FileMistakes,
    Items,
    Mistake,
    Node,
    Parsed,
    Single,
    is_blank,
    shown,
)

T = TypeVar("T")

LONGEST_ID: Final = 40
"""Characters. Ids travel in buttons, several at a time, and platforms limit what a button can carry."""
LONGEST_LINK: Final = 2000
"""Characters of a link from which an id is taken."""
_ID: Final = re.compile(r"[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*")


class Reader:
    def __init__(self, parsed: Parsed) -> None:
        self.root = parsed.root
        self._parsed = parsed
        self._mistakes = list(parsed.mistakes)

    def note(self, node: Node, words: str, line: int | None = None) -> None:
        """Report a mistake about this node; ``line`` if it isn't on the node's first line."""
        self._mistakes.append(Mistake(line or node.line, self._parsed.place(node.path), words))

    def finish(self) -> None:
        if self._mistakes:
            raise FileMistakes(self._mistakes)

    def expected(self, node: Node | None, words: str) -> None:
        """Report that this has the wrong shape; ``words`` say what belongs here."""
        match node:
            case Single(sort="nothing"):
                self.note(node, f"nothing is written here. {words}")
            case Single():
                self.note(node, f'"{shown(node.text)}" can\'t stand here. {words}')
            case Items():
                self.note(node, f"a list can't stand here. {words}")
            case Entries():
                self.note(node, f"names and values can't stand here. {words}")

    def fields(
        self, node: Node | None, required: Collection[str], optional: Collection[str] = ()
    ) -> Mapping[str, Node]:
        """The entries of a map with known keys; unknown and missing keys are reported."""
        if not isinstance(node, Entries):
            self.expected(node, f"Names and values belong here: {', '.join(required)}.")
            return {}
        known = list(dict.fromkeys([*required, *optional]))
        missing = [key for key in required if key not in node.entries]
        for key in [each for each in node.entries if each not in known]:
            meant = did_you_mean(key, known)
            missing = [each for each in missing if each != meant]
            way_out = f"Did you mean {meant}?" if meant else f"Known here: {', '.join(known)}."
            self.note(node, f"{shown(key) or 'an empty name'} is not known here. {way_out}", node.keys[key].line)
        for key in missing:
            self.note(node, f"{key} is missing. Add it.")
        return node.entries

    def items(self, node: Node | None, least: int, most: int | None = None) -> tuple[Node, ...]:
        """The items of a list with at least ``least`` and at most ``most`` of them; otherwise none."""
        if not isinstance(node, Items):
            self.expected(node, "A list belongs here, each item on a line of its own after a hyphen.")
            return ()
        if len(node.items) < least:
            self.note(node, f"this list has {len(node.items)}, and {least} is the least. Add to it.")
        elif most is not None and len(node.items) > most:
            self.note(node, f"this list has {len(node.items)}, and {most} is the most. Take some out.")
        else:
            return node.items
        return ()

    def text(self, node: Node | None, most: int) -> str:
        """A text of at least one visible character, on one line; spaces and line breaks become single spaces."""
        return self._checked(node, most, pasted_text.cleaned)

    def name(self, node: Node | None, most: int) -> str:
        """A name, without quotation marks around it and with nothing in it that can't be seen."""
        return self.pasted(node, most, pasted_text.name)

    def word(self, node: Node | None, most: int) -> str:
        """An id, a code or another word that isn't prose."""
        return self._checked(node, most, token)

    def pasted(self, node: Node | None, most: int, clean: Callable[[str], str]) -> str:
        """A text that ``clean`` puts right, which may raise ``Unclear``; before that it may be a link, and longer."""
        if node is None or not self._checked(node, LONGEST_LINK, pasted_text.cleaned):
            return ""
        try:
            return self._checked(node, most, clean)
        except Unclear as unclear:
            self.note(node, f"this {unclear.words}")
            return ""

    def _checked(self, node: Node | None, most: int, clean: Callable[[str], str]) -> str:
        if not isinstance(node, Single):
            self.expected(node, "One text belongs here, not several.")
            return ""
        text = clean(node.text)
        if words := _wrong_with(node, text, most):
            self.note(node, words)
            return ""
        return text

    def id(self, node: Node | None) -> str:
        """The id as written, even if invalid, so that references to it aren't reported as well."""
        text = self.word(node, LONGEST_ID)
        if node and text and not _ID.fullmatch(text):
            strange = not_ascii(text)
            why = f": it has {strange} in it" if strange else ""
            rule = "Use letters a to z, digits, and . - _ between them."
            self.note(node, f'"{shown(text)}" can\'t be an id{why}. {rule}')
        return text

    def once(self, node: Node | None, key: str, seen: dict[str, int], what: str, way_out: str) -> None:
        """Report a repeated ``key``; ``seen`` keeps the line of the first."""
        if node is None or not key:
            return
        if key in seen:
            self.note(node, f"{what} stands on line {seen[key]} already. {way_out}")
        seen.setdefault(key, node.line)

    def choice(self, node: Node | None, allowed: Mapping[str, T]) -> T | None:
        """What the text stands for; None if nothing."""
        text = self.word(node, 100)
        if node and text and text not in allowed:
            meant = did_you_mean(text, allowed)
            way_out = f"Did you mean {meant}?" if meant else f"Choose one of {', '.join(allowed)}."
            self.note(node, f'"{shown(text)}" is not known here. {way_out}')
        return allowed.get(text)

    def whole_number(self, node: Node | None, least: int, most: int) -> int | None:
        if not isinstance(node, Single):
            self.expected(node, f"A whole number from {least} to {most} belongs here.")
            return None
        number = token(node.text)
        if re.fullmatch("[0-9]{1,9}", number) and least <= int(number) <= most:
            return int(number)
        self.note(node, f'"{shown(node.text)}" can\'t stand here. Write a whole number from {least} to {most}.')
        return None

    def day(self, node: Node | None) -> date | None:
        if not isinstance(node, Single):
            self.expected(node, "A date belongs here, such as 2026-09-01.")
            return None
        day = token(node.text)
        if re.fullmatch("20[0-9]{2}-[0-9]{2}-[0-9]{2}", day):
            try:
                return date.fromisoformat(day)
            except ValueError:
                self.note(node, f"there is no {day} in the calendar. Check the day and the month.")
                return None
        self.note(node, f'"{shown(node.text)}" is not a date. Write the year, the month and the day: 2026-09-01.')
        return None

    def time_of_day(self, node: Node | None) -> time | None:
        if not isinstance(node, Single):
            self.expected(node, 'A time belongs here, such as "08:00".')
            return None
        moment = token(node.text)
        if re.fullmatch("([01]?[0-9]|2[0-3]):[0-5][0-9]", moment):
            hour, minute = moment.split(":")
            return time(int(hour), int(minute))
        self.note(node, f'"{shown(node.text)}" is not a time. Write hours and minutes on the 24-hour clock: "08:00".')
        return None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like this one."""
    return next(iter(get_close_matches(word[:100], list(known), n=1)), None)


def _wrong_with(node: Single, text: str, most: int) -> str | None:
    if node.sort == "nothing":
        return "nothing is written here. Write the text, in quotes if it begins with #."
    if node.sort != "text":
        return not_a_text(node)
    if found := FORBIDDEN.search(text):
        return f"there is {described(found[0])} in this text. Type the text again."
    if is_blank(text):
        return "this text has nothing that can be seen. Write the text."
    if len(text) > most:
        return f"this text has {len(text)} characters, and {most} is the most. Shorten it."
    return None


def not_a_text(node: Single) -> str:
    """Why a value that YAML doesn't read as text needs quotes: other programs would read it differently."""
    taken_for = {"number": f"the number {_number(node.text)}", "true or false": _truth(node.text), "date": "a date"}
    text = shown(node.text)
    return f'{text} without quotes means {taken_for[node.sort]} in YAML. Put it in quotes: "{text}".'


def _number(text: str) -> str:
    try:
        return f"{float(text.replace('_', '')):.15g}"
    except ValueError:
        return shown(text)


def _truth(text: str) -> str:
    return "true" if text.lower() in ("yes", "true", "on") else "false"
