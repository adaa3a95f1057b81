"""What a headteacher, a lead and a stranger can do with the bot, whatever chat platform they use.

Each scenario is told in their words, against a ``Driver``. A platform joins by writing one: see ``drivers``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeAlias

SCHOOL, PARTNERSHIP = "Our school", "Our partnership"
HEAD, LEAD, STRANGER = "priya", "ruth", "alex"
"""A headteacher who has not started yet; whoever leads her partnership; somebody the bot does not know."""


class Driver(Protocol):
    """People at their devices. Four schools of Willow Valley have submitted; nobody has talked with the bot yet."""

    def types(self, person: str, text: str) -> None:
        """Send a text in the conversation with the bot."""

    def presses(self, person: str, label: str) -> None:
        """Press a button of the latest message that has one with this label."""

    def chooses(self, person: str, legend: str, label: str) -> None:
        """Press a button in the latest group whose legend begins like this."""

    def writes(self, person: str, text: str) -> None:
        """Write into the text box that was shown last, and send it."""

    def says_in_channel(self, person: str, text: str) -> None:
        """Type in the partnership's channel: a command where it begins with a slash."""

    def sees(self, person: str) -> str:
        """What the bot told this person alone since they last did something, wherever that was, as text."""

    def sees_in_channel(self, person: str) -> str:
        """What the bot told everybody in the channel itself, as text, with the names of files."""

    def sees_in_thread(self, person: str) -> str:
        """What it told everybody in the threads of its messages there, with the words of pictures."""


Scenario: TypeAlias = Callable[[Driver], None]


def answers(chat: Driver, level: str) -> None:
    """Answer the criterion in view from both perspectives."""
    chat.chooses(HEAD, SCHOOL, level)
    chat.chooses(HEAD, PARTNERSHIP, level)


def the_whole_enquiry_takes_at_most_42_taps(chat: Driver) -> None:
    chat.types(HEAD, "hello")
    chat.presses(HEAD, "Start")
    for _ in range(18):
        answers(chat, "3 Established")
    assert "Our priorities" in chat.sees(HEAD)
    for subtheme in ("5 Support and challenge", "6 The difference we make", "9 Thriving staff and pupils"):
        chat.chooses(HEAD, "", subtheme)
    assert "Everything is answered" in chat.sees(HEAD)
    chat.presses(HEAD, "Submit")  # 1 + 36 + 3 + 1 = 41
    assert "Lanternfield Primary School's answers are submitted" in chat.sees(HEAD)


def it_can_all_be_typed(chat: Driver) -> None:
    chat.types(HEAD, "start")
    for _ in range(18):
        chat.types(HEAD, "3 2")
    chat.types(HEAD, "5 6 9")
    chat.types(HEAD, "submit")

    assert "Lanternfield Primary School's answers are submitted" in chat.sees(HEAD)


def a_tap_marks_the_level_and_a_second_thought_replaces_it(chat: Driver) -> None:
    chat.types(HEAD, "start")
    chat.chooses(HEAD, SCHOOL, "2 Building")
    assert "Our school: 2 Building" in chat.sees(HEAD)

    chat.chooses(HEAD, SCHOOL, "4 Extending")

    assert "Our school: 4 Extending" in chat.sees(HEAD)
    assert "0 of 18 answered" in chat.sees(HEAD), "the partnership has no score yet"


def back_opens_the_question_before_and_what_was_said_is_kept(chat: Driver) -> None:
    chat.types(HEAD, "start")
    answers(chat, "3 Established")
    assert "Thinking of every pupil" in chat.sees(HEAD)

    chat.presses(HEAD, "Back")

    assert "Our school: 3 Established" in chat.sees(HEAD)
    assert "1 of 18 answered" in chat.sees(HEAD)


def a_pause_loses_nothing(chat: Driver) -> None:
    chat.types(HEAD, "start")
    answers(chat, "3 Established")
    chat.presses(HEAD, "Pause")
    assert "Everything you said is kept" in chat.sees(HEAD)

    chat.types(HEAD, "resume")

    assert "1 of 18 answered" in chat.sees(HEAD)


def what_cannot_be_said_yet_is_counted_and_not_a_score(chat: Driver) -> None:
    chat.types(HEAD, "start")
    chat.presses(HEAD, "Can't say yet (school)")
    chat.presses(HEAD, "Skip")
    chat.types(HEAD, "review")

    assert "Our school can't say yet" in chat.sees(HEAD)
    assert "Our partnership skipped" in chat.sees(HEAD)


def a_strength_in_her_own_words_says_who_will_see_it(chat: Driver) -> None:
    chat.types(HEAD, "start")
    answers(chat, "3 Established")
    answers(chat, "3 Established")
    chat.presses(HEAD, "Add a strength")
    chat.writes(HEAD, "Our governors chose the goals with us.")
    chat.types(HEAD, "strength 1.1 And pupils know them.")
    assert "And pupils know them." in chat.sees(HEAD)

    assert "Leaders of your school." in chat.sees(HEAD)
    chat.chooses(HEAD, "Show it to", "Our partnership's lead too")

    assert "Leaders of your school, and your partnership's lead." in chat.sees(HEAD)


