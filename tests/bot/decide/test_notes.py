"""Notes: in a leader's own words, with who will see them, and never because somebody guessed."""

from __future__ import annotations

import pytest

from bot.decide.notes import MOST_CHARACTERS
from bot.inbound import buttons
from bot.inbound.events import pressed
from bot.messages.blocks import Choice, Facts, Heading, TextInput
from core.enquiry import Audience, NoteKind
from tests.support.world import World, label_of, pressable

LEADER = "leader-a"
WORDS = "Our staff lead the maths group for all of us."


def notes(world: World, person: str = LEADER) -> list[tuple[str, str, str, str, bool | None]]:
    """What is kept: sub-theme, kind, text, audience, and whether it is offered."""
    return [
        (each.subtheme, each.kind.value, each.text, each.audience.value, each.offered)
        for each in world.enquiry(person).notes
    ]


def heading(world: World) -> str:
    return next(block.text for block in world.last(LEADER) if isinstance(block, Heading))


def kept(world: World) -> str:
    """The message of the note that was kept last, as people see it."""
    return repr([each.blocks for each in world.conversation(LEADER) if each.key.startswith("note:")][-1])


@pytest.fixture
def world(world: World) -> World:
    """Leader A has answered Shared purpose, and is asked about Commitment in practice."""
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3, 3, 3)
    return world


# Asked for


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Add a strength", "strength"), ("Add an area for development", "development"), ("Add evidence", "evidence")],
)
def test_a_finished_subtheme_takes_a_note_of_each_kind(world: World, label: str, kind: str) -> None:
    world.presses(LEADER, label)
    world.writes(LEADER, WORDS)
    assert notes(world) == [("1.1", kind, WORDS, "school", None)]


def test_nothing_waits_for_a_note(world: World) -> None:
    world.presses(LEADER, "Add a strength")
    world.chooses(LEADER, buttons.Score(1, "1.2.a", world.framework.perspectives[0], "4", 0))
    assert world.scores(LEADER)["1.2.a school"] == 4
    world.types(LEADER, WORDS)
    assert notes(world) == [], "after another answer it is offered, as any text is"
    assert heading(world).startswith("Shall I keep this as a note?")


def test_what_is_typed_after_being_asked_is_the_note(world: World) -> None:
    world.presses(LEADER, "Add an area for development")
    world.types(LEADER, WORDS)
    assert notes(world) == [("1.1", "development", WORDS, "school", None)]


def test_what_is_typed_elsewhere_is_not_the_note_that_was_asked_for_here(world: World) -> None:
    world.also_on(LEADER, "elsewhere")
    world.types("elsewhere", "resume")
    world.presses(LEADER, "Add an area for development")
    world.types("elsewhere", WORDS)
    assert notes(world) == []
    assert f"You wrote: {WORDS}" in world.text("elsewhere")


def test_a_kept_note_says_who_will_see_it_and_shows_the_question_again(world: World) -> None:
    world.presses(LEADER, "Add a strength")
    world.writes(LEADER, WORDS)
    assert WORDS in kept(world)
    assert "Leaders of your school." in kept(world)
    assert world.posted[-1] == "card:1:1.2"


def test_the_record_of_its_subtheme_shows_a_note(world: World) -> None:
    world.presses(LEADER, "Add a strength")
    world.writes(LEADER, WORDS)
    assert "card:1:1.1" in world.edited
    record = next(each.blocks for each in world.conversation(LEADER) if each.key == "card:1:1.1")
    assert (f"Fact(term='Area of strength', text='{WORDS}')") in repr([b for b in record if isinstance(b, Facts)])


@pytest.mark.parametrize("empty", ["", "   ", "\n\n", "\t"])
def test_an_empty_note_is_asked_for_again(world: World, empty: str) -> None:
    world.presses(LEADER, "Add a strength")
    world.writes(LEADER, empty)
    assert notes(world) == []
    assert any(isinstance(block, TextInput) for block in world.last(LEADER))


