"""The end of the enquiry: choosing priorities, reviewing everything, and the thanks."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import (
    Block,
    Buttons,
    Choice,
    Fact,
    Facts,
    Heading,
    Option,
    Paragraph,
    Weight,
)
from bot.messages.languages import Words
from bot.wording.cards import note_name
from bot.wording.invitation_and_reminders import closing_words
from bot.wording.shared import answer_name, button, help_button, perspective_name
from core.enquiry import MOST_PRIORITIES, Answer, Enquiry
from core.framework import Framework, Row, SubTheme, in_language


def priorities(enquiry: Enquiry, words: Words) -> tuple[Block, ...]:
    """Up to three sub-themes, each a button that can be pressed again to withdraw the choice."""
    options = tuple(
        Option(
            f"{number} {in_language(each.title, words.language)}",
            encode(buttons.Prioritise(enquiry.response, each.id, each.id not in enquiry.priorities)),
            str(number),
            each.id in enquiry.priorities,
        )
        for number, each in enumerate(enquiry.framework.subthemes, start=1)
    )
    question = words("Which should the partnership work on first? Choose up to {most}.", most=MOST_PRIORITIES)
    done = button(
        words("Done"), buttons.PrioritiesDone(enquiry.response), suggestion(Word.DONE, words.language), Weight.MAIN
    )
    back = button(words("Back"), buttons.Back(enquiry.response), suggestion(Word.BACK, words.language))
    return (
        Heading(words("Our priorities") + " · " + enquiry.named),
        Choice(
            words("{count} of {most} chosen", count=len(enquiry.priorities), most=MOST_PRIORITIES), question, options
        ),
        Buttons((done, back)),
    )


def review(enquiry: Enquiry, words: Words) -> tuple[Block, ...]:
    """One line for each sub-theme, with a way to see or change it, and the way to submit."""
    return (
        Heading(words("Your review") + " · " + enquiry.named),
        Paragraph(_standing(enquiry, words)),
        Facts(
            tuple(
                Fact(
                    f"{number} {in_language(each.title, words.language)}",
                    _line(enquiry, each, words("no answer yet"), words),
                )
                for number, each in enumerate(enquiry.framework.subthemes, start=1)
            )
        ),
        *_chosen_priorities(enquiry, words),
        Choice(words("Look again"), words("Open a sub-theme to see or change it:"), _openings(enquiry, words)),
        _what_next(enquiry, words),
    )


def _standing(enquiry: Enquiry, words: Words) -> str:
    missing = len(enquiry.framework.criteria) - enquiry.answered_criteria()
    if enquiry.submitted_at is not None:
        return words("Submitted. You can change your answers until {when}.", when=closing_words(enquiry.cycle, words))
    if missing:
        return words.plural(
            "{number} question has no answer yet. You can answer it, or submit what you have.",
            "{number} questions have no answer yet. You can answer them, or submit what you have.",
            missing,
        )
    return words("Everything is answered. Look it over, then submit.")


def _line(enquiry: Enquiry, subtheme: SubTheme, nothing: str, words: Words) -> str:
    """``nothing`` is shown if there is no answer at all."""
    answers = {
        perspective: [enquiry.answers.get(Row(each.id, perspective)) for each in subtheme.criteria]
        for perspective in enquiry.framework.perspectives
    }
    begun = any(each is not None for of_perspective in answers.values() for each in of_perspective)
    parts = [
        f"{perspective_name(each, words)} {_answers(enquiry.framework, told, nothing, words)}"
        for each, told in answers.items()
    ]
    notes = sum(note.subtheme == subtheme.id for note in enquiry.notes)
    noted = [words.plural("{number} note", "{number} notes", notes)] if notes else []
    return " · ".join((*(parts if begun else [nothing]), *noted))


def _answers(framework: Framework, answers: list[Answer | None], nothing: str, words: Words) -> str:
    """The answers, and how many are missing: ``3, 2``, or ``3 (1 without an answer)``."""
    told = [
        str(each.level) if each.level is not None else answer_name(framework, each, words).casefold()
        for each in answers
        if each is not None
    ]
    if not told:
        return nothing
    left = len(answers) - len(told)
    if not left:
        return ", ".join(told)
    without = words("{number} without an answer", number=left)
    return f"{', '.join(told)} ({without})"


def _chosen_priorities(enquiry: Enquiry, words: Words) -> tuple[Block, ...]:
    if not enquiry.chooses_priorities:
        return ()
    titles = [
        in_language(each.title, words.language) for each in enquiry.framework.subthemes if each.id in enquiry.priorities
    ]
    return (Facts((Fact(words("Priorities"), words.joined(titles) or words("none chosen")),)),)


def _openings(enquiry: Enquiry, words: Words) -> tuple[Option, ...]:
    return tuple(
        Option(
            f"{number} {in_language(each.short_title, words.language)}",
            encode(buttons.Change(enquiry.response, each.id)),
            str(number),
        )
        for number, each in enumerate(enquiry.framework.subthemes, start=1)
    )


def _what_next(enquiry: Enquiry, words: Words) -> Buttons:
    language, response = words.language, enquiry.response
    submit = words("Submit again") if enquiry.submitted_at is not None else words("Submit")
    unfinished = enquiry.first_open() is not None
    carry_on = button(words("Carry on"), buttons.CarryOn(response), suggestion(Word.RESUME, language), Weight.MAIN)
    change = button(
        words("Change priorities"), buttons.ChangePriorities(response), suggestion(Word.PRIORITIES, language)
    )
    return Buttons(
        (
            *((carry_on,) if unfinished else ()),
            button(
                words("Submit what you have") if unfinished else submit,
                buttons.Submit(response),
                suggestion(Word.SUBMIT, language),
                Weight.PLAIN if unfinished else Weight.MAIN,
            ),
            *((change,) if enquiry.chooses_priorities else ()),
            button(
                words("What others will see"),
                buttons.ShowOthersSee(enquiry.cycle.id),
                suggestion(Word.OTHERS, language),
            ),
        )
    )


def look_back(enquiry: Enquiry, words: Words) -> tuple[Block, ...]:
    """A leader's own answers in a closed cycle: to look at, not to change."""
    over_at = enquiry.cycle.over_at
    closed = words.day(over_at, ZoneInfo(enquiry.cycle.timezone))
    over = words("This cycle closed on {day}.", day=closed)
    whose = (
        words("Somebody else gave these answers for your school. They can't change any more.")
        if enquiry.left_behind
        else words("These are your own answers, which can't change any more.")
    )
    return (
        Heading(" · ".join((words("What you said"), enquiry.cycle.title, enquiry.named))),
        Paragraph(f"{over} {whose}"),
        Facts(
            tuple(
                Fact(in_language(each.title, words.language), _line(enquiry, each, words("no answer"), words))
                for each in enquiry.framework.subthemes
            )
        ),
        *_chosen_priorities(enquiry, words),
        *_own_notes(enquiry, words),
        Buttons((help_button(words),)),
    )


