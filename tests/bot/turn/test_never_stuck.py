"""Whatever leaders press or type, in any order, twice or late: never stuck, and no answer lost or invented.

Hypothesis plays four people, one of them on two devices, and an outsider against the real turn on real tables. What
must be stored is worked out by ``LeadersModel`` from what each of them saw and did. A step is one event of one person,
one event that is delivered again, or one movement of the clock; the checks that follow it are not counted.

``PARTNERSHIP_STATE_MACHINE_STEPS=200000`` plays more, each time anew; it prints its seed, which
``PARTNERSHIP_STATE_MACHINE_SEED`` takes to play the same once more. ``PARTNERSHIP_STATE_MACHINE_SHRINK=1`` looks for
the shortest way to a failure, which may take minutes (``-o faulthandler_timeout=0``).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from zlib import crc32

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from bot.compose.personal import tell
from bot.decide.replies import question, show_place
from bot.decide.turn_state import Awaiting, NoteWanted, TextOffered, awaiting_from_json
from bot.inbound import buttons as actions
from bot.inbound.button_codec import decode, encode
from bot.inbound.events import Body, Command, Incoming, Installed, Pressed, Typed, pressed
from bot.inbound.typed_text import WORDS, Word
from bot.messages import references, references_partnership
from bot.messages.blocks import Button, Choice, Option, TextInput
from bot.messages.references import MessageReference
from core.as_typed import simplified
from core.framework import Perspective, Row
from core.framework_file import default_source
from core.services import cycles, enquiries, people, practice
from tests.support.leaders_model import LeadersModel, Note, Reply, legible
from tests.support.own_framework import own_framework
from tests.support.world import CLOSES, Account, Pressable, Shown, World, label_of, memory, pressable

ANEW = "PARTNERSHIP_STATE_MACHINE_STEPS" in os.environ
STEPS = int(os.environ.get("PARTNERSHIP_STATE_MACHINE_STEPS", "6000"))
SEED = os.environ.get("PARTNERSHIP_STATE_MACHINE_SEED")
SHRINK = "PARTNERSHIP_STATE_MACHINE_SHRINK" in os.environ
STEPS_OF_AN_EXAMPLE = 100

PEOPLE = {
    "leader-a": "leader-a", "elsewhere": "leader-a", "leader-b": "leader-b", "leader-c": "leader-c", "lead": "lead",
    "outsider": None,
}  # fmt: skip
"""Who is behind each account; Leader A has two."""
LEADERS = ("leader-a", "elsewhere", "leader-b", "leader-c")
SCHOOLS = ("a", "b", "c")
LOOKED_BACK = 12
"""How many messages back the bot remembers what it asked."""

# What is typed, and what it means


@dataclass(frozen=True)
class Numbers:
    """Levels or the ids of reasons; ``digits`` where they may also be a list of sub-themes."""

    values: tuple[str, ...]
    digits: bool = True
    about: Perspective | None = None


@dataclass(frozen=True)
class Commanded:
    word: Word


@dataclass(frozen=True)
class NoteTyped:
    kind: str
    rest: str


@dataclass(frozen=True)
class Free:
    pass


NUMBERS = {
    "1": Numbers(("1",)), "2": Numbers(("2",)), "3": Numbers(("3",)), "4": Numbers(("4",)), "7": Numbers(("7",)),
    "0": Numbers(("0",)), "33": Numbers(("33",)), "3 2": Numbers(("3", "2")), "1, 4": Numbers(("1", "4")),
    "3 2 1": Numbers(("3", "2", "1")),
    "2 2": Numbers(("2", "2")), "7 1": Numbers(("7", "1")), "１": Numbers(("1",)), "٢ ٣": Numbers(("2", "3")),
    "partnership 2": Numbers(("2",), digits=False, about=Perspective.PARTNERSHIP),
    "ysgol 1": Numbers(("1",), digits=False, about=Perspective.SCHOOL), "three": Numbers(("3",), digits=False),
    "un dau": Numbers(("1", "2"), digits=False), "can't say yet": Numbers(("cannot_say",), digits=False),
    "methu dweud eto 1": Numbers(("cannot_say", "1"), digits=False),
}  # fmt: skip
FREE = (
    "3/5", "²", "-1", "3.5", "½", "", "   ", "…", "'; DROP TABLE answer; --", "{text} %s {0}", "<b>hi</b> @channel",
    "\u202e3", "\x00", "\ud800", "Score|1|1.1.a|school|4|0", "no", "nid wyf yn gwybod", "x" * 10_000,
    "\x00" * 5_000 + "words", "I think we are about a 3", "what is this?", "partnership", "changeover", "1.1.a",
)  # fmt: skip
"""None of which may become a score."""
COMMANDS = {
    simplified(spelling): word
    for words in WORDS.values()
    for word, spellings in words.items()
    for spelling in spellings
    if word not in {Word.STRENGTH, Word.DEVELOPMENT, Word.NOTE}
}
NOTES = {
    spelling: kind
    for words in WORDS.values()
    for word, kind in ((Word.STRENGTH, "strength"), (Word.DEVELOPMENT, "development"), (Word.NOTE, "evidence"))
    for spelling in words[word]
}


ACTIONS = (
    "action 1.1 Visit each other; School A; next meeting", "action 1.1 Visit each other", "action School B",
    "action 2.1 Share our work; b; 12 March", "cam 1.1 Ymweld; School C; 12 Mawrth", "action 1 done", "School A",
    "action 1 carry on", "action 1 remove", "action 9 done", "12 March", "31 April", "next meeting", "action ;;;",
    "action " + "x" * 600,
)  # fmt: skip
"""What a lead may type about actions, and what others type in vain."""


@dataclass(frozen=True)
class Before:
    """What a user has before them when they type."""

    standing: list[Shown]
    """The message that was posted last, if it still says what is so."""
    lately: list[Shown]
    asked: Shown | None
    """The question that was asked last, if it is the one that is asked now."""
    wanted: NoteWanted | None
    """The note that was asked for last, if it was asked for here."""


def _carried(body: Pressed) -> str:
    return "nonsense" if body.press is None else encode(body.press)


class Partnership(RuleBasedStateMachine):
    """Three schools, a lead and an outsider, in one cycle."""

    source: ClassVar[bytes] = own_framework(((2, 1), (1,)))
    scope: ClassVar[tuple[str, ...] | None] = None
    two_schools: ClassVar[bool] = False
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._memory = memory()
        connection = self._memory.__enter__()
        self.world = World(connection, source=self.source, schools=SCHOOLS, scope=self.scope, every_language=True)
        self.world.also_on("leader-a", "elsewhere")
        self.leads = {"leader-a": {"a"}, "leader-b": {"b"}, "leader-c": {"c"}}
        if self.two_schools:
            self.world.leads_also("leader-a", "b")
            self.leads["leader-a"].add("b")
        framework = self.world.framework
        self.model = LeadersModel(framework if self.scope is None else framework.only(self.scope))
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        self.raw = raw
        self.events: list[Incoming] = []
        self.seen: dict[str, dict[str, None]] = {user: {} for user in PEOPLE}
        """Every button that was ever shown to a user."""
        self.texts = 0
        self.check: Callable[[], None] = lambda: None
        """What has to be true after this step besides."""

    raw: sqlite3.Connection
    texts: int

    def teardown(self) -> None:
        self._memory.__exit__(None, None, None)

    # What people do

    @initialize(come=st.lists(st.sampled_from([0, 1, 5, 9, 40]), min_size=3, max_size=3), which=st.integers(0, 10_000))
    def leaders_have_come_so_far(self, come: list[int], which: int) -> None:
        """Some have not begun, some are in the middle, some have submitted."""
        for leader, taps in zip(("leader-a", "leader-b", "leader-c"), come, strict=True):
            if taps:
                self.happens(leader, Installed())
                self.happens(leader, Typed("start"))
                self.presses_something_that_stands_last(leader, 0)
                self.gets_on(leader, taps, which)

    @rule(user=st.sampled_from(LEADERS), taps=st.integers(1, 12), which=st.integers(0, 10_000))
    def gets_on(self, user: str, taps: int, which: int) -> None:
        """Answers one thing after the other, as one does who wants to be done."""
        for tap in range(taps):
            if self.submitted(user):
                return
            shown = [each for each in self.world.conversation(user) if question(each.reference) is not None]
            onward = [each for each in pressable(shown[-1].blocks) if goes_on(each)] if shown else []
            if not onward:
                self.happens(user, Typed("start"))
                return
            self.happens(user, pressed(onward[(which + 7 * tap) % len(onward)].action))

    @rule(user=st.sampled_from(LEADERS), which=st.integers(0, 10_000))
    def presses_something_on_a_note(self, user: str, which: int) -> None:
        buttons = [
            each.action
            for shown in self.world.conversation(user)
            for each in pressable(shown.blocks)
            if shown.key.startswith(("note:", "offer:")) or "Note|" in each.action
        ]
        if buttons:
            self.happens(user, pressed(buttons[which % len(buttons)], {"text": self.words(user)}))
        else:
            self.happens(user, Typed(f"strength {self.words(user)}"))

    @rule(user=st.sampled_from([*PEOPLE]), which=st.integers(0, 10_000))
    def presses_something_that_stands_last(self, user: str, which: int) -> None:
        shown = self.world.conversation(user)
        buttons = [each for each in pressable(shown[-1].blocks if shown else ()) if not self.erases(each.action)]
        if buttons:
            button = buttons[which % len(buttons)]
            self.happens(user, pressed(button.action, {"text": self.words(user)}))
        else:
            self.happens(user, Installed())

    @rule(
        user=st.sampled_from([*PEOPLE]), other=st.sampled_from([*PEOPLE]), which=st.integers(0, 10_000),
        late=st.sampled_from([0, 0, 1, 60, 3_000]),
    )  # fmt: skip
    def presses_something_old_or_anothers(self, user: str, other: str, which: int, late: int) -> None:
        buttons = [action for action in self.seen[other] if not self.erases(action)] or ["nonsense"]
        action = buttons[which % len(buttons)]
        self.happens(user, pressed(action, {"text": self.words(user)}), timedelta(minutes=late))

    @rule(user=st.sampled_from([*PEOPLE]), text=st.sampled_from([*NUMBERS]), late=st.sampled_from([0, 0, 0, 60]))
    def types_numbers(self, user: str, text: str, late: int) -> None:
        self.happens(user, Typed(text), timedelta(minutes=late))

    @rule(user=st.sampled_from([*PEOPLE]), text=st.sampled_from([*COMMANDS]))
    def types_a_command(self, user: str, text: str) -> None:
        self.happens(user, Typed(text))

    @rule(user=st.sampled_from([*PEOPLE]), which=st.integers(0, 10_000), by_label=st.booleans())
    def types_what_stands_on_a_button(self, user: str, which: int, by_label: bool) -> None:
        shown = self.world.conversation(user)
        buttons = [each for each in pressable(shown[-1].blocks if shown else ()) if not self.erases(each.action)]
        if buttons:
            button = buttons[which % len(buttons)]
            text = button.typed.replace("…", self.words(user))
            self.happens(user, Typed(label_of(button) if by_label and not isinstance(button, TextInput) else text))
        else:
            self.happens(user, Typed("hello"))

    @rule(user=st.sampled_from([*PEOPLE]), text=st.sampled_from(["", *FREE]))
    def types_anything(self, user: str, text: str) -> None:
        self.happens(user, Typed(text or self.words(user)))

    @rule(
        user=st.sampled_from([*PEOPLE]), word=st.sampled_from([*NOTES]),
        where=st.sampled_from(["", "1.1 ", "2.1 ", "9.9 "]), empty=st.booleans(),
    )  # fmt: skip
    def types_a_note(self, user: str, word: str, where: str, empty: bool) -> None:
        rest = f"{where}{'' if empty else self.words(user)}".strip()
        self.happens(user, Typed(f"{word} {rest}".strip()))

    @rule(
        user=st.sampled_from(["lead", "leader-a", "outsider"]), in_channel=st.booleans(),
        which=st.sampled_from(["", "", "last", "1", "area 1", "preview", "last area 1 preview", "help", "\x00²"]),
    )  # fmt: skip
    def asks_for_the_report(self, user: str, in_channel: bool, which: str) -> None:
        self.happens(user, Command("partnership-report", which), in_channel=in_channel)

    @rule(which=st.integers(0, 10_000))
    def the_lead_presses_something_in_the_channel(self, which: int) -> None:
        buttons = [
            each for shown in self.world.conversation("lead", in_channel=True) for each in pressable(shown.blocks)
        ]
        if buttons:
            self.happens("lead", pressed(buttons[which % len(buttons)].action), in_channel=True)
        else:
            self.happens("lead", Command("partnership-report"), in_channel=True)

    @rule(user=st.sampled_from(["lead", "lead", "lead", "outsider"]), text=st.sampled_from(ACTIONS))
    def types_about_actions(self, user: str, text: str) -> None:
        self.happens(user, Typed(text))

    @precondition(lambda self: bool(self.events))
    @rule(which=st.integers(0, 10_000), times=st.integers(1, 3))
    def an_event_is_delivered_again(self, which: int, times: int) -> None:
        event = self.events[which % len(self.events)]
        before = self.raw.total_changes
        for _ in range(times):
            assert not self.world.meets(event).fresh
        # Looking for what waits to be shown is the world's own doing, and finds nothing.
        assert self.raw.total_changes == before, "an event that was delivered again changed rows"
        type(self).steps += 1

    @precondition(lambda self: self.model.closed)
    @rule()
    def the_clock_asks_who_would_be_introduced_and_who_would_be_seen(self) -> None:
        connection = self.world.connection
        cycles.close_overdue(connection, 1, self.world.now)
        practice.propose_now(connection, self.world.now)
        matches = self.rows("SELECT id, giver_person_id, receiver_person_id FROM practice_match")
        for number, *sides in matches:
            for person in sides:
                self.says(person, references_partnership.AskPractice(number))
        for person, schools in self.leads.items():
            self.says(person, references_partnership.AskVisibility("harbour", min(schools)))
        type(self).steps += 1

    def says(self, person: str, what: MessageReference) -> None:
        self.world.says(person, what)
        self.fit_to_be_said(person, repr(self.world.conversation(person)[-1].blocks))

    @rule(hours=st.sampled_from([1, 12, 72]))
    def time_passes(self, hours: int) -> None:
        self.world.now += timedelta(hours=hours)
        type(self).steps += 1

    def submitted(self, user: str) -> bool:
        reply = self.model.replies.get(self.active(PEOPLE[user] or "") or 0)
        return reply is not None and reply.submitted

    def words(self, user: str) -> str:
        """Words nobody has written before, with whose they are."""
        self.texts += 1
        return f"We share our work, {self.texts} by <<{PEOPLE[user]}>>"

    def erases(self, action: str) -> bool:
        """Being erased has tests of its own: whoever is erased is a stranger, and there is no more to play."""
        return action == "EraseMe"

    # What must come of it

    def happens(self, user: str, body: Body, late: timedelta = timedelta(0), *, in_channel: bool = False) -> None:
        event = self.world.event(user, body, late=late, in_channel=in_channel)
        self.events.append(event)
        self.model.closed = self.model.closed or self.world.now >= CLOSES
        self.check = lambda: None
        person = PEOPLE[user]
        if person is not None:
            self.expect(user, person, event)
        agreed = self.agreed()
        assert self.world.meets(event).fresh
        self.what_was_agreed_changes_by_those_who_may(person, agreed)
        self.adopt(person)
        self.check()
        self.answered(user, in_channel, another_s=isinstance(body, Pressed) and _carried(body) not in self.seen[user])
        self.what_is_stored_is_what_they_said()
        self.every_school_speaks_for_itself()
        self.the_question_in_view_is_the_one_that_is_asked()
        type(self).steps += 1

    def expect(self, user: str, person: str, event: Incoming) -> None:
        at = min(event.at, self.world.now)
        match event.body:
            case Pressed(_, inputs) as chosen:
                self.pressed(person, _carried(chosen), inputs.get("text", ""), at)
            case Typed(text):
                self.typed(user, person, text, at)

    def pressed(self, person: str, carried: str, text: str, at: datetime) -> None:
        action = decode(carried)
        if isinstance(action, actions.CloseAndReport) and person == "lead":
            submitted = {reply.school for reply in self.model.replies.values() if reply.submitted}
            self.model.closed = self.model.closed or len(submitted) * 5 >= len(SCHOOLS) * 3
        self.model.presses(person, carried, text, at, self.awaiting(person))

    def typed(self, user: str, person: str, text: str, at: datetime) -> None:
        before = self.before(user, person)
        button = self.on_a_button(before, legible(text))
        if button is not None:
            self.pressed(person, button, "", at)
            return
        active = self.active(person)
        reply = self.model.own(person, active)
        if reply is not None and active is not None:
            self.in_enquiry(reply, active, text, before, at)

    def in_enquiry(self, reply: Reply, active: int, text: str, before: Before, at: datetime) -> None:
        match meaning(text):
            case Numbers() as numbers:
                if not self.numbers(reply, numbers, before.asked, at) and not self.is_number(numbers):
                    self.free_text(reply, active, legible(text), before.wanted)
            case Commanded(Word.SKIP) if before.asked is not None and isinstance(
                before.asked.reference, references.Card
            ):
                skip = actions.Skip(active, rows_asked(before.asked)[0].criterion)
                self.model.presses(reply.person, encode(skip), "", at, None)
            case Commanded(Word.SUBMIT):
                if self.asked_for(active) == "review" or len(reply.answers) == len(self.model.framework.rows):
                    self.model.submit(reply)
            case NoteTyped(kind, rest):
                self.note_typed(reply, active, kind, rest, legible(text), before.wanted)
            case Free():
                self.free_text(reply, active, legible(text), before.wanted)

    def before(self, user: str, person: str) -> Before:
        """What a user has before them, as it would be said now; a question that moved on elsewhere no longer counts."""
        here = f"direct-{user}"
        spoken = self.world.spoken[person][-LOOKED_BACK:]
        shown_at = {question(what): where for where, what, _ in spoken if question(what) is not None}
        lately = [(what, manner) for where, what, manner in reversed(spoken) if where == here]
        still = [what for what, _ in lately if shown_at.get(question(what), here) == here]
        posted = [what for what, manner in lately if manner != "refresh"]
        asked = next((what for what in posted if question(what) is not None), None)
        place = self.place(person)
        waiting = self.awaiting(person)
        wanted = waiting if isinstance(waiting, NoteWanted) else None
        write = wanted and references.NotePrompt(wanted.response, wanted.subtheme, wanted.kind)
        return Before(
            wanted=wanted if write in still else None,
            standing=self.made_anew(person, posted[:1], still),
            lately=self.made_anew(person, still[:6], still),
            asked=self.shown(user, asked) if asked in still and place and asked and same(asked, place) else None,
        )

    def made_anew(self, person: str, whats: list[MessageReference], still: list[MessageReference]) -> list[Shown]:
        known = people.known(self.world.connection, person)
        made = [
            (what, tell(self.world.connection, self.world.shelf, what, known, self.world.now))
            for what in whats
            if what in still
        ]
        return [Shown("", what, blocks) for what, blocks in made if blocks is not None]

    def shown(self, user: str, what: MessageReference | None) -> Shown | None:
        alike = [each for each in self.world.conversation(user) if what is not None and same(each.reference, what)]
        return alike[-1] if alike else None

    @staticmethod
    def on_a_button(before: Before, text: str) -> str | None:
        """The button whose words these are, on the message that stands last; by its label on those before it, too."""
        words = simplified(text)
        standing = [each for shown in before.standing for each in named(shown)]
        for button in standing:
            first, comma, _ = simplified(button.label).partition(",")
            if words == simplified(button.typed) or (comma and words == first):
                return button.action
        lately = [each for shown in before.lately for each in named(shown)] if meaning(text) is None else []
        # The name of a level is a score, and counts only for a question that stands.
        lately = [each for each in lately if not (isinstance(each, Option) and each.action.startswith("Score|"))]
        alike = [each for each in (*standing, *lately) if words == simplified(each.label)]
        # Of the two rows of a question, the one that a plain number answers.
        return next((each.action for each in alike if each.typed.isdigit()), alike[0].action) if alike else None

    def numbers(self, reply: Reply, typed: Numbers, asked: Shown | None, at: datetime) -> bool:
        """Whether it answers what is asked; it does so only for who has that in view."""
        place = self.place(reply.person)
        subthemes = self.model.framework.subthemes
        numbers = [int(value) for value in typed.values] if typed.digits else []
        listed = bool(numbers) and all(1 <= number <= len(subthemes) for number in numbers)
        match place:
            case references.Priorities() if listed:
                if asked is not None:
                    self.model.choose(reply, reply.priorities ^ {subthemes[number - 1].id for number in numbers})
                return True
            case references.Review() if listed and len({*numbers}) == 1:
                return True
            case references.Card() if self.is_score(typed):
                if asked is not None:
                    rows = rows_asked(asked) if len(typed.values) > 1 else [row_asked(asked)]
                    if typed.about is not None:
                        rows = [row for row in rows_asked(asked) if row.perspective is typed.about]
                    self.model.types_numbers(reply, zip(rows, typed.values, strict=False), at)
                return True
        return False

    def is_score(self, typed: Numbers) -> bool:
        framework = self.model.framework
        known = {*map(str, framework.level_values), *(each.id for each in framework.unscored)}
        about = {*framework.perspectives, None}
        return set(typed.values) <= known and len(typed.values) <= len(framework.perspectives) and typed.about in about

    def is_number(self, typed: Numbers) -> bool:
        """A score or a number, which is never taken for the words of a note."""
        return self.is_score(typed) or (typed.digits and len(typed.values) == 1)

    def note_typed(
        self, reply: Reply, active: int, kind: str, rest: str, whole: str, wanted: NoteWanted | None
    ) -> None:
        subtheme, _, text = rest.partition(" ")
        if not rest:
            return
        if subtheme in self.model.framework.subtheme_by_id:
            self.model.note(reply, subtheme, kind, text)
        elif wanted is not None and wanted.response == active:
            if kind == wanted.kind.value:
                self.model.note(reply, wanted.subtheme, kind, whole)
        else:
            self.somewhere(reply, active, kind, rest)

    def somewhere(self, reply: Reply, active: int, kind: str, text: str) -> None:
        """A note is kept under the sub-theme that is being talked about: we take the bot's word for which that is."""
        before = set(self.stored_notes(active))

        def one_more() -> None:
            new = set(self.stored_notes(active)) - before
            assert [note[1:] for note in new] == [(kind, text)] or any(note[1:] == (kind, text) for note in before)
            reply.notes.update((note, ("school", None)) for note in new)

        self.check = one_more

    def free_text(self, reply: Reply, active: int, text: str, wanted: NoteWanted | None) -> None:
        if wanted is not None and wanted.response == active:
            self.model.note(reply, wanted.subtheme, wanted.kind.value, text)
        elif text.strip() and len(text) <= 4_000:

            def offered() -> None:
                waiting = self.awaiting(reply.person)
                assert isinstance(waiting, TextOffered)
                assert (waiting.response, waiting.text) == (active, text)

            self.check = offered

    def answered(self, user: str, in_channel: bool, *, another_s: bool = False) -> None:
        """Whoever does something hears of it, and sees a way on.

        Another's button edits a list that the one who pressed it may never have been shown: then it is posted.
        """
        assert self.world.posted or self.world.edited, f"nothing was said to {user}"
        person = PEOPLE[user]
        last = self.world.conversation(user, in_channel=in_channel)[-1]
        assert person is None or list(pressable(last.blocks)), f"no way on from {last}"
        changed = {*self.world.posted, *self.world.edited}
        for here in (False, True):
            for shown in self.world.conversation(user, in_channel=here):
                if shown.key in changed:
                    self.fit_to_be_said(user, repr(shown.blocks))
                    self.seen[user].update((each.action, None) for each in pressable(shown.blocks))
        if user not in {"leader-a", "elsewhere"} and not another_s:
            assert self.world.strayed == [], "what is edited in its place is there"

    def fit_to_be_said(self, user: str, text: str) -> None:
        for trouble in ("Traceback", "Error", "Exception", " object at 0x", "NULL"):
            assert trouble not in text
        # What the lead writes is an action, which is for everybody in the partnership.
        for other in set(PEOPLE.values()) - {PEOPLE[user], "lead" if PEOPLE[user] else None}:
            assert f"<<{other}>>" not in text, f"{user} reads what {other} wrote"
        for other in set(LEADERS) - {user, PEOPLE[user]}:
            name = f"Leader {other[-1].upper()}"
            assert name not in text or self.introduced(PEOPLE[user], other), f"{user} reads who {name} is"
        if PEOPLE[user] is None:
            assert "Harbour" not in text
            assert "School" not in text

    # What is stored

    def what_is_stored_is_what_they_said(self) -> None:
        stored = self.stored()
        assert {number: reply.facts() for number, reply in self.model.replies.items()} == stored

    def agreed(self) -> dict[int, tuple[str, str]]:
        """Who leads on each action, and how it stands."""
        rows = self.rows("SELECT id, owner_id, state FROM agreed_action")
        return {number: (owner, state) for number, owner, state in rows}

    def what_was_agreed_changes_by_those_who_may(self, person: str | None, before: dict[int, tuple[str, str]]) -> None:
        after = self.agreed()
        if after.keys() != before.keys():
            assert person == "lead", f"{person} recorded an action, or took one out"
        for number in after.keys() & before.keys():
            owner, state = before[number]
            if (owner, state) != after[number]:
                assert after[number][0] == owner
                assert person == "lead" or owner in self.leads[person or ""]

    def introduced(self, one: str | None, other: str) -> bool:
        """Whether both have said yes to being introduced."""
        agreed = self.rows(
            "SELECT giver_person_id, receiver_person_id FROM practice_match WHERE giver_says AND receiver_says"
        )
        return (one, other) in agreed or (other, one) in agreed

    def every_school_speaks_for_itself(self) -> None:
        for school, person in self.rows("SELECT school_id, person_id FROM visibility_consent"):
            assert school in self.leads[person]

    def the_question_in_view_is_the_one_that_is_asked(self) -> None:
        for user in ("leader-b", "leader-c"):
            place = self.place(user)
            if place is not None and not self.model.closed:
                asked = [question(each.reference) for each in self.world.conversation(user)]
                assert [each for each in asked if each][-1] == place

    def stored(self) -> dict[int, tuple[object, ...]]:
        replies = {
            number: Reply(person, school, submitted=submitted is not None)
            for number, person, school, submitted in self.rows(
                "SELECT id, person_id, school_id, submitted_at FROM response"
            )
        }
        for number, criterion, perspective, level, reason in self.rows(
            "SELECT response_id, criterion, perspective, level, reason FROM answer"
        ):
            replies[number].answers[Row(criterion, Perspective(perspective))] = (level, reason)
        for number, subtheme, kind, text, audience, offered in self.rows(
            "SELECT response_id, subtheme, kind, text, audience, offered FROM note"
        ):
            assert (subtheme, kind, text) not in replies[number].notes, "the same note twice"
            replies[number].notes[subtheme, kind, text] = (audience, None if offered is None else bool(offered))
        for number, subtheme in self.rows("SELECT response_id, subtheme FROM priority_vote"):
            replies[number].priorities |= {subtheme}
        return {number: reply.facts() for number, reply in replies.items()}

    def adopt(self, person: str | None) -> None:
        """The numbers that the database gives: of a response that was begun, and of notes."""
        for number, owner, school in self.rows("SELECT id, person_id, school_id FROM response"):
            if number not in self.model.replies:
                assert owner == person
                assert school in self.leads[owner]
                assert not self.model.closed
                self.model.replies[number] = Reply(owner, school)
        for number, response, *note in self.rows("SELECT id, response_id, subtheme, kind, text FROM note"):
            self.model.note_ids[number] = (response, (note[0], note[1], note[2]))

    def stored_notes(self, response: int) -> list[Note]:
        rows = self.rows("SELECT subtheme, kind, text FROM note WHERE response_id = ?", response)
        return [(subtheme, kind, text) for subtheme, kind, text in rows]

    def place(self, person: str) -> MessageReference | None:
        """What is asked of a person, by the bot's own account."""
        talk = enquiries.load_talk(self.world.connection, self.world.shelf, Account("test", "t", person))
        return None if talk is None or talk.enquiry is None else show_place(talk.enquiry).reference

    def active(self, person: str) -> int | None:
        return next(
            (number for (number,) in self.rows("SELECT response_id FROM talk WHERE person_id = ?", person)), None
        )

    def awaiting(self, person: str) -> Awaiting | None:
        rows = self.rows("SELECT awaiting FROM talk WHERE person_id = ?", person)
        return awaiting_from_json(rows[0][0]) if rows else None

    def asked_for(self, response: int) -> str | None:
        asked: list[tuple[str | None]] = self.rows("SELECT asked_for FROM response WHERE id = ?", response)
        return asked[0][0]

    def rows(self, query: str, *values: object) -> list[Any]:
        return list(self.raw.execute(query, values))