def text_that_means_nothing_is_offered_as_a_note_and_never_a_score(chat: Driver) -> None:
    chat.types(HEAD, "start")
    for text in ("3.5", "33", "-1", "3/5", "We are getting there"):
        chat.types(HEAD, text)
        assert "Shall I keep this as a note?" in chat.sees(HEAD)
        assert text in chat.sees(HEAD)
    chat.presses(HEAD, "Area of strength")
    chat.types(HEAD, "status")

    assert "0 of 18 answered" in chat.sees(HEAD)


def what_people_write_is_text(chat: Driver) -> None:
    hostile = "<b>3</b> & @channel *bold* [a](http://x) =1+1 $\\frac{$ 学校"
    chat.types(HEAD, "start")
    chat.types(HEAD, f"strength {hostile}")

    assert hostile in chat.sees(HEAD)


def she_can_change_the_language_at_any_time(chat: Driver) -> None:
    chat.types(HEAD, "start")
    chat.types(HEAD, "cymraeg")
    assert "Pwrpas cyffredin" in chat.sees(HEAD)
    chat.types(HEAD, "3 2")
    assert "1 o 18" in chat.sees(HEAD)

    chat.types(HEAD, "english")

    assert "Shared purpose" in chat.sees(HEAD)
    assert "1 of 18 answered" in chat.sees(HEAD)


def help_is_there_in_every_state(chat: Driver) -> None:
    for state in ("help", "start", "3 3", "review", "pause"):
        chat.types(HEAD, state)
        chat.types(HEAD, "help")
        assert "What I can do" in chat.sees(HEAD)


def what_others_will_see_is_told_before_submitting(chat: Driver) -> None:
    chat.types(HEAD, "start")
    answers(chat, "3 Established")
    chat.types(HEAD, "review")
    chat.presses(HEAD, "What others will see")

    assert "Notes are never quoted in a channel" in chat.sees(HEAD)
    assert "freedom of information" in chat.sees(HEAD)


def a_lead_is_asked_then_closes_and_the_report_is_in_the_channel(chat: Driver) -> None:
    chat.types(HEAD, "start")
    for _ in range(18):
        chat.types(HEAD, "3 2")
    chat.types(HEAD, "done")
    chat.types(HEAD, "submit")
    chat.says_in_channel(LEAD, "/partnership-report")
    assert "Summer 2027 is still open" in chat.sees(LEAD)
    assert "5 of 7 schools" in chat.sees(LEAD)
    assert chat.sees_in_channel(LEAD) == ""
    chat.presses(LEAD, "Close now and post the report")

    channel = chat.sees_in_channel(LEAD)
    assert "5 of 7 schools submitted" in channel
    assert "partnership-report-1-en.csv" in channel
    scores = "Shared purpose: our schools 3.0, the partnership 3.0"
    assert channel.count(scores) == 1, "the lead picture's words hold its numbers"
    pictures = chat.sees_in_thread(LEAD)
    assert "First to work on: " in pictures
    assert scores not in pictures, "no picture is shown twice"
    assert "First to work on: " not in channel
    chat.types(HEAD, "3")
    assert "This cycle has closed" in chat.sees(HEAD)


def nobody_but_a_lead_can_post_the_report(chat: Driver) -> None:
    chat.says_in_channel(HEAD, "/partnership-report")
    assert "Only a lead of the partnership can post its report" in chat.sees(HEAD)
    assert chat.sees_in_channel(LEAD) == ""

    chat.types(HEAD, "/partnership-report")

    assert "Only a lead of the partnership can post its report" in chat.sees(HEAD)


def a_stranger_learns_nothing(chat: Driver) -> None:
    for text in ("hello", "start", "3", "status", "/partnership-report"):
        chat.types(STRANGER, text)
        assert "I don't know you yet" in chat.sees(STRANGER)
        assert "Willow" not in chat.sees(STRANGER)


SCENARIOS: Sequence[Scenario] = (
    the_whole_enquiry_takes_at_most_42_taps,
    it_can_all_be_typed,
    a_tap_marks_the_level_and_a_second_thought_replaces_it,
    back_opens_the_question_before_and_what_was_said_is_kept,
    a_pause_loses_nothing,
    what_cannot_be_said_yet_is_counted_and_not_a_score,
    a_strength_in_her_own_words_says_who_will_see_it,
    text_that_means_nothing_is_offered_as_a_note_and_never_a_score,
    what_people_write_is_text,
    she_can_change_the_language_at_any_time,
    help_is_there_in_every_state,
    what_others_will_see_is_told_before_submitting,
    a_lead_is_asked_then_closes_and_the_report_is_in_the_channel,
    nobody_but_a_lead_can_post_the_report,
    a_stranger_learns_nothing,
)
