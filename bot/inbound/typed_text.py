"""What typed text means: a command word, scores, or just text.

Command words are understood in English and Welsh, whatever language a person has chosen. Text that is neither a command
word nor exactly a score is never guessed to be one, and ambiguous text counts as neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from core.as_typed import simplified
from core.framework import Framework, Perspective


class Word(StrEnum):
    """A command word."""

    START = "start"
    RESUME = "resume"
    BACK = "back"
    SKIP = "skip"
    PAUSE = "pause"
    STATUS = "status"
    REVIEW = "review"
    SUBMIT = "submit"
    CHANGE = "change"
    PRIORITIES = "priorities"
    DONE = "done"
    STRENGTH = "strength"
    DEVELOPMENT = "development"
    NOTE = "note"
    SWITCH = "switch"
    HINT = "hint"
    OTHERS = "others"
    HELP = "help"
    STOP = "stop"
    LATER = "later"
    REMINDERS = "reminders"
    ENGLISH = "english"
    WELSH = "cymraeg"
    REPORT = "partnership-report"
    MEETING_PACK = "meeting-pack"
    ACTION = "action"
    ACTIONS = "actions"
    NOTES = "notes"
    RESPONSES = "responses"
    VISIBILITY = "visibility"
    PRACTICE = "practice"
    NETWORK = "network"
    DEPUTY = "deputy"
    AWAY = "away"
    MY_DATA = "my data"
    ERASE_ME = "erase me"


WORDS: Final[Mapping[str, Mapping[Word, tuple[str, ...]]]] = {
    "en": {
        Word.START: ("start", "begin"),
        Word.RESUME: ("resume", "continue", "carry on", "next"),
        Word.BACK: ("back", "previous"),
        Word.SKIP: ("skip",),
        Word.PAUSE: ("pause",),
        Word.STATUS: ("status", "progress"),
        Word.REVIEW: ("review",),
        Word.SUBMIT: ("submit", "submit what you have", "submit what i have"),
        Word.CHANGE: ("change", "edit"),
        Word.PRIORITIES: ("priorities",),
        Word.DONE: ("done", "finish"),
        Word.STRENGTH: ("strength",),
        Word.DEVELOPMENT: ("development",),
        Word.NOTE: ("note", "evidence"),
        Word.SWITCH: ("switch", "switch school", "change school"),
        Word.HINT: ("hint",),
        Word.OTHERS: ("others", "what others will see"),
        Word.HELP: ("help", "hi", "hello", "?"),
        Word.STOP: ("stop", "stop reminders"),
        Word.LATER: ("not now", "later"),
        Word.REMINDERS: ("reminders", "reminder"),
        Word.ENGLISH: ("english", "saesneg"),
        Word.WELSH: ("cymraeg", "welsh"),
        Word.REPORT: ("partnership-report", "/partnership-report", "partnership report", "report"),
        Word.MEETING_PACK: ("meeting-pack", "/meeting-pack", "meeting pack"),
        Word.ACTION: ("action",),
        Word.ACTIONS: ("actions", "what we agreed"),
        Word.NOTES: ("notes", "shared notes"),
        Word.RESPONSES: ("responses", "who has submitted"),
        Word.VISIBILITY: ("visibility", "who sees what"),
        Word.PRACTICE: ("practice", "practice sharing"),
        Word.NETWORK: ("network", "networks"),
        Word.DEPUTY: ("deputy", "deputies", "my deputy"),
        Word.AWAY: ("away until", "away"),
        Word.MY_DATA: ("my data",),
        Word.ERASE_ME: ("erase me", "delete me", "forget me"),
    },
    "cy": {
        Word.START: ("dechrau", "cychwyn"),
        Word.RESUME: ("parhau", "ailddechrau", "nesaf", "ymlaen"),
        Word.BACK: ("yn ôl", "yn ol", "nôl", "nol"),
        Word.SKIP: ("hepgor", "sgipio"),
        Word.PAUSE: ("seibio", "saib", "oedi"),
        Word.STATUS: ("statws", "cynnydd"),
        Word.REVIEW: ("adolygu", "adolygiad"),
        Word.SUBMIT: ("cyflwyno", "cyflwyno'r hyn sydd gennych", "cyflwyno'r hyn sydd gen i"),
        Word.CHANGE: ("newid", "golygu"),
        Word.PRIORITIES: ("blaenoriaethau",),
        Word.DONE: ("gorffen", "wedi gorffen"),
        Word.STRENGTH: ("cryfder",),
        Word.DEVELOPMENT: ("datblygiad", "datblygu"),
        Word.NOTE: ("nodyn", "tystiolaeth"),
        Word.SWITCH: ("newid ysgol", "cyfnewid"),
        Word.HINT: ("awgrym",),
        Word.OTHERS: ("eraill", "beth fydd eraill yn ei weld"),
        Word.HELP: ("cymorth", "helo", "shwmae", "s'mae", "bore da", "prynhawn da"),
        Word.STOP: ("stopio", "stopio nodiadau atgoffa"),
        Word.LATER: ("nid nawr", "ddim nawr", "ddim rŵan", "wedyn", "nes ymlaen"),
        Word.REMINDERS: ("nodiadau atgoffa", "nodyn atgoffa", "atgoffa"),
        Word.ENGLISH: ("saesneg",),
        Word.WELSH: ("cymraeg",),
        Word.REPORT: ("adroddiad", "/adroddiad", "adroddiad y bartneriaeth"),
        Word.MEETING_PACK: ("pecyn-cyfarfod", "/pecyn-cyfarfod", "pecyn cyfarfod"),
        Word.ACTION: ("cam", "cam gweithredu"),
        Word.ACTIONS: ("camau", "camau gweithredu", "yr hyn y cytunwyd arno"),
        Word.NOTES: ("nodiadau", "nodiadau a rannwyd"),
        Word.RESPONSES: ("ymatebion", "pwy sydd wedi cyflwyno"),
        Word.VISIBILITY: ("gwelededd", "pwy sy'n gweld beth"),
        Word.PRACTICE: ("arfer", "rhannu arfer"),
        Word.NETWORK: ("rhwydwaith", "rhwydweithiau"),
        Word.DEPUTY: ("dirprwy", "dirprwyon", "fy nirprwy"),
        Word.AWAY: ("i ffwrdd tan", "i ffwrdd"),
        Word.MY_DATA: ("fy nata",),
        Word.ERASE_ME: ("dileu fi", "dilëwch fi", "fy nileu"),
    },
}
"""For each command, the words that are understood; the bot suggests the first."""

_WITH_MORE: Final = frozenset(
    {Word.MEETING_PACK, Word.CHANGE, Word.STRENGTH, Word.DEVELOPMENT, Word.NOTE, Word.REPORT, Word.ACTION, Word.AWAY}
)
"""Commands that may be followed by more text."""

_NUMBERS: Final[Mapping[int, tuple[str, ...]]] = {
    1: ("one", "un"),
    2: ("two", "dau", "dwy"),
    3: ("three", "tri", "tair"),
    4: ("four", "pedwar", "pedair"),
    5: ("five", "pump", "pum"),
    6: ("six", "chwech", "chwe"),
    7: ("seven", "saith"),
}

_UNSCORED_SHORT: Final[Mapping[str, tuple[str, ...]]] = {
    "cannot_say": ("can't say", "cannot say", "don't know", "methu dweud"),
    "not_applicable": ("not applicable", "n/a", "ddim yn berthnasol"),
}
"""Without "na", which is Welsh for no."""


@dataclass(frozen=True, slots=True)
class Commanded:
    word: Word
    rest: str = ""


_ROWS: Final[Mapping[str, Mapping[Perspective, str]]] = {
    "en": {Perspective.SCHOOL: "school", Perspective.PARTNERSHIP: "partnership"},
    "cy": {Perspective.SCHOOL: "ysgol", Perspective.PARTNERSHIP: "partneriaeth"},
}
_ROW_BY_WORD: Final = {word: perspective for words in _ROWS.values() for perspective, word in words.items()}


@dataclass(frozen=True, slots=True)
class Scored:
    """Answers to the open rows, in order: a level's value as digits, or the id of a reason."""

    answers: tuple[str, ...]
    about: Perspective | None = None
    """The one row named, as in ``partnership 3``."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number that isn't a level of this scale."""

    value: int


