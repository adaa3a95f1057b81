"""Who is talking: leaders of several schools, several leaders of one, those who lead no more, and strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.inbound import buttons
from bot.inbound.button_codec import decode
from bot.inbound.events import Command, Installed, Left, Typed, pressed
from bot.messages import references
from bot.messages.blocks import Choice, Heading
from core.enquiry import Audience, NoteKind, Scoring
from core.framework import Perspective
from core.services import people
from core.storage import tables
from tests.support.own_framework import own_framework
from tests.support.world import CLOSES, NOW, Account, World, label_of, pressable

LEADER = "leader-a"
SCHOOL = Perspective.SCHOOL


def heading(world: World, person: str = LEADER) -> str:
    return next(block.text for block in world.last(person) if isinstance(block, Heading))


def labels(world: World, person: str = LEADER) -> list[str]:
    return [label_of(each) for each in pressable(world.last(person))]


def active(world: World, person: str = LEADER) -> str:
    """The school that is being answered for."""
    return world.enquiry(person).school


# Several schools


@pytest.fixture
def two(world: World) -> World:
    """Leader A leads schools A and B, and has begun both: response 1 is A's, response 2 is B's, which is worked on."""
    world.leads_also(LEADER, "b")
    world.types(LEADER, "hello")
    world.chooses(LEADER, buttons.Start(1, "a"))
    world.chooses(LEADER, buttons.Start(1, "b"))
    return world


def test_a_leader_of_two_schools_is_asked_which(world: World) -> None:
    world.leads_also(LEADER, "b")
    world.types(LEADER, "start")
    assert heading(world) == "Which school would you like to answer for?"
    world.presses(LEADER, "School B: Summer 2027")
    assert heading(world).endswith("School B")


def test_what_is_on_a_button_of_the_choice_can_be_typed(world: World) -> None:
    world.leads_also(LEADER, "b")
    world.types(LEADER, "start")
    world.types(LEADER, "school b: summer 2027")
    assert active(world) == "b"


def test_every_heading_names_the_school(two: World) -> None:
    two.finishes(LEADER)
    for text in ("review", "strength We meet", "strength", "some text", "submit"):
        two.types(LEADER, text)
    headings = [
        block.text
        for shown in two.conversation(LEADER)
        for block in shown.blocks
        if isinstance(block, Heading) and block.level == 1 and shown.key.split(":")[0] in {"card", "review", "note"}
    ]
    assert len(headings) == 1 + 9 + 1 + 2, "a card of A, nine of B, the review and two notes"
    assert all(each.endswith(("School A", "School B")) for each in headings)


def test_switch_changes_the_school_and_answers_go_to_the_one_in_view(two: World) -> None:
    two.taps(LEADER, 3)
    two.types(LEADER, "switch")
    two.presses(LEADER, "School A: Summer 2027")
    two.types(LEADER, "1")
    assert two.scores(LEADER, 1) == {"1.1.a school": 1}
    assert two.scores(LEADER, 2) == {"1.1.a school": 3}


def test_a_number_answers_the_school_that_stands_last_on_the_device_where_it_is_typed(two: World) -> None:
    two.also_on(LEADER, "elsewhere")
    two.chooses("elsewhere", buttons.Start(1, "a"))
    two.chooses(LEADER, buttons.Start(1, "b"))
    two.types("elsewhere", "2")
    assert two.scores(LEADER, 1) == {"1.1.a school": 2}
    assert two.scores(LEADER, 2) == {}


def test_with_one_school_there_is_nothing_to_switch_to(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "switch")
    assert "nothing to switch to" in repr(world.messages(LEADER)[-2])
    assert world.posted[-1] == "card:1:1.1"


def test_after_the_close_there_is_no_open_enquiry_to_speak_of(world: World) -> None:
    world.types(LEADER, "start")
    world.now = CLOSES
    world.types(LEADER, "switch")
    assert "Nothing is open for you at the moment." in world.text(LEADER)


@pytest.mark.parametrize(
    ("typed", "time"),
    [("12:30", "lunch"), ("lunchtime", "lunch"), ("08:00", "before-school"), ("15:45", "after-school")],
)
def test_when_reminders_come_can_be_typed_as_a_time(world: World, typed: str, time: str) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "reminders")
    world.types(LEADER, typed)
    assert "Reminders will come at that time" in world.text(LEADER)
    kept = select(tables.Person.reminder_time).where(tables.Person.id == LEADER)
    assert world.connection.scalar(kept) == time


def test_a_button_of_the_other_school_makes_that_one_active_and_shows_its_question(two: World) -> None:
    two.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "4", 0))
    assert active(two) == "a"
    two.types(LEADER, "2")
    assert two.scores(LEADER, 1) == {"1.1.a school": 4, "1.1.a partnership": 2}
    assert two.scores(LEADER, 2) == {}


def test_an_edit_on_an_old_card_of_the_other_school_does_not_draw_the_next_number_to_it_unseen(two: World) -> None:
    """The trap: school B's card stands last, a tap on school A's record makes A active, and then a number is typed."""
    two.types(LEADER, "switch")
    two.presses(LEADER, "School A: Summer 2027")
    two.taps(LEADER, 3, 3, 3, 3)
    two.chooses(LEADER, buttons.Start(1, "b"))
    two.chooses(LEADER, buttons.Score(1, "1.1.a", SCHOOL, "1", 1))
    assert active(two) == "a"
    assert heading(two) == "Area 1 of 3 · Commitment in practice · 3 of 18 · School A"


@pytest.mark.parametrize(
    "action",
    [
        buttons.Pause(1), buttons.ShowHint(1, "1.1.a"), buttons.AddNote(1, "1.1", NoteKind.STRENGTH),
        buttons.OpenReview(1), buttons.Prioritise(1, "1.1", yes=True), buttons.Skip(1, "1.1.a"), buttons.CarryOn(1),
        buttons.Submit(1), buttons.Change(1, "1.2"), buttons.Back(1),
    ],
    ids=lambda action: type(action).__name__,
)  # fmt: skip
def test_every_button_of_the_other_school_shows_where_that_one_stands(two: World, action: buttons.Press) -> None:
    two.chooses(LEADER, action)
    assert active(two) == "a"
    assert any(key.startswith(("card:1:", "review:1", "priorities:1")) for key in two.posted)


@pytest.mark.parametrize("way", ["pause", "help", "others", "status"])
def test_carry_on_returns_to_the_school_being_worked_on(two: World, way: str) -> None:
    two.types(LEADER, way)
    two.types(LEADER, "resume")
    if heading(two).startswith("Which school"):
        pytest.fail("the school is known")
    assert active(two) == "b"
    assert heading(two).endswith("School B")


def test_status_names_both(two: World) -> None:
    two.taps(LEADER, 3, 3)
    two.types(LEADER, "status")
    assert "1 of 18 answered, not submitted yet" in two.text(LEADER)
    assert "0 of 18 answered, not submitted yet" in two.text(LEADER)


@pytest.mark.parametrize(
    ("spoken", "typed", "told"),
    [
        pytest.param(
            "english", "status",
            ["Harbour Partnership: Summer 2027", "1 of 5 schools", "Thursday 8 July at 16:00"], id="en",
        ),
        pytest.param(
            "cymraeg", "statws",
            ["Harbour Partnership: Summer 2027", "1 o'r 5 ysgol", "dydd Iau 8 Gorffennaf am 16:00"], id="cy",
        ),
    ],
)  # fmt: skip
def test_a_lead_reads_how_their_open_cycle_stands_and_no_schools_name(
    world: World, spoken: str, typed: str, told: list[str]
) -> None:
    world.finishes(LEADER)
    world.types(LEADER, "submit")
    world.types("lead", spoken)
    world.types("lead", typed)
    assert [each for each in told if each not in world.text("lead")] == []
    assert "School A" not in world.text("lead")
    assert "Ysgol" not in world.text("lead")


def test_a_lead_reads_that_nothing_is_open_once_it_has_closed(world: World) -> None:
    world.close_cycle()
    world.types("lead", "status")
    assert "Nothing is open for you at the moment." in world.text("lead")


# Several partnerships


def test_an_invitation_starts_its_own_cycle_and_not_the_one_being_worked_on(world: World) -> None:
    world.types(LEADER, "start")
    world.partnership("valley", "Valley Partnership", lead="val")
    world.open_cycle(7, "Valley autumn", partnership="valley", schools=("a",))
    world.does(LEADER, Installed())
    assert "Valley Partnership" in world.text(LEADER)
    world.types(LEADER, "start")
    assert world.enquiry(LEADER).cycle.id == 7


# Several leaders of one school


def test_two_leaders_of_a_school_answer_apart(world: World) -> None:
    world.person("deputy-a", "Deputy A")
    world.leads_also("deputy-a", "a")
    world.types(LEADER, "start")
    world.types("deputy-a", "start")
    world.types(LEADER, "3 3")
    world.types("deputy-a", "1 2")
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.a partnership": 3}
    assert world.scores("deputy-a") == {"1.1.a school": 1, "1.1.a partnership": 2}


def test_a_button_of_a_colleague_is_not_ones_own(world: World) -> None:
    world.person("deputy-a", "Deputy A")
    world.leads_also("deputy-a", "a")
    world.types(LEADER, "start")
    world.chooses("deputy-a", buttons.Score(1, "1.1.a", SCHOOL, "4", 0))
    assert world.scores(LEADER) == {}
    assert "an enquiry that is not yours to answer" in world.text("deputy-a")
    assert "Start" in labels(world, "deputy-a")


# Somebody who leads no more


@pytest.fixture
def former(world: World) -> World:
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    world.types(LEADER, "strength We meet")
    world.leads_no_longer(LEADER, "a")
    return world


@pytest.mark.parametrize(
    "typed", ["3", "review", "submit", "some text", "start", "resume", "status", "switch", "strength x"]
)
def test_who_lost_the_role_changes_nothing_by_typing(former: World, typed: str) -> None:
    before = former.rows()
    former.types(LEADER, typed)
    assert former.rows() == before
    assert former.posted
    assert "School A" not in former.text(LEADER)


def test_who_lost_the_role_changes_nothing_by_old_buttons(former: World) -> None:
    before = former.rows()
    for action in [each.action for each in former.buttons(LEADER)]:
        if isinstance(decode(action), buttons.Speak):
            continue
        former.does(LEADER, pressed(action))
        assert former.rows() == before
        assert former.posted
        assert "School A" not in former.text(LEADER)


# Another school's buttons


def test_no_button_of_another_school_does_anything(world: World) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "strength Our own words")
    world.types(LEADER, "some text")
    for text in ("3 3", "3 3", "review", "priorities", "hint", "pause", "resume"):
        world.types(LEADER, text)
    world.types("leader-b", "start")
    before = world.rows()
    for button in world.buttons(LEADER):
        action = decode(button.action)
        if action is None or (buttons.response_of(action) is None and buttons.note_of(action) is None):
            continue
        world.does("leader-b", pressed(button.action, {"text": "injected"}))
        assert world.rows() == before
        assert "Our own words" not in world.everything("leader-b")
        assert "School A" not in world.everything("leader-b")


# Strangers

ANY_BODY = [
    Typed("hello"), Typed("3"), Typed("/partnership-report"), Typed("erase me"), Typed("my data"), Typed(""),
    Command("partnership-report"), Command("partnership", "status"), Command("partnership"), Installed(),
    pressed("Score|1|1.1.a|school|4|0"), pressed("Start|1|a"), pressed("CloseAndReport|1"), pressed("ReportOf|harbour"),
    pressed("ShowOthersSee|1"), pressed("RemoveNote|1"), pressed("ShowStatus"), pressed("Speak|cy"), pressed("EraseMe"),
    pressed("Resume"), pressed("PostAgain|1|1"), pressed("nonsense"), Left(),
]  # fmt: skip


@pytest.mark.parametrize("body", ANY_BODY, ids=str)
@pytest.mark.parametrize("in_channel", [False, True])
def test_outsiders_learn_nothing_and_change_nothing(world: World, body: object, in_channel: bool) -> None:
    world.types(LEADER, "start")
    world.types(LEADER, "strength Our own words")
    before = world.rows()
    world.does("outsider", body, in_channel=in_channel)  # type: ignore[arg-type]
    assert world.rows() == before
    told = world.everything("outsider")
    for secret in ("Harbour", "School", "Autumn", "Leader A", "Lena", "Our own words", "a lead", "1 of 5"):
        assert secret.casefold() not in re.sub("your school takes part", "", told, flags=re.IGNORECASE).casefold()


def test_an_outsider_is_told_whom_to_ask_in_both_languages(world: World) -> None:
    world.types("outsider", "hello")
    assert "ask the person who leads your partnership to add you" in world.text("outsider")
    assert "gofynnwch i'r person sy'n arwain eich partneriaeth" in world.text("outsider")


def test_what_people_say_to_one_another_in_a_channel_is_not_the_bots_business(world: World) -> None:
    world.types(LEADER, "start")
    before = world.rows()
    for person in (LEADER, "lead", "outsider"):
        handled = world.does(person, Typed("3"), in_channel=True)
        assert handled.conversations == frozenset()
    assert world.rows() == before


def test_a_leader_who_writes_in_a_channel_is_answered_directly_and_told_so_there(world: World) -> None:
    world.commands(LEADER, "/partnership start")
    assert heading(world).endswith("School A")
    assert "I have sent you a direct message." in world.private_text(LEADER)


def test_a_number_sent_from_a_channel_answers_no_question(world: World) -> None:
    """Nobody can know which question they had in mind there."""
    world.types(LEADER, "start")
    world.commands(LEADER, "/partnership 3")
    assert world.scores(LEADER) == {}
    assert world.posted[0] == "card:1:1.1"


def test_who_has_no_conversation_of_their_own_is_answered_where_they_asked_for_their_eyes_only(world: World) -> None:
    world.does(LEADER, Left())
    world.commands(LEADER, "/partnership start")
    assert world.conversation(LEADER) == []
    assert "Shared goals" in world.private_text(LEADER)
    assert "sent you a direct message" not in world.everything(LEADER)


def test_who_removed_the_bot_and_comes_back_is_found_again(world: World) -> None:
    world.does(LEADER, Left())
    assert people.direct_conversation(world.connection, Account("test", "t", LEADER)) is None
    world.does(LEADER, Installed())
    assert people.direct_conversation(world.connection, Account("test", "t", LEADER)) == "direct-leader-a"
    assert heading(world) == "Harbour Partnership: Summer 2027"


def last_used(world: World, user: str) -> datetime | None:
    return world.connection.execute(select(tables.Account.last_used_at).filter_by(user=user)).scalar_one()


def test_when_an_account_was_used_is_kept_to_the_day(world: World) -> None:
    world.commands(LEADER, "/partnership status", in_channel=True)
    assert last_used(world, LEADER) is None
    world.types(LEADER, "start")
    first = world.now
    assert last_used(world, LEADER) == first
    world.now = first + timedelta(hours=23)
    world.types(LEADER, "3")
    assert last_used(world, LEADER) == first
    world.now = first + timedelta(days=1)
    world.types(LEADER, "3")
    assert last_used(world, LEADER) == world.now


@pytest.mark.parametrize(
    ("last_day", "offered"),
    [
        pytest.param(False, ["Start", "Remind me in two days", "Stop reminders"], id="there is time"),
        pytest.param(True, ["Start", "Stop reminders"], id="in two days it will have closed"),
    ],
)
def test_a_reminder_offers_what_can_still_be_done(world: World, last_day: bool, offered: list[str]) -> None:
    world.types(LEADER, "hello")
    world.says(LEADER, references.Nudge(1, last_day=last_day))
    assert labels(world) == offered


@pytest.mark.parametrize("typed", ["Submit what you have", "submit"])
def test_on_the_last_day_what_there_is_is_submitted_at_once(world: World, typed: str) -> None:
    world.types(LEADER, "start")
    world.taps(LEADER, 3)
    world.says(LEADER, references.Nudge(1, last_day=True))
    world.types(LEADER, typed)
    assert world.enquiry(LEADER).submitted_at == world.now
    assert world.posted[0] == "review:1"
    assert "Thank you. School A's answers are submitted." in world.text(LEADER)


def test_who_talks_on_two_platforms_is_reminded_where_they_talked_last(world: World) -> None:
    world.also_on(LEADER, "on-the-phone")
    for user, day in ((LEADER, 0), ("on-the-phone", 1), (LEADER, 3)):
        world.now = NOW + timedelta(days=day)
        world.types(user, "status")
        place = people.reached_at(world.connection, LEADER)
        assert place is not None
        assert place.conversation == f"direct-{user}"


# Help, status, pause and back, wherever one is


def states(world: World) -> Iterable[str]:
    """Bring Leader A to one place after the other, and say which."""
    yield "nothing begun"
    for text in ("start", "3", "3", "change 1.1.a", "some text", "strength 1.1", "review", "erase me", "priorities"):
        world.types(LEADER, text)
        yield f"after {text}"
    world.types(LEADER, "resume")
    world.finishes(LEADER)
    yield "every score given"
    for text in ("done", "submit"):
        world.types(LEADER, text)
        yield f"after {text}"
    world.close_cycle()
    yield "closed"
    world.leads_no_longer(LEADER, "a")
    yield "leads no more"


@pytest.mark.parametrize("word", ["help", "back", "pause", "status", "cymorth", "yn ôl", "saib", "statws", "?", "hi"])
def test_help_back_pause_and_status_work_in_every_state(connection: Connection, word: str) -> None:
    world = World(connection)
    for state in states(world):
        scores = world.rows()["answer"]
        world.types(LEADER, word)
        assert world.posted, state
        assert list(pressable(world.last(LEADER))), state
        assert world.rows()["answer"] == scores, state


# Other frameworks and scopes


def world_of(connection: Connection, source: bytes, scope: tuple[str, ...] | None = None) -> World:
    return World(connection, source=source, scope=scope)


def test_a_focus_on_one_subtheme_asks_for_no_priorities(connection: Connection) -> None:
    world = World(connection, scope=("2.2",))
    world.finishes(LEADER)
    assert len(world.scores(LEADER)) == 4, "two criteria from two perspectives"
    assert world.posted == ["review:1"]
    assert "Change priorities" not in labels(world)
    for text in ("priorities", "done", "change priorities"):
        world.types(LEADER, text)
        assert world.posted == ["review:1"]
    world.chooses(LEADER, buttons.Prioritise(1, "2.2", yes=True))
    world.chooses(LEADER, buttons.PrioritiesDone(1))
    assert world.enquiry(LEADER).priorities == ()
    world.types(LEADER, "back")
    assert isinstance(world.enquiry(LEADER).place, Scoring)


def test_a_focus_asks_only_its_subthemes_and_chooses_among_them(connection: Connection) -> None:
    world = World(connection, scope=("1.2", "3.1"))
    world.finishes(LEADER)
    assert {name.split()[0] for name in world.scores(LEADER)} == {"1.2.a", "1.2.b", "3.1.a", "3.1.b"}
    (choice,) = [block for block in world.last(LEADER) if isinstance(block, Choice)]
    assert [option.label for option in choice.options] == ["1 Commitment in practice", "2 Trust and belonging"]
    world.types(LEADER, "2")
    assert world.enquiry(LEADER).priorities == ("3.1",)


@pytest.mark.parametrize(
    "action",
    [
        buttons.Score(1, "3.1.a", SCHOOL, "3", 0), buttons.Skip(1, "3.1.a"), buttons.Change(1, "3.1"),
        buttons.ShowHint(1, "3.1.a"), buttons.AddNote(1, "3.1", NoteKind.STRENGTH),
        buttons.WriteNote(1, "3.1", NoteKind.STRENGTH), buttons.Prioritise(1, "3.1", yes=True),
    ],
    ids=lambda action: type(action).__name__,
)  # fmt: skip
def test_a_question_outside_the_focus_cannot_be_answered(connection: Connection, action: buttons.Press) -> None:
    world = World(connection, scope=("1.2",))
    world.types(LEADER, "start")
    before = world.rows()
    world.chooses(LEADER, action, text="words")
    assert world.rows() == before
    assert "That button is out of date" in world.everything(LEADER)


@pytest.mark.parametrize("levels", [2, 7])
def test_a_scale_may_have_2_or_7_levels(connection: Connection, levels: int) -> None:
    world = world_of(connection, own_framework(((2,),), levels=levels))
    world.types(LEADER, "start")
    assert [label for label in labels(world) if label.startswith(str(levels))] == [f"{levels} Level{levels}"] * 2
    world.types(LEADER, f"{levels} 1")
    assert world.scores(LEADER) == {"1.1.a school": levels, "1.1.a partnership": 1}
    world.types(LEADER, str(levels + 1))
    assert len(world.scores(LEADER)) == 2
    assert f"a whole number from 1 to {levels}" in world.text(LEADER)


def test_one_perspective_has_one_row_and_one_answer_for_each_criterion(connection: Connection) -> None:
    world = world_of(connection, own_framework(((2, 1),), perspectives=(SCHOOL,)))
    world.types(LEADER, "start")
    assert [block.legend for block in world.last(LEADER) if isinstance(block, Choice)] == ["Our school"]
    assert "Can't say yet" in labels(world), "there is no second row that it could be about"
    world.types(LEADER, "3 2")
    assert world.scores(LEADER) == {}, "two numbers for one row are no score"
    world.types(LEADER, "partnership 3")
    assert world.scores(LEADER) == {}
    world.types(LEADER, "resume")
    world.taps(LEADER, 3, 2, 1)
    assert world.scores(LEADER) == {"1.1.a school": 3, "1.1.b school": 2, "1.2.a school": 1}
    assert world.posted == ["priorities:1"]


def test_a_single_criterion_is_a_whole_enquiry(connection: Connection) -> None:
    world = world_of(connection, own_framework(((1,),), perspectives=(SCHOOL,)))
    for text in ("start", "3", "submit"):
        world.types(LEADER, text)
    assert world.enquiry(LEADER).submitted_at == world.now


def test_sixty_criteria_can_be_answered(connection: Connection) -> None:
    world = world_of(connection, own_framework(((10,) * 3, (10,) * 3)))
    world.finishes(LEADER)
    assert len(world.scores(LEADER)) == 120


# Nothing is a permission


@pytest.mark.parametrize(
    "carried",
    [
        "", "|", "Score", "Score|1", "Score|x|1.1.a|school|3|0", "Score|1|1.1.a|sideways|3|0", "Score|1|9.9|school|3|0",
        "Score|1|1.1.a|school|5|0", "Score|1|1.1.a|school|0|0", "Score|1|1.1.a|school|skipped|0",
        "Score|-1|1.1.a|school|3|0",
        "Score|1|1.1.a|school|3", "Score|1|1.1.a|school|3|0|more", "Score|999999999999999999|1.1.a|school|3|0",
        "Score|9999999999999999999999|1.1.a|school|3|0", "Score|１|1.1.a|school|3|0", "Start|1|nowhere", "Start|99|a",
        "Start|1|b", "Start|1|\ud800", "Start|1|\x00", "Skip|1|9.9", "Change|1|9.9", "ShowHint|1|9.9",
        "AddNote|1|9.9|strength", "AddNote|1|1.1|gossip", "KeepText|1|5|strength", "DropText|1|5", "OfferNote|5|yes",
        "ShowNoteTo|5|everyone", "RemoveNote|5", "Prioritise|1|9.9|yes", "Prioritise|1|1.1|maybe", "NotNow|99",
        "Snooze|99|2", "Snooze|1|0", "Snooze|1|15", "Snooze|1|999999999999", "StopReminders|99", "RemindAt|midnight",
        "ShowOthersSee|99", "Speak|tlh", "Speak|", "CloseAndReport|1", "PostLast|1", "Wait|1", "PostAgain|1|1",
        "ReportOf|harbour", "ReportOf|nowhere", "__class__", "Action", "score|1|1.1.a|school|3|0", "A" * 5_000,
    ],
    ids=lambda carried: ascii(carried)[:40],
)  # fmt: skip
def test_a_tampered_button_changes_nothing_and_has_a_way_on(world: World, carried: str) -> None:
    world.types(LEADER, "start")
    before = world.rows()
    world.does(LEADER, pressed(carried))
    assert world.rows() == before
    assert world.posted
    assert list(pressable(world.last(LEADER)))


@pytest.mark.parametrize("kind", list(NoteKind))
@pytest.mark.parametrize("audience", list(Audience))
def test_every_kind_of_note_can_be_shown_to_every_audience(world: World, kind: NoteKind, audience: Audience) -> None:
    world.types(LEADER, "start")
    world.chooses(LEADER, buttons.WriteNote(1, "1.1", kind), text="Words")
    (note,) = world.enquiry(LEADER).notes
    world.chooses(LEADER, buttons.ShowNoteTo(note.id, audience))
    assert world.enquiry(LEADER).notes[0].audience is audience
