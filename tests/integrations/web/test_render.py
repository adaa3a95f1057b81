"""Messages as HTML: everything in a message can be seen and pressed, and what people wrote stays text."""

from __future__ import annotations

import zlib
from itertools import count
from struct import pack

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
    Weight,
)
from integrations.web.render import ONCE, Fragment, mark, render
from tests.support.html import Element, parse

HOSTILE = "<script>alert('a')</script> & \"quoted\" <once></once> {{ 7*7 }} --><img src=x onerror=y>"


def png(width: int, height: int) -> bytes:
    header = b"IHDR" + pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + pack(">I", 13) + header + pack(">I", zlib.crc32(header))


def fragment(*blocks: Block, files: tuple[File, ...] = (), lang: str = "en", key: str = "card:1:1.1") -> Fragment:
    numbers = count(1)
    return render(Message(key, blocks, lang, files), lambda: f"id-{next(numbers)}")


def html(*blocks: Block, key: str = "card:1:1.1", lang: str = "en") -> Element:
    return parse(str(fragment(*blocks, key=key, lang=lang).html))


def every_block(text: str) -> tuple[Block, ...]:
    return (
        Heading(text),
        Heading(text, level=2),
        Paragraph(text),
        Facts((Fact(text, text),)),
        Table(text, (text, text), ((text, text),)),
        Picture(text, png(1, 1), text),
        Choice(text, text, (Option(text, text, text, chosen=True),)),
        TextInput(text, text, text, text, text, text, text),
        Buttons((Button(text, text, text),)),
        Progress(1, 2, text),
    )


def test_what_people_wrote_is_text_on_every_kind_of_block() -> None:
    harmless, hostile = html(*every_block("kind")), html(*every_block(HOSTILE), key=HOSTILE, lang=HOSTILE)

    assert [each.tag for each in hostile.everything()] == [each.tag for each in harmless.everything()]
    assert all(HOSTILE in each.text for each in hostile.find("p", "dt", "dd", "caption", "legend", "td"))
    assert {each["alt"] for each in hostile.find("img")} == {HOSTILE}
    assert {each["value"] for each in hostile.find("button")} == {HOSTILE}


def test_no_text_can_bring_in_the_fields_of_a_form() -> None:
    assert str(fragment(*every_block(str(ONCE)), key=str(ONCE)).html).count(str(ONCE)) == 1


def test_a_file_of_a_hostile_name_has_a_harmless_address() -> None:
    page = fragment(files=(File(HOSTILE, "text/csv", b"a,b"),))
    (link,) = parse(str(page.html)).find("a")

    assert (link["href"], link["download"], link.text) == ("files/id-1", HOSTILE, HOSTILE)
    assert [(file.id, file.content) for file in page.attached] == [("id-1", b"a,b")]


def test_a_question_is_a_group_of_buttons_that_says_which_is_chosen() -> None:
    page = html(Choice("Our school", "How far?", (Option("1 Starting", "one", "1"), Option("2", "two", "2", True))))

    assert page.only("fieldset").only("legend").text == "Our school How far?"
    assert [(each.text, each["name"], each["value"], each["aria-pressed"]) for each in page.find("button")] == [
        ("1 Starting", "action", "one", "false"),
        ("2", "action", "two", "true"),
    ]
    assert page.only("form")["method"] == "post"


def test_a_text_box_has_its_label_and_keeps_what_was_in_it() -> None:
    page = html(TextInput("text", "What is going well?", "Only your school.", "write", "Keep it", "strength …", "\nSo"))
    box = page.only("label").only("textarea")

    assert page.only("label").text.startswith("What is going well? Only your school.")
    assert (box["name"], box.text) == ("input.text", "\n\nSo"), "a browser drops the first line break"
    assert (page.only("button").text, page.only("button")["value"]) == ("Keep it", "write")


def test_a_picture_has_its_words_and_its_size() -> None:
    page = html(Picture("report.png", png(1024, 640), "Trust is strong."))
    picture = page.only("figure").only("img")

    assert (picture["alt"], picture["src"]) == ("Trust is strong.", "files/id-1")
    assert (picture["width"], picture["height"]) == ("1024", "640"), "so that nothing moves when it arrives"
    assert page.only("figcaption").only("p").text == "Trust is strong."


def test_a_table_says_what_its_rows_and_columns_are() -> None:
    page = html(Table("Scores", ("Sub-theme", "School"), (("Purpose", "3.0"),)))

    assert page.only("caption").text == "Scores"
    assert [(each["scope"], each.text) for each in page.find("th")] == [
        ("col", "Sub-theme"),
        ("col", "School"),
        ("row", "Purpose"),
    ]
    assert [each.text for each in page.find("td")] == ["3.0"]


def test_progress_says_in_words_how_far_one_has_come() -> None:
    bar = html(Progress(3, 18, "3 of 18 answered")).only("label")

    assert bar.text == "3 of 18 answered"
    assert (bar.only("progress")["value"], bar.only("progress")["max"]) == ("3", "18")


@pytest.mark.parametrize(("level", "tag"), [(1, "h3"), (2, "h4"), (3, "h5"), (9, "h5")])
def test_headings_stand_below_those_of_the_page(level: int, tag: str) -> None:
    assert html(Heading("Purpose", level)).only(tag).text == "Purpose"


def test_a_message_says_its_language_and_what_is_the_main_thing_to_press() -> None:
    page = html(Buttons((Button("Dechrau", "s", "dechrau", Weight.MAIN), Button("Cymorth", "h", "c"))), lang="cy")

    assert page.only("form")["lang"] == "cy"
    assert [each["class"] for each in page.find("button")] == ["main", "plain"]


def test_a_message_can_be_found_by_its_key() -> None:
    found, other = str(fragment(key="card:1:1.1").html), str(fragment(key="card:1:1.12").html)

    assert found.startswith(str(mark("card:1:1.1")))
    assert not other.startswith(str(mark("card:1:1.1")))