def meaning(text: str) -> Numbers | Commanded | NoteTyped | Free | None:
    """By the lists above, and not by the bot's own reading of what was typed; None for the words of a button."""
    if text in NUMBERS:
        return NUMBERS[text]
    if simplified(text) in COMMANDS:
        return Commanded(COMMANDS[simplified(text)])
    word, _, rest = text.partition(" ")
    if word in NOTES:
        return NoteTyped(NOTES[word], rest.strip())
    return Free() if text in FREE or "<<" in text else None


def goes_on(button: Pressable) -> bool:
    """What leads towards the end: a score that is not chosen yet, a priority, Done, Submit."""
    chosen = isinstance(button, Option) and button.chosen
    return not chosen and button.action.startswith(("Score|", "Prioritise|", "PrioritiesDone|", "Submit|", "CarryOn|"))


def named(shown: Shown) -> list[Button | Option]:
    return [each for each in pressable(shown.blocks) if not isinstance(each, TextInput)]


def same(one: MessageReference, other: MessageReference) -> bool:
    return (question(one) or one) == (question(other) or other)


def choices(card: Shown) -> list[Choice]:
    return [block for block in card.blocks if isinstance(block, Choice)]


def row_of(choice: Choice) -> Row:
    action = decode(choice.options[0].action)
    assert isinstance(action, actions.Score)
    return Row(action.criterion, action.perspective)


