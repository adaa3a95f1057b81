"""Sharing practice in words: may I introduce you, what each side has said, and who the other side is."""

from __future__ import annotations

from datetime import datetime

from bot.inbound import buttons_partnership
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
)
from bot.messages.languages import Words
from bot.wording.shared import button, help_button, option
from core.framework import in_language
from core.practice import Match


def ask(match: Match, words: Words) -> tuple[Block, ...]:
    """To one side, without saying who the other is."""
    return (
        _heading(match, words),
        Paragraph(why(match, words)),
        Paragraph(
            words(
                "If you both say yes, I tell each of you the other's school, name and, if I know it, e-mail address. "
                "Until then neither of you learns who the other is, and if either says no, nobody is told."
            )
        ),
        _choice(match, words, in_list=False),
        Buttons((_all(words), help_button(words))),
    )


def _heading(match: Match, words: Words) -> Heading:
    return Heading(f"{in_language(match.title, words.language)} · {match.school_name}")


def why(match: Match, words: Words) -> str:
    if match.gives and match.elsewhere:
        return words(
            "You said that your school would share this strength. A school in another partnership of your network "
            "would welcome help with it."
        )
    if match.gives:
        return words(
            "You said that your school would share this strength. A school in your partnership would welcome help "
            "with it."
        )
    if match.elsewhere:
        return words(
            "You said that your school would welcome help with this. A school in another partnership of your "
            "network, which recorded it as a strength, would share how it does it."
        )
    return words(
        "You said that your school would welcome help with this. A school in your partnership, which recorded it as "
        "a strength, would share how it does it."
    )


def _choice(match: Match, words: Words, *, in_list: bool, number: int | None = None) -> Choice:
    """In a list, each button has the number of the question it answers."""
    before = "" if number is None else f"{number} "
    yes, no = (buttons_partnership.AnswerPractice(match.id, each, in_list) for each in (True, False))
    title = in_language(match.title, words.language)
    return Choice(
        f"{before}{title} · {match.school_name}" if in_list else words("May I introduce you?"),
        why(match, words) if in_list else words("You can change your answer until you have both said yes."),
        (
            option(before + words("Yes, introduce us"), yes, match.says is True),
            option(before + words("Not for now"), no, match.says is False),
        ),
    )


def answered(match: Match, words: Words) -> tuple[Block, ...]:
    if match.other is not None:
        return introduction(match, words)
    told = (
        words(
            "Thank you. As soon as the other school has said yes too, I write to both of you. If you hear no more of "
            "it, it did not work out this time."
        )
        if match.says
        else words("Thank you, that is fine. The other school is not told.")
    )
    return _heading(match, words), Paragraph(told), Buttons((_all(words), help_button(words)))


def introduction(match: Match, words: Words) -> tuple[Block, ...]:
    """Who the other side is, once both have said yes."""
    if match.other is None:
        return answered(match, words)
    opening = (
        words("They would welcome your help. You have both said yes, so please get in touch with each other.")
        if match.gives
        else words("They would share how they do it. You have both said yes, so please get in touch with each other.")
    )
    other = match.other
    facts = (
        (words("School"), other.school_name),
        (words("Partnership"), other.partnership_name if match.elsewhere else ""),
        (words("Who to ask for"), other.person_name),
        (words("E-mail address"), other.email or ""),
    )
    return (
        _heading(match, words),
        Paragraph(opening),
        Facts(tuple(Fact(term, text) for term, text in facts if text)),
        Buttons((_all(words), help_button(words))),
    )


def list_(matches: tuple[Match, ...], now: datetime, words: Words) -> tuple[Block, ...]:
    standing = [each for each in matches if each.stands(now)]
    nothing = words(
        "Nothing at the moment. When you add a strength or an area for development, say whether your school would "
        "share it or welcome help; after the cycle has closed I look who could help whom."
    )
    return (
        Heading(words("Sharing practice")),
        *(() if standing else (Paragraph(nothing),)),
        *(block for number, each in enumerate(standing, start=1) for block in _listed(number, each, words)),
        Buttons((help_button(words),)),
    )


def _listed(number: int, match: Match, words: Words) -> tuple[Block, ...]:
    if match.other is None:
        return (_choice(match, words, in_list=True, number=number),)
    named = f"{number} {in_language(match.title, words.language)} · {match.school_name}"
    reached = ", ".join(part for part in (match.other.person_name, match.other.school_name, match.other.email) if part)
    return (Facts((Fact(named, words("You have been introduced: {who}", who=reached)),)),)


def _all(words: Words) -> Button:
    return button(
        words("Sharing practice"), buttons_partnership.ShowPractice(), suggestion(Word.PRACTICE, words.language)
    )
