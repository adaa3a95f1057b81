"""Any file at all is either read, with the place of everything, or told as mistakes of one clear line each."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.framework_file import default_source
from core.yaml_tree import (
    BIGGEST,
    Entries,
    Items,
    Mistake,
    Node,
    Single,
    parse,
)

TWO_SCHOOLS = """\
# The schools
schools:
  - id: bryn-teg
    name: "Bryn Teg: the school"
  - name: Afon Las
    pupils: 1.10
    open: no
"""


def told(source: str | bytes) -> list[str]:
    raw = source if isinstance(source, bytes) else source.encode()
    return [str(mistake) for mistake in parse(raw).mistakes]


def at(node: Node, *path: str | int) -> Node:
    for step in path:
        node = node.items[step] if isinstance(node, Items) and isinstance(step, int) else node
        node = node.entries[step] if isinstance(node, Entries) and isinstance(step, str) else node
    return node


def test_everything_keeps_its_line_and_path() -> None:
    root = parse(TWO_SCHOOLS.encode()).root
    assert at(root, "schools", 0, "name") == Single(4, ("schools", 0, "name"), "Bryn Teg: the school", "text")


def test_a_map_or_list_stands_where_its_name_stands() -> None:
    assert at(parse(TWO_SCHOOLS.encode()).root, "schools").line == 2


def test_a_value_keeps_its_text_and_what_yaml_takes_it_for() -> None:
    root = parse(TWO_SCHOOLS.encode()).root
    assert at(root, "schools", 1, "pupils") == Single(6, ("schools", 1, "pupils"), "1.10", "number")
    assert at(root, "schools", 1, "open") == Single(7, ("schools", 1, "open"), "no", "true or false")


def test_a_place_names_the_items_of_a_list_by_id_then_by_name_then_by_number() -> None:
    parsed = parse(b"schools: [{id: a, name: A}, {name: B}, c]")
    places = [parsed.place(("schools", position)) for position in range(3)]
    assert places == ["schools a", "schools B", "schools number 3"]


def test_a_mistake_reads_as_one_sentence() -> None:
    mistake = Mistake(12, "areas 1 > title", "the Welsh text (cy) is missing. Add it.")
    assert str(mistake) == "line 12, areas 1 > title: the Welsh text (cy) is missing. Add it."


def test_the_mark_that_notepad_puts_before_utf8_is_harmless() -> None:
    assert at(parse(b"\xef\xbb\xbfname: Afon").root, "name") == Single(1, ("name",), "Afon", "text")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("", "line 1: this file is empty", id="nothing"),
        pytest.param("# a note\n", "line 1: this file is empty", id="only a comment"),
        pytest.param("---\n", "line 1: this file is empty", id="only a document mark"),
        pytest.param(b"a: 1\nb: caf\xe9\n", "line 2: a character here is not UTF-8", id="saved as Latin-1"),
        pytest.param("a: 1".encode("utf-16"), "line 1: this file is saved as UTF-16", id="saved as UTF-16"),
        pytest.param(b"a: x\n" * 300_000, "line 1: this file has 1,500,000 bytes, and 1,000,000", id="too big"),
        pytest.param("a: 1\nb: \x07\n", "line 2: there is an invisible character (Control character", id="a bell"),
        pytest.param(
            "a: \u202eb\n",
            "line 1: there is an invisible character (Right-to-left override",
            id="text turned round",
        ),
        pytest.param("a:\n\tb: 1\n", "line 2: this line begins with a tab. Use spaces", id="indented with a tab"),
        pytest.param('a: 1\nb: "x\nc: 2\n', "line 2: the quotation mark that opens here", id="an open quotation"),
        pytest.param("a: 'we're here'", "line 1: this line doesn't fit", id="an apostrophe in single quotes"),
        pytest.param("a: @here", "line 1: words that begin with @ must be in quotes", id="a mention without quotes"),
        pytest.param("a: `code`", "line 1: words that begin with ` must", id="a backtick"),
        pytest.param("a: goals: ours", "line 1: a second colon", id="a colon in a text without quotes"),
        pytest.param("a: 1\nb\n", "line 2: this line has no colon", id="a name without a colon"),
        pytest.param("a: 1\nb: [1, 2\n", "line 2: the bracket that opens here", id="an open bracket"),
        pytest.param("a:\n  b: 1\n c: 2\n", "line 3: this line doesn't fit", id="indented by one space less"),
        pytest.param('a: "C:\\qux"', "line 1: a backslash inside double quotes", id="a backslash"),
        pytest.param('a:\n "\\UFFFFFFFF"', "line 2: a backslash inside double quotes", id="a code beyond Unicode"),
        pytest.param("%YAML 9.9\n---\na: 1", "line 1: a line that begins with %", id="another version of YAML"),
        pytest.param("a: 1\n---\nb: 2\n", "line 2: a second document begins here", id="two documents"),
        pytest.param("a: &x 1\nb: *x\n", "line 2, b: *x points to words elsewhere", id="an alias"),
        pytest.param("a: &x [*x, *x]\n", "line 1, a number 1: *x points", id="an alias of itself"),
        pytest.param("a: !!python/name:os.system x", "line 1, a: the tag tag:yaml.org,2002:python/name", id="a tag"),
        pytest.param("a: 1\nb: 2\na: 3\n", "line 3: a stands here a second time (first on line 1)", id="a key twice"),
        pytest.param("? [a, b]\n: 1\n", "line 1: the name before a colon must be a single word", id="a list as a key"),
        pytest.param("[" * 5000, "line 1: lists and maps are nested too deeply", id="a tower of lists"),
        pytest.param("{" * 5000, "line 1: lists and maps are nested too deeply", id="a tower of keys"),
    ],
)
def test_what_cant_be_read_is_told_by_its_line(source: str | bytes, expected: str) -> None:
    first = told(source)[0]
    assert first.startswith(expected)


def test_an_alias_bomb_is_told_once_an_alias_and_not_unfolded() -> None:
    layers = [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefg", "bcdefgh", strict=True)
    ]
    bomb = "\n".join(["a: &a [lol]", *layers])
    assert len(told(bomb)) == 7 * 9


def test_every_duplicate_and_every_alias_is_told_at_once() -> None:
    assert len(told("a: &x 1\na: 2\nb:\n  c: *x\n  c: 3\n")) == 3


def test_the_biggest_file_is_still_read() -> None:
    assert told(b"a: " + b"x" * (BIGGEST - 3)) == []


def is_one_clear_line(mistake: Mistake) -> bool:
    return mistake.line >= 1 and str(mistake).isprintable() and mistake.words.endswith((".", "?"))


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=300))
@example(b"%YAML 1." + b"9" * 5000 + b"\n--- a")
@example(b'? *a\n: "\\ud800"')
@example(b"!<\\\xff> \x85")
def test_any_bytes_are_read_or_told(source: bytes) -> None:
    assert all(map(is_one_clear_line, parse(source).mistakes))


@settings(deadline=None, max_examples=500)
@given(st.text(alphabet="ab1 :-?[]{}&*!|>'\"%@`#,\\\n\t~<.ux", max_size=60))
def test_anything_that_looks_like_yaml_is_read_or_told(source: str) -> None:
    assert all(map(is_one_clear_line, parse(source.encode()).mistakes))


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(default_source(), id="the default framework"),
        pytest.param(TWO_SCHOOLS.encode(), id="quotes, numbers and words that mean yes or no"),
        pytest.param(b"a: |\n  two\n  lines\nb: >-\n  one\n  line\nc: 'it''s'\nd: \"\\u00e9\"\n", id="long texts"),
        pytest.param(b"\xef\xbb\xbfa:\r\n- {b: c, d: [~, 2026-12-10]}\r\n", id="what editors leave, and brackets"),
    ],
)
def test_what_is_known_to_be_whole_is_read_quickly_and_means_the_same(file: bytes) -> None:
    assert parse(file, known=True) == parse(file)
    assert parse(file).mistakes == ()


def test_what_was_said_to_be_whole_and_is_not_is_told_as_a_mistake_too() -> None:
    assert [mistake.line for mistake in parse(b"a: b\nc: 'd\n", known=True).mistakes] == [2]
    assert [mistake.line for mistake in parse(b"%YAML 9.9.9\na: b\n", known=True).mistakes] == [1]
