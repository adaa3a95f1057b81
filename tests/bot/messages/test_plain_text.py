"""A message in plain words: everything that is in it can be read, and everything that can be pressed can be typed."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
    Facts,
    File,
    Heading,
    Message,
    Option,
    Paragraph,
    Picture,
    Progress,
    Table,
    TextInput,
)
from bot.messages.plain_text import inert, plain_text, pressable, shorter


def said(*blocks: Block, files: tuple[File, ...] = ()) -> str:
    return plain_text(Message("key", blocks, "en", files))


def test_a_question_shows_what_to_type_for_each_level_and_which_one_was_chosen() -> None:
    question = Choice(
        "Our school",
        "How well do we share goals?",
        (Option("1 Starting", "a", "1"), Option("2 Building", "b", "2", chosen=True)),
    )

    assert said(question) == "Our school\nHow well do we share goals?\n[1] Starting  [2] Building ✓"


@pytest.mark.parametrize(
    ("label", "typed", "shown"),
    [
        pytest.param("Back", "back", "[Back]", id="the label itself can be typed"),
        pytest.param("What would show it?", "hint", "[hint] What would show it?", id="a shorter word does it"),
        pytest.param("3 Established", "3", "[3] Established", id="a number is not said twice"),
        pytest.param("3 Established", "partnership 3", "[partnership 3] Established", id="nor after the row's name"),
        pytest.param("7", "7", "[7]", id="a bare number"),
        pytest.param("Keep it", "strength 1.1 …", "[strength 1.1 …] Keep it", id="words to follow"),
    ],
)
def test_a_button_says_what_to_type_instead(label: str, typed: str, shown: str) -> None:
    assert pressable(label, typed) == shown


def test_every_kind_of_block_can_be_read() -> None:
    text = said(
        Heading("Shared purpose"),
        Paragraph("Look it over."),
        Facts((Fact("Our school", "3 Established"), Fact("Our partnership", "2 Building"))),
        Table("Scores", ("Sub-theme", "School"), (("Purpose", "3.0"), ("Trust", "withheld"))),
        Picture("report.png", b"", "Trust is strong."),
        TextInput("text", "What is going well?", "Only your school sees it.", "x", "Keep it", "strength …", "So far"),
        Buttons((Button("Skip", "s", "skip"), Button("Help", "h", "help"))),
        Progress(3, 18, "3 of 18 answered"),
        files=(File("report.csv", "text/csv", b""), File("report.txt", "text/plain", b"")),
    )

    assert text == (
        "Shared purpose\n\n"
        "Look it over.\n\n"
        "Our school: 3 Established\nOur partnership: 2 Building\n\n"
        "Scores\nSub-theme | School\nPurpose | 3.0\nTrust | withheld\n\n"
        "🖼 report.png: Trust is strong.\n\n"
        "What is going well?\nOnly your school sees it.\nSo far\n[strength …] Keep it\n\n"
        "[Skip]  [Help]\n\n"
        "3 of 18 answered\n\n"
        "📎 report.csv\n📎 report.txt"
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        pytest.param("\x1b[2JGone", "[2JGone", id="a terminal cannot be cleared"),
        pytest.param("\x9b31mred", "31mred", id="nor coloured by the one-character form"),
        pytest.param("Ty\u202eng", "Tyng", id="no turning of the direction"),
        pytest.param("bell\x07\r\x00", "bell", id="no bell, no overwriting"),
        pytest.param(
            "two\nlines\tand 'Siân' 学校 👩‍🏫", "two\nlines and 'Siân' 学校 👩‍🏫", id="words of any script stay"
        ),
    ],
)
def test_what_people_wrote_steers_nothing(written: str, shown: str) -> None:
    assert inert(written) == shown
    assert said(Paragraph(written), Facts((Fact(written, written),))) == f"{shown}\n\n{shown}: {shown}"


def test_of_all_characters_those_are_left_out_that_control_or_turn_and_halves_of_a_pair() -> None:
    turning = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    every = set(map(chr, range(sys.maxunicode + 1))) - {"\t"}
    kept = {each for each in every if unicodedata.category(each) not in {"Cc", "Cs"}} - turning | {"\n"}
    assert set(inert("".join(sorted(every)))) == kept
    assert inert("a\tb") == "a b"


@pytest.mark.parametrize(
    ("text", "most", "cut"),
    [
        pytest.param("Good morning", 12, "Good morning", id="it fits"),
        pytest.param("Good morning all", 14, "Good morning…", id="cut between words"),
        pytest.param("Llanfairpwll", 6, "Llanf…", id="one long word is cut within"),
        pytest.param("A Llanfairpwllgwyngyll", 12, "A Llanfairp…", id="or where most would be lost"),
    ],
)
def test_a_text_that_is_too_long_is_cut_where_words_end(text: str, most: int, cut: str) -> None:
    assert shorter(text, most) == cut
    assert len(cut) <= most
