"""The bot's words: all of them in every language, with nothing left in English, and days as people say them."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import TypeAlias, get_args, get_type_hints

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.decide.turn_state import TextOffered
from bot.inbound import typed_text
from bot.inbound.typed_text import Commanded, Word
from bot.messages import blocks as messages
from bot.messages.blocks import Block
from bot.messages.languages import AWAITS_REVIEW, LANGUAGES, words_of
from bot.messages.plain_text import plain_text
from bot.messages.references import PICTURES, ReportPosted, WhichPack, WhichReport
from bot.wording import (
    agreed_actions,
    cards,
    cycle_dates,
    help_text,
    home_tab,
    invitation_and_reminders,
    meeting_pack,
    networks,
    notes,
    practice,
    report,
    report_dialogue,
    review,
    school_report,
    short_replies,
    submissions,
    visibility,
)
from bot.wording.charts.by_name import drawing
from bot.wording.report_table import csv_words
from core.analysis.lead_view import LeadView
from core.enquiry import (
    Answer,
    Audience,
    Enquiry,
    Known,
    LedCycle,
    LedPartnership,
    Note,
    NoteKind,
    OpenEnquiry,
    Visibility,
)
from core.framework import Perspective, Row
from core.framework_file import default_framework
from core.services.shared_notes import SharedNote
from tests.support.reports import FEW, FULL, NONE_IN_THREE, ONE_AREA, OPEN, OWN, REPORT
from tests.support.welsh_together import (
    ACTIONS,
    about_actions,
    about_cycle_dates,
    about_networks,
    about_sharing,
    about_visibility,
)
from tests.support.words import BOT, TEMPLATE, catalogues, extracted, in_step

TRANSLATED = [language for language in LANGUAGES if language != "en"]
WORDING: tuple[ModuleType, ...] = (
    agreed_actions, cards, cycle_dates, help_text, home_tab, invitation_and_reminders, short_replies, meeting_pack,
    networks, notes, school_report, report, report_dialogue, submissions, review, practice, visibility,
)  # fmt: skip


def catalogue(language: str) -> Catalog:
    return read_po(BytesIO((BOT / "locale" / language / "LC_MESSAGES" / "bot.po").read_bytes()))


def said(message: Message) -> tuple[str, ...]:
    """What a message says in English, in each of its forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def told(message: Message) -> tuple[str, ...]:
    """What it says in the catalogue's language."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def every_message() -> list[tuple[str, Message]]:
    return [(language, each) for language in TRANSLATED for each in catalogue(language) if each.id]


# The catalogues


@pytest.mark.parametrize("path", [TEMPLATE, *catalogues()], ids=lambda path: path.relative_to(BOT).parts[1])
def test_a_catalogue_holds_just_the_words_of_the_code(path: Path) -> None:
    """Where this fails, run ``make words`` and translate what is new."""
    held = {said(each) for each in read_po(BytesIO(path.read_bytes())) if each.id}
    spoken = {said(each) for each in extracted() if each.id}
    assert sorted(spoken - held) == []
    assert sorted(held - spoken) == []


def test_nothing_escapes_the_catalogues() -> None:
    """What is put through ``words`` inside an f-string would: what looks for words does not look in there."""
    spoken = {said(each)[0] for each in extracted() if each.id}
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in BOT.rglob("*.py"))
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_words(node.func))
    texts = {each.args[0].value for each in calls if each.args and isinstance(each.args[0], ast.Constant)}
    assert texts - spoken == set()


def test_every_language_but_english_has_a_catalogue() -> None:
    assert LANGUAGES[0] == "en"
    assert [path.parent.parent.name for path in catalogues()] == sorted(TRANSLATED)


def test_every_text_is_translated_in_every_form() -> None:
    assert [each.id for _, each in every_message() if not all(told(each))] == []
    assert [each.id for _, each in every_message() if each.fuzzy] == []


def test_only_what_is_all_names_is_the_same_in_english() -> None:
    same = {text for _, each in every_message() for text in set(said(each)) & set(told(each))}
    assert {re.sub(r"\{\w+\}", "", text).strip(" :,") for text in same} == {""}


def test_a_plural_has_the_six_forms_of_welsh() -> None:
    assert {len(told(each)) for language, each in every_message() if language == "cy" and each.pluralizable} == {6}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_a_translation_has_the_places_of_its_original() -> None:
    wrong = [
        (each.id, form)
        for _, each in every_message()
        for form in told(each)
        if places(form) not in [places(original) for original in said(each)]
    ]
    assert wrong == []


def test_a_translation_begins_and_ends_like_its_original() -> None:
    """A label stays a label, and a sentence a sentence."""

    def shape(text: str) -> tuple[bool, str]:
        ends = text[-1] if text[-1] in ".:?" else ""
        return text[0].isupper() or not text[0].isalpha(), ends

    wrong = [
        (each.id, form)
        for _, each in every_message()
        for form in told(each)
        if text_begins_a_line(each) and shape(form) != shape(said(each)[0])
    ]
    assert wrong == []


def text_begins_a_line(message: Message) -> bool:
    """Whether its first character is its own, not that of a name which is put in."""
    return not any(text.startswith("{") for text in (*said(message), *told(message)))


def test_what_english_tells_people_to_type_is_understood_as_the_same_in_every_language() -> None:
    """A label that can be typed, such as "Carry on", is one in Welsh too."""
    wrong = []
    for language, each in every_message():
        english, translated = (typed_text.read(forms[0], None) for forms in (said(each), told(each)))
        if isinstance(english, Commanded) and english.rest == "":
            wrong += [] if translated == english else [(language, each.id, each.string)]
    assert wrong == []


def test_what_a_sentence_quotes_can_be_typed() -> None:
    quoted = [quote for _, each in every_message() for form in told(each) for quote in re.findall('"([^"]*)"', form)]
    assert quoted
    assert [quote for quote in quoted if not isinstance(typed_text.read(quote, None), Commanded)] == []


def test_no_sentence_knows_how_a_command_is_typed_on_a_platform() -> None:
    slash = re.compile(r"(?<!\w)/[a-z]")
    assert [each.id for _, each in every_message() if any(map(slash.search, (*said(each), *told(each))))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_typed_as_the_platform_has_it(language: str) -> None:
    by_name = short_replies.lines(words_of(language, "@Partnership bot "))
    for name in ("report-help", "only-leads", "waiting"):
        assert "@Partnership bot partnership-report" in by_name[name]
    assert not any("/partnership-report" in each for each in by_name.values())
    assert "/partnership-report" in short_replies.lines(words_of(language))["waiting"]


def test_a_translation_that_awaits_review_says_so_in_both_places() -> None:
    marked = {path.parent.parent.name for path in catalogues() if b"awaits review" in path.read_bytes()}
    assert marked == set(AWAITS_REVIEW)


def test_new_words_are_added_and_old_ones_taken_out() -> None:
    words = Catalog()
    words.add("Kept")
    words.add(("{number} new", "{number} new ones"))
    before = b'# By hand.\nmsgid ""\nmsgstr ""\n"Language: cy\\n"\n\nmsgid "Kept"\nmsgstr "Cadw"\n\n'
    after = in_step(before + b'msgid "Gone"\nmsgstr "Aeth"\n', words).decode()
    assert after.startswith('# By hand.\nmsgid ""\nmsgstr ""\n"Language: cy\\n"\n\n')
    assert 'msgid "Kept"\nmsgstr "Cadw"' in after
    assert 'msgid_plural "{number} new ones"\nmsgstr[0] ""' in after
    assert "Gone" not in after


def test_words_joined_by_the_code_itself_are_in_the_template() -> None:
    assert extracted().get("{most} and {last}") is not None


# The words themselves


def test_an_unknown_language_is_spoken_to_in_english() -> None:
    assert words_of("tlh").language == "en"
    assert words_of("tlh")("Help") == "Help"


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [
        pytest.param("en", 0, "0 questions have no answer yet.", id="English counts none as many"),
        pytest.param("en", 1, "1 question has no answer yet.", id="one"),
        pytest.param("en", 7, "7 questions have no answer yet.", id="many"),
        pytest.param("cy", 0, "Mae 0 cwestiwn heb eu hateb eto.", id="zero"),
        pytest.param("cy", 1, "Mae 1 cwestiwn heb ei ateb eto.", id="one: it is unanswered, not they"),
        pytest.param("cy", 2, "Mae 2 gwestiwn heb eu hateb eto.", id="two: dau softens what follows"),
        pytest.param("cy", 3, "Mae 3 chwestiwn heb eu hateb eto.", id="three: tri breathes on it"),
        pytest.param("cy", 6, "Mae 6 chwestiwn heb eu hateb eto.", id="six: so does chwe"),
        pytest.param("cy", 7, "Mae 7 cwestiwn heb eu hateb eto.", id="any other number"),
    ],
)
def test_numbers_are_counted_as_the_language_counts(language: str, number: int, expected: str) -> None:
    told = words_of(language).plural(
        "{number} question has no answer yet. You can answer it, or submit what you have.",
        "{number} questions have no answer yet. You can answer them, or submit what you have.",
        number,
    )
    assert told.startswith(expected)


THURSDAY = date(2026, 12, 3)


def test_days_are_said_as_people_say_them() -> None:
    assert words_of("en").day(THURSDAY) == "Thursday 3 December"
    assert words_of("cy").day(THURSDAY) == "dydd Iau 3 Rhagfyr"
    assert words_of("cy").day(date(2027, 5, 1)) == "dydd Sadwrn 1 Mai"


def test_a_moment_falls_on_its_day_and_hour_in_the_uk() -> None:
    late = datetime(2027, 6, 30, 23, 15, tzinfo=UTC)
    assert words_of("en").day(late) == "Thursday 1 July"
    assert words_of("en").time(late) == "00:15"
    assert words_of("cy").time(datetime(2027, 1, 29, 15, 45, tzinfo=UTC)) == "15:45"


@pytest.mark.parametrize(
    ("items", "english", "welsh"),
    [
        pytest.param([], "", "", id="nothing"),
        pytest.param(["Aber"], "Aber", "Aber", id="one"),
        pytest.param(["Aber", "Cwm"], "Aber and Cwm", "Aber a hefyd Cwm", id="two"),
        pytest.param(["Aber", "Cwm", "Ogwr"], "Aber, Cwm and Ogwr", "Aber, Cwm a hefyd Ogwr", id="three"),
    ],
)
def test_names_are_joined(items: list[str], english: str, welsh: str) -> None:
    assert (words_of("en").joined(items), words_of("cy").joined(items)) == (english, welsh)


# The messages in Welsh: everything a person can be told, with names and titles that are Welsh


CY = words_of("cy")
FRAMEWORK = default_framework()
CLOSES = datetime(2026, 12, 3, 16, 0, tzinfo=UTC)
CYCLE = REPORT.cycle
MARI = Known("mari", "Mari", "cy", "lunch")
LED = LedPartnership(
    "aber",
    "Ysgolion Aber",
    LedCycle(1, 2, "Hydref 2026", FRAMEWORK.areas),
    (LedCycle(2, 1, "Haf 2026", FRAMEWORK.areas),),
    7,
    5,
    has_channel=True,
)
BEGUN = OpenEnquiry(1, "Hydref 2026", "Ysgolion Aber", "cwm", "Ysgol y Cwm", CLOSES, 1, submitted=False)
SHARED = notes.Shared(
    "Ysgolion Aber",
    "Hydref 2026",
    tuple(
        SharedNote("Ysgol y Cwm", "1.1", FRAMEWORK.subthemes[0].title, kind, "Rydym yn cyfarfod.", audience)
        for kind in NoteKind
        for audience in (Audience.LEAD, Audience.MEETING)
    )
    * 4,
)
SEEN = LeadView(("Ysgol y Cwm",), ("Ysgol y Bryn",), ("Ysgol y Ddôl",), OPEN.schools)
RESPONSES = (
    submissions.SubmissionFacts("Ysgolion Aber", ("Gwanwyn 2027", 1, 3), "Hydref 2026", SEEN),
    submissions.SubmissionFacts("Ysgolion Aber", None, "Hydref 2026", replace(SEEN, waiting=(), late=(), table=None)),
    submissions.SubmissionFacts("Ysgolion Aber", None, None, None),
)
FRESH = replace(BEGUN, school="bryn", school_name="Ysgol y Bryn", response=None)
SENT = replace(BEGUN, school="dol", school_name="Ysgol y Ddôl", response=3, submitted=True)
THEME, LAST_THEME = FRAMEWORK.subthemes[0], FRAMEWORK.subthemes[-1]
NOTE_OF = {
    kind: Note(number, THEME.id, kind, "Rydym yn cyfarfod.", Audience.SCHOOL, None)
    for number, kind in enumerate(NoteKind)
}


def answered(*given: int | str, submitted: datetime | None = None, before: int | None = None) -> Enquiry:
    """An enquiry whose first rows are answered so: a level, or the reason why there is none."""
    told = {
        row: Answer(each, None, 1, CLOSES) if isinstance(each, int) else Answer(None, each, 1, CLOSES)
        for row, each in zip(FRAMEWORK.rows, given, strict=False)
    }
    previous = {} if before is None else {row: Answer(before, None, 1, CLOSES) for row in FRAMEWORK.rows}
    return Enquiry(
        1, CYCLE, "Ysgolion Aber", "cwm", "Ysgol y Cwm", FRAMEWORK, told, previous, tuple(NOTE_OF.values()),
        (THEME.id,), False, None, submitted,
    )  # fmt: skip


ALL = (3,) * len(FRAMEWORK.rows)
SOME = answered(3, "cannot_say", "skipped", before=2)
EVERYTHING = answered(*ALL)


def drawn_in_welsh() -> Iterator[str]:
    """Everything that is written in or below a picture."""
    own = school_report.own_picture(OWN, CY)
    for material in (REPORT, FULL, OPEN, FEW):
        yield from texts(astuple(meeting_pack.meeting_pack(material, (), CY)))
    yield from (own.alt, *texts(astuple(own.picture)))
    for name in PICTURES:
        for material in (REPORT, FULL, OPEN):
            if (drawn := drawing(name, material, CY)) is not None:
                yield drawn.alt
                yield from texts(astuple(drawn.picture))


def texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from texts(each)


Told: TypeAlias = dict[Callable[..., object], list[tuple[Block, ...]]]
"""Each function that puts something into words, with messages of it in all its ways."""


def told_in_an_enquiry() -> Told:
    asked_again = replace(EVERYTHING, asked_for=Row(THEME.criteria[0].id, Perspective.SCHOOL))
    return {
        cards.card: [
            cards.card(SOME, THEME, THEME.criteria[0].id, CY),
            cards.card(EVERYTHING, THEME, None, CY),
            cards.card(SOME, LAST_THEME, None, CY),
            cards.card(asked_again, THEME, None, CY),
        ],
        cards.hint: [cards.hint(SOME, THEME.criteria[0], CY)],
        notes.write_note: [notes.write_note(SOME, THEME.id, kind, CY) for kind in NoteKind],
        notes.note_kept: [
            notes.note_kept(SOME, replace(note, audience=audience, offered=offered), CY)
            for note in NOTE_OF.values()
            for audience in Audience
            for offered in (None, True, False)
        ],
        notes.note_removed: [notes.note_removed(CY)],
        notes.offer_text: [notes.offer_text(SOME, TextOffered(1, 1, THEME.id, "Da iawn"), CY)],
        notes.offer_over: [notes.offer_over(CY)],
        notes.shared: [notes.shared(whole, CY) for whole in ((), (SHARED, replace(SHARED, notes=())))],
        review.look_back: [review.look_back(each, CY) for each in (SOME, EVERYTHING)],
        review.priorities: [review.priorities(EVERYTHING, CY)],
        review.review: [review.review(each, CY) for each in (SOME, EVERYTHING, answered(*ALL, submitted=CLOSES))],
        review.submitted: [review.submitted(EVERYTHING, again, CY) for again in (True, False)],
    }


def told_around_it() -> Told:
    return {
        home_tab.overview: [home_tab.overview((LED, replace(LED, open=None)), CY)],
        home_tab.under_way: [home_tab.under_way(LED, CYCLE, CY)],
        home_tab.for_leader: [home_tab.for_leader(CY)],
        home_tab.for_others: [home_tab.for_others(CY)],
        help_text.help_: [help_text.help_((BEGUN,), (LED,), CY)],
        help_text.in_channel: [help_text.in_channel((CY,))],
        invitation_and_reminders.invitation: [
            invitation_and_reminders.invitation(CYCLE, FRAMEWORK, here, MARI, before, CY)
            for here, before in (((BEGUN,), ()), ((FRESH, BEGUN), ACTIONS))
        ],
        invitation_and_reminders.nudge: [
            invitation_and_reminders.nudge(CYCLE, here, done, last_day, CY)
            for here in ((BEGUN,), (FRESH, BEGUN))
            for done, last_day in ((None, True), ((3, 18), False))
        ],
        invitation_and_reminders.switch: [invitation_and_reminders.switch((BEGUN, SENT), CY)],
        invitation_and_reminders.reminder_times: [invitation_and_reminders.reminder_times(MARI, CY)],
        invitation_and_reminders.others_see: [
            invitation_and_reminders.others_see(replace(CYCLE, visibility=seen), CY) for seen in Visibility
        ],
        invitation_and_reminders.status: [
            invitation_and_reminders.status((), {}, {}, CY),
            invitation_and_reminders.status((FRESH, BEGUN, SENT), {1: (3, 18), 3: (18, 18)}, {1: (5, 7)}, CY),
        ],
        invitation_and_reminders.carry_on_actions: [invitation_and_reminders.carry_on_actions((FRESH,), CY)],
        short_replies.line: [short_replies.line(name, 1, (BEGUN,), CY) for name in short_replies.lines(CY)],
        short_replies.stranger: [short_replies.stranger((CY,))],
        report_dialogue.out_of_reach: [report_dialogue.out_of_reach("Ysgol Bryn Teg", CY)],
        report_dialogue.account_deactivated: [
            report_dialogue.account_deactivated("Mari Rees", schools, CY) for schools in (("Ysgol Bryn Teg",), ())
        ],
        report.report: [
            report.report(REPORT, CY),
            *(report.report(each, CY) for each in (FEW, NONE_IN_THREE, FULL, OPEN, ONE_AREA, replace(FULL, met=True))),
        ],
        school_report.own_report: [school_report.own_report(each, CY) for each in (OWN, replace(OWN, met=True))],
        meeting_pack.pack_sent: [meeting_pack.pack_sent("Hydref 2026", CY)],
        report.preview: [report.preview("", 1, report.report(REPORT, CY), CY)],
        report.how_to_see_more: [report.how_to_see_more(NONE_IN_THREE.facts, CY)],
        report_dialogue.choice: [
            report_dialogue.choice(CYCLE, led, "", CY)
            for led in (LED, replace(LED, submitted=1), replace(LED, open=None))
        ],
        report_dialogue.cycle_closed: [report_dialogue.cycle_closed(CYCLE, LED, (5, 7), CY)],
        report_dialogue.which: [
            report_dialogue.which((LED,), asked, CY)
            for asked in (WhichReport(), WhichReport(((1, "2"), (2, ""))), WhichPack((1, 2)))
        ],
        report_dialogue.there: [report_dialogue.there((LED, replace(LED, open=None, closed=())), CY)],
        report_dialogue.posted: [
            report_dialogue.posted(CYCLE, FRAMEWORK, ReportPosted(1, state, 1, "2"), CY)
            for state in get_args(get_type_hints(ReportPosted)["state"])
        ],
        report_dialogue.my_data: [report_dialogue.my_data(CY)],
        submissions.responses: [submissions.responses(each, CY) for each in ((), RESPONSES)],
    }


def told_in_welsh() -> Told:
    return (
        told_in_an_enquiry()
        | told_around_it()
        | about_actions()
        | about_visibility()
        | about_cycle_dates()
        | about_sharing()
        | about_networks()
    )


def worded() -> set[Callable[..., object]]:
    """Every function that puts something into words."""
    functions = (each for module in WORDING for _, each in inspect.getmembers(module, inspect.isfunction))
    public = (each for each in functions if not each.__name__.startswith("_"))
    return {each for each in public if inspect.signature(each).return_annotation == "tuple[Block, ...]"}


def test_every_message_is_looked_at() -> None:
    assert worded() == set(told_in_welsh())


def english_pieces() -> Iterator[str]:
    """What stands between the places of every English text, where the Welsh doesn't say the same."""
    for each in catalogue("cy"):
        for original in said(each):
            pieces = (piece.strip(" .,:;()") for piece, _, _, _ in Formatter().parse(original))
            yield from (piece for piece in pieces if len(piece) > 3 and not any(piece in form for form in told(each)))