def _own_notes(enquiry: Enquiry, words: Words) -> tuple[Block, ...]:
    titles = {each.id: in_language(each.title, words.language) for each in enquiry.framework.subthemes}
    facts = tuple(
        Fact(f"{note_name(each.kind, words)} · {titles[each.subtheme]}", each.text)
        for each in enquiry.notes
        if each.subtheme in titles
    )
    return (Heading(words("Your notes"), level=2), Facts(facts)) if facts else ()


def submitted(enquiry: Enquiry, again: bool, words: Words) -> tuple[Block, ...]:
    opening = (
        words("Submitted again: your answers are as you left them.")
        if again
        else words("Thank you. {school}'s answers are submitted.", school=enquiry.school_name)
    )
    meeting = (
        ()
        if enquiry.cycle.meeting_on is None
        else (Paragraph(words("The partnership meets on {day}.", day=words.day(enquiry.cycle.meeting_on))),)
    )
    return (
        Heading(words("Submitted") + " · " + enquiry.named),
        Paragraph(opening),
        Paragraph(
            words(
                "You can still change anything until {when}. After that your lead can post the partnership's report.",
                when=closing_words(enquiry.cycle, words),
            )
        ),
        *meeting,
        Buttons(
            (
                button(
                    words("Review"),
                    buttons.OpenReview(enquiry.response),
                    suggestion(Word.REVIEW, words.language),
                ),
                button(
                    words("What others will see"),
                    buttons.ShowOthersSee(enquiry.cycle.id),
                    suggestion(Word.OTHERS, words.language),
                ),
            )
        ),
    )
