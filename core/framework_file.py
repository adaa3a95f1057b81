"""Reads a framework from its YAML file: either the whole framework, or every mistake in the file.

``docs/frameworks.md`` describes the format for users.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Final

from babel import Locale, UnknownLocaleError

from core.as_typed import simplified
from core.enquiry import SKIPPED
from core.framework import (
    Area,
    Axis,
    Criterion,
    Framework,
    Level,
    Perspective,
    SubTheme,
    Text,
    Unscored,
)
from core.yaml_fields import Reader, did_you_mean, not_a_text
from core.yaml_tree import Entries, Node, Single, parse, shown

MOST_CRITERIA: Final = 60
"""With two perspectives that's 120 answers, which is an hour of a leader's time."""
FEWEST_LEVELS: Final = 2
MOST_LEVELS: Final = 7
MOST_UNSCORED: Final = 5
FEWEST_ON_AN_AXIS: Final = 3
"""Two answers on each side are needed to place a school on the chart, so one may be left out."""
LONGEST_LABEL: Final = 75
"""Characters. Labels and short titles appear on buttons and beside charts."""
LONGEST_TEXT: Final = 300
"""Characters. A question and its levels share one message, and have to be readable on a phone."""
LONGEST_PROSE: Final = 1000

_AXES: Final[Mapping[str, Axis]] = {"trust": "trust", "challenge": "challenge", "none": "none"}
_PERSPECTIVES: Final = {each.value: each for each in Perspective}
_LANGUAGE: Final = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,19}")


def read_framework(source: bytes, reserved_words: Collection[str] = (), *, known: bool = False) -> Framework:
    """The framework in this file.

    ``reserved_words`` are the bot's commands, which would shadow a level typed by its name in any language; leave out
    the words for *start*, which may be labels ("Dechrau"). ``known`` is as in ``parse``. Raises ``FileMistakes`` with
    every mistake.
    """
    reader = _FrameworkReader(Reader(parse(source, known=known)), reserved_words)
    framework = reader.framework()
    reader.reader.finish()
    return framework


def default_source() -> bytes:
    """The file of the framework that comes with the bot."""
    return (resources.files("core") / "frameworks" / "partnership-enquiry.yaml").read_bytes()


@cache
def default_framework() -> Framework:
    return read_framework(default_source(), known=True)


def checksum(source: bytes) -> str:
    """Distinguishes two files with the same id and version: SHA-256 as 64 hexadecimal digits.

    Line endings and the byte order mark, which an editor may change unasked, don't count.
    """
    return hashlib.sha256(source.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")).hexdigest()


def default_established(levels: int) -> int:
    """The level that counts as established where a framework names none: three quarters up the scale, rounded up.

    2 of 2, 3 of 3, 3 of 4, 4 of 5, 5 of 6, 6 of 7.
    """
    return -(-3 * levels // 4)


class _FrameworkReader:
    def __init__(self, reader: Reader, reserved_words: Collection[str]) -> None:
        self.reader = reader
        self._reserved = {simplified(word) for word in reserved_words}
        self._languages: tuple[str, ...] = ()
        self._perspectives: tuple[Perspective, ...] = tuple(Perspective)
        self._levels: tuple[Level, ...] = ()
        self._seen: dict[str, dict[str, int]] = {}
        self._criteria = 0
        self._axes_are_clear = True
        self._axes: dict[Axis, list[Node]] = {"trust": [], "challenge": []}

    def framework(self) -> Framework:
        required = ("id", "version", "title", "languages", "guidance", "scale", "areas")
        top = self.reader.fields(self.reader.root, required, ("perspectives", "translation_status"))
        self._languages = self._codes(top.get("languages"))
        if "perspectives" in top:
            self._perspectives = self._chosen_perspectives(top["perspectives"])
        scale = self.reader.fields(top.get("scale"), ("levels",), ("unscored", "established"))
        self._levels = self._scale(scale.get("levels"))
        return Framework(
            id=self.reader.id(top.get("id")),
            version=self._version(top.get("version")),
            title=self._text(top.get("title"), LONGEST_TEXT),
            languages=self._languages,
            guidance=self._text(top.get("guidance"), LONGEST_PROSE),
            translation_status=self._text(top.get("translation_status"), LONGEST_TEXT, complete=False),
            perspectives=self._perspectives,
            levels=self._levels,
            unscored=self._unscored(scale.get("unscored")),
            areas=self._areas(top.get("areas")),
            established=self._established(scale.get("established")),
        )

    def _version(self, node: Node | None) -> str:
        version = self.reader.word(node, 20)
        if node and version and not _VERSION.fullmatch(version):
            self.reader.note(node, f'"{shown(version)}" can\'t be a version. Use digits, letters and . + - _ only.')
        return version

    def _codes(self, node: Node | None) -> tuple[str, ...]:
        seen: dict[str, int] = {}
        codes = []
        for item in self.reader.items(node, 1, 20):
            code = self.reader.word(item, 20)
            self.reader.once(item, code, seen, f"the language {shown(code)}", "Take one of the two out.")
            if code and not _LANGUAGE.fullmatch(code):
                self.reader.note(item, f'"{shown(code)}" is not a language code. Write it like en, cy or pt-BR.')
                code = ""
            codes.append(code)
        return tuple(codes) if all(codes) else ()  # without the languages no text can be checked

    def _chosen_perspectives(self, node: Node) -> tuple[Perspective, ...]:
        seen: dict[str, int] = {}
        chosen = []
        for item in self.reader.items(node, 1, len(Perspective)):
            perspective = self.reader.choice(item, _PERSPECTIVES)
            self.reader.once(
                item, perspective or "", seen, f"the perspective {perspective}", "Take one of the two out."
            )
            chosen += [perspective] if perspective else []
        return tuple(chosen)

    def _scale(self, node: Node | None) -> tuple[Level, ...]:
        """The levels; none at all if one is wrong, since nothing can be checked against such a scale."""
        items = self.reader.items(node, FEWEST_LEVELS, MOST_LEVELS)
        levels = []
        for position, item in enumerate(items, 1):
            fields = self.reader.fields(item, ("value", "label", "meaning"))
            value = self._value(fields.get("value"), position)
            label = self._label(fields.get("label"), position)
            levels.append((value, Level(position, label, self._text(fields.get("meaning"), LONGEST_TEXT))))
        return tuple(level for _, level in levels) if all(value for value, _ in levels) else ()

    def _value(self, node: Node | None, position: int) -> int | None:
        value = self.reader.whole_number(node, 1, MOST_LEVELS)
        if node and value and value != position:
            self.reader.note(
                node, f"this is level {position} by its place. Number the levels 1, 2, 3 and so on, lowest first."
            )
            return None
        return value

    def _unscored(self, node: Node | None) -> tuple[Unscored, ...]:
        unscored = []
        for item in self.reader.items(node, 0, MOST_UNSCORED):
            fields = self.reader.fields(item, ("id", "label"))
            id_ = self._unique("unscored", fields.get("id"))
            if id_.isdecimal():
                self.reader.note(
                    fields["id"], f'"{shown(id_)}" could be taken for a level. Write it in letters, like cannot-say.'
                )
            if id_.casefold() == SKIPPED:
                self.reader.note(
                    fields["id"], f"{SKIPPED} is what the bot itself calls a skipped question. Choose another id."
                )
            unscored.append(Unscored(id_, self._label(fields.get("label"), None)))
        return tuple(unscored)

    def _established(self, node: Node | None) -> int:
        most = len(self._levels) or MOST_LEVELS
        return self.reader.whole_number(node, 2, most) or default_established(most)

    def _areas(self, node: Node | None) -> tuple[Area, ...]:
        areas = tuple(self._area(item) for item in self.reader.items(node, 1))
        self._check_axes(node)
        return areas

    def _area(self, node: Node) -> Area:
        fields = self.reader.fields(node, ("id", "title", "short_title", "subthemes"))
        return Area(
            id=self._unique("area", fields.get("id")),
            title=self._text(fields.get("title"), LONGEST_TEXT),
            short_title=self._text(fields.get("short_title"), LONGEST_LABEL),
            subthemes=tuple(self._subtheme(item) for item in self.reader.items(fields.get("subthemes"), 1)),
        )

    def _subtheme(self, node: Node) -> SubTheme:
        fields = self.reader.fields(node, ("id", "title", "short_title", "description", "criteria"))
        return SubTheme(
            id=self._unique("sub-theme", fields.get("id")),
            title=self._text(fields.get("title"), LONGEST_TEXT),
            short_title=self._text(fields.get("short_title"), LONGEST_LABEL),
            description=self._text(fields.get("description"), LONGEST_PROSE),
            criteria=tuple(self._criterion(item) for item in self.reader.items(fields.get("criteria"), 1)),
        )

    def _criterion(self, node: Node) -> Criterion:
        asked = [each.value for each in self._perspectives]
        fields = self.reader.fields(node, ("id", "title", *asked, "levels", "evidence_hint"), ("axis", *_PERSPECTIVES))
        self._criteria += 1
        if self._criteria == MOST_CRITERIA + 1:
            self.reader.note(
                node, f"this is criterion {self._criteria}, and {MOST_CRITERIA} is the most. Take some out."
            )
        questions = {each: self._text(fields.get(each), LONGEST_TEXT) for each in Perspective if each in fields}
        return Criterion(
            id=self._unique("criterion", fields.get("id")),
            title=self._text(fields.get("title"), LONGEST_TEXT),
            axis=self._axis(fields.get("axis")),
            questions={each: questions[each] for each in self._perspectives if each in questions},
            levels=self._descriptors(fields.get("levels")),
            evidence_hint=self._text(fields.get("evidence_hint"), LONGEST_TEXT),
        )

    def _axis(self, node: Node | None) -> Axis:
        axis = self.reader.choice(node, _AXES)
        self._axes_are_clear &= node is None or axis is not None
        if node and axis and axis != "none":
            self._axes[axis].append(node)
        return axis or "none"

    def _check_axes(self, areas: Node | None) -> None:
        if areas is None or not self._axes_are_clear or not any(self._axes.values()):
            return
        for axis, nodes in self._axes.items():
            if len(nodes) < FEWEST_ON_AN_AXIS:
                have = f"{len(nodes)} criteria have" if len(nodes) != 1 else "1 criterion has"
                way_out = f"Give {axis} to {FEWEST_ON_AN_AXIS} or more, or set every axis to none."
                self.reader.note(nodes[0] if nodes else areas, f"{have} the axis {axis}. {way_out}")

    def _descriptors(self, node: Node | None) -> Mapping[int, Text]:
        """What one would see at each level of the scale, by its value."""
        if node is None or not self._levels:
            return {}
        wanted = [str(level.value) for level in self._levels]
        if isinstance(node, Entries):
            for key in [each for each in node.entries if each not in wanted]:
                words = f"{shown(key)} is not a level of the scale, which has {', '.join(wanted)}. Remove it."
                self.reader.note(node, words, node.keys[key].line)
            for key in [each for each in wanted if each not in node.entries]:
                self.reader.note(node, f"level {key} is missing. Write what one would see at that level.")
            return {int(key): self._text(node.entries[key], LONGEST_TEXT) for key in wanted if key in node.entries}
        self.reader.fields(node, wanted)
        return {}

    def _unique(self, what: str, node: Node | None) -> str:
        """An id; people type ids, so two that differ only in case count as the same."""
        id_ = self.reader.id(node)
        way_out = f"Give every {what} an id of its own."
        self.reader.once(node, id_.casefold(), self._seen.setdefault(what, {}), f"the id {shown(id_)}", way_out)
        return id_

    def _label(self, node: Node | None, value: int | None) -> Text:
        """A text that people can also type as an answer, so it must be unambiguous."""
        label = self._text(node, LONGEST_LABEL)
        for code, words in label.items():
            here = node.entries[code] if isinstance(node, Entries) else None
            typed = simplified(words)
            what = f'the label "{shown(words)}"'
            self.reader.once(here, typed, self._seen.setdefault(f"label {code}", {}), what, "Choose another word.")
            if here and typed in self._reserved:
                self.reader.note(here, f'"{shown(words)}" is a word that commands the bot. Choose another word.')
            if here and typed.isdecimal() and int(typed[:5]) != value:
                self.reader.note(
                    here, f'"{shown(words)}" would be taken for level {shown(words)} when typed. Use a word.'
                )
        return label

    def _text(self, node: Node | None, most: int, complete: bool = True) -> Text:
        """The same words in every language of the framework (or in any of them, where it need not be complete)."""
        if node is None:
            return {}
        if not isinstance(node, Entries):
            first = next(iter(self._languages), "en")
            self.reader.expected(node, f'Write the text under its language, such as {first}: "...".')
            return {}
        meant = {self._meant(node, code, key) for code, key in node.keys.items()}
        for code in [each for each in self._languages if complete and each not in meant]:
            words = f"the {language_name(code)} text ({code}) is missing. Add it, or take {code} out of languages."
            self.reader.note(node, words)
        return {code: self.reader.text(text, most) for code, text in node.entries.items()}

    def _meant(self, node: Entries, code: str, key: Single) -> str | None:
        """The language that this key most likely stands for; a key for none of the languages is a mistake."""
        if key.sort != "text":
            self.reader.note(node, not_a_text(key), key.line)
            return code
        if not self._languages or code in self._languages:
            return code
        meant = did_you_mean(code, self._languages)
        way_out = f"Did you mean {meant}?" if meant else "Add it there, or take it out here."
        self.reader.note(node, f"{shown(code) or 'an empty name'} is not one of the languages. {way_out}", key.line)
        return meant


def language_name(code: str) -> str:
    """The English name of a language, or its code if we don't know one."""
    try:
        return Locale.parse(code, sep="-").get_display_name("en") or code
    except (UnknownLocaleError, ValueError):
        return code
