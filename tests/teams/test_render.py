"""Messages as Adaptive Cards: all of it is there, all of it can be pressed, and what people wrote stays text."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
    Facts,
    Heading,
    Message,
    Option,
    Paragraph,
    Picture,
    Progress,
    Table,
    TextInput,
    Weight,
)
from integrations.teams.render import Link, card_of, render
from integrations.teams.text import escaped, pieces
from tests.teams.adaptive_cards import cells, complaints, elements, pressable, seen, text_of

Json: TypeAlias = dict[str, Any]
HOSTILE = (
    "<at>Ruth</at> **bold** _it_ `code` [a](http://x) ![b](http://y) <b>x</b> &lt;b&gt; {{DATE(2026-11-25T08:00Z)}} "
    "{{{{TIME(x)}}}} ~~old~~ \\* 学校 =1+1 $\\frac{$ ${name}"
)


def shown(
    *blocks: Block, lang: str = "en", pictures: tuple[str | None, ...] = (), files: tuple[Link, ...] = ()
) -> Json:
    """The card of these blocks, which Teams has nothing against."""
    message = render(Message("card:1:1.1", blocks, lang), pictures, files)
    card = card_of(message)
    assert isinstance(card, dict)
    assert complaints(card, message) == []
    return card


def lines(card: Json) -> list[str]:
    return [text for part in elements(card) if (text := text_of(part))]


LEVELS = Facts((Fact("2 Building", "Some know."), Fact("3 Established", "Most know.")))


def question(name: str, *, chosen: str = "") -> Choice:
    options = tuple(
        Option(label, f"Score|{name}|{label[0]}", label[0], label == chosen)
        for label in ("2 Building", "3 Established")
    )
    return Choice(f"{name}: {chosen}" if chosen else name, f"How far, {name}?", options, name)


def test_a_level_stands_above_what_it_means_and_a_cell_to_tap_for_each_question() -> None:
    card = shown(LEVELS, question("Our school", chosen="3 Established"), question("Our partnership"))
    assert lines(card) == [
        "Our school: 3 Established",
        "How far, Our school?",
        "Our partnership",
        "How far, Our partnership?",
        "2 Building: Some know.",
        "Our school",
        "Our partnership",
        "3 Established: Most know.",
        "✓ Our school",
        "Our partnership",
    ]


def test_a_cell_says_aloud_what_it_does_and_carries_it() -> None:
    card = shown(LEVELS, question("Our school", chosen="3 Established"), question("Our partnership"))
    assert [(each["title"], each["data"]) for each in pressable(card)] == [
        ("Our school: 2 Building", {"action": "Score|Our school|2"}),
        ("Our partnership: 2 Building", {"action": "Score|Our partnership|2"}),
        ("✓ Our school: 3 Established", {"action": "Score|Our school|3"}),
        ("Our partnership: 3 Established", {"action": "Score|Our partnership|3"}),
    ]


def test_the_chosen_cell_is_marked_in_more_than_colour() -> None:
    card = shown(LEVELS, question("Our school", chosen="3 Established"))
    marked = [each for each in elements(card) if each["type"] == "Column" and each["style"] == "accent"]
    assert [text_of(each["items"][0]) for each in marked] == ["✓ Our school"]


def test_two_cells_share_the_width_of_a_phone_and_are_as_high_as_a_finger() -> None:
    card = shown(LEVELS, question("Our school"), question("Our partnership"))
    rows = [each["columns"] for each in elements(card) if each["type"] == "ColumnSet"]
    assert [[(cell["width"], cell["minHeight"]) for cell in row] for row in rows] == [[("stretch", "44px")] * 2] * 2


def test_a_question_of_one_perspective_has_its_levels_as_cells() -> None:
    card = shown(LEVELS, Choice("How far?", "", question("x").options))
    assert [each["title"] for each in pressable(card)] == ["2 Building", "3 Established"]


def test_levels_of_another_question_are_facts() -> None:
    card = shown(LEVELS, Choice("Look again", "Open one:", (Option("1 Purpose", "Change|1", "1"),)))
    assert lines(card)[:3] == ["2 Building: Some know.", "3 Established: Most know.", "Look again"]
    assert [(each.legend, each.name) for each in cells(card)] == [("Look again", "1 Purpose")]


def test_at_most_six_buttons_and_the_others_are_typed() -> None:
    buttons = tuple(Button(f"Button {number}", str(number), f"word {number}") for number in range(1, 9))
    card = shown(Buttons(buttons[:4]), Buttons(buttons[4:]))
    assert [each["title"] for each in pressable(card)] == [f"Button {number}" for number in range(1, 7)]
    assert lines(card)[-1] == "Or type: word 7 · word 8"


def test_what_is_main_and_what_needs_care_look_so() -> None:
    pressed = (
        Button("Submit", "s", "submit", Weight.MAIN), Button("Back", "b", "back"),
        Button("Erase me", "e", "erase me", Weight.CAREFUL),
    )  # fmt: skip
    assert [each.get("style") for each in pressable(shown(Buttons(pressed)))] == ["positive", None, "destructive"]


def test_a_note_is_written_on_the_card() -> None:
    box = TextInput("text", "Beth sy'n mynd yn dda?", "Eich ysgol yn unig.", "WriteNote|1", "Cadw", "cryfder", "Hen")
    card = shown(box, lang="cy")
    written = next(each for each in elements(card) if each["type"] == "Input.Text")
    assert (written["id"], written["label"], written["isMultiline"], written["value"]) == (
        "text", "Beth sy'n mynd yn dda?", True, "Hen",
    )  # fmt: skip
    assert [(each["title"], each["data"]) for each in pressable(card)] == [("Cadw", {"action": "WriteNote|1"})]
    assert card["lang"] == "cy"


def test_every_button_works_in_clients_that_know_no_execute() -> None:
    (button,) = pressable(shown(Buttons((Button("Help", "ShowHelp", "help"),))))
    assert button["type"] == "Action.Execute"
    assert button["fallback"] == {"type": "Action.Submit", "title": "Help", "data": {"action": "ShowHelp"}}


def test_a_picture_has_its_words_whether_it_can_be_shown_or_not() -> None:
    picture = Picture("report.png", b"", "Trust is strong.")
    (image,) = shown(picture, pictures=("https://bot.example/x",))["body"]
    assert (image["url"], image["altText"]) == ("https://bot.example/x", "Trust is strong.")
    assert lines(shown(picture, pictures=(None,))) == ["report.png: Trust is strong."]


def test_files_are_links_with_their_names() -> None:
    address = "https://bot.example/teams/files/report-1_en.csv?key=a-b_c"
    card = shown(Paragraph("Here."), files=(Link("report-1_en.csv", address),))
    assert card["body"][-1]["text"] == f"Files: [report-1\\_en.csv]({address})"
    assert lines(card)[-1] == "Files: report-1_en.csv"


def test_a_table_is_told_row_by_row_since_a_phone_is_narrow() -> None:
    table = Table("Scores", ("Sub-theme", "School", "Group"), (("Purpose", "3.0", "2.5"), ("Trust", "2.0", "3.0")))
    assert lines(shown(table)) == ["Scores", "Purpose: School 3.0 · Group 2.5", "Trust: School 2.0 · Group 3.0"]


@pytest.mark.parametrize(
    ("done", "total", "bar"), [(3, 18, "▰▱▱▱▱▱▱▱▱▱"), (18, 18, "▰" * 10), (0, 0, "▱" * 10), (9, 3, "▰" * 10)]
)
def test_progress_is_said_in_words_too(done: int, total: int, bar: str) -> None:
    assert lines(shown(Progress(done, total, "so far"))) == [f"{bar} so far"]


def test_line_breaks_that_people_made_stay() -> None:
    assert lines(shown(Facts((Fact("Note", "One.\nTwo.\n\nThree."),)))) == ["Note: One.", "Two.", "Three."]


def test_a_notification_says_what_it_is_about() -> None:
    message = render(Message("k", (Progress(1, 2, "x"), Heading("Shared\npurpose"), Paragraph("Hello")), "en"))
    assert message["summary"] == "Shared\npurpose"


@pytest.mark.parametrize(
    ("blocks", "summary"),
    [
        pytest.param((Picture("report.png", b"", "Trust is strong."),), "Trust is strong.", id="a picture's words"),
        pytest.param((Picture("a.png", b"", " "), Picture("b.png", b"", "Up.")), "Up.", id="the first that has any"),
        pytest.param((Choice("Reminders", "When?", ()),), "Reminders", id="else what it begins with"),
        pytest.param((), "–", id="nothing"),
    ],
)
def test_a_notification_of_a_message_without_a_heading_says_what_there_is(
    blocks: tuple[Block, ...], summary: str
) -> None:
    assert render(Message("k", blocks, "en"))["summary"] == summary


# Text is text


@pytest.mark.parametrize(
    "block",
    [
        Heading(HOSTILE),
        Heading(HOSTILE, 2),
        Paragraph(HOSTILE),
        Facts((Fact(HOSTILE, HOSTILE),)),
        Table(HOSTILE, (HOSTILE,), ((HOSTILE, "x"),)),
        Choice(HOSTILE, HOSTILE, (Option(HOSTILE, "a", "t"),)),
        TextInput("text", HOSTILE, HOSTILE, "a", "Keep", "t", HOSTILE),
        Progress(1, 2, HOSTILE),
        Picture("x.png", b"", HOSTILE),
    ],
)
def test_what_people_wrote_is_shown_as_they_wrote_it(block: Block) -> None:
    assert HOSTILE in seen(shown(block))


@pytest.mark.parametrize(
    "name", ["1. St John's", "# One", "- Two", "+ Three", "12) Four", "> Five", "    Six", "---", "==="]
)
def test_a_name_that_looks_like_markdown_is_a_name(name: str) -> None:
    assert lines(shown(Heading(name))) == [name.strip()]


@given(st.text(alphabet="*_`[]()<>&\\~{}#+-.!1 \nab|=\t$", max_size=30))
def test_no_heading_comes_alive(text: str) -> None:
    (heading,) = shown(Heading(text))["body"]
    assert text_of(heading).split() == (" ".join(text.replace("\t", " ").split()).split() or ["–"])


@given(st.text(max_size=40))
def test_no_piece_of_a_text_is_a_formula_and_nothing_is_lost(text: str) -> None:
    parts = list(pieces(text))
    assert "".join(parts) == text
    assert all("{{" not in each for each in parts)
    assert "\n" not in escaped(text)


# Within the limits


def test_a_message_that_is_too_long_says_so_and_keeps_what_can_be_pressed() -> None:
    long = tuple(Paragraph("word " * 4_000) for _ in range(4))
    card = shown(Heading("Here"), *long, Buttons((Button("Help", "ShowHelp", "help"),)))
    assert "This message is too long for Teams to show all of it." in lines(card)
    assert lines(card)[0] == "Here"
    assert [each["title"] for each in pressable(card)] == ["Help"]


TEXT = st.text(max_size=60) | st.just("w" * 20_000) | st.just(HOSTILE)
OPTION = st.builds(Option, TEXT, st.just("a"), TEXT, st.booleans())
BLOCKS = st.one_of(
    st.builds(Heading, TEXT, st.sampled_from([1, 2])),
    st.builds(Paragraph, TEXT),
    st.builds(Facts, st.lists(st.builds(Fact, TEXT, TEXT), max_size=4).map(tuple)),
    st.builds(Table, TEXT, st.just(("a", "b")), st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple)),
    st.builds(Picture, st.just("x.png"), st.just(b""), TEXT),
    st.builds(
        Choice,
        TEXT,
        TEXT,
        st.lists(st.builds(Option, TEXT, st.just("a"), TEXT, st.booleans()), max_size=5).map(tuple),
        TEXT,
    ),
    st.builds(TextInput, st.just("text"), TEXT, TEXT, st.just("a"), TEXT, TEXT, TEXT),
    st.builds(Buttons, st.lists(st.builds(Button, TEXT, st.just("a"), TEXT), max_size=9).map(tuple)),
    st.builds(Progress, st.integers(), st.integers(), TEXT),
)


@settings(max_examples=30)
@given(st.lists(BLOCKS, max_size=6), st.sampled_from(["en", "cy", "fr"]))
def test_whatever_the_bot_says_teams_takes_it(blocks: list[Block], lang: str) -> None:
    json.dumps(shown(*blocks, lang=lang))