def welsh_texts() -> list[str]:
    told = (blocks for each in told_in_welsh().values() for blocks in each)
    shown = [plain_text(messages.Message("key", blocks, "cy")) for blocks in told]
    return [*shown, *drawn_in_welsh(), *astuple(csv_words(CY))]


def test_nothing_that_is_said_in_welsh_is_left_in_english() -> None:
    # Whole words only: "Start" is not in "Starting". The button back to English says so in English.
    pieces = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(set(english_pieces()) - {'English'})))})(?!\w)")
    assert {found for text in welsh_texts() for found in pieces.findall(text)} == set()


def test_no_english_command_is_suggested_in_welsh() -> None:
    bracketed = {word for text in welsh_texts() for word in re.findall(r"\[([^\]]*)\]", text)}
    english = {typed_text.suggestion(word, "en") for word in Word} - {
        typed_text.suggestion(word, "cy") for word in Word
    }
    assert bracketed & english == set()
    assert {"parhau", "saesneg"} <= {word.casefold() for word in bracketed}


# What the code says


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_short_answer_the_code_asks_for_exists(language: str) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in BOT.rglob("*.py"))
    asked = set(re.findall(r"(?<![\w.])[lL]ine\(\s*\"([a-z-]+)\"", source)) | {"stranger"}
    assert len(asked) > 20
    assert asked - {"stranger"} <= set(short_replies.lines(words_of(language)))


def strings_outside_words(path: Path) -> Iterator[str]:
    """The texts in this module that look like something said, and are not put through ``words``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    translated = {id(each) for call in calls if _is_words(call.func) for each in ast.walk(call)}
    unsaid = translated | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in unsaid)
    for text in (node.value for node in texts if isinstance(node.value, str)):
        if re.search(r"[A-Za-z]{2,} [A-Za-z]|^[A-Z][a-z]", text):
            yield text


def _is_words(called: ast.expr) -> bool:
    return isinstance(called, ast.Name | ast.Attribute) and ast.unparse(called).rpartition(".")[2] in {
        "words",
        "plural",
    }


def test_no_sentence_of_the_wording_is_left_outside_the_catalogues() -> None:
    found = [text for path in (BOT / "wording").rglob("*.py") for text in strings_outside_words(path)]
    # Each language's own name stands on the button that leads to it.
    assert [text for text in found if text not in {"Cymraeg", "English"}] == []
