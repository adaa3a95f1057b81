"""Scoring: one tap a score, each message in its place, and a way back to every question."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.messages import references
from bot.messages.blocks import Choice, Facts, Heading, Progress
from core.enquiry import Scoring
from core.framework import Perspective, Row
from tests.support.world import NOW, World, label_of, pressable

LEADER = "leader-a"
SCHOOL, PARTNERSHIP = Perspective.SCHOOL, Perspective.PARTNERSHIP


def asked(world: World) -> str:
    """The row that a plain number answers now, such as ``1.1.a school``; else the name of the place."""
    place = world.enquiry(LEADER).place
    return f"{place.row.criterion} {place.row.perspective}" if isinstance(place, Scoring) else type(place).__name__


def heading(world: World) -> str:
    return next(block.text for block in world.last(LEADER) if isinstance(block, Heading))


def legends(world: World) -> list[str]:
    """What is said above the two rows of levels."""
    return [block.legend for block in world.last(LEADER) if isinstance(block, Choice)]


def labels(world: World) -> list[str]:
    return [label_of(each) for each in pressable(world.last(LEADER))]


def facts(world: World, key: str) -> dict[str, str]:
    """The lines of a message, by what stands before them."""
    (shown,) = [each for each in world.conversation(LEADER) if each.key == key]
    return {fact.term: fact.text for block in shown.blocks if isinstance(block, Facts) for fact in block.items}


# The way through


def test_the_default_enquiry_takes_41_taps_in_about_a_dozen_messages(world: World) -> None:
    """1 to start, 36 scores (18 criteria from two perspectives), 3 priorities, 1 to submit."""
    world.types(LEADER, "what is this")
    world.presses(LEADER, "Start")
    for _ in range(36):
        world.taps(LEADER, 3)
    for priority in ("1 Shared purpose", "5 Support and challenge", "9 Thriving staff and pupils"):
        world.presses(LEADER, priority)
    world.presses(LEADER, "Submit")
    assert next(world.events) == 1 + 41 + 1, "after the words that called the bot, 41 taps"
    assert world.enquiry(LEADER).submitted_at == world.now
    # The invitation, nine sub-themes, the priorities, the review, the thanks.
    assert len(world.conversation(LEADER)) == 1 + 9 + 1 + 1 + 1


def test_a_card_says_where_one_is(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "3 3")
    assert heading(world) == "Area 1 of 3 · Shared purpose · 2 of 18 · School A"
    (progress,) = [block for block in world.last(LEADER) if isinstance(block, Progress)]
    assert (progress.done, progress.total) == (1, 18)


def test_a_card_has_each_descriptor_once_and_a_short_button_for_each_level_in_two_rows(world: World) -> None:
    world.types(LEADER, "start")
    descriptors = facts(world, "card:1:1.1")
    assert list(descriptors) == ["1 Starting", "2 Building", "3 Established", "4 Extending"]
    assert legends(world) == ["Our school", "Our partnership"]
    assert labels(world)[:8] == ["1 Starting", "2 Building", "3 Established", "4 Extending"] * 2


def test_the_answered_criteria_of_a_subtheme_stand_above_the_one_that_is_asked(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2)
    assert facts(world, "card:1:1.1")["Shared goals"] == "Our school: 3 Established · Our partnership: 2 Building"


def test_a_tap_edits_the_card_in_place(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    assert (world.posted, world.edited) == ([], ["card:1:1.1"])


def test_the_last_tap_of_a_subtheme_leaves_a_record_and_posts_the_next_one(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2, 4, 1)
    assert (world.posted, world.edited) == (["card:1:1.2"], ["card:1:1.1"])
    record = next(each.blocks for each in world.conversation(LEADER) if each.key == "card:1:1.1")
    assert [label_of(each) for each in pressable(record)] == [
        "Change", "Add a strength", "Add an area for development", "Add evidence",
    ]  # fmt: skip


def test_something_typed_posts_the_card_anew_so_that_it_is_in_view(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "3")
    assert (world.posted, world.edited) == (["card:1:1.1"], [])


def test_what_is_typed_last_in_a_subtheme_edits_its_record_and_posts_the_next_one(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "3 2")
    world.types(LEADER, "4 1")
    assert (world.posted, world.edited) == (["card:1:1.2"], ["card:1:1.1"])


def test_the_chosen_level_is_marked(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 4)
    school, partnership = (block for block in world.last(LEADER) if isinstance(block, Choice))
    assert [option.chosen for option in school.options] == [False, False, False, True]
    assert not any(option.chosen for option in partnership.options)


def test_the_two_rows_may_be_answered_in_any_order(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "partnership 2")
    assert asked(world) == "1.1.a school"
    world.taps(LEADER, 4)
    assert world.scores(LEADER) == {"1.1.a school": 4, "1.1.a partnership": 2}
    assert asked(world) == "1.1.b school"


def test_an_answer_that_is_no_score_counts_as_an_answer(world: World) -> None:
    world.types(LEADER, "start")
    world.presses(LEADER, "Can't say yet (school)")
    world.presses(LEADER, "Not applicable to us (partnership)")
    assert world.scores(LEADER) == {"1.1.a school": "cannot_say", "1.1.a partnership": "not_applicable"}
    assert facts(world, "card:1:1.1")["Shared goals"] == (
        "Our school: Can't say yet · Our partnership: Not applicable to us"
    )


# Typing


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3", {"1.1.a school": 3}),
        ("3 2", {"1.1.a school": 3, "1.1.a partnership": 2}),
        ("partnership 3", {"1.1.a partnership": 3}),
        ("school 1", {"1.1.a school": 1}),
        ("partneriaeth 4", {"1.1.a partnership": 4}),
        ("ysgol 4", {"1.1.a school": 4}),
        ("three", {"1.1.a school": 3}),
        ("tri", {"1.1.a school": 3}),
        ("Established", {"1.1.a school": 3}),
        ("sefydledig", {"1.1.a school": 3}),
        ("Established, Building", {"1.1.a school": 3, "1.1.a partnership": 2}),
        ("three two", {"1.1.a school": 3, "1.1.a partnership": 2}),
        ("can't say yet", {"1.1.a school": "cannot_say"}),
        ("Can’t say", {"1.1.a school": "cannot_say"}),
        ("n/a 4", {"1.1.a school": "not_applicable", "1.1.a partnership": 4}),
        ("\uff13", {"1.1.a school": 3}),
        ("\u0663 \u0662", {"1.1.a school": 3, "1.1.a partnership": 2}),
        ("  3.  ", {"1.1.a school": 3}),
    ],
    ids=ascii,
)
def test_these_are_scores(world: World, typed: str, kept: dict[str, object]) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, typed)
    assert world.scores(LEADER) == kept


@pytest.mark.parametrize(
    "typed",
    ["3/5", "33", "3.5", "²", "-1", "0", "5", "3-4", "3+", "+3", "3%", "IV", "½", "3 2 1", "three or four", "1e0",
     "0x3", "٣٫٥", "partnership", "3 partnership", "our school is a 3", "not sure", "3 2 because", "1Starting"],
)  # fmt: skip
def test_these_are_not_scores_and_are_offered_as_a_note(world: World, typed: str) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, typed)
    assert world.scores(LEADER) == {}
    assert heading(world) == "Shall I keep this as a note? · Shared purpose · School A"


def test_dechrau_starts_and_never_scores_although_it_is_the_welsh_name_of_level_one(world: World) -> None:
    world.types(LEADER, "dechrau")
    assert asked(world) == "1.1.a school"
    world.types(LEADER, "dechrau")
    assert world.scores(LEADER) == {}


def test_a_number_answers_the_row_that_is_open_first(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "partnership 2")
    world.types(LEADER, "4")
    assert world.scores(LEADER) == {"1.1.a school": 4, "1.1.a partnership": 2}


def test_two_numbers_answer_both_rows_even_where_one_was_answered(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "4")
    world.types(LEADER, "3 2")
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 2}


def test_a_number_is_no_answer_to_a_question_that_is_not_in_view(world: World) -> None:
    """Here the first question stands last; since then the leader has answered two criteria on another platform."""
    world.types(LEADER, "start")
    world.also_on(LEADER, "elsewhere")
    for text in ("resume", "3 3", "3 3"):
        world.types("elsewhere", text)
    before = world.scores(LEADER)
    world.types(LEADER, "1")
    assert world.scores(LEADER) == before
    assert world.posted == ["card:1:1.2"]
    world.types(LEADER, "1")
    assert world.scores(LEADER) == {**before, "1.2.a school": 1}


def test_a_number_is_no_answer_to_a_question_that_was_answered_elsewhere(world: World) -> None:
    """Both conversations show the card of one sub-theme, here with its first question and there with its second."""
    world.types(LEADER, "start")
    world.also_on(LEADER, "elsewhere")
    world.types("elsewhere", "resume")
    world.types("elsewhere", "3 3")
    world.types(LEADER, "1")
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 3}
    assert legends(world) == ["Our school", "Our partnership"]
    assert asked(world) == "1.1.b school"


def test_a_priority_is_not_taken_back_by_who_sees_it_unchosen(world: World) -> None:
    world.finishes(LEADER)
    world.also_on(LEADER, "elsewhere")
    world.types("elsewhere", "priorities")
    world.types("elsewhere", "5")
    world.types(LEADER, "5")
    assert world.enquiry(LEADER).priorities == ("2.2",)
    assert world.posted == ["priorities:1"]


def test_skip_is_no_answer_to_a_question_that_is_not_in_view(world: World) -> None:
    world.types(LEADER, "start")
    world.also_on(LEADER, "elsewhere")
    for text in ("resume", "3 3", "3 3"):
        world.types("elsewhere", text)
    before = world.scores(LEADER)
    world.types(LEADER, "skip")
    assert world.scores(LEADER) == before
    assert world.posted == ["card:1:1.2"]


# Last time


def with_last_time(world: World) -> None:
    """In autumn Leader A gave 2 and 4 to the first criterion, and could not say about the school in the second."""
    world.open_cycle(2, "Autumn 2026", NOW - timedelta(days=200), NOW + timedelta(days=1))
    world.close_cycle(1)
    world.types(LEADER, "start")
    world.types(LEADER, "2 4")
    world.types(LEADER, "can't say")
    world.chooses(LEADER, buttons.Submit(1))
    world.close_cycle(2)
    world.open_cycle(3, "Summer 2027", NOW - timedelta(days=1), NOW + timedelta(days=20))
    world.types(LEADER, "start")


def test_last_times_score_is_shown_only_after_the_new_one_is_chosen(world: World) -> None:
    with_last_time(world)
    assert legends(world) == ["Our school", "Our partnership"]
    assert "last time" not in world.text(LEADER)
    world.taps(LEADER, 3)
    assert legends(world) == ["Our school: 3 Established (last time 2 Building)", "Our partnership"]
    world.taps(LEADER, 3)
    assert facts(world, "card:2:1.1")["Shared goals"] == (
        "Our school: 3 Established (last time 2 Building) · Our partnership: 3 Established (last time 4 Extending)"
    )


def test_there_is_no_last_time_where_there_was_no_score(world: World) -> None:
    with_last_time(world)
    world.types(LEADER, "3 3")
    world.taps(LEADER, 4)
    assert legends(world) == ["Our school: 4 Extending", "Our partnership"]


def test_answers_that_were_never_submitted_are_no_last_time(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "2 4")
    world.close_cycle(1)
    world.open_cycle(2, "Autumn 2027", NOW, NOW + timedelta(days=20))
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    assert legends(world) == ["Our school: 3 Established", "Our partnership"]


# Back, Skip, Change, Carry on, Pause


def test_the_first_question_has_no_way_back(world: World) -> None:
    world.types(LEADER, "start")
    assert "Back" not in labels(world)
    world.types(LEADER, "back")
    assert world.posted[-1] == "card:1:1.1"
    assert asked(world) == "1.1.a school"


def test_back_opens_the_question_before_with_its_answers(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "3 2")
    world.presses(LEADER, "Back")
    assert asked(world) == "1.1.a school"
    assert legends(world) == ["Our school: 3 Established", "Our partnership: 2 Building"]
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 2}


def test_back_twice_goes_two_questions_back_and_across_subthemes(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3, 3, 3)
    assert asked(world) == "1.2.a school"
    world.presses(LEADER, "Back")
    assert asked(world) == "1.1.b school"
    world.presses(LEADER, "Back")
    assert asked(world) == "1.1.a school"


def test_after_a_question_was_opened_again_the_conversation_returns_to_the_first_open_one(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3, 3, 3)
    world.types(LEADER, "change 1.1.a")
    world.taps(LEADER, 2, 4)
    assert world.scores(LEADER) == {
        "1.1.a school": 2, "1.1.a partnership": 4, "1.1.b school": 3, "1.1.b partnership": 3,
    }  # fmt: skip
    assert asked(world) == "1.2.a school"


def test_a_half_answered_question_waits_while_another_is_changed(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3, 4)
    world.types(LEADER, "back")
    world.taps(LEADER, 1, 1)
    assert asked(world) == "1.1.b partnership"


def test_carry_on_leaves_a_question_that_was_opened_again_as_it_is(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2)
    world.presses(LEADER, "Back")
    world.presses(LEADER, "Carry on")
    assert asked(world) == "1.1.b school"
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 2}


def test_change_during_change_opens_the_other_question(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3, 3, 3)
    world.types(LEADER, "change 1.1.b")
    world.types(LEADER, "change 1.1.a")
    assert asked(world) == "1.1.a school"
    world.taps(LEADER, 2, 2)
    assert asked(world) == "1.2.a school"


def test_change_may_go_ahead(world: World) -> None:
    """Areas may be answered on different days."""
    world.types(LEADER, "start")
    world.types(LEADER, "change 2.2.a")
    world.taps(LEADER, 4, 4)
    assert world.scores(LEADER) == {"2.2.a school": 4, "2.2.a partnership": 4}
    assert asked(world) == "1.1.a school"


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("change 1.2.b", "1.2.b school"),
        ("change 1.2", "1.2.a school"),
        ("change Shared goals", "1.1.a school"),
        ("change commitment in practice", "1.2.a school"),
        ("change Support/challenge", "2.2.a school"),
        ("change 5", "2.2.a school"),
        ("newid 3.3.b", "3.3.b school"),
        ("edit 1.2.B", "1.2.b school"),
        ("change", "Reviewing"),
        ("change priorities", "Choosing"),
        ("newid blaenoriaethau", "Choosing"),
    ],
)
def test_change_names_a_criterion_a_subtheme_or_a_title(world: World, typed: str, row: str) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, typed)
    assert asked(world) == row


def test_change_with_a_name_that_nothing_has_is_just_text(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "change 9.9.z")
    assert heading(world).startswith("Shall I keep this as a note?")
    assert asked(world) == "1.1.a school"


def test_skip_leaves_what_is_open_and_keeps_what_was_answered(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 4)
    world.presses(LEADER, "Skip")
    assert world.scores(LEADER) == {"1.1.a school": 4, "1.1.a partnership": "skipped"}
    assert asked(world) == "1.1.b school"


def test_a_skipped_question_can_be_answered_later(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "skip")
    world.types(LEADER, "back")
    world.taps(LEADER, 2, 3)
    assert world.scores(LEADER) == {"1.1.a school": 2, "1.1.a partnership": 3}


def test_skip_on_a_question_that_is_answered_keeps_its_answers(world: World) -> None:
    """Its button stands on an older picture of the card, on another device."""
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2)
    world.chooses(LEADER, buttons.Skip(1, "1.1.a"))
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 2}
    assert asked(world) == "1.1.b school"


def test_pause_keeps_everything_and_carry_on_goes_on_where_one_was(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    world.presses(LEADER, "Pause")
    assert "Paused. Everything you said is kept." in world.text(LEADER)
    world.now += timedelta(days=3)
    world.presses(LEADER, "Carry on")
    assert asked(world) == "1.1.a partnership"
    assert world.scores(LEADER) == {"1.1.a school": 3}


def test_pause_and_carry_on_return_to_a_question_that_was_opened_again(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2)
    world.types(LEADER, "back")
    for way in ("Pause", "Show a hint"):
        world.presses(LEADER, way)
        world.presses(LEADER, "Carry on")
        assert asked(world) == "1.1.a school"
        assert world.posted == ["card:1:1.1"]


def test_the_evidence_hint_comes_on_request(world: World) -> None:
    world.types(LEADER, "start")
    hint = world.framework.criterion_by_id["1.1.a"].evidence_hint["en"]
    assert hint not in world.text(LEADER)
    world.presses(LEADER, "Show a hint")
    assert hint in world.text(LEADER)


# A change of mind


def test_an_old_button_is_an_edit_and_says_what_changed(world: World) -> None:
    world.types(LEADER, "start")
    old = next(each.action for each in world.buttons(LEADER) if label_of(each) == "2 Building")
    world.taps(LEADER, 3, 3, 3, 3)
    world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "2", 0))
    assert old == encode(buttons.Score(1, "1.1.a", SCHOOL, "2", 0))
    assert world.scores(LEADER)["1.1.a school"] == 2
    assert (world.posted, world.edited) == ([], ["card:1:1.1"])
    record = next(each for each in world.conversation(LEADER) if each.key == "card:1:1.1")
    assert record.reference == references.Card(1, "1.1", changed="1.1.a")
    assert "Changed. Shared goals now says: Our school: 2 Building" in repr(record.blocks)
    assert asked(world) == "1.2.a school"


def test_the_same_level_tapped_twice_is_one_answer(world: World) -> None:
    world.types(LEADER, "start")
    for _ in range(2):
        world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "3", 0))
    answer = world.enquiry(LEADER).answers[Row("1.1.a", SCHOOL)]
    assert (answer.level, answer.revision) == (3, 1)
    assert asked(world) == "1.1.a partnership"


def test_another_level_tapped_at_once_is_the_one_that_counts(world: World) -> None:
    world.types(LEADER, "start")
    world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "3", 0))
    world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "4", 0))
    answer = world.enquiry(LEADER).answers[Row("1.1.a", SCHOOL)]
    assert (answer.level, answer.revision) == (4, 2)


def test_answering_a_leftover_from_an_old_card_refreshes_the_review_below(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "review")
    world.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "3", 0))
    assert (world.posted, world.edited) == ([], ["card:1:1.1", "review:1"])
    assert facts(world, "review:1")["1 Shared purpose"] == (
        "Our school 3 (1 without an answer) · Our partnership no answer yet"
    )
