"""Messages as Slack's blocks: all of it is there, all of it can be pressed, and what people wrote stays text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest
import slack_sdk.models.blocks
from hypothesis import given, settings
from hypothesis import strategies as st

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
    Weight,
)
from integrations.slack.render import render
from tests.slack.block_kit import complaints, schema_complaints

Json: TypeAlias = dict[str, Any]
HOSTILE = "<!channel> <@U0ANN> *bold* _it_ `code` :smile: <http://x|y> https://x.example & #general @here"


def shown(*blocks: Block, lang: str = "en", files: tuple[str | None, ...] = ()) -> list[Json]:
    return [{**block} for block in render(Message("card:1:1.1", blocks, lang), files).blocks]


def buttons(blocks: list[Json]) -> list[Json]:
    return [button for block in blocks if block["type"] == "actions" for button in block["elements"]]


def words(block: Json) -> str:
    """What can be read in a block."""
    match block["type"]:
        case "rich_text":
            return "".join(part["text"] for section in block["elements"] for part in section["elements"])
        case "context":
            return " ".join(str(each["text"]) for each in block["elements"])
        case "header" | "section":
            return str(block["text"]["text"])
        case _:
            return ""


def bold(block: Json) -> list[str]:
    return [part["text"] for section in block["elements"] for part in section["elements"] if part.get("style")]


def test_a_question_says_its_legend_and_marks_the_chosen_level_in_more_than_colour() -> None:
    options = (Option("2 Building", "Score|2", "2"), Option("3 Established", "Score|3", "3", chosen=True))
    question, row = shown(Choice("Our school: 3 Established", "How far do we agree?", options))

    assert (words(question), bold(question)) == (
        "Our school: 3 Established\nHow far do we agree?",
        ["Our school: 3 Established"],
    )
    assert [(each["text"]["text"], each["value"], each.get("style")) for each in row["elements"]] == [
        ("2 Building", "Score|2", None),
        ("✓ 3 Established", "Score|3", "primary"),
    ]


def test_a_level_stands_beside_what_it_means() -> None:
    (levels,) = shown(Facts((Fact("4 Embedded", "Everyone can say why."), Fact("3 Established", "Most can."))))
    assert words(levels) == "4 Embedded: Everyone can say why.\n3 Established: Most can."
    assert bold(levels) == ["4 Embedded: ", "\n3 Established: "]


def test_a_table_is_told_row_by_row_since_a_phone_is_narrow() -> None:
    table = Table("Scores", ("Sub-theme", "School", "Group"), (("Purpose", "3.0", "2.5"), ("Trust", "2.0", "3.0")))
    (told,) = shown(table)
    assert words(told) == "Scores\nPurpose: School 3.0 · Group 2.5\nTrust: School 2.0 · Group 3.0"


def test_what_is_main_and_what_needs_care_look_so() -> None:
    pressable = (
        Button("Submit", "s", "submit", Weight.MAIN), Button("Back", "b", "back"),
        Button("Erase me", "e", "erase me", Weight.CAREFUL),
    )  # fmt: skip
    assert [each.get("style") for each in buttons(shown(Buttons(pressable)))] == ["primary", None, "danger"]


def test_a_text_box_is_a_button_and_what_to_type_instead() -> None:
    box = TextInput("text", "Beth sy'n mynd yn dda?", "Eich ysgol yn unig.", "WriteNote|1", "Cadw", "cryfder 1.1 …")
    asked, row, typed = shown(box, lang="cy")
    assert words(asked) == "Beth sy'n mynd yn dda?\nEich ysgol yn unig."
    assert [(each["text"]["text"], each["action_id"]) for each in row["elements"]] == [("Ysgrifennwch yma", "write-1")]
    assert words(typed) == "Neu teipiwch: cryfder 1.1 …"


def test_a_picture_has_its_words_whether_it_can_be_shown_or_not() -> None:
    picture = Picture("report.png", b"", "Trust is strong.")
    assert shown(picture, files=("F1",)) == [
        {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Trust is strong."}
    ]
    assert [words(block) for block in shown(picture, files=(None,))] == ["report.png: Trust is strong."]
    assert "Trust is strong." in render(Message("k", (picture,), "en"), ("F1",)).text


@pytest.mark.parametrize(
    ("done", "total", "bar"), [(3, 18, "▰▱▱▱▱▱▱▱▱▱"), (18, 18, "▰" * 10), (0, 0, "▱" * 10), (9, 3, "▰" * 10)]
)
def test_progress_is_said_in_words_too(done: int, total: int, bar: str) -> None:
    assert [words(block) for block in shown(Progress(done, total, "so far"))] == [f"{bar} so far"]


# What people wrote


def every_block(text: str) -> tuple[Block, ...]:
    return (
        Heading(text), Heading(text, level=2), Paragraph(text), Facts((Fact(text, text),)),
        Table(text, (text, text), ((text, text),)), Picture(text, b"", text),
        Choice(text, text, (Option(text, "o", text, chosen=True),)), TextInput(text, text, text, "t", text, text, text),
        Buttons((Button(text, "b", text),)), Progress(1, 2, text),
    )  # fmt: skip


def kinds_of_text(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["type"]
        for each in part.values():
            yield from kinds_of_text(each)
    elif isinstance(part, list):
        for each in part:
            yield from kinds_of_text(each)


def test_what_people_wrote_is_text_on_every_kind_of_block() -> None:
    blocks = shown(*every_block(HOSTILE), files=("F1",))
    assert set(kinds_of_text(blocks)) == {"plain_text", "text"}, "the kinds that Slack takes literally"
    assert all(HOSTILE in words(block) for block in blocks if block["type"] not in {"actions", "image"})
    assert '"emoji": true' not in str(blocks)


def test_no_name_calls_a_channel_in_the_notification() -> None:
    text = render(Message(HOSTILE, every_block(HOSTILE), "en")).text
    assert "<" not in text
    assert "&lt;!channel&gt;" in text


def test_characters_that_turn_the_direction_of_reading_are_left_out() -> None:
    blocks = shown(*every_block("a\u202eb\u2066c\0d"), files=("F1",))
    seen = [words(block) or block.get("alt_text", "") for block in blocks]
    seen += [each["text"]["text"] + each.get("accessibility_label", "") for each in buttons(blocks)]
    seen.append(render(Message("k", every_block("a\u202eb"), "en")).text)
    assert not {"\u202e", "\u2066", "\0"} & set("".join(seen))
    assert seen[0] == "abcd"


# Limits


def test_what_has_one_place_is_cut_to_fit_it() -> None:
    """Slack counts an emoji as two characters."""
    long = "😀" * 3000
    picture, row, progress = shown(
        Picture("p.png", b"", long), Buttons((Button(long, "x" * 3000, ""),)), Progress(1, 2, long), files=("F1",)
    )
    assert picture["alt_text"] == "😀" * 999 + "…"
    assert row["elements"][0]["text"]["text"] == "😀" * 37 + "…"
    assert row["elements"][0]["value"] == "x" * 2000
    assert words(progress).endswith("…")
    assert complaints([picture, row, progress], most=50) == []


def test_a_long_heading_goes_on_below_itself() -> None:
    long = "Area 1 of 3 · " + "x" * 200
    heading, rest = shown(Heading(long))
    assert words(heading) == long[:149] + "…"
    assert words(rest) == long


def test_a_long_text_goes_on_in_the_next_section_at_the_end_of_a_word() -> None:
    long = " ".join(f"word{number}" for number in range(1000))
    blocks = shown(Paragraph(long))
    assert len(blocks) == 3
    assert "".join(words(block) for block in blocks) == long
    assert all(words(block).endswith(" ") for block in blocks[:-1])


def test_a_long_label_is_told_in_full_above_its_button() -> None:
    long = "1 " + "A very long name of a sub-theme " * 3
    question, row = shown(Choice("Priorities", "Which?", (Option(long, "a", "1"), Option("2 Trust", "b", "2"))))
    assert words(question) == f"Priorities\nWhich?\n{long}"
    assert len(row["elements"][0]["text"]["text"]) <= 75


def test_a_phone_shows_every_button_of_a_row() -> None:
    options = tuple(Option(str(number), str(number), str(number)) for number in range(12))
    rows = [block for block in shown(Choice("Priorities", "Which?", options)) if block["type"] == "actions"]
    assert [len(row["elements"]) for row in rows] == [5, 5, 2]


def test_in_a_message_with_too_many_blocks_everything_can_still_be_pressed() -> None:
    options = tuple(Option(str(number), f"o{number}", str(number)) for number in range(200))
    blocks = shown(*(Paragraph(str(number)) for number in range(60)), Choice("Which?", "", options))
    assert len(blocks) == 50
    assert len(buttons(blocks)) == 200
    assert [words(block) for block in blocks[:2]] == ["0", "1"]
    assert words(blocks[-1]) == "This message is too long for Slack to show all of it."


def test_a_text_for_notifications_that_is_too_long_is_cut() -> None:
    assert len(render(Message("k", (Paragraph("&" * 30_000),), "en")).text) == 40_000


short_texts = st.text(max_size=60) | st.sampled_from(["", " ", "\n", HOSTILE])
texts = short_texts | st.sampled_from(["😀" * 90, "x" * 4000, "a b " * 900, "é" * 151])


def blocks_with(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Block]:
    options = st.lists(st.builds(Option, texts, texts, texts, st.booleans()), max_size=12).map(tuple)
    pressable = st.lists(st.builds(Button, texts, texts, texts, st.sampled_from(Weight)), max_size=12).map(tuple)
    row = st.lists(texts, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Heading, texts, st.integers(1, 3)),
        st.builds(Paragraph, texts),
        st.builds(Facts, st.lists(st.builds(Fact, texts, texts), max_size=5).map(tuple)),
        st.builds(Table, texts, row, st.lists(row, max_size=3).map(tuple)),
        st.builds(Picture, texts, st.just(b""), texts),
        st.builds(Choice, texts, texts, options),
        st.builds(TextInput, texts, texts, texts, texts, texts, texts, texts),
        st.builds(Buttons, pressable),
        st.builds(Progress, st.integers(-1, 99), st.integers(-1, 99), texts),
    )


some_blocks = blocks_with(texts)


@settings(max_examples=50)
@given(
    st.lists(some_blocks, max_size=8) | blocks_with(short_texts).map(lambda block: [block] * 60),
    st.sampled_from(["en", "cy", "xx"]),
    st.lists(st.sampled_from([None, "F00000001"]), max_size=3),
)
def test_slack_takes_every_message(blocks: list[Block], lang: str, files: list[str | None]) -> None:
    rendered = render(Message("k", tuple(blocks), lang, (File("a.csv", "text/csv", b""),)), files)
    assert complaints([{**block} for block in rendered.blocks], most=50) == []
    assert rendered.text


@settings(max_examples=25)
@given(st.lists(some_blocks, max_size=5))
def test_every_message_is_as_the_classes_of_the_sdk_would_make_it(blocks: list[Block]) -> None:
    made = shown(*blocks, files=("F1",))
    assert [block.to_dict() for block in slack_sdk.models.blocks.Block.parse_all(made)] == made


@settings(max_examples=25)
@given(st.lists(some_blocks, max_size=5))
def test_every_message_is_as_slack_describes_its_blocks(blocks: list[Block]) -> None:
    assert schema_complaints(shown(*blocks, files=("F1",)), "blocks") == []


@given(st.lists(some_blocks, max_size=6))
def test_everything_that_can_be_pressed_is_there(blocks: list[Block]) -> None:
    wanted = 0
    for block in blocks:
        match block:
            case Choice(_, _, options):
                wanted += len(options)
            case Buttons(each):
                wanted += len(each)
            case TextInput():
                wanted += 1
    assert len(buttons(shown(*blocks))) == wanted
