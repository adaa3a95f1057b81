"""The end of an enquiry: up to three priorities, the review, submitting, and changing one's mind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.inbound import buttons
from bot.messages.blocks import Choice, Fact, Facts, Heading
from core.enquiry import Scoring
from core.framework import Perspective
from tests.support.world import CLOSES, World, label_of, pressable

LEADER = "leader-a"


def place(world: World) -> str:
    place = world.enquiry(LEADER).place
    return f"{place.row.criterion} {place.row.perspective}" if isinstance(place, Scoring) else type(place).__name__


def chosen(world: World) -> list[str]:
    return list(world.enquiry(LEADER).priorities)


def heading(world: World) -> str:
    return next(block.text for block in world.last(LEADER) if isinstance(block, Heading))


def line(world: World, subtheme: str) -> str:
    """What the review says of a sub-theme."""
    review = next(each.blocks for each in world.conversation(LEADER) if each.key == "review:1")
    facts: list[Fact] = [fact for block in review if isinstance(block, Facts) for fact in block.items]
    return next(fact.text for fact in facts if fact.term == subtheme)


@pytest.fixture
def scored(world: World) -> World:
    """Leader A has given all 36 scores and is asked for priorities."""
    world.finishes(LEADER)
    return world


@pytest.fixture
def reviewing(scored: World) -> World:
    scored.presses(LEADER, "Done")
    return scored


# Priorities


def test_after_the_last_score_the_priorities_are_asked_in_a_message_of_their_own(scored: World) -> None:
    assert scored.posted == ["priorities:1"]
    (choice,) = [block for block in scored.last(LEADER) if isinstance(block, Choice)]
    assert choice.legend == "0 of 3 chosen"
    assert len(choice.options) == 9


def test_a_tap_chooses_and_edits_the_message_in_place(scored: World) -> None:
    scored.presses(LEADER, "5 Support and challenge")
    assert chosen(scored) == ["2.2"]
    assert (scored.posted, scored.edited) == ([], ["priorities:1"])
    scored.presses(LEADER, "1 Shared purpose")
    assert chosen(scored) == ["1.1", "2.2"]


def test_pressing_it_again_takes_it_back(scored: World) -> None:
    scored.presses(LEADER, "5 Support and challenge")
    scored.presses(LEADER, "5 Support and challenge")
    assert chosen(scored) == []


def test_a_double_tap_chooses_once(scored: World) -> None:
    """Both taps were on the button as it was before the first."""
    for _ in range(2):
        scored.chooses(LEADER, buttons.Prioritise(1, "2.2", yes=True))
    assert chosen(scored) == ["2.2"]


def test_a_double_tap_on_the_third_keeps_the_third(scored: World) -> None:
    scored.types(LEADER, "1 2")
    for _ in range(2):
        scored.chooses(LEADER, buttons.Prioritise(1, "2.2", yes=True))
    assert chosen(scored) == ["1.1", "1.2", "2.2"]
    assert place(scored) == "Reviewing"


def test_the_third_goes_on_to_the_review_by_itself(scored: World) -> None:
    for label in ("1 Shared purpose", "5 Support and challenge", "9 Thriving staff and pupils"):
        scored.presses(LEADER, label)
    assert place(scored) == "Reviewing"
    assert (scored.posted, scored.edited) == (["review:1"], ["priorities:1"])


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("5", ["2.2"]),
        ("1 5", ["1.1", "2.2"]),
        ("1, 5 9", ["1.1", "2.2", "3.3"]),
        ("1 1", ["1.1"]),
        ("2.2", ["2.2"]),
        ("support and challenge", ["2.2"]),
        ("cefnogi a herio", ["2.2"]),
        ("5 support and challenge", ["2.2"]),
        ("\uff15", ["2.2"]),
    ],
)
def test_priorities_may_be_typed_by_number_or_name(scored: World, typed: str, ids: list[str]) -> None:
    scored.types(LEADER, typed)
    assert chosen(scored) == ids


def test_a_number_typed_twice_is_taken_back(scored: World) -> None:
    scored.types(LEADER, "5")
    scored.types(LEADER, "5 1")
    assert chosen(scored) == ["1.1"]


def test_something_typed_shows_the_priorities_below(scored: World) -> None:
    scored.types(LEADER, "5")
    assert scored.posted == ["priorities:1"]


@pytest.mark.parametrize("typed", ["0", "10", "99", "1.5", "Established", "partnership 3", "-1", "1 2 x"])
def test_what_names_no_subtheme_chooses_none(scored: World, typed: str) -> None:
    before = scored.scores(LEADER)
    scored.types(LEADER, typed)
    assert chosen(scored) == []
    assert scored.scores(LEADER) == before
    assert heading(scored).startswith("Shall I keep this as a note?")


@pytest.mark.parametrize("typed", ["1 2 3 4", "1 2 3 4 5 6 7 8 9"])
def test_more_than_three_are_refused_and_choosing_goes_on(scored: World, typed: str) -> None:
    scored.types(LEADER, typed)
    assert chosen(scored) == []
    assert place(scored) == "Choosing"
    assert scored.posted[-1] == "priorities:1"


def test_a_fourth_waits_for_one_to_be_taken_back(scored: World) -> None:
    scored.types(LEADER, "1 2 3")
    scored.chooses(LEADER, buttons.Prioritise(1, "2.2", yes=True))
    assert chosen(scored) == ["1.1", "1.2", "1.3"]
    assert "more than three" in repr(scored.messages(LEADER)[-2])
    assert place(scored) == "Choosing", "so that a number typed now is a priority"
    scored.types(LEADER, "1")
    assert chosen(scored) == ["1.2", "1.3"]


@pytest.mark.parametrize("word", ["done", "gorffen", "skip", "finish"])
def test_none_may_be_chosen(scored: World, word: str) -> None:
    scored.types(LEADER, word)
    assert chosen(scored) == []
    assert place(scored) == "Reviewing"
    assert scored.posted == ["review:1"]


def test_done_on_an_older_message_shows_where_one_is(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "priorities")
    world.types(LEADER, "resume")
    world.chooses(LEADER, buttons.PrioritiesDone(1))
    assert world.posted[-1] == "card:1:1.1"


def test_back_from_the_priorities_opens_the_last_question(scored: World) -> None:
    scored.presses(LEADER, "Back")
    assert place(scored) == "3.3.b school"
    scored.taps(LEADER, 4, 4)
    assert place(scored) == "Choosing"
    assert scored.scores(LEADER)["3.3.b partnership"] == 4


def test_back_from_priorities_chosen_early_goes_to_what_is_open(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3)
    world.types(LEADER, "priorities")
    world.types(LEADER, "5")
    world.presses(LEADER, "Back")
    assert place(world) == "1.1.b school"
    assert chosen(world) == ["2.2"]


def test_priorities_may_be_changed_from_the_review(reviewing: World) -> None:
    reviewing.presses(LEADER, "Change priorities")
    assert place(reviewing) == "Choosing"
    reviewing.types(LEADER, "4")
    reviewing.presses(LEADER, "Done")
    assert chosen(reviewing) == ["2.1"]
    assert place(reviewing) == "Reviewing"


# The review


def test_the_review_has_one_line_for_each_subtheme(reviewing: World) -> None:
    review = reviewing.last(LEADER)
    lines = [fact.term for block in review if isinstance(block, Facts) for fact in block.items]
    assert lines == [
        "1 Shared purpose", "2 Commitment in practice", "3 Shared leadership", "4 An honest picture",
        "5 Support and challenge", "6 The difference we make", "7 Trust and belonging", "8 Learning together",
        "9 Thriving staff and pupils", "Priorities",
    ]  # fmt: skip
    assert line(reviewing, "1 Shared purpose") == "Our school 3, 3 · Our partnership 3, 3"


def test_the_review_counts_notes_and_names_what_has_no_answer(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "4 can't say")
    world.types(LEADER, "strength We meet")
    world.types(LEADER, "review")
    assert line(world, "1 Shared purpose") == (
        "Our school 4 (1 without an answer) · Our partnership can't say yet (1 without an answer) · 1 note"
    )
    assert line(world, "2 Commitment in practice") == "no answer yet"
    assert "17 questions have no answer yet" in world.text(LEADER)


def test_a_line_opens_its_subtheme_and_answering_it_returns_to_the_review(reviewing: World) -> None:
    reviewing.presses(LEADER, "2 Commitment")
    assert place(reviewing) == "1.2.a school"
    reviewing.taps(LEADER, 1, 2)
    assert place(reviewing) == "Reviewing"
    assert reviewing.posted == ["review:1"]
    assert line(reviewing, "2 Commitment in practice") == "Our school 1, 3 · Our partnership 2, 3"


def test_back_from_the_review_goes_to_the_priorities_and_then_to_the_last_question(reviewing: World) -> None:
    reviewing.types(LEADER, "back")
    assert place(reviewing) == "Choosing"
    reviewing.types(LEADER, "back")
    assert place(reviewing) == "3.3.b school"


def test_back_from_an_early_review_goes_to_what_is_open(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 3)
    world.types(LEADER, "review")
    world.types(LEADER, "back")
    assert place(world) == "1.1.b school"


@pytest.mark.parametrize(
    ("typed", "row"), [("2", "1.2.a school"), ("2.2", "2.2.a school"), ("commitment", "1.2.a school")]
)
def test_a_number_or_name_typed_at_the_review_opens_a_subtheme_and_scores_nothing(
    reviewing: World, typed: str, row: str
) -> None:
    before = reviewing.scores(LEADER)
    reviewing.types(LEADER, typed)
    assert place(reviewing) == row
    assert reviewing.scores(LEADER) == before


@pytest.mark.parametrize("typed", ["3 2", "0", "10", "Established", "school 4"])
def test_other_numbers_at_the_review_are_offered_as_text(reviewing: World, typed: str) -> None:
    before = reviewing.scores(LEADER)
    reviewing.types(LEADER, typed)
    assert reviewing.scores(LEADER) == before
    assert heading(reviewing).startswith("Shall I keep this as a note?")


@pytest.mark.parametrize("word", ["hint", "skip", "resume", "done", ""])
def test_other_words_at_the_review_stay_at_the_review(reviewing: World, word: str) -> None:
    reviewing.types(LEADER, word)
    assert place(reviewing) == "Reviewing"
    assert reviewing.posted == ["review:1"]


# Submitting


def test_what_others_will_see_stands_beside_submit(reviewing: World) -> None:
    assert {"Submit", "What others will see"} <= {label_of(each) for each in pressable(reviewing.last(LEADER))}
    reviewing.presses(LEADER, "What others will see")
    assert "freedom of information law may apply" in reviewing.text(LEADER)
    assert (
        "Whoever looks after the bot, or your Slack or Teams workspace, may be able to read what is kept"
        in reviewing.text(LEADER)
    )
    reviewing.presses(LEADER, "Carry on")
    assert reviewing.posted == ["review:1"]


def test_submit_thanks_and_marks_the_review(reviewing: World) -> None:
    reviewing.presses(LEADER, "Submit")
    assert reviewing.enquiry(LEADER).submitted_at == reviewing.now
    assert "Thank you. School A's answers are submitted." in reviewing.text(LEADER)
    assert reviewing.edited == ["review:1"]
    assert "Submitted. You can change your answers until Thursday 8 July at 16:00." in repr(
        next(each.blocks for each in reviewing.conversation(LEADER) if each.key == "review:1")
    )


def test_submitting_again_is_harmless(reviewing: World) -> None:
    reviewing.presses(LEADER, "Submit")
    before = reviewing.rows()
    first = reviewing.enquiry(LEADER).submitted_at
    reviewing.chooses(LEADER, buttons.Submit(1))
    reviewing.types(LEADER, "submit")
    assert reviewing.rows() == before
    assert reviewing.enquiry(LEADER).submitted_at == first
    assert "Submitted again: your answers are as you left them." in reviewing.text(LEADER)


def test_answers_may_change_after_submitting(reviewing: World) -> None:
    reviewing.presses(LEADER, "Submit")
    reviewing.types(LEADER, "change 1.1.a")
    reviewing.taps(LEADER, 1, 2)
    assert reviewing.scores(LEADER)["1.1.a school"] == 1
    assert reviewing.enquiry(LEADER).submitted_at is not None
    assert place(reviewing) == "Reviewing"


def test_submit_typed_too_early_shows_what_is_open_and_typed_again_submits_what_there_is(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    world.types(LEADER, "submit")
    assert world.enquiry(LEADER).submitted_at is None
    assert world.posted == ["review:1"]
    assert "Submit what you have" in [label_of(each) for each in pressable(world.last(LEADER))]
    world.types(LEADER, "submit")
    assert world.enquiry(LEADER).submitted_at == world.now
    assert world.scores(LEADER) == {"1.1.a school": 3}


def test_the_rest_may_be_answered_after_submitting_what_there_was(world: World) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    world.types(LEADER, "review")
    world.presses(LEADER, "Submit what you have")
    world.types(LEADER, "resume")
    assert place(world) == "1.1.a partnership"
    world.taps(LEADER, 4)
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 4}


def test_submit_typed_at_the_priorities_submits_and_stands_at_the_review(scored: World) -> None:
    scored.types(LEADER, "submit")
    assert scored.enquiry(LEADER).submitted_at == scored.now
    assert place(scored) == "Reviewing"
    assert scored.posted[0] == "review:1"


@pytest.mark.parametrize("answers", [[], ["skip"], ["can't say", "n/a"]])
def test_without_a_single_score_there_is_nothing_to_submit(world: World, answers: list[str]) -> None:
    world.types(LEADER, "start")
    for answer in answers:
        world.types(LEADER, answer)
    world.types(LEADER, "review")
    world.presses(LEADER, "Submit what you have")
    assert world.enquiry(LEADER).submitted_at is None
    assert "There is no score to submit yet" in repr(world.messages(LEADER)[-2])
    assert place(world).endswith("school"), "and the question is what is asked now, not the review"


# The close


@pytest.mark.parametrize(
    "typed",
    ["3", "3 2", "skip", "back", "review", "submit", "change 1.1.a", "strength We meet", "anything", "done", "hint",
     "pause", "others", "priorities", "", "resume", "start", "switch", "3/5"],
)  # fmt: skip
def test_after_the_close_nothing_typed_changes_anything_and_everything_is_answered(world: World, typed: str) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2, 4)
    world.now = CLOSES
    before = world.rows()
    world.types(LEADER, typed)
    assert world.rows() == before
    assert world.posted
    assert list(pressable(world.last(LEADER)))


@pytest.mark.parametrize(
    "action",
    [
        buttons.Score(1, "1.1.a", Perspective.SCHOOL, "4", 1), buttons.Skip(1, "1.1.b"), buttons.Back(1),
        buttons.CarryOn(1), buttons.Change(1, "1.1"), buttons.Prioritise(1, "1.1", yes=True), buttons.PrioritiesDone(1),
        buttons.OpenReview(1), buttons.ChangePriorities(1), buttons.Submit(1), buttons.Start(1, "a"), buttons.Pause(1),
    ],
    ids=lambda action: type(action).__name__,
)  # fmt: skip
def test_after_the_close_every_old_button_explains_and_changes_nothing(world: World, action: buttons.Press) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3, 2, 4)
    world.now = CLOSES
    before = world.rows()
    world.chooses(LEADER, action)
    assert world.rows() == before
    assert "This cycle has closed, so answers can no longer change." in world.text(LEADER)


def test_the_last_moment_before_the_close_counts(world: World) -> None:
    world.types(LEADER, "start")
    world.now = CLOSES - timedelta(seconds=6)
    world.taps(LEADER, 3)
    assert world.scores(LEADER) == {"1.1.a school": 3}
    world.chooses(LEADER, buttons.Score(1, "1.1.a", Perspective.PARTNERSHIP, "4", 0))
    assert world.scores(LEADER) == {"1.1.a school": 3}