def rows_asked(card: Shown) -> list[Row]:
    """The rows of the criterion that a card asks, as it stands there."""
    return [row_of(choice) for choice in choices(card)]


def row_asked(card: Shown) -> Row:
    """The row of a card that a plain number answers."""
    return next(row_of(choice) for choice in choices(card) if choice.options[0].typed == "1")


class DefaultEnquiry(Partnership):
    source = default_source()


class LeaderOfTwoSchools(Partnership):
    two_schools = True


class SchoolsOnly(Partnership):
    source = own_framework(((1, 1), (1, 2)), levels=7, perspectives=(Perspective.SCHOOL,))


class Focus(Partnership):
    source = default_source()
    scope = ("2.2",)


class TwoLevels(Partnership):
    source = own_framework(((1,), (1,), (1,), (1,), (1,)), levels=2)


MACHINES = (Partnership, DefaultEnquiry, LeaderOfTwoSchools, SchoolsOnly, Focus, TwoLevels)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.__name__)
def test_never_stuck_and_no_answer_lost_or_invented(machine: type[Partnership]) -> None:
    # A third more: some rules find nothing to do, and an example may end early.
    examples = -(-4 * STEPS // (3 * len(MACHINES) * STEPS_OF_AN_EXAMPLE))
    # Each machine its own, and the same each time; or new ones.
    number = int(SEED or (secrets.randbits(32) if ANEW else crc32(machine.__name__.encode())))
    print(f"PARTNERSHIP_STATE_MACHINE_SEED={number}")  # noqa: T201 - shown where the test fails
    machine.steps = 0
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS_OF_AN_EXAMPLE,
            phases=[Phase.generate, *([Phase.shrink] if SHRINK else [])],
            derandomize=False,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert machine.steps >= STEPS / len(MACHINES)
