"""What comes along with copied text is cleaned where it has one meaning, and else named; real names stay."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pasted_text
from core.pasted_text import Unclear

CLEANED_NAMES: list[tuple[str, str, str]] = [
    ("a non-breaking space is a space", "Bryn\u00a0Teg", "Bryn Teg"),
    ("narrow and wide spaces too", "Bryn\u202fTeg\u3000Primary", "Bryn Teg Primary"),
    ("spaces at the ends are none of the name's", "\u2003Bryn Teg\u00a0", "Bryn Teg"),
    ("a zero-width space is nothing", "Bryn\u200b Teg\u200b", "Bryn Teg"),
    ("a soft hyphen only says where a line may break", "Com\u00admunity", "Community"),
    ("the mark of UTF-8 in the middle of a file", "\ufeffBryn", "Bryn"),
    ("Word's joiner between letters", "Bryn\u2060Teg", "BrynTeg"),
    ("a joiner between Latin letters joins nothing", "Br\u200dyn", "Bryn"),
    ("an accent and a joiner are a Latin letter and a joiner", "Sia\u0302\u200dn", "Si\u00e2n"),
    ("an emoji's selector behind a letter", "Bryn\ufe0f", "Bryn"),
    ("Outlook's direction marks around a name", "\u200eMaya Okafor\u200e", "Maya Okafor"),
    ("a Mac writes w and circumflex apart", "Pw\u0302ll", "P\u0175ll"),
    ("Word's quotation marks around a name", "“Bryn Teg”", "Bryn Teg"),
    ("German and French ones", "„Bryn Teg“", "Bryn Teg"),
    ("guillemets", "« Bryn Teg »", "Bryn Teg"),
    ("only one of them was made curly", '“Bryn Teg"', "Bryn Teg"),
    ("twice quoted", "“‘Bryn Teg’”", "Bryn Teg"),
    ("single ones around an apostrophe", "‘St Mary’s’", "St Mary’s"),
]

KEPT_NAMES: list[tuple[str, str]] = [
    ("Welsh", "Ysgol Gynradd Gŵyr a’r Tŷ Ddewi"),
    ("Welsh that begins with an apostrophe", "’r Ysgol Newydd"),
    ("the same as Word turns it round", "‘r Ysgol Newydd"),
    ("Gaelic", "Bun-sgoil Ghàidhlig Inbhir Nis Ùr"),
    ("Irish", "Gaelscoil Éanna"),
    ("an apostrophe in a name", "Siobhán O’Brien"),
    ("a straight one", "Siobhán O'Brien"),
    ("a saint", "St Mary’s"),
    ("an apostrophe at the end", "The Parents’"),
    ("quotation marks in a name", "The “Open Door” School"),
    ("two words in quotation marks", "“Bryn” and “Teg”"),
    ("the same with single ones", "‘Bryn’ and ‘Teg’"),
    ("a dash is a name's own", "Bryn Teg – Lower Site"),
    ("an emoji made of three characters", "👩‍🏫 School"),
    ("with another skin", "👩🏽‍🏫 School"),
    ("a heart on fire", "❤️‍🔥 Bryn"),
    ("the flag of Wales", "🏴󠁧󠁢󠁷󠁬󠁳󠁿 Bryn"),
    ("Persian writes half-spaces", "می‌خواهم"),
    ("Sinhala writes joiners at the end of a word", "ක්‍ ශ"),
    ("direction marks in Arabic order it", "مدرسة\u200f (2)"),
]

UNCLEAR_NAMES: list[tuple[str, str, str]] = [
    ("a picture was copied along", "Bryn\ufffc Teg", "Object replacement character, U+FFFC"),
    ("a letter was lost", "Si\ufffdn", "Replacement character, U+FFFD"),
    ("a blank that is a letter", "Bryn\u3164Teg", "an invisible character (Hangul filler, U+3164)"),
    ("a blank that is Braille", "Bryn\u2800Teg", "an invisible character (Braille pattern blank, U+2800)"),
    ("a sign of one computer's own fonts", "Bryn \ue001", "an invisible character (Private character, U+E001)"),
    ("hidden text", "Bryn\U000e0041", "an invisible character (Tag latin capital letter a, U+E0041)"),
    ("a flag that never ends hides text", "🏴\U000e0067Bryn", "Tag latin small letter g"),
    ("half of a quotation", "“Bryn Teg", "“ (Left double quotation mark, U+201C) without its partner"),
    ("the other half", "Bryn Teg”", "” (Right double quotation mark, U+201D) without its partner"),
]

TOKENS: list[tuple[str, str, str]] = [
    ("an id in curly quotation marks", "“bryn-teg”", "bryn-teg"),
    ("in single ones", "‘bryn-teg’", "bryn-teg"),
    ("in code marks", "`bryn-teg`", "bryn-teg"),
    ("with a hyphen that doesn't break", "bryn\u2011teg", "bryn-teg"),
    ("with the dash that Word makes of a hyphen", "bryn–teg", "bryn-teg"),
    ("with a zero-width space", "bryn-\u200bteg", "bryn-teg"),
    ("with a joiner after a sign that could have one", "bryn+\u200dteg", "bryn+teg"),
    ("a date with minus signs", "2026\u221209\u221202", "2026-09-02"),
]

ADDRESSES: list[tuple[str, str, str]] = [
    ("a copied link", "mailto:maya@afon.example", "maya@afon.example"),
    ("in capitals, with a subject", "MAILTO:maya@afon.example?subject=Hello", "maya@afon.example"),
    ("with its signs as in links", "mailto:maya%40afon.example", "maya@afon.example"),
    ("a plus as in links is a plus", "mailto:maya+bot@afon.example", "maya+bot@afon.example"),
    ("as Outlook copies it", "Maya Okafor <maya@afon.example>", "maya@afon.example"),
    ("from a list of them", "Maya Okafor <maya@afon.example>;", "maya@afon.example"),
    ("in brackets alone", "<maya@afon.example>", "maya@afon.example"),
    ("a link in brackets", "<mailto:maya@afon.example>", "maya@afon.example"),
    ("quoted", "“maya@afon.example”", "maya@afon.example"),
    ("quoted straight", "'maya@afon.example'", "maya@afon.example"),
    ("the full stop of a sentence", "maya@afon.example.", "maya@afon.example"),
    ("a non-breaking space behind it", "maya@afon.example\u00a0", "maya@afon.example"),
    ("a zero-width space in it", "maya@\u200bafon.example", "maya@afon.example"),
    ("a hyphen that doesn't break", "maya@afon\u2011las.example", "maya@afon-las.example"),
    ("a curly apostrophe", "s.o’brien@afon.example", "s.o'brien@afon.example"),
    ("just an address", "Maya.O'Brien+bot@mail.afon-las.example", "Maya.O'Brien+bot@mail.afon-las.example"),
]

UNCLEAR_ADDRESSES: list[tuple[str, str, str]] = [
    ("two dots before the sign", "maya..okafor@afon.example", "two dots side by side"),
    ("two dots behind it", "maya@afon..example", "two dots side by side"),
    ("a dot at the beginning", ".maya@afon.example", "is not an e-mail address"),
    ("a space in it: something is missing or too much", "maya okafor@afon.example", "is not an e-mail address"),
    ("two addresses", "maya@afon.example, tom@afon.example", "is not an e-mail address"),
    ("no host", "maya", "is not an e-mail address"),
    ("a Cyrillic letter that looks like ours", "m\u0430ya@afon.example", "Cyrillic small letter a, U+0430"),
    ("an accent", "siân@afon.example", "â (Latin small letter a with circumflex, U+00E2)"),
    ("a wide sign", "maya＠afon.example", "＠ (Fullwidth commercial at, U+FF20)"),
]  # fmt: skip


def cases(rows: list[tuple[str, str, str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("pasted", "expected"), [pytest.param(*row, id=why) for why, *row in rows])


@cases(CLEANED_NAMES)
def test_what_has_one_meaning_in_a_name_is_put_right(pasted: str, expected: str) -> None:
    assert pasted_text.name(pasted) == expected


@pytest.mark.parametrize("name", [pytest.param(name, id=why) for why, name in KEPT_NAMES])
def test_a_real_name_stays_as_it_is(name: str) -> None:
    assert pasted_text.name(name) == name


@cases(UNCLEAR_NAMES)
def test_what_has_no_one_meaning_in_a_name_is_named(pasted: str, expected: str) -> None:
    with pytest.raises(Unclear) as refused:
        pasted_text.name(pasted)
    assert expected in refused.value.words


@cases(TOKENS)
def test_an_id_is_put_right(pasted: str, expected: str) -> None:
    assert pasted_text.token(pasted) == expected


@cases(ADDRESSES)
def test_an_address_is_put_right(pasted: str, expected: str) -> None:
    assert pasted_text.address(pasted) == expected


@cases(UNCLEAR_ADDRESSES)
def test_an_address_that_could_be_another_is_refused(pasted: str, expected: str) -> None:
    with pytest.raises(Unclear) as refused:
        pasted_text.address(pasted)
    assert expected in refused.value.words


@pytest.mark.parametrize(
    ("pasted", "expected"),
    [
        pytest.param("8765ABCD-4321-4321-4321-CBA987654321", "8765abcd-4321-4321-4321-cba987654321", id="capitals"),
        pytest.param("{8765abcd-4321-4321-4321-cba987654321}", "8765abcd-4321-4321-4321-cba987654321", id="in braces"),
        pytest.param("{8765abcd-4321-4321-4321-cba987654321", "8765abcd-4321-4321-4321-cba987654321", id="in one"),
        pytest.param("8765abcd-4321-4321-4321-cba98765432", None, id="a digit is missing"),
        pytest.param("contoso.onmicrosoft.com", None, id="a domain"),
    ],
)
def test_one_of_microsofts_ids_is_in_small_letters(pasted: str, expected: str | None) -> None:
    assert pasted_text.guid(pasted) == expected


def test_a_certificate_keeps_its_lines() -> None:
    assert pasted_text.setting("\u200e “-----BEGIN\nAB\u00a0CD\n-----END”\n") == "-----BEGIN\nAB CD\n-----END"


def test_spaces_that_look_right_are_right_where_the_structure_of_a_file_needs_them() -> None:
    pasted = "\ufeffschools:\n\u00a0\u00a0- id:\u00a0bryn\n \u200b   leaders: [a,\u00a0b]\n"
    assert pasted_text.structure(pasted) == "schools:\n  - id: bryn\n    leaders: [a, b]\n"


def test_a_space_that_would_make_a_remark_of_the_words_behind_it_stays() -> None:
    assert pasted_text.structure("name: Bryn\u00a0# Teg") == "name: Bryn\u00a0# Teg"


# Anything that people could copy, and much that they couldn't.
ODD = st.sampled_from(
    "aW' .,;:-@<>\"“”‘’«»`{}#%41mailto\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\ufe0f\ufeff\u0302\u0301âŵ"
    "👩🏫❤🏴\U000e0067\U000e007f\u0634\u05d0\u0915\u094d\u2011\u2013\u3164\ufffd\u2126\u212b\n\t"
)
PASTED = st.one_of(st.text(ODD, max_size=30), st.text(max_size=30))


@pytest.mark.parametrize(
    "clean",
    [pasted_text.cleaned, pasted_text.name, pasted_text.token, pasted_text.address, pasted_text.setting,
     pasted_text.structure],
)  # fmt: skip
@given(pasted=PASTED)
def test_cleaning_twice_is_cleaning_once(clean: Callable[[str], str], pasted: str) -> None:
    with suppress(Unclear):
        once = clean(pasted)
        assert clean(once) == once


@given(st.text("abcŵŷÂéò O’'-.", min_size=1, max_size=30))
def test_letters_apostrophes_and_hyphens_are_never_touched(typed: str) -> None:
    assert pasted_text.name(typed) == " ".join(typed.split())
