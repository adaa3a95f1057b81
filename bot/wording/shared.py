"""Pieces that several messages share."""

from __future__ import annotations

from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.typed_text import Word, suggestion
from bot.messages.blocks import Button, Option, Weight
from bot.messages.languages import Words
from core.enquiry import SKIPPED, Answer, Enquiry, Visibility
from core.framework import Framework, Perspective, Row, in_language


def perspective_name(perspective: Perspective, words: Words) -> str:
    return words("Our school") if perspective is Perspective.SCHOOL else words("Our partnership")


def answer_name(framework: Framework, answer: Answer, words: Words) -> str:
    """``3 Established``, or the reason there is no score."""
    if answer.level is not None:
        return level_name(framework, answer.level, words)
    if answer.reason == SKIPPED:
        return words("skipped")
    labels = {each.id: each.label for each in framework.unscored}
    return in_language(labels[answer.reason], words.language) if answer.reason in labels else words("no score")


def level_name(framework: Framework, value: int, words: Words) -> str:
    return f"{value} {in_language(framework.level(value).label, words.language)}"


def answer_with_last_time(enquiry: Enquiry, row: Row, words: Words) -> str:
    """The answer to a row, with last time's beside it; last time's is never shown before a new one is chosen."""
    answer, before = enquiry.answers.get(row), enquiry.previous.get(row)
    if answer is None:
        return words("not answered yet")
    name = answer_name(enquiry.framework, answer, words)
    if before is None or before.level is None:
        return name
    if before.level == answer.level:
        return words("{answer} (as last time)", answer=name)
    return words("{answer} (last time {before})", answer=name, before=answer_name(enquiry.framework, before, words))


def criterion_line(enquiry: Enquiry, criterion: str, words: Words) -> str:
    rows = (Row(criterion, perspective) for perspective in enquiry.framework.perspectives)
    return " · ".join(
        f"{perspective_name(row.perspective, words)}: {answer_with_last_time(enquiry, row, words)}" for row in rows
    )


def button(label: str, action: buttons.Press, typed: str = "", weight: Weight = Weight.PLAIN) -> Button:
    """A button; if no command word does the same, people can type its label."""
    return Button(label, encode(action), typed or label, weight)


def option(label: str, action: buttons.Press, chosen: bool, typed: str = "") -> Option:
    return Option(label, encode(action), typed or label, chosen)


def help_button(words: Words) -> Button:
    return button(words("Help"), buttons.ShowHelp(), suggestion(Word.HELP, words.language))


def carry_on_button(cycle: int, school: str, words: Words) -> Button:
    label = words("Carry on")
    return button(label, buttons.Start(cycle, school), suggestion(Word.RESUME, words.language), Weight.MAIN)


def visibility_words(visibility: Visibility, words: Words) -> str:
    """Who will see a leader's scores, in a sentence or two."""
    match visibility:
        case Visibility.OPEN:
            return words("Every school in the partnership will see every school's scores, with names.")
        case Visibility.OWN_AND_GROUP:
            return words(
                "Your school sees its own scores beside those of all schools together, which are shown only where at "
                "least four schools gave a score. No other school sees your school's scores, nor does your "
                "partnership's lead, who sees the scores of all schools together and which schools have submitted."
            )
        case Visibility.LEAD_ONLY:
            return words(
                "Your partnership's lead sees each school's scores with its name. Other schools see only the group "
                "as a whole, and only where at least four schools gave a score."
            )