@dataclass(frozen=True, slots=True)
class Free:
    text: str


Meaning: TypeAlias = Commanded | Scored | Number | Free


def reserved_words() -> frozenset[str]:
    """Words that no framework may use to label a level, in any language; words that mean "start" never count as
    scores.
    """
    commands = (spelling for spelling, word in _BY_SPELLING.items() if word is not Word.START)
    return frozenset((*commands, *_ROW_BY_WORD))


def suggestion(word: Word, language: str) -> str:
    """What to type for a command, in this language."""
    return WORDS.get(language, WORDS["en"])[word][0]


_BY_SPELLING: Final[Mapping[str, Word]] = {
    simplified(spelling): word
    for words in WORDS.values()
    for word, spellings in words.items()
    for spelling in spellings
}


_LONGEST_WITH_MORE: Final = max(
    spelling.count(" ") + 1 for spelling, word in _BY_SPELLING.items() if word in _WITH_MORE
)


def read(text: str, framework: Framework | None) -> Meaning:
    """What typed text means while this framework is being answered (None if none is)."""
    if (word := _BY_SPELLING.get(simplified(text))) is not None:
        return Commanded(word)
    if framework is not None and (scored := _scored_row(text, framework)) is not None:
        return scored
    if (commanded := _with_more(text)) is not None:
        return commanded
    if (number := whole_number(simplified(text))) is not None:
        return Number(number)
    return Free(text.strip())


