"""What a person typed, as far as it means something: a command word, scores, or else just text.

Words of command are understood in English and Welsh whatever language a person has chosen. Text that is neither a
word of command nor exactly a score is never guessed into one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, TypeAlias

from core.framework import Framework, Perspective


class Word(StrEnum):
    """A word of command."""

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
        Word.SWITCH: ("switch",),
        Word.HINT: ("hint",),
        Word.OTHERS: ("others", "what others will see"),
        Word.HELP: ("help", "hi", "hello", "?"),
        Word.STOP: ("stop",),
        Word.LATER: ("not now", "later"),
        Word.REMINDERS: ("reminders", "reminder"),
        Word.ENGLISH: ("english", "saesneg"),
        Word.WELSH: ("cymraeg", "welsh"),
        Word.REPORT: ("partnership-report", "/partnership-report", "report"),
        Word.MY_DATA: ("my data",),
        Word.ERASE_ME: ("erase me",),
    },
    "cy": {
        Word.START: ("dechrau", "cychwyn"),
        Word.RESUME: ("ailddechrau", "parhau", "nesaf", "ymlaen"),
        Word.BACK: ("yn ôl", "yn ol", "nôl", "nol"),
        Word.SKIP: ("hepgor",),
        Word.PAUSE: ("seibio", "saib"),
        Word.STATUS: ("statws", "cynnydd"),
        Word.REVIEW: ("adolygu",),
        Word.SUBMIT: ("cyflwyno",),
        Word.CHANGE: ("newid",),
        Word.PRIORITIES: ("blaenoriaethau",),
        Word.DONE: ("gorffen", "wedi gorffen"),
        Word.STRENGTH: ("cryfder",),
        Word.DEVELOPMENT: ("datblygiad", "datblygu"),
        Word.NOTE: ("nodyn", "tystiolaeth"),
        Word.SWITCH: ("cyfnewid",),
        Word.HINT: ("awgrym",),
        Word.OTHERS: ("eraill", "beth fydd eraill yn ei weld"),
        Word.HELP: ("cymorth", "helo", "shwmae"),
        Word.STOP: ("stopio",),
        Word.LATER: ("nid nawr", "ddim nawr", "wedyn"),
        Word.REMINDERS: ("nodiadau atgoffa", "atgoffa"),
        Word.ENGLISH: ("saesneg",),
        Word.WELSH: ("cymraeg",),
        Word.REPORT: ("adroddiad",),
        Word.MY_DATA: ("fy nata",),
        Word.ERASE_ME: ("dileu fi",),
    },
}
"""The first word of each is the one the bot suggests."""

_WITH_MORE: Final = frozenset({Word.CHANGE, Word.STRENGTH, Word.DEVELOPMENT, Word.NOTE, Word.REPORT})
"""Words that something else may follow."""

_NUMBERS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("one", "two", "three", "four", "five", "six", "seven"),
    "cy": ("un", "dau", "tri", "pedwar", "pump", "chwech", "saith"),
}

_UNSCORED_SHORT: Final[Mapping[str, tuple[str, ...]]] = {
    "cannot_say": ("can't say", "cannot say", "don't know", "methu dweud"),
    "not_applicable": ("not applicable", "n/a", "na", "ddim yn berthnasol"),
}


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
    """What the open rows are answered with, in order: a level's value as digits, or the id of a reason."""

    answers: tuple[str, ...]
    about: Perspective | None = None
    """The one row it names, as in ``partnership 3``."""


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number that is not a level of this scale."""

    value: int


@dataclass(frozen=True, slots=True)
class Free:
    text: str


Meaning: TypeAlias = Commanded | Scored | Number | Free


def reserved_words() -> Mapping[str, frozenset[str]]:
    """The words no framework may use as the label of a level, by language; words that mean start never score anyway."""
    return {
        language: frozenset(
            spelling for word, spellings in words.items() if word is not Word.START for spelling in spellings
        )
        for language, words in WORDS.items()
    }


def suggestion(word: Word, language: str) -> str:
    """What to type for a word of command, in this language."""
    return WORDS.get(language, WORDS["en"])[word][0]


def simplified(text: str) -> str:
    """Text as it is compared: one kind of apostrophe, no capitals, single spaces, no full stop at the end."""
    plain = unicodedata.normalize("NFC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(plain.casefold().split()).rstrip(".!").rstrip()


_BY_SPELLING: Final[Mapping[str, Word]] = {
    simplified(spelling): word
    for words in WORDS.values()
    for word, spellings in words.items()
    for spelling in spellings
} | {"/" + word: Word.REPORT for word in ("adroddiad",)}


def read(text: str, framework: Framework | None) -> Meaning:
    """The meaning of what was typed while this framework is being answered (None: while none is)."""
    if (commanded := _commanded(text)) is not None:
        return commanded
    if framework is not None and (scored := _scored_row(text, framework)) is not None:
        return scored
    if (number := whole_number(simplified(text))) is not None:
        return Number(number)
    return Free(text.strip())


def _commanded(text: str) -> Commanded | None:
    word = _BY_SPELLING.get(simplified(text))
    if word is not None:
        return Commanded(word)
    head, *tail = text.split(maxsplit=1) or [""]
    word = _BY_SPELLING.get(simplified(head).rstrip(":"))
    if word in _WITH_MORE and tail:
        return Commanded(word, tail[0].strip())
    return None


def whole_number(text: str) -> int | None:
    """A number written in decimal digits of any script, and nothing else: not ``²``, ``3/5``, ``3.5`` or ``-1``."""
    return int(text) if text.isdecimal() and len(text) <= 3 else None


def row_word(perspective: Perspective, language: str) -> str:
    """The word that, before a number, says which row it answers."""
    return _ROWS.get(language, _ROWS["en"])[perspective]


def _scored_row(text: str, framework: Framework) -> Scored | None:
    """``3``, ``3 2``, or ``partnership 3``."""
    head, _, rest = simplified(text).partition(" ")
    about = _ROW_BY_WORD.get(head)
    if about is None or about not in framework.perspectives:
        return _scored(text, framework)
    scored = _scored(rest, framework)
    return replace(scored, about=about) if scored is not None and len(scored.answers) == 1 else None


def _scored(text: str, framework: Framework) -> Scored | None:
    names = _names(framework)
    words = simplified(text).replace(", ", " ").split()
    answers: list[str] = []
    while words:
        length = next((n for n in range(len(words), 0, -1) if " ".join(words[:n]) in names), 0)
        answer = names.get(" ".join(words[:length])) if length else _level_of(words[0], framework)
        if answer is None:
            return None
        answers.append(answer)
        words = words[max(length, 1) :]
    return Scored(tuple(answers)) if 0 < len(answers) <= len(framework.perspectives) else None


def _level_of(word: str, framework: Framework) -> str | None:
    number = whole_number(word)
    return str(number) if number in framework.level_values else None


def _names(framework: Framework) -> Mapping[str, str]:
    """Every name of an answer: the labels of levels and of reasons in each language, and numbers spelled out."""
    spelled = (
        (word, str(value))
        for words in _NUMBERS.values()
        for value, word in enumerate(words, start=1)
        if value in framework.level_values
    )
    levels = ((label, str(level.value)) for level in framework.levels for label in level.label.values())
    reasons = (
        (name, each.id)
        for each in framework.unscored
        for name in (*each.label.values(), *_UNSCORED_SHORT.get(each.id, ()))
    )
    named = {simplified(name): answer for name, answer in (*spelled, *reasons, *levels)}
    return {name: answer for name, answer in named.items() if name not in _BY_SPELLING}


def chosen_numbers(text: str, most: int) -> tuple[int, ...] | None:
    """Numbers from 1 to ``most`` in a list such as ``1 4 7``, or None where anything else was typed."""
    numbers = [whole_number(word) for word in simplified(text).replace(",", " ").split()]
    if not numbers or any(number is None or not 1 <= number <= most for number in numbers):
        return None
    return tuple(number for number in numbers if number is not None)


def best_match(text: str, candidates: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """The id of the candidate one of whose names was typed."""
    wanted = simplified(text)
    return next((key for key, names in candidates if wanted in (simplified(name) for name in names)), None)
