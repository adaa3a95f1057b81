"""What a leader reads before and between the questions: the invitation, reminders, and who will see what."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.inbound import buttons
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Choice,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Weight,
)
from bot.messages.languages import Words
from bot.wording.agreed_actions import last_time
from bot.wording.shared import button, help_button, option, visibility_words
from core.agreed_actions import AgreedAction
from core.calendar import ReminderTime
from core.enquiry import Cycle, Known, OpenEnquiry
from core.framework import Framework, in_language

_SECONDS_PER_ROW = 33
"""A default enquiry of 36 scores takes about 20 minutes."""


def invitation(
    cycle: Cycle,
    framework: Framework,
    open_here: tuple[OpenEnquiry, ...],
    person: Known,
    agreed_before: tuple[AgreedAction, ...],
    words: Words,
) -> tuple[Block, ...]:
    """Invite a leader of one or more schools to an open cycle."""
    first = open_here[0]
    return (
        Heading(words("{partnership}: {cycle}", partnership=first.partnership_name, cycle=cycle.title)),
        Paragraph(_greeting(open_here, person, words)),
        Paragraph(in_language(framework.guidance, words.language)),
        Facts(_what_to_know(cycle, framework, words)),
        *last_time(agreed_before, words),
        Buttons(_ways_to_begin(open_here, words)),
    )


def _greeting(open_here: tuple[OpenEnquiry, ...], person: Known, words: Words) -> str:
    schools = words.joined([each.school_name for each in open_here])
    return words(
        "Hello {name}. Each term the leaders of every school look at how well their own school and the whole "
        "partnership work together. Now it is time to hear from {school}.",
        name=person.name,
        school=schools,
    )


def _what_to_know(cycle: Cycle, framework: Framework, words: Words) -> tuple[Fact, ...]:
    meeting = () if cycle.meeting_on is None else (Fact(words("For the meeting on"), words.day(cycle.meeting_on)),)
    return (
        Fact(words("How long it takes"), _how_long(framework, words)),
        Fact(words("Who will see what"), visibility_words(cycle.visibility, words)),
        Fact(words("It closes"), closing_words(cycle, words)),
        *meeting,
    )


def _how_long(framework: Framework, words: Words) -> str:
    minutes = max(5, round(len(framework.rows) * _SECONDS_PER_ROW / 60 / 5) * 5)
    return words("About {minutes} minutes, in parts if you like. Every answer is kept as you go.", minutes=minutes)


def closing_words(cycle: Cycle, words: Words) -> str:
    zone = ZoneInfo(cycle.timezone)
    return words("{day} at {time}", day=words.day(cycle.closes_at, zone), time=words.time(cycle.closes_at, zone))


def _ways_to_begin(open_here: tuple[OpenEnquiry, ...], words: Words) -> tuple[Button, ...]:
    language, cycle = words.language, open_here[0].cycle
    return (
        *(_begin(each, open_here, words) for each in open_here),
        button(words("Not now"), buttons.NotNow(cycle), suggestion(Word.LATER, language)),
        button(words("Choose when to be reminded"), buttons.ShowReminderTimes(), suggestion(Word.REMINDERS, language)),
        button(words("What others will see"), buttons.ShowOthersSee(cycle), suggestion(Word.OTHERS, language)),
        help_button(words),
    )


def _begin(each: OpenEnquiry, among: tuple[OpenEnquiry, ...], words: Words) -> Button:
    word = Word.START if each.response is None else Word.RESUME
    label = words("Start") if each.response is None else words("Carry on")
    typed = suggestion(word, words.language)
    if len(among) > 1:
        label, typed = f"{label}: {_named(each, among)}", ""
    return button(label, buttons.Start(each.cycle, each.school), typed, Weight.MAIN)


def _named(each: OpenEnquiry, among: tuple[OpenEnquiry, ...]) -> str:
    """The school's name; with its partnership's if more than one asks the school."""
    twice = sum(other.school == each.school for other in among) > 1
    return f"{each.school_name}, {each.partnership_name}" if twice else each.school_name


def switch(open_enquiries: tuple[OpenEnquiry, ...], words: Words) -> tuple[Block, ...]:
    """Which of several enquiries to work on."""
    return (
        Heading(words("Which school would you like to answer for?")),
        Facts(tuple(Fact(each.school_name, _of_cycle(each, words)) for each in open_enquiries)),
        Buttons(tuple(_switch_to(each, open_enquiries) for each in open_enquiries)),
    )


def _of_cycle(each: OpenEnquiry, words: Words) -> str:
    state = words("submitted") if each.submitted else words("not submitted yet")
    return words(
        "{partnership}, {cycle}: {state}", partnership=each.partnership_name, cycle=each.cycle_title, state=state
    )


def _switch_to(each: OpenEnquiry, among: tuple[OpenEnquiry, ...]) -> Button:
    label = f"{_named(each, among)}: {each.cycle_title}"
    return button(label, buttons.Start(each.cycle, each.school), weight=Weight.MAIN)


def nudge(
    cycle: Cycle, open_here: tuple[OpenEnquiry, ...], answered: tuple[int, int] | None, last_day: bool, words: Words
) -> tuple[Block, ...]:
    """A reminder to a leader of schools that haven't submitted; ``answered`` is their progress, if they have
    started.
    """
    first = open_here[0]
    schools = words.joined([each.school_name for each in open_here])
    if last_day:
        opening = words(
            "{cycle} closes on {when}. Submit what you have: every answer helps.",
            cycle=cycle.title,
            when=closing_words(cycle, words),
        )
    else:
        opening = words(
            "A reminder about {cycle}. It is open until {when}.", cycle=cycle.title, when=closing_words(cycle, words)
        )
    return (
        Heading(words("{partnership}: {school}", partnership=first.partnership_name, school=schools)),
        Paragraph(opening),
        Paragraph(_so_far(answered, last_day, words)),
        Buttons(_after_nudge(open_here, last_day, words)),
    )


def _so_far(answered: tuple[int, int] | None, last_day: bool, words: Words) -> str:
    if answered is None and last_day:
        return words("There is still time to answer. A few answers are better than none.")
    if answered is None:
        return words("You can start whenever it suits, and answer in parts.")
    done, total = answered
    return words("You have answered {done} of {total} questions. Everything you said is kept.", done=done, total=total)


def _after_nudge(open_here: tuple[OpenEnquiry, ...], last_day: bool, words: Words) -> tuple[Button, ...]:
    first = open_here[0]
    begun = tuple((each, each.response) for each in open_here if last_day and each.response is not None)
    return (
        *(_begin(each, open_here, words) for each in open_here),
        *(_submit(each, response, len(begun) > 1, words) for each, response in begun),
        *(() if last_day else (button(words("Remind me in two days"), buttons.Snooze(first.cycle, 2)),)),
        button(words("Stop reminders"), buttons.StopReminders(first.cycle)),
    )


def _submit(each: OpenEnquiry, response: int, several: bool, words: Words) -> Button:
    """On the last day one press is enough, and also shows the review; it names the school if there are several."""
    label = words("Submit what you have")
    if several:
        return button(f"{label}: {each.school_name}", buttons.Submit(response))
    return button(label, buttons.Submit(response), suggestion(Word.SUBMIT, words.language))


def reminder_times(person: Known, words: Words) -> tuple[Block, ...]:
    """When during the school day reminders should come."""
    names = {
        ReminderTime.BEFORE_SCHOOL: words("Before school, 08:00"),
        ReminderTime.LUNCH: words("Lunchtime, 12:30"),
        ReminderTime.AFTER_SCHOOL: words("After school, 15:45"),
    }
    options = tuple(
        option(name, buttons.RemindAt(when), when == person.reminder_time, f"{when.at:%H:%M}")
        for when, name in names.items()
    )
    question = words("When would a reminder suit you? They come on school days only.")
    return (
        Choice(words("Reminders"), question, options),
        Buttons(
            (
                button(words("Stop reminders"), buttons.StopAllReminders(), suggestion(Word.STOP, words.language)),
                help_button(words),
            )
        ),
    )


def others_see(cycle: Cycle, words: Words) -> tuple[Block, ...]:
    """What others will see, before a leader submits."""
    return (
        Heading(words("What others will see")),
        Facts(
            (
                Fact(words("Your scores"), visibility_words(cycle.visibility, words)),
                Fact(
                    words("How long that holds"),
                    words(
                        "It was settled when this cycle opened and can't change for it. Type visibility to say what "
                        "your school would like in the next one."
                    ),
                ),
                Fact(
                    words("Your notes"),
                    words(
                        "Only leaders of your school, unless you choose to show a note to your partnership's lead or "
                        "to the meeting. Notes are never quoted in a channel."
                    ),
                ),
                Fact(
                    words("Before it closes"),
                    words(
                        "Nobody sees any scores for the group, your partnership's lead included. Everyone can see "
                        "how many schools have submitted."
                    ),
                ),
                Fact(
                    words("What confidential means here"),
                    words(
                        "The bot shows your scores and notes only to the people named above. Whoever looks after the "
                        "bot, or your Slack or Teams workspace, may be able to read what is kept there, and if your "
                        "school is a public authority, freedom of information law may apply to what you write."
                    ),
                ),
            )
        ),
        Buttons((_back_to_work(words),)),
    )


def _back_to_work(words: Words) -> Button:
    return button(words("Carry on"), buttons.Resume(), suggestion(Word.RESUME, words.language), Weight.MAIN)


def status(
    open_enquiries: tuple[OpenEnquiry, ...],
    answered: dict[int, tuple[int, int]],
    schools: dict[int, tuple[int, int]],
    words: Words,
) -> tuple[Block, ...]:
    """This person's progress in each response, and how many schools have submitted in each cycle."""
    if not open_enquiries:
        return (Paragraph(words("Nothing is open for you at the moment.")), Buttons((help_button(words),)))
    facts = tuple(Fact(_named(each, open_enquiries), _progress_of(each, answered, words)) for each in open_enquiries)
    counts = tuple(
        Fact(title, words("{submitted} of {schools} schools have submitted so far", submitted=done, schools=total))
        for cycle, title in {each.cycle: each.cycle_title for each in open_enquiries}.items()
        for done, total in (schools[cycle],)
    )
    buttons = tuple(_begin(each, open_enquiries, words) for each in open_enquiries)
    return (Heading(words("Where things stand")), Facts((*facts, *counts)), Buttons((*buttons, help_button(words))))


def _progress_of(each: OpenEnquiry, answered: dict[int, tuple[int, int]], words: Words) -> str:
    if each.response is None:
        return words("not started yet")
    done, total = answered[each.response]
    state = words("submitted") if each.submitted else words("not submitted yet")
    return words("{done} of {total} answered, {state}", done=done, total=total, state=state)


def ways_on(open_enquiries: tuple[OpenEnquiry, ...], words: Words) -> tuple[Button, ...]:
    """A button back to the current enquiry, or to each if there are several; none if nothing is open."""
    if not open_enquiries:
        return ()
    begun = any(each.response is not None for each in open_enquiries)
    label, word = (words("Carry on"), Word.RESUME) if begun else (words("Start"), Word.START)
    return (button(label, buttons.Resume(), suggestion(word, words.language), Weight.MAIN),)


def carry_on_actions(open_enquiries: tuple[OpenEnquiry, ...], words: Words) -> tuple[Block, ...]:
    """A button to carry on after a short reply."""
    return (Buttons((*ways_on(open_enquiries, words), help_button(words))),)