def test_a_note_may_have_as_many_characters_as_about_a_page(world: World) -> None:
    assert MOST_CHARACTERS == 4_000
    world.presses(LEADER, "Add a strength")
    world.writes(LEADER, "x" * 4_000)
    assert [len(text) for _, _, text, _, _ in notes(world)] == [4_000]


@pytest.mark.parametrize("length", [4_001, 10_000, 100_000])
def test_a_longer_note_is_not_cut_but_explained(world: World, length: int) -> None:
    world.presses(LEADER, "Add a strength")
    world.writes(LEADER, "word " * (length // 5) + "x")
    assert notes(world) == []
    assert "longer than a note can be (about a page)" in world.text(LEADER)
    assert "Carry on" in [label_of(each) for each in pressable(world.last(LEADER))]


def test_a_note_sent_twice_by_a_double_tap_is_one_note(world: World) -> None:
    world.presses(LEADER, "Add a strength")
    for _ in range(2):
        world.writes(LEADER, WORDS)
    assert len(notes(world)) == 1


def test_the_same_words_may_be_a_strength_here_and_a_development_there(world: World) -> None:
    world.chooses(LEADER, buttons.WriteNote(1, "1.1", NoteKind.STRENGTH), text=WORDS)
    world.chooses(LEADER, buttons.WriteNote(1, "1.1", NoteKind.DEVELOPMENT), text=WORDS)
    world.chooses(LEADER, buttons.WriteNote(1, "1.2", NoteKind.STRENGTH), text=WORDS)
    assert len(notes(world)) == 3


# Typed


@pytest.mark.parametrize(
    ("typed", "subtheme", "kind", "text"),
    [
        ("strength We meet weekly", "1.1", "strength", "We meet weekly"),
        ("strength: We meet weekly", "1.1", "strength", "We meet weekly"),
        ("development We need time", "1.1", "development", "We need time"),
        ("note Minutes of 3 March", "1.1", "evidence", "Minutes of 3 March"),
        ("evidence Minutes of 3 March", "1.1", "evidence", "Minutes of 3 March"),
        ("cryfder Rydym yn cwrdd", "1.1", "strength", "Rydym yn cwrdd"),
        ("datblygiad Amser", "1.1", "development", "Amser"),
        ("nodyn Cofnodion", "1.1", "evidence", "Cofnodion"),
        ("strength 2.2 We meet weekly", "2.2", "strength", "We meet weekly"),
        ("note 3 schools came", "1.1", "evidence", "3 schools came"),
        ("STRENGTH Two\nlines", "1.1", "strength", "Two\nlines"),
    ],
)
def test_a_word_and_then_the_note(world: World, typed: str, subtheme: str, kind: str, text: str) -> None:
    """While a sub-theme is untouched, a note that names none is about the one just finished."""
    world.types(LEADER, typed)
    assert notes(world) == [(subtheme, kind, text, "school", None)]


def test_a_note_is_about_the_subtheme_that_is_being_scored(world: World) -> None:
    world.taps(LEADER, 4)
    world.types(LEADER, "strength We meet weekly")
    assert notes(world)[0][0] == "1.2"


@pytest.mark.parametrize("typed", ["strength", "strength 1.1", "cryfder 1.1"])
def test_the_word_alone_asks_for_the_note(world: World, typed: str) -> None:
    world.types(LEADER, typed)
    assert notes(world) == []
    assert heading(world) == "Area of strength · Shared purpose · School A"


@pytest.mark.parametrize(
    "text",
    [
        "Change is well led in our school",
        "Reports to parents are shared",
        "Report writing is shared",
        "Submit is what we never do",
        "Strength in depth across our teams",
    ],
)
def test_a_note_that_was_asked_for_may_begin_with_a_word_of_command(world: World, text: str) -> None:
    world.presses(LEADER, "Add a strength")
    world.types(LEADER, text)
    assert notes(world) == [("1.1", "strength", text, "school", None)]


def test_a_note_that_begins_with_the_name_of_another_kind_is_offered_as_either(world: World) -> None:
    """Asked for a strength, a leader wrote of development: that may be the one or the other."""
    world.types(LEADER, "3 3")
    world.types(LEADER, "3 3")
    world.chooses(LEADER, buttons.AddNote(1, "1.1", NoteKind.STRENGTH))
    world.types(LEADER, "Development of our middle leaders")
    assert notes(world) == []
    assert "You wrote: Development of our middle leaders" in world.text(LEADER)
    world.presses(LEADER, "Area of strength")
    assert notes(world) == [("1.1", "strength", "Development of our middle leaders", "school", None)]


# Offered


def test_other_text_is_offered_as_a_note(world: World) -> None:
    world.types(LEADER, WORDS)
    assert heading(world) == "Shall I keep this as a note? · Shared purpose · School A"
    assert f"You wrote: {WORDS}" in world.text(LEADER)
    assert "To score, type a whole number from 1 to 4, or a level's name." in world.text(LEADER)
    assert notes(world) == []


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Area of strength", "strength"), ("Area for development", "development"), ("Evidence", "evidence")],
)
def test_text_that_was_offered_is_kept_as_what_the_leader_says(world: World, label: str, kind: str) -> None:
    world.types(LEADER, WORDS)
    world.presses(LEADER, label)
    assert notes(world) == [("1.1", kind, WORDS, "school", None)]


def test_text_that_is_not_wanted_is_let_go(world: World) -> None:
    world.types(LEADER, WORDS)
    world.presses(LEADER, "No, carry on")
    assert notes(world) == []
    assert world.posted == ["card:1:1.2"]


@pytest.mark.parametrize("no", ["no", "No", "No.", "no, carry on", "resume"])
def test_no_lets_it_go(world: World, no: str) -> None:
    world.types(LEADER, WORDS)
    world.types(LEADER, no)
    assert world.posted == ["card:1:1.2"]
    world.types(LEADER, "strength")
    assert notes(world) == []


@pytest.mark.parametrize("yes", ["yes", "Yes please", "ok", "ie"])
def test_yes_asks_once_more_as_what_and_loses_nothing(world: World, yes: str) -> None:
    world.types(LEADER, WORDS)
    world.types(LEADER, yes)
    assert f"You wrote: {WORDS}" in world.text(LEADER)
    world.types(LEADER, "evidence")
    assert notes(world) == [("1.1", "evidence", WORDS, "school", None)]


def test_an_offer_that_was_taken_says_so_and_a_second_tap_changes_nothing(world: World) -> None:
    world.types(LEADER, WORDS)
    taken = next(each.action for each in world.buttons(LEADER) if label_of(each) == "Area of strength")
    for _ in range(2):
        world.does(LEADER, pressed(taken))
    assert len(notes(world)) == 1
    offer = next(each.blocks for each in world.conversation(LEADER) if each.key.startswith("offer:"))
    assert "settled" in repr(offer)


def test_letting_an_older_text_go_keeps_the_newer_one(world: World) -> None:
    world.types(LEADER, "the first thing I thought of")
    older = next(each.action for each in world.buttons(LEADER) if label_of(each) == "No, carry on")
    world.types(LEADER, WORDS)
    world.does(LEADER, pressed(older))
    world.types(LEADER, "strength")
    assert f"You wrote: {WORDS}" in world.text(LEADER), "it is shown before it is kept"
    world.types(LEADER, "strength")
    assert notes(world) == [("1.1", "strength", WORDS, "school", None)]


def test_an_older_text_can_no_longer_be_kept_by_its_button_and_the_answer_says_how(world: World) -> None:
    world.types(LEADER, "the first thing I thought of")
    older = next(each.action for each in world.buttons(LEADER) if label_of(each) == "Evidence")
    world.types(LEADER, WORDS)
    world.does(LEADER, pressed(older))
    assert notes(world) == []
    assert "I no longer have that text, so it has not been kept. To keep it, type note" in world.text(LEADER)


def test_scoring_in_between_keeps_the_offered_text(world: World) -> None:
    world.types(LEADER, WORDS)
    world.types(LEADER, "4")
    world.presses(LEADER, "Area of strength")
    assert notes(world) == [("1.1", "strength", WORDS, "school", None)]
    assert world.scores(LEADER)["1.2.a school"] == 4


def test_the_word_for_a_note_is_about_the_sub_theme_in_view_and_no_text_passed_over_before_it(world: World) -> None:
    world.types(LEADER, "3/5")
    for score in ("3 2", "3 2", "3 2"):
        world.types(LEADER, score)
    world.types(LEADER, "strength")
    assert heading(world) == "Area of strength · Shared leadership · School A"
    assert "3/5" not in world.text(LEADER)


def test_start_in_between_keeps_the_offered_text(world: World) -> None:
    world.types(LEADER, WORDS)
    world.chooses(LEADER, buttons.Start(1, "a"))
    world.presses(LEADER, "Area of strength")
    assert notes(world) == [("1.1", "strength", WORDS, "school", None)]


# On a note that was kept


def test_a_strength_may_be_shared(world: World) -> None:
    world.types(LEADER, f"strength {WORDS}")
    assert "Would your school share this with other schools?" in kept(world)
    world.presses(LEADER, "Yes")
    assert notes(world) == [("1.1", "strength", WORDS, "school", True)]
    assert "Yes, we would share this." in kept(world)


def test_help_with_a_development_may_be_welcome(world: World) -> None:
    world.types(LEADER, f"development {WORDS}")
    assert "Would your school welcome help with this?" in kept(world)
    world.presses(LEADER, "Not for now")
    assert notes(world) == [("1.1", "development", WORDS, "school", False)]


def test_evidence_is_offered_to_nobody(world: World) -> None:
    world.types(LEADER, f"note {WORDS}")
    (note,) = world.enquiry(LEADER).notes
    blocks = next(each.blocks for each in world.conversation(LEADER) if each.key == f"note:{note.id}")
    assert [block.legend for block in blocks if isinstance(block, Choice)] == ["Show it to"]


@pytest.mark.parametrize(
    ("label", "audience", "words"),
    [
        ("Our school only", "school", "Leaders of your school."),
        ("Our partnership's lead too", "lead", "Leaders of your school, and your partnership's lead."),
        ("Everyone at the meeting", "meeting", "Leaders of your school, and everyone at the partnership meeting."),
    ],
)
def test_the_author_says_who_will_see_it(world: World, label: str, audience: str, words: str) -> None:
    world.types(LEADER, f"strength {WORDS}")
    world.presses(LEADER, label)
    assert notes(world)[0][3] == audience
    assert words in kept(world)


def test_buttons_of_a_note_edit_it_in_place(world: World) -> None:
    world.types(LEADER, f"strength {WORDS}")
    (note,) = world.enquiry(LEADER).notes
    world.presses(LEADER, "Everyone at the meeting")
    assert (world.posted, world.edited) == ([], [f"note:{note.id}", "card:1:1.1"])


def test_their_words_may_be_typed_and_show_the_note_below(world: World) -> None:
    world.types(LEADER, f"strength {WORDS}")
    world.types(LEADER, "yes")
    world.types(LEADER, "everyone at the meeting")
    assert notes(world) == [("1.1", "strength", WORDS, "meeting", True)]
    (note,) = world.enquiry(LEADER).notes
    assert world.posted == [f"note:{note.id}"]


def test_a_note_on_a_subtheme_not_yet_begun_posts_no_empty_record(world: World) -> None:
    world.types(LEADER, f"strength 3.1 {WORDS}")
    world.presses(LEADER, "Yes")
    assert not any(each.key == "card:1:3.1" for each in world.conversation(LEADER))


def test_a_note_can_be_removed_and_then_has_a_way_on(world: World) -> None:
    world.types(LEADER, f"strength {WORDS}")
    (note,) = world.enquiry(LEADER).notes
    world.presses(LEADER, "Remove this note")
    assert notes(world) == []
    assert "This note has been removed." in kept(world)
    assert WORDS not in world.everything(LEADER)
    for action in (buttons.RemoveNote(note.id), buttons.OfferNote(note.id, yes=True)):
        world.chooses(LEADER, action)
        assert "That note has been removed." in world.text(LEADER)
        assert "Carry on" in [label_of(each) for each in pressable(world.last(LEADER))]


def test_what_is_typed_to_remove_a_note_leaves_a_way_on_in_view(world: World) -> None:
    world.types(LEADER, f"strength {WORDS}")
    world.types(LEADER, "remove this note")
    assert notes(world) == []
    assert "Carry on" in [label_of(each) for each in pressable(world.last(LEADER))]


def test_nobody_can_touch_or_see_a_note_of_another_school(world: World) -> None:
    world.types(LEADER, f"strength {WORDS}")
    (note,) = world.enquiry(LEADER).notes
    world.types("leader-b", "start")
    for action in (
        buttons.ShowNoteTo(note.id, Audience.MEETING),
        buttons.OfferNote(note.id, yes=True),
        buttons.RemoveNote(note.id),
    ):
        world.chooses("leader-b", action)
        assert notes(world) == [("1.1", "strength", WORDS, "school", None)]
        assert WORDS not in world.everything("leader-b")


def test_the_other_leader_of_a_school_has_notes_of_their_own(world: World) -> None:
    world.person("deputy-a", "Deputy A")
    world.leads_also("deputy-a", "a")
    world.types(LEADER, f"strength {WORDS}")
    world.types("deputy-a", "start")
    world.types("deputy-a", "review")
    assert notes(world, "deputy-a") == []
    assert WORDS not in world.everything("deputy-a")


# Text is data


@pytest.mark.parametrize(
    "text",
    [
        "{text} {0} {__class__}", "%s %(text)s", "'; DROP TABLE note; --", "<script>alert(1)</script>", "=HYPERLINK(1)",
        "@channel <!here>", "$\\frac{$", "\u202eevil\u202c", "a|b|c", "Score|1|1.1.a|school|4|0", "🏫" * 50, "[x](http://x)",
    ],
)  # fmt: skip
def test_whatever_is_written_is_kept_letter_by_letter(world: World, text: str) -> None:
    world.types(LEADER, text)
    world.presses(LEADER, "Evidence")
    assert notes(world) == [("1.1", "evidence", text, "school", None)]


@pytest.mark.parametrize(
    ("text", "as_kept"),
    [("a\x00b", "ab"), ("half \ud83d a pair", "half \ufffd a pair"), ("\x00" * 3 + "c", "c")],
    ids=ascii,
)
def test_what_no_database_can_keep_is_left_out(world: World, text: str, as_kept: str) -> None:
    world.types(LEADER, f"note {text}")
    assert notes(world) == [("1.1", "evidence", as_kept, "school", None)]
    world.chooses(LEADER, buttons.WriteNote(1, "2.1", NoteKind.STRENGTH), text=text)
    assert notes(world)[1][2] == as_kept


@pytest.mark.parametrize(
    "text", ["x" * 4_001, "x" * 10_000, "\x00x" * 5_000], ids=lambda text: f"{len(text)} {text[0]!a}"
)
def test_a_long_note_is_never_made_short(world: World, text: str) -> None:
    world.types(LEADER, f"note 1.1 {text}")
    assert notes(world) == []
    assert "longer than a note can be" in world.text(LEADER)
