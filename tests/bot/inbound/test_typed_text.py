"""What typed words mean: exactly a command, exactly a score, or just text that is never guessed into either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import typed_text
from bot.inbound.typed_text import (
    WORDS,
    Commanded,
    Free,
    Meaning,
    Number,
    Scored,
    Word,
)
from core.as_typed import simplified
from core.framework import Framework, Level, Perspective
from core.framework_file import default_framework, default_source, read_framework

SCHOOL, PARTNERSHIP = Perspective.SCHOOL, Perspective.PARTNERSHIP
CANNOT_SAY, NOT_APPLICABLE = "cannot_say", "not_applicable"


def meaning(text: str) -> Meaning:
    """While the default framework is being answered."""
    return typed_text.read(text, default_framework())


def scored(*answers: str, about: Perspective | None = None) -> Scored:
    return Scored(answers, about)


SCORES = [
    pytest.param("3", scored("3"), id="a level's number answers the next row"),
    pytest.param("3 2", scored("3", "2"), id="two numbers answer both rows"),
    pytest.param("3, 2", scored("3", "2"), id="a comma and a space part two numbers"),
    pytest.param("3\n2", scored("3", "2"), id="so does a new line"),
    pytest.param("  3  ", scored("3"), id="spaces around it say nothing"),
    pytest.param("3.", scored("3"), id="a full stop ends a sentence"),
    pytest.param("3 2!", scored("3", "2"), id="and so does an exclamation mark"),
    pytest.param("three", scored("3"), id="a number in English letters"),
    pytest.param("tri", scored("3"), id="a number in Welsh letters"),
    pytest.param("tair", scored("3"), id="Welsh numbers have a feminine form, as lefel takes it"),
    pytest.param("dwy pedair", scored("2", "4"), id="two of them"),
    pytest.param("Established", scored("3"), id="a level by its English name"),
    pytest.param("ESTABLISHED.", scored("3"), id="a phone may write capitals and full stops"),
    pytest.param("sefydledig", scored("3"), id="a level by its Welsh name"),
    pytest.param("Ymestyn", scored("4"), id="whatever language a person reads"),
    pytest.param("established building", scored("3", "2"), id="two levels by name"),
    pytest.param("Sefydledig, Building", scored("3", "2"), id="in two languages"),
    pytest.param("3 Established", scored("3"), id="all that stands on one button is one answer, not two"),
    pytest.param("established 3", scored("3"), id="the other way round too"),
    pytest.param("3 Established 2 Building", scored("3", "2"), id="two buttons' words are two answers"),
    pytest.param("1 Dechrau", scored("1"), id="with its number the Welsh level that also means start is a level"),
    pytest.param("starting", scored("1"), id="its English name means nothing else"),
    pytest.param("can't say yet", scored(CANNOT_SAY), id="a reason why there is no score"),
    pytest.param("can’t say", scored(CANNOT_SAY), id="a phone's apostrophe, and the short form"),
    pytest.param("Methu dweud eto", scored(CANNOT_SAY), id="in Welsh"),
    pytest.param("3 not applicable to us", scored("3", NOT_APPLICABLE), id="a score and a reason"),
    pytest.param("n/a n/a", scored(NOT_APPLICABLE, NOT_APPLICABLE), id="two reasons"),
    pytest.param("ddim yn berthnasol", scored(NOT_APPLICABLE), id="not applicable in Welsh"),
    pytest.param("partnership 3", scored("3", about=PARTNERSHIP), id="a row by its name"),
    pytest.param("School 3", scored("3", about=SCHOOL), id="the other row"),
    pytest.param("ysgol 3", scored("3", about=SCHOOL), id="a row in Welsh"),
    pytest.param("Partneriaeth: sefydledig", scored("3", about=PARTNERSHIP), id="with a colon, and a level by name"),
    pytest.param("partnership can't say", scored(CANNOT_SAY, about=PARTNERSHIP), id="a reason for a named row"),
    pytest.param("３", scored("3"), id="a full-width digit is a digit"),
    pytest.param("٣ ٢", scored("3", "2"), id="so are Arabic-Indic digits"),
    pytest.param("3\u200b", scored("3"), id="an unseen space came along with a copy"),
    pytest.param("\ufeff3", scored("3"), id="an unseen mark before it"),
    pytest.param("\u200f٣", scored("3"), id="a mark that Arabic keyboards write"),
    pytest.param("3\u00a02", scored("3", "2"), id="a space that does not break"),
]

NOT_SCORES = [
    pytest.param("3/5", Free("3/5"), id="a fraction is on another scale"),
    pytest.param("33", Number(33), id="two digits without a space are another number"),
    pytest.param("32", Number(32), id="nor are they two scores"),
    pytest.param("3,", Free("3,"), id="somebody is not done yet"),
    pytest.param("3 , 2", Free("3 , 2"), id="a comma that stands alone"),
    pytest.param("3.5", Free("3.5"), id="between two levels"),
    pytest.param("3,5", Free("3,5"), id="between two levels, with a comma"),
    pytest.param("²", Free("²"), id="a superscript is a note's number"),
    pytest.param("③", Free("③"), id="a circled number numbers a list"),
    pytest.param("Ⅲ", Free("Ⅲ"), id="a Roman numeral"),
    pytest.param("½", Free("½"), id="a half"),
    pytest.param("3️⃣", Free("3️⃣"), id="an emoji may be meant as a picture"),
    pytest.param("👍", Free("👍"), id="a thumb has no level"),
    pytest.param("-1", Free("-1"), id="there is nothing below the scale"),
    pytest.param("+3", Free("+3"), id="three more than what?"),
    pytest.param("0", Number(0), id="below the scale"),
    pytest.param("5", Number(5), id="above the scale"),
    pytest.param("five", Free("five"), id="above the scale, in letters"),
    pytest.param("3 5", Free("3 5"), id="one of two is above the scale"),
    pytest.param("3 2 1", Free("3 2 1"), id="there are only two rows"),
    pytest.param("3 Building", Free("3 Building"), id="number and name disagree"),
    pytest.param("building 3", Free("building 3"), id="the other way round too"),
    pytest.param("\u202e3 2", Free("\u202e3 2"), id="turned round, it was seen as 2 3"),
    pytest.param("3?", Free("3?"), id="somebody asks"),
    pytest.param("about 3", Free("about 3"), id="somebody weighs"),
    pytest.param("3 or 2", Free("3 or 2"), id="somebody can't decide"),
    pytest.param("not established", Free("not established"), id="a level's name in a sentence"),
    pytest.param("na", Free("na"), id="Welsh for no, not short for not applicable"),
    pytest.param("dechrau adeiladu", Free("dechrau adeiladu"), id="a word that means start never scores"),
    pytest.param("ysgol dechrau", Free("ysgol dechrau"), id="nor after the name of a row"),
    pytest.param("school 3 2", Free("school 3 2"), id="one row has one answer"),
    pytest.param("school", Free("school"), id="a row without an answer"),
    pytest.param("1" * 5_000, Free("1" * 5_000), id="too long for any number"),
    pytest.param("3 " * 5_000, Free(("3 " * 5_000).strip()), id="too many for any question"),
    pytest.param("We met on 3 December.", Free("We met on 3 December."), id="a sentence with a number in it"),
    pytest.param("", Free(""), id="nothing"),
    pytest.param(" \n ", Free(""), id="nothing to see"),
    pytest.param("...", Free("..."), id="nothing but full stops"),
]

COMMANDS = [
    pytest.param("back", Commanded(Word.BACK), id="a word of command"),
    pytest.param("BACK", Commanded(Word.BACK), id="in capitals"),
    pytest.param("Back.", Commanded(Word.BACK), id="as a sentence"),
    pytest.param(" back\n", Commanded(Word.BACK), id="with spaces around it"),
    pytest.param("b\u00adack\u200b", Commanded(Word.BACK), id="with what can't be seen in it"),
    pytest.param("yn ôl", Commanded(Word.BACK), id="in Welsh"),
    pytest.param("Nôl!", Commanded(Word.BACK), id="as it is said"),
    pytest.param("yn ol", Commanded(Word.BACK), id="from a keyboard without a circumflex"),
    pytest.param("yn o\u0302l", Commanded(Word.BACK), id="with the circumflex as a character of its own"),
    pytest.param("cyflwyno’r hyn sydd gennych", Commanded(Word.SUBMIT), id="a phone's apostrophe"),
    pytest.param("cyflwyno`r hyn sydd gen i", Commanded(Word.SUBMIT), id="a keyboard's accent for one"),
    pytest.param("carry   on", Commanded(Word.RESUME), id="more spaces than needed"),
    pytest.param("Dechrau", Commanded(Word.START), id="start, although a level is called so"),
    pytest.param("dechrau.", Commanded(Word.START), id="however it is written"),
    pytest.param("nodyn atgoffa", Commanded(Word.REMINDERS), id="a reminder, not a note that says atgoffa"),
    pytest.param("newid ysgol", Commanded(Word.SWITCH), id="another school, not a question called ysgol"),
    pytest.param("change", Commanded(Word.CHANGE), id="change something"),
    pytest.param("change 1.2.a", Commanded(Word.CHANGE, "1.2.a"), id="and say what"),
    pytest.param("Newid 1.2.a", Commanded(Word.CHANGE, "1.2.a"), id="in Welsh too"),
    pytest.param("Note: We meet.", Commanded(Word.NOTE, "We meet."), id="a note after a colon keeps its full stop"),
    pytest.param("cryfder Dysgu\nDa", Commanded(Word.STRENGTH, "Dysgu\nDa"), id="a note of two lines"),
    pytest.param("note 3", Commanded(Word.NOTE, "3"), id="a note that is a number scores nothing"),
    pytest.param("note\u00a0We meet", Commanded(Word.NOTE, "We meet"), id="a space that does not break"),
    pytest.param("back to the start", Free("back to the start"), id="a command takes no more words than it has"),
    pytest.param("/partnership-report", Commanded(Word.REPORT), id="as a platform's command"),
    pytest.param("partnership report", Commanded(Word.REPORT), id="as one says it, not a row called report"),
    pytest.param("?", Commanded(Word.HELP), id="somebody is lost"),
    pytest.param("Bore da", Commanded(Word.HELP), id="somebody says good morning"),
    pytest.param("saesneg", Commanded(Word.ENGLISH), id="the way back from Welsh"),
]


@pytest.mark.parametrize(("text", "expected"), SCORES)
def test_this_is_a_score(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(("text", "expected"), NOT_SCORES)
def test_this_is_no_score(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


@pytest.mark.parametrize(("text", "expected"), COMMANDS)
def test_this_is_a_command_or_not_quite(text: str, expected: Meaning) -> None:
    assert meaning(text) == expected


def test_outside_an_enquiry_a_number_is_only_a_number() -> None:
    assert typed_text.read("3", None) == Number(3)
    assert typed_text.read("Established", None) == Free("Established")
    assert typed_text.read("back", None) == Commanded(Word.BACK)


def relabelled(*labels: Mapping[str, str], perspectives: tuple[Perspective, ...] = tuple(Perspective)) -> Framework:
    """The default framework with another scale."""
    levels = tuple(Level(value, label, {}) for value, label in enumerate(labels, start=1))
    return replace(default_framework(), levels=levels, perspectives=perspectives)


def test_a_label_may_begin_with_a_word_of_command() -> None:
    framework = relabelled({"en": "Not yet"}, {"en": "Development begun"}, {"en": "School-wide"})
    assert typed_text.read("development begun", framework) == scored("2")
    assert typed_text.read("development We have begun.", framework) == Commanded(Word.DEVELOPMENT, "We have begun.")


def test_a_label_may_hold_a_comma_or_a_number() -> None:
    framework = relabelled({"en": "No, not yet"}, {"en": "Yes, in 2 schools"})
    assert typed_text.read("yes, in 2 schools", framework) == scored("2")
    assert typed_text.read("No, not yet, yes, in 2 schools", framework) == scored("1", "2")


def test_a_name_of_two_levels_names_neither() -> None:
    framework = relabelled({"en": "Plan", "cy": "Bwriad"}, {"en": "Three", "cy": "Plan"}, {"en": "One", "cy": "Gwaith"})
    for ambiguous in ("plan", "three", "one"):
        assert typed_text.read(ambiguous, framework) == Free(ambiguous)
    assert typed_text.read("gwaith", framework) == scored("3")


def test_one_perspective_has_one_row() -> None:
    framework = relabelled({"en": "No"}, {"en": "Yes"}, perspectives=(SCHOOL,))
    assert typed_text.read("2", framework) == scored("2")
    assert typed_text.read("2 1", framework) == Free("2 1")
    assert typed_text.read("partnership 2", framework) == Free("partnership 2")


def test_a_scale_of_seven_has_seven_numbers() -> None:
    framework = relabelled(*({"en": f"Level {value}"} for value in range(1, 8)))
    spelled = {"seven": "7", "saith": "7", "chwech": "6", "chwe": "6", "pum": "5", "level 4": "4"}
    assert {text: typed_text.read(text, framework) for text in spelled} == {
        text: scored(answer) for text, answer in spelled.items()
    }


# The oracle: the forms in which a score may be typed, written down a second time as one pattern.

LABELS = {1: ["starting"], 2: ["building", "adeiladu"], 3: ["established", "sefydledig"], 4: ["extending", "ymestyn"]}
NUMBERS = {1: ["one", "un"], 2: ["two", "dau", "dwy"], 3: ["three", "tri", "tair"], 4: ["four", "pedwar", "pedair"]}
REASONS = [
    *("can't say", "cannot say", "don't know", "can't say yet", "methu dweud", "methu dweud eto"),
    *("not applicable", "n/a", "not applicable to us", "ddim yn berthnasol", "ddim yn berthnasol i ni"),
]


def _any_of(forms: list[str]) -> str:
    return f"(?:{'|'.join(forms)})"


def _level(value: int) -> str:
    number, label = _any_of([f"0{{0,2}}{value}", *NUMBERS[value]]), _any_of(LABELS[value])
    with_start = [f"0{{0,2}}{value} dechrau"] if value == 1 else []
    return _any_of([f"{number} {label}", f"{label} {number}", *with_start, number, label])


ANSWER = _any_of([*map(_level, LABELS), *map(re.escape, REASONS)])
SCORE = re.compile(
    rf"(?:(?:school|partnership|ysgol|partneriaeth):? {ANSWER}|{ANSWER}(?:,? {ANSWER})?)[.! ]*", re.IGNORECASE
)


def may_score(text: str) -> bool:
    plain = unicodedata.normalize("NFC", text)
    plain = re.sub("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufeff]", "", plain)
    plain = re.sub("[\u2018\u2019\u02bc\u2032\uff07\u00b4`]", "'", plain)
    digits = (str(unicodedata.decimal(each)) if each.isdecimal() else each for each in plain)
    return SCORE.fullmatch(" ".join("".join(digits).casefold().split())) is not None


PIECES = [
    *("1", "2", "3", "4", "5", "33", "٣", "３", "²", "½", "③", "3️⃣", "-1", "3/5", "3.5", "0", "03"),
    *(" ", "  ", ",", ", ", ".", "!", "\n", ":", "/", "-", "'", "’", "\u200b", "\u202e", "\u00a0"),
    *("school", "Ysgol", "partnership", "partneriaeth", "dechrau", "start", "back", "note", "na", "yes"),
    *(each for forms in (*LABELS.values(), *NUMBERS.values()) for each in forms),
    *REASONS,
]
ANYTHING = st.one_of(
    st.text(),
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=4).map(" ".join),
)


@given(ANYTHING)
def test_any_text_means_something_and_only_an_allowed_form_is_a_score(text: str) -> None:
    found = meaning(text)
    match found:
        case Scored(answers, about):
            assert may_score(text)
            assert 1 <= len(answers) <= (1 if about else 2)
            assert set(answers) <= {"1", "2", "3", "4", CANNOT_SAY, NOT_APPLICABLE}
        case Number(value):
            assert value == int(simplified(text))
        case Free(kept):
            assert kept == text.strip()
        case Commanded(_, rest):
            assert rest in text


@given(st.text())
def test_how_a_text_is_compared_is_settled_at_once(text: str) -> None:
    once = simplified(text)
    assert simplified(once) == once


@st.composite
def _answers(draw: st.DrawFn) -> tuple[str, str]:
    """How an answer may be typed, and which it is."""
    value = draw(st.sampled_from(list(LABELS)))
    number, label = draw(st.sampled_from([str(value), *NUMBERS[value]])), draw(st.sampled_from(LABELS[value]))
    return draw(st.sampled_from([number, label, f"{number} {label}", f"{label} {number}"])), str(value)


@given(_answers(), st.sampled_from(["school", "Partnership", "ysgol:", "PARTNERIAETH"]))
def test_any_way_to_type_an_answer_is_understood(answer: tuple[str, str], row: str) -> None:
    text, value = answer
    about = SCHOOL if row in {"school", "ysgol:"} else PARTNERSHIP
    assert meaning(text.upper()) == scored(value)
    assert meaning(f"{row} {text}") == scored(value, about=about)


@given(st.sampled_from([1, 2, 3, 4]), st.sampled_from([1, 2, 3, 4]))
def test_two_answers_of_one_manner_are_understood(first: int, second: int) -> None:
    for forms in (LABELS, NUMBERS):
        assert meaning(f"{forms[first][0]}, {forms[second][-1]}") == scored(str(first), str(second))


# The words of command themselves.


@pytest.mark.parametrize("language", WORDS)
def test_every_language_has_every_word_of_command(language: str) -> None:
    assert set(WORDS[language]) == set(Word)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("word", Word)
def test_what_the_bot_suggests_is_understood(word: Word, language: str) -> None:
    assert meaning(typed_text.suggestion(word, language)) == Commanded(word)


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("perspective", Perspective)
def test_the_word_for_a_row_is_understood(perspective: Perspective, language: str) -> None:
    assert meaning(f"{typed_text.row_word(perspective, language)} 3") == scored("3", about=perspective)


def test_no_spelling_has_two_meanings() -> None:
    spelled = [
        (simplified(spelling), word)
        for words in WORDS.values()
        for word, spellings in words.items()
        for spelling in spellings
    ]
    meanings = {spelling: {word for each, word in spelled if each == spelling} for spelling, _ in spelled}
    assert {spelling: found for spelling, found in meanings.items() if len(found) > 1} == {}


def test_no_level_or_reason_of_the_default_framework_is_a_word_of_command_but_start() -> None:
    framework = default_framework()
    named = [*(each.label for each in framework.levels), *(each.label for each in framework.unscored)]
    labels = [label for texts in named for label in texts.values()]
    commands = {label: found for label in labels if isinstance(found := meaning(label), Commanded)}
    assert commands == {"Dechrau": Commanded(Word.START)}


def test_the_default_framework_keeps_clear_of_the_reserved_words() -> None:
    assert read_framework(default_source(), typed_text.reserved_words()) == default_framework()


def test_reserved_are_all_words_of_command_but_start_and_the_names_of_the_rows() -> None:
    reserved = typed_text.reserved_words()
    assert {"back", "yn ôl", "help", "school", "ysgol", "partneriaeth"} <= reserved
    assert reserved.isdisjoint({"start", "begin", "dechrau", "cychwyn"})


# Lists and names.


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        pytest.param("1 4 7", (1, 4, 7), id="parted by spaces"),
        pytest.param("1,4, 7", (1, 4, 7), id="parted by commas"),
        pytest.param("٣", (3,), id="digits of another script"),
        pytest.param("10", None, id="beyond the list"),
        pytest.param("0", None, id="before the list"),
        pytest.param("147", None, id="not three numbers"),
        pytest.param("1 and 4", None, id="words between"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_numbers_chosen_from_a_list_of_nine(text: str, chosen: tuple[int, ...] | None) -> None:
    assert typed_text.chosen_numbers(text, 9) == chosen


def test_the_best_match_is_the_one_that_was_named() -> None:
    themes = [("1.1", ("1.1", "Shared purpose", "Pwrpas cyffredin")), ("1.2", ("1.2", "Commitment"))]
    assert typed_text.best_match("shared purpose.", themes) == "1.1"
    assert typed_text.best_match("PWRPAS  cyffredin", themes) == "1.1"
    assert typed_text.best_match("1.2", themes) == "1.2"
    assert typed_text.best_match("purpose", themes) is None