def _with_more(text: str) -> Commanded | None:
    """``change 1.2.a``, ``note: We meet every month.``, or ``partnership report Autumn 2026``."""
    for length in range(_LONGEST_WITH_MORE, 0, -1):
        *head, rest = text.split(maxsplit=length) or [""]
        word = _BY_SPELLING.get(simplified(" ".join(head)).rstrip(":"))
        if word in _WITH_MORE and len(head) == length:
            return Commanded(word, rest.strip())
    return None


def whole_number(text: str) -> int | None:
    """A number in decimal digits of any script, and nothing else: not ``²``, ``3/5``, ``3.5`` or ``-1``."""
    return int(text) if text.isdecimal() and len(text) <= 3 else None


def row_word(perspective: Perspective, language: str) -> str:
    """The word before a number that says which row it answers."""
    return _ROWS.get(language, _ROWS["en"])[perspective]


def _scored_row(text: str, framework: Framework) -> Scored | None:
    """``3``, ``3 2``, or ``partnership 3``."""
    if (scored := _scored(text, framework)) is not None:
        return scored
    head, _, rest = simplified(text).partition(" ")
    about = _ROW_BY_WORD.get(head.rstrip(":"))
    named = _scored(rest, framework) if about in framework.perspectives else None
    return replace(named, about=about) if named is not None and len(named.answers) == 1 else None


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the text that is an answer."""

    answer: str
    manner: Literal["number", "label", "both", "reason"]


def _scored(text: str, framework: Framework) -> Scored | None:
    names = _names(framework)
    longest = max(name.count(" ") for name in names) + 1
    rows = len(framework.perspectives)
    words = _words(text)
    parts: list[_Part] = []
    while words and len(parts) < 2 * rows:
        length = next((n for n in range(longest, 0, -1) if " ".join(words[:n]) in names), 0)
        part = names.get(" ".join(words[:length]))
        if part is None:
            return None
        parts.append(part)
        words = words[length:]
    answers = _answers(parts)
    return Scored(answers) if not words and 0 < len(answers) <= rows else None


def _answers(parts: Iterable[_Part]) -> tuple[str, ...]:
    """One answer for each part, or one for a level's number and label together, as in ``3 Established``.

    No answers at all if number and label disagree.
    """
    told: list[_Part] = []
    for part in parts:
        if told and {told[-1].manner, part.manner} == {"number", "label"}:
            if told[-1].answer != part.answer:
                return ()
            told[-1] = _Part(part.answer, "both")
        else:
            told.append(part)
    return tuple(part.answer for part in told)


def _words(text: str) -> list[str]:
    """The words of a text without the commas between them, with numbers in ASCII digits."""
    words = re.sub(r"(?<=[^\s,]), ", " ", simplified(text)).split()
    return [word if (number := whole_number(word)) is None else str(number) for word in words]


def _names(framework: Framework) -> Mapping[str, _Part | None]:
    """Every name of an answer: numbers in digits and in words, the labels of levels and of reasons in each language.

    A name shared by two answers maps to None.
    """
    names: dict[str, _Part | None] = {}
    for text, part in _named(framework):
        name = " ".join(_words(text))
        before = names.get(name, part)
        names[name] = part if before is not None and before.answer == part.answer else None
    return {name: part for name, part in names.items() if name not in _BY_SPELLING}


def _named(framework: Framework) -> Iterator[tuple[str, _Part]]:
    for level in framework.levels:
        numbers = (str(level.value), *_NUMBERS.get(level.value, ()))
        yield from ((number, _Part(str(level.value), "number")) for number in numbers)
        for label in level.label.values():
            yield label, _Part(str(level.value), "label")
            yield f"{level.value} {label}", _Part(str(level.value), "both")
    for reason in framework.unscored:
        labels = (*reason.label.values(), *_UNSCORED_SHORT.get(reason.id, ()))
        yield from ((label, _Part(reason.id, "reason")) for label in labels)


def chosen_numbers(text: str, most: int) -> tuple[int, ...] | None:
    """Numbers from 1 to ``most`` in a list such as ``1 4 7``, or None if anything else was typed."""
    numbers = [whole_number(word) for word in simplified(text).replace(",", " ").split()]
    if not numbers or any(number is None or not 1 <= number <= most for number in numbers):
        return None
    return tuple(number for number in numbers if number is not None)


def best_match(text: str, candidates: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The id of the candidate whose name was typed."""
    wanted = simplified(text)
    return next((key for key, names in candidates if wanted in (simplified(name) for name in names)), None)
