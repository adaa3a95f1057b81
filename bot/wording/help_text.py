"""Help, in every state: what people can do here, and what to type for it."""

from __future__ import annotations

from bot.inbound import buttons
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import Block, Buttons, Fact, Facts, Heading, Paragraph
from bot.messages.languages import Words
from bot.wording.invitation_and_reminders import ways_on
from bot.wording.shared import button
from core.enquiry import LedPartnership, OpenEnquiry

_ANY_TIME = frozenset(
    {
        Word.STATUS,
        Word.REVIEW,
        Word.ACTIONS,
        Word.VISIBILITY,
        Word.PRACTICE,
        Word.NETWORK,
        Word.REMINDERS,
        Word.DEPUTY,
        Word.AWAY,
        Word.MY_DATA,
        Word.ERASE_ME,
    }
)
"""What there is to do while no cycle is open."""


def help_(
    open_enquiries: tuple[OpenEnquiry, ...], leads: tuple[LedPartnership, ...], words: Words
) -> tuple[Block, ...]:
    other, label = ("cy", "Cymraeg") if words.language == "en" else ("en", "English")
    language_word = Word.WELSH if other == "cy" else Word.ENGLISH
    return (
        Heading(words("What I can do")),
        Paragraph(
            words(
                "I ask the leaders of each school how well their school and the partnership work together. You can "
                "press a button or type. A number, or a level's name, scores the next line; two numbers, such as 3 "
                "2, score two lines."
            )
        ),
        *_for_leads(leads, words),
        Facts(
            tuple(
                Fact(_typed(word, words), meaning)
                for word, meaning in _meanings(words).items()
                if open_enquiries or word in _ANY_TIME
            )
        ),
        Buttons(
            (
                *ways_on(open_enquiries, words),
                button(label, buttons.Speak(other), suggestion(language_word, words.language)),
            )
        ),
    )


def in_channel(languages: tuple[Words, ...]) -> tuple[Block, ...]:
    """To everybody in a channel the bot was added to."""
    return tuple(block for words in languages for block in _in_channel(words))


def _in_channel(words: Words) -> tuple[Block, ...]:
    return (
        Heading(words("Hello. I'm the partnership bot.")),
        Paragraph(
            words(
                "Each term I ask the leaders of every school, each in a chat of their own with me, how well their "
                "school and the partnership work together. When a cycle has closed, your partnership's lead can have "
                "the report posted here: call me by my name and write partnership-report."
            )
        ),
        Paragraph(
            words(
                "If you lead a school, open a chat with me and say hello. What you answer there is shown only as far "
                "as your partnership has agreed."
            )
        ),
    )


def _typed(word: Word, words: Words) -> str:
    return suggestion(word, words.language)


def _meanings(words: Words) -> dict[Word, str]:
    return {
        Word.RESUME: words("go on where you were"),
        Word.BACK: words("the question before"),
        Word.SKIP: words("leave this question"),
        Word.PAUSE: words("stop for now; everything is kept"),
        Word.STATUS: words("how far you have got"),
        Word.REVIEW: words("look everything over"),
        Word.CHANGE: words("and a number such as 1.2.a: open that question again"),
        Word.STRENGTH: words("and then your words: an area of strength"),
        Word.DEVELOPMENT: words("and then your words: an area for development"),
        Word.NOTE: words("and then your words: evidence"),
        Word.SUBMIT: words("hand in your school's answers"),
        Word.SWITCH: words("answer for another school"),
        Word.REMINDERS: words("choose when reminders come"),
        Word.STOP: words("no more reminders"),
        Word.OTHERS: words("what others will see"),
        Word.ACTIONS: words("what your partnership agreed, and how it stands"),
        Word.VISIBILITY: words("what the schools see of one another, and what yours would like"),
        Word.PRACTICE: words("schools that could help yours, or that yours could help"),
        Word.NETWORK: words("for leads and facilitators: networks of partnerships"),
        Word.DEPUTY: words("let your deputy answer instead of you"),
        Word.AWAY: words("until when you are away, as in away until 12 March: your deputy is asked until then"),
        Word.MY_DATA: words("a copy of everything kept about you"),
        Word.ERASE_ME: words("have your name, accounts and notes removed"),
    }


def _for_leads(leads: tuple[LedPartnership, ...], words: Words) -> tuple[Block, ...]:
    if not leads:
        return ()
    names, preview = words.joined([each.name for each in leads]), words("preview")
    return (
        Paragraph(
            words(
                "You lead {partnership}: type {report} to post its report in the channel.",
                partnership=names,
                report=words.command(Word.REPORT),
            )
        ),
        Facts(
            (
                Fact(
                    f"{_typed(Word.REPORT, words)} {preview}",
                    words("the report for you alone, before it is posted"),
                ),
                Fact(
                    _typed(Word.MEETING_PACK, words), words("slides and a document for your meeting, with the numbers")
                ),
                Fact(_typed(Word.ACTION, words), words("record an action that your meeting agreed")),
                Fact(_typed(Word.NOTES, words), words("notes that schools chose to show you")),
                Fact(_typed(Word.RESPONSES, words), words("which schools have submitted")),
            )
        ),
    )
