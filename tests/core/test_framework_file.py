"""A framework file is read whole, or every mistake in it is told by its line and the way to it."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from core.framework import Framework, Perspective
from core.framework_file import (
    checksum,
    default_established,
    default_framework,
    default_source,
    language_name,
    read_framework,
)
from core.yaml_tree import FileMistakes

SMALL = """\
id: small
version: "1.0"
title: {en: Small, cy: Bach}
languages: [en, cy]
guidance: {en: Look., cy: Edrychwch.}
scale:
  levels:
    - value: 1
      label: {en: Starting, cy: Dechrau}
      meaning: {en: New to us., cy: Newydd.}
    - value: 2
      label: {en: Usual, cy: Arferol}
      meaning: {en: As a rule., cy: Fel rheol.}
  unscored:
    - id: cannot_say
      label: {en: Can't say, cy: Methu dweud}
areas:
  - id: "1"
    title: {en: Working together, cy: Cydweithio}
    short_title: {en: Together, cy: Gyda'n gilydd}
    subthemes:
      - id: "1.1"
        title: {en: Purpose, cy: Pwrpas}
        short_title: {en: Why, cy: Pam}
        description: {en: What it is for., cy: Ei ddiben.}
        criteria:
          - id: "1.1.a"
            title: {en: Goals, cy: Nodau}
            axis: none
            school: {en: "How far here?", cy: "Pa mor bell yma?"}
            partnership: {en: "How far together?", cy: "Pa mor bell gyda'n gilydd?"}
            levels:
              1: {en: Talked about., cy: Mae sôn.}
              2: {en: Written down., cy: Ar bapur.}
            evidence_hint: {en: A plan., cy: Cynllun.}
"""
CRITERION = SMALL[SMALL.index('          - id: "1.1.a"') :]

AREAS = SMALL[SMALL.index("areas:") :]
LEVELS = SMALL[SMALL.index("            levels:") : SMALL.index("            evidence_hint")]
LEVEL_2 = "              2: {en: Written down., cy: Ar bapur.}\n"


def mistakes(source: str | bytes, *reserved_words: str) -> list[str]:
    raw = source if isinstance(source, bytes) else source.encode()
    try:
        read_framework(raw, reserved_words)
    except FileMistakes as told:
        return [str(mistake) for mistake in told.mistakes]
    return []


def changed(old: str, new: str) -> str:
    assert SMALL.count(old) == 1, f"{old} should stand in the small framework once"
    return SMALL.replace(old, new)


def with_axes(*axes: str) -> str:
    criteria = (CRITERION.replace("1.1.a", f"1.1.{number}").replace("none", axis) for number, axis in enumerate(axes))
    return SMALL.replace(CRITERION, "".join(criteria))


def with_levels(count: int) -> str:
    levels = "".join(
        f"    - {{value: {n}, label: {{en: Level {n}, cy: Lefel {n}}}, meaning: {{en: M., cy: Y.}}}}\n"
        for n in range(1, count + 1)
    )
    described = "".join(f"              {n}: {{en: D., cy: D.}}\n" for n in range(1, count + 1))
    first, last = SMALL.index("    - value: 1"), SMALL.index("  unscored:")
    text = SMALL[:first] + levels + SMALL[last:]
    return re.sub(r"              1: .*\n              2: .*\n", described, text)


def test_the_default_framework_has_the_shape_its_notes_describe() -> None:
    default = default_framework()
    assert (len(default.areas), len(default.subthemes), len(default.criteria)) == (3, 9, 18)
    assert (default.level_values, default.languages, default.established) == ((1, 2, 3, 4), ("en", "cy"), 3)
    assert default.perspectives == (Perspective.SCHOOL, Perspective.PARTNERSHIP)
    assert len(default.rows) == 36


def test_the_default_framework_keeps_its_own_limits_of_length() -> None:
    limits = [(text, most) for area in default_framework().areas for text, most in [(area.short_title, 24)]]
    for subtheme in default_framework().subthemes:
        limits += [(subtheme.title, 28), (subtheme.short_title, 18)]
    for criterion in default_framework().criteria:
        limits += [(criterion.title, 32), (criterion.evidence_hint, 140)]
        limits += [(question, 140) for question in criterion.questions.values()]
        limits += [(descriptor, 170) for descriptor in criterion.levels.values()]
    assert [words for text, most in limits for words in text.values() if len(words) > most] == []


def test_the_default_framework_can_draw_trust_and_challenge() -> None:
    axes = [criterion.axis for criterion in default_framework().criteria]
    assert axes.count("trust") >= 3
    assert axes.count("challenge") >= 3


def test_the_default_framework_is_read_once() -> None:
    assert default_framework() is default_framework()


def test_welsh_start_words_may_be_labels_since_they_are_not_reserved() -> None:
    assert mistakes(default_source(), "back", "skip", "yn ôl", "hepgor") == []


def test_a_checksum_tells_two_files_apart() -> None:
    assert checksum(SMALL.encode()) == checksum(SMALL.encode()) != checksum(changed("Look.", "Look!").encode())
    assert re.fullmatch("[0-9a-f]{64}", checksum(b""))


def test_a_file_that_went_through_another_editor_has_the_same_checksum() -> None:
    assert checksum(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()) == checksum(SMALL.encode())


def test_what_is_read_is_what_was_written() -> None:
    framework = read_framework(SMALL.encode())
    criterion = framework.criterion_by_id["1.1.a"]
    assert criterion.questions[Perspective.PARTNERSHIP]["cy"] == "Pa mor bell gyda'n gilydd?"
    assert criterion.levels == {
        1: {"en": "Talked about.", "cy": "Mae sôn."},
        2: {"en": "Written down.", "cy": "Ar bapur."},
    }
    assert (framework.unscored[0].id, framework.version, framework.translation_status) == ("cannot_say", "1.0", {})


def test_a_text_over_several_lines_is_one_paragraph() -> None:
    framework = read_framework(
        changed("{en: Look., cy: Edrychwch.}", "\n  en: >\n    Look\n    well.\n  cy: E.").encode()
    )
    assert framework.guidance["en"] == "Look well."


def test_one_perspective_asks_its_own_questions_only() -> None:
    framework = read_framework(SMALL.replace("scale:", "perspectives: [school]\nscale:").encode())
    assert [row.perspective for row in framework.rows] == [Perspective.SCHOOL]
    assert list(framework.criteria[0].questions) == [Perspective.SCHOOL]


def test_a_question_that_is_not_asked_may_be_left_out() -> None:
    source = re.sub("            partnership: .*\n", "", SMALL).replace("scale:", "perspectives: [school]\nscale:")
    assert mistakes(source) == []


def test_unscored_answers_and_axes_may_be_left_out() -> None:
    source = re.sub("            axis: none\n", "", SMALL)
    framework = read_framework(re.sub("  unscored:\n.*\n.*\n", "", source).encode())
    assert (framework.unscored, framework.criteria[0].axis) == ((), "none")


@pytest.mark.parametrize(("levels", "established"), [(2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 6)])
def test_established_is_three_quarters_up_the_scale_rounded_up(levels: int, established: int) -> None:
    assert default_established(levels) == established
    assert read_framework(with_levels(levels).encode()).established == established


def test_a_framework_may_say_what_established_means() -> None:
    assert read_framework(with_levels(5).replace("scale:", "scale:\n  established: 5").encode()).established == 5


@pytest.mark.parametrize(
    ("code", "name"), [("cy", "Welsh"), ("gd", "Scottish Gaelic"), ("pt-BR", "Portuguese (Brazil)")]
)
def test_languages_are_named_in_mistakes(code: str, name: str) -> None:
    assert language_name(code) == name


def test_a_language_without_a_name_is_called_by_its_code() -> None:
    assert language_name("qqq") == "qqq"


ONE_MISTAKE: list[tuple[str, str, str, int, str]] = [
    ("a text without its Welsh", "Goals, cy: Nodau", "Goals", 28, "> title: the Welsh text (cy) is missing."),
    ("a Welsh text left empty", "cy: Nodau", "cy:", 28, "> title > cy: nothing is written here"),
    ("spaces for a text", "cy: Nodau", 'cy: " "', 28, "> title > cy: this text has nothing that can be seen"),
    ("a text nobody can see", "cy: Nodau", 'cy: "\\u200b"', 28, "> title > cy: this text has nothing that can be seen"),
    ("a bell in a text", "cy: Nodau", 'cy: "No\\adau"', 28, "> title > cy: there is an invisible character (Control"),
    ("a text turned round", "cy: Nodau", 'cy: "\\u202eNodau"', 28, "there is an invisible character (Right-to-left"),
    ("half a character", "cy: Nodau", 'cy: "\\ud83d"', 28, "> title > cy: there is an invisible character (Half a"),
    ("both texts gone", "{en: Goals, cy: Nodau}", "", 28, "> title: nothing is written here. Write the text under its"),
    ("a text without languages", "{en: Goals, cy: Nodau}", "Goals", 28, '> title: "Goals" can\'t stand here.'),
    ("a list for a text", "{en: Goals, cy: Nodau}", "[Goals]", 28, "> title: a list can't stand here"),
    ("lines below a language", "cy: Nodau", "cy: {a: b}", 28, "> title > cy: names and values can't stand here"),
    ("a language nobody named", "cy: Nodau", "cy: Nodau, de: Ziel", 28, "title: de is not one of the languages. Add"),
    ("a language mistyped", "cy: Nodau", "cyy: Nodau", 28, "> title: cyy is not one of the"),
    ("a language read as false", "cy: Nodau", "cy: Nodau, no: Mål", 28, "> title: no without quotes means false"),
    ("a truth for a text", "cy: Nodau", "cy: yes", 28, 'yes without quotes means true in YAML'),
    ("a text too long", "cy: Nodau", f"cy: {'o' * 301}", 28, "> title > cy: this text has 301 characters, and 300 is"),
    ("a label too long", "en: Usual", f"en: {'o' * 76}", 12, "> label > en: this text has 76 characters, and 75 is"),
    ("guidance too long", "Look.", "o" * 1001, 5, "guidance > en: this text has 1001 characters, and 1000 is"),
    ("a version that is a number", '"1.0"', "1.10", 2, "version: 1.10 without quotes means the number 1.1 in YAML"),
    ("a whole number as version", '"1.0"', "2", 2, 'the number 2 in YAML. Put it in quotes: "2"'),
    ("a date as version", '"1.0"', "2026-09-01", 2, "version: 2026-09-01 without quotes means a date in YAML"),
    ("a version with spaces", '"1.0"', "one of two", 2, 'version: "one of two" can\'t be a version'),
    ("no version", 'version: "1.0"\n', "", 1, "version is missing. Add it."),
    ("no languages", "languages: [en, cy]\n", "", 1, "languages is missing. Add it."),
    ("an empty list of languages", "[en, cy]", "[]", 4, "languages: this list has 0, and 1 is the least"),
    ("a language named twice", "[en, cy]", "[en, cy, en]", 4, "languages number 3: the language en stands on line 4"),
    ("a language list read as false", "[en, cy]", "[en, no]", 4, "languages number 2: no without quotes means false"),
    ("a language that is no code", "[en, cy]", "[en, Cymraeg]", 4, '"Cymraeg" is not a language code'),
    ("an id with a space", '"1.1.a"', '"1.1 a"', 27, '> id: "1.1 a" can\'t be an id'),
    ("an id with the buttons' mark", '"1.1.a"', '"1.1|a"', 27, '> id: "1.1|a" can\'t be an id'),
    ("an id with a colon", '"1.1.a"', '"1.1:a"', 27, '> id: "1.1:a" can\'t be an id'),
    ("an id with an accent", '"1.1.a"', "dibén", 27, '> id: "dibén" can\'t be an id'),
    ("an id too long", '"1.1.a"', "a" * 41, 27, "> id: this text has 41 characters, and 40 is the most"),
    ("an id that is a number", '"1.1"', "1.1", 22, "> id: 1.1 without quotes means the number 1.1"),
    ("an unscored id of the bot's own", "cannot_say", "skipped", 15, "> id: skipped is what the bot itself calls"),
    ("an unscored id like a level", "cannot_say", '"0"', 15, '> id: "0" could be taken for a level. Write it'),
    ("a part nobody knows", "evidence_hint", "evidence-hint", 35, "Did you mean evidence_hint?"),
    ("a part too many", "id: small", "id: small\ncolour: red", 2, "colour is not known here. Known here: id, version,"),
    ("an axis nobody knows", "axis: none", "axis: care", 29, '> axis: "care" is not known here. Choose'),
    ("a level not described", LEVEL_2, "", 32, "> levels: level 2 is missing"),
    ("a level not on the scale", LEVEL_2, LEVEL_2 + LEVEL_2.replace("2", "3"), 35, "> levels: 3 is not a level"),
    ("levels as one text", LEVELS, "            levels: high\n", 32, '> levels: "high" can\'t stand here. Names and'),
    ("levels as a list", "1: {en: Talked", "- {en: Talked", 34, "this line doesn't fit the lines above it"),
    ("a value out of order", "- value: 2", "- value: 3", 11, "> value: this is level 2 by its place"),
    ("a value that is no number", "- value: 2", "- value: two", 11, '> value: "two" can\'t stand here. Write'),
    ("a scale in fractions", "- value: 2", "- value: 2.0", 11, '> value: "2.0" can\'t stand here'),
    ("the same label twice", "en: Usual", "en: starting", 12, 'the label "starting" stands on line 9'),
    ("a label of an unscored answer", "en: Usual", "en: CAN'T  SAY", 16, 'the label "Can\'t say" stands on line 12'),
    ("the number of another level", "en: Usual", 'en: "1"', 12, '"1" would be taken for level 1 when'),
    ("a command as a label", "en: Usual", "en: Back", 12, '> label > en: "Back" is a word that commands the bot'),
    ("a command in Welsh", "cy: Methu dweud", "cy: Yn ôl", 16, '> label > cy: "Yn ôl" is a word that commands'),
    ("no criteria", CRITERION, "          []\n", 26, "> criteria: this list has 0, and 1 is the least"),
    ("areas that are a text", AREAS, "areas: none", 17, 'areas: "none" can\'t stand here. A list'),
    ("a perspective nobody knows", "scale:", "perspectives: [pupil]\nscale:", 6, '> "pupil" is not known here'),
    ("a perspective twice", "scale:", "perspectives: [school, school]\nscale:", 6, "school stands on line 6"),
    ("established at the bottom", "scale:", "scale:\n  established: 1", 7, 'established: "1" can\'t stand here. Write'),
    ("established beyond the top", "scale:", "scale:\n  established: 3", 7, "Write a whole number from 2 to 2."),
    ("a status in a language not there", "scale:", "translation_status: {de: x}\nscale:", 6, "de is not one of the"),
    ("a text twice", "cy: Nodau", "cy: Nodau, cy: Nod", 28, "cy stands here a second"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "words"), [pytest.param(*case, id=name) for name, *case in ONE_MISTAKE])
def test_one_mistake_is_told_once_with_its_line(old: str, new: str, line: int, words: str) -> None:
    told = mistakes(changed(old, new), "back", "yn  ÔL")
    assert len(told) == 1, told
    assert told[0].startswith(f"line {line}")
    assert words.removeprefix("> ") in told[0]


def test_a_place_is_told_in_the_words_of_the_file() -> None:
    assert mistakes(changed("Goals, cy: Nodau", "Goals")) == [
        "line 28, areas 1 > subthemes 1.1 > criteria 1.1.a > title: the Welsh text (cy) is missing. "
        "Add it, or take cy out of languages."
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    source = SMALL.replace("cy: Nodau", "cy:").replace('"1.0"', "1.0").replace("id: small", "id: two words")
    assert [told.split(":")[0].split(",")[0] for told in mistakes(source)] == ["line 1", "line 2", "line 28"]


@pytest.mark.parametrize("label", ["Ymlaen", "ymlaen!", '"YMLAEN."', "Na`wr", "na\u2019wr"])
def test_a_command_is_none_the_less_one_in_another_language_or_with_other_marks(label: str) -> None:
    """Words of command are understood whatever language a person has chosen, and however they are typed."""
    (told,) = mistakes(changed("en: Usual", f"en: {label}"), "ymlaen", "na'wr")
    assert "is a word that commands the bot. Choose another word." in told


def test_labels_that_differ_in_marks_alone_are_the_same() -> None:
    (told,) = mistakes(changed("en: Usual", "en: Can\u2019t say!"))
    assert 'the label "Can\'t say" stands on line 12 already' in told


def test_a_label_may_be_its_own_number() -> None:
    assert mistakes(changed("en: Usual", 'en: "2"')) == []


@pytest.mark.parametrize("levels", [1, 8])
def test_a_scale_has_two_to_seven_levels(levels: int) -> None:
    (told,) = mistakes(with_levels(levels))
    assert told.startswith(f"line 7, scale > levels: this list has {levels}")


def test_two_ids_that_differ_in_capitals_alone_are_one() -> None:
    told = mistakes(SMALL + CRITERION.replace("1.1.a", "1.1.A"))
    assert told == [
        "line 36, areas 1 > subthemes 1.1 > criteria 1.1.A > id: the id 1.1.A stands on line 27 already. "
        "Give every criterion an id of its own."
    ]


def test_sixty_criteria_are_enough() -> None:
    assert mistakes(with_axes(*["none"] * 60)) == []
    (told,) = mistakes(with_axes(*["none"] * 62))
    assert "criteria 1.1.60: this is criterion 61, and 60 is the most" in told


def test_three_criteria_on_each_axis_are_enough() -> None:
    assert mistakes(with_axes(*["trust", "challenge"] * 3, "none")) == []


def test_an_axis_with_too_few_is_told_beside_one_with_enough() -> None:
    (told,) = mistakes(with_axes(*["trust"] * 3, *["challenge"] * 2))
    assert "2 criteria have the axis challenge. Give challenge to 3 or more, or set every axis to none." in told


def test_an_axis_that_nothing_has_is_told_once_at_the_areas() -> None:
    (told,) = mistakes(with_axes(*["trust"] * 3))
    assert told.startswith("line 17, areas: 0 criteria have the axis challenge")


def test_a_misspelt_axis_is_not_counted_as_one_too_few() -> None:
    (told,) = mistakes(with_axes(*["trust", "challenge"] * 2, "trust", "chalenge"))
    assert told.endswith('"chalenge" is not known here. Did you mean challenge?')


def one_area(number: int) -> list[str]:
    """The lines of the default framework with nothing but one of its areas, which is too little for its chart."""
    lines = re.sub("axis: .*", "axis: none", default_source().decode()).splitlines(keepends=True)
    starts = [position for position, line in enumerate(lines) if line.startswith("  - id: ")]
    ends = [*starts[1:], len(lines)]
    return lines[: starts[0]] + lines[starts[number] : ends[number]]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_taking_out_any_one_text_of_the_default_is_one_mistake_that_names_its_place(number: int) -> None:
    lines = one_area(number)
    texts = [position for position, line in enumerate(lines) if re.match(' +(en|cy): "', line)]
    assert len(texts) == 2 * (2 + 2 * 4 + 2 + 2 + 3 * 3 + 6 * 8)
    for position in texts:
        language = "Welsh text (cy)" if "cy:" in lines[position] else "English text (en)"
        line, name = parent_of(lines, position + 1)
        (told,) = mistakes("".join(lines[:position] + lines[position + 1 :]))
        assert told.startswith((f"line {line}, ", f"line {line}:"))
        assert f"{name}: the {language} is missing." in told


def parent_of(lines: list[str], number: int) -> tuple[int, str]:
    """The line that a text belongs to, and the name that stands there."""
    indent = len(lines[number - 1]) - len(lines[number - 1].lstrip())
    above = range(number - 1, 0, -1)
    line = next(each for each in above if len(lines[each - 1]) - len(lines[each - 1].lstrip(" -")) < indent)
    return line, lines[line - 1].strip(" -\n:")


@pytest.mark.parametrize("number", [1, 2])
def test_the_examples_of_the_guide_are_true(number: int) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "frameworks.md").read_text(encoding="utf-8")
    (example,) = re.findall("```yaml\n(.*?)```", guide, re.DOTALL)
    shown = re.search("^    (line 66.*)$", guide, re.MULTILINE)
    assert mistakes(example) == []
    assert shown
    assert mistakes(default_source().decode().replace('          cy: "Pwrpas cyffredin"\n', "")) == [shown[1]]


def generated(areas: list[list[int]], levels: int, languages: list[str], perspectives: list[str]) -> dict[str, object]:
    """A framework with this many criteria in each sub-theme of each area, as its file would hold it."""
    numbers = itertools.count(1)

    def text() -> dict[str, str]:
        return {code: f"text {next(numbers)}" for code in languages}

    def criterion(place: str) -> dict[str, object]:
        described = {value: text() for value in range(1, levels + 1)}
        questions = {perspective: text() for perspective in perspectives}
        return {"id": place, "title": text(), "levels": described, "evidence_hint": text(), **questions}

    def subtheme(place: str, size: int) -> dict[str, object]:
        criteria = [criterion(f"{place}.{each}") for each in range(size)]
        texts = {"title": text(), "short_title": text(), "description": text()}
        return {"id": place, **texts, "criteria": criteria}

    def area(place: int, sizes: list[int]) -> dict[str, object]:
        subthemes = [subtheme(f"{place}.{each}", size) for each, size in enumerate(sizes)]
        return {"id": str(place), "title": text(), "short_title": text(), "subthemes": subthemes}

    scale = {"levels": [{"value": n, "label": text(), "meaning": text()} for n in range(1, levels + 1)]}
    return {
        "id": "generated", "version": "1.0", "title": text(), "languages": languages, "perspectives": perspectives,
        "guidance": text(), "scale": scale, "areas": [area(number, sizes) for number, sizes in enumerate(areas)],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("Our\u00a0goals", "Our goals", id="a space that doesn't break"),
        pytest.param("Our go\u00adals\u200b", "Our goals", id="what can't be seen"),
        pytest.param("Our:\u00a0goals", "Our: goals", id="with a plain space it would have to be in quotes"),
        pytest.param("“Our goals", "“Our goals", id="half a quotation"),
        pytest.param("Our \ufffc goals", "Our \ufffc goals", id="the sign of a picture"),
    ],
)
def test_a_framework_stored_with_what_was_pasted_along_can_still_be_read(written: str, read: str) -> None:
    framework = read_framework(SMALL.replace("{en: Goals, cy: Nodau}", f"{{en: {written}, cy: Nodau}}", 1).encode())
    assert framework.areas[0].subthemes[0].criteria[0].title["en"] == read


@settings(deadline=None, max_examples=60)
@given(
    areas=st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=1, max_size=3),
    levels=st.integers(2, 7),
    languages=st.lists(
        st.sampled_from(["en", "cy", "gd", "ga", "no", "pt-BR", "ur"]), min_size=1, max_size=3, unique=True
    ),
    perspectives=st.sampled_from([["school"], ["partnership"], ["school", "partnership"]]),
)
def test_every_framework_within_the_rules_is_read_back(
    areas: list[list[int]], levels: int, languages: list[str], perspectives: list[str]
) -> None:
    written = generated(areas, levels, languages, perspectives)
    framework = read_framework(yaml.safe_dump(written, allow_unicode=True, sort_keys=False).encode())
    assert [[len(each.criteria) for each in area.subthemes] for area in framework.areas] == areas
    assert len(framework.rows) == sum(map(sum, areas)) * len(perspectives)
    assert (len(framework.levels), list(framework.languages)) == (levels, languages)
    assert framework.title == written["title"]


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_damaged_default_is_read_or_told_in_clear_lines(data: st.DataObject) -> None:
    source = default_source()[:4000]
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 40))
    instead = data.draw(
        st.one_of(st.binary(max_size=6), st.sampled_from([b"\n", b"- ", b": ", b"[", b"{", b'"', b"*a", b"~"]))
    )
    result = outcome(source[:start] + instead + source[start + length :])
    assert isinstance(result, Framework) or all(map(str.isprintable, result))


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_told(source: bytes) -> None:
    result = outcome(source)
    assert isinstance(result, Framework) or result


def outcome(source: bytes) -> Framework | list[str]:
    try:
        return read_framework(source)
    except FileMistakes as told:
        return [str(mistake) for mistake in told.mistakes]
