"""What schools see of one another, in words: what is agreed, what a school has said, and whether to show more."""

from __future__ import annotations

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
from bot.wording.shared import button, help_button, option, visibility_words
from core.enquiry import Cycle, Visibility
from core.visibility import SchoolSay, VisibilityTally


def list_(says: tuple[SchoolSay, ...], tallies: tuple[VisibilityTally, ...], words: Words) -> tuple[Block, ...]:
    """What each of the person's schools has said; for a lead, also how many have agreed, but not which."""
    nothing = () if says or tallies else (Paragraph(words("You belong to no school or partnership at the moment.")),)
    return (
        Heading(words("What schools see of one another")),
        *nothing,
        *(block for each in tallies for block in _tally(each, words)),
        *(block for each in says for block in _school(each, says, words)),
        Buttons((help_button(words),)),
    )


def _tally(tally: VisibilityTally, words: Words) -> tuple[Block, ...]:
    counted = words(
        "{agreed} of {schools} schools have agreed to this for the next cycle: {what}",
        agreed=tally.agreed,
        schools=tally.schools,
        what=visibility_words(tally.asked, words),
    )
    return (Facts((Fact(tally.partnership_name, counted),)),)


def _school(say: SchoolSay, among: tuple[SchoolSay, ...], words: Words) -> tuple[Block, ...]:
    now = () if say.pinned is None else (Facts((Fact(words("In this cycle"), visibility_words(say.pinned, words)),)),)
    named = f"{say.school_name} · {say.partnership_name}"
    return Heading(named, level=2), *now, _choice(say, words, in_list=True, several=len(among) > 1)


def _choice(say: SchoolSay, words: Words, *, in_list: bool, several: bool = False) -> Choice:
    about = f": {say.school_name}, {say.partnership_name}" if several else ""
    yes, no = (
        buttons_partnership.SayVisibility(say.partnership, say.school, say.asked, each, in_list)
        for each in (True, False)
    )
    return Choice(
        words("In the next cycle"),
        visibility_words(say.asked, words) + " " + words("Is that all right for your school?"),
        (
            option(words("Yes, for our school") + about, yes, say.yes is True),
            option(words("Not for now") + about, no, say.yes is False),
        ),
    )


def ask(say: SchoolSay, words: Words) -> tuple[Block, ...]:
    """After a cycle has closed, to a leader of a school that hasn't agreed to see and show more."""
    return (
        Heading(f"{say.partnership_name} · {say.school_name}"),
        Paragraph(
            words(
                "Between two cycles is a good moment to ask what schools would like to see of one another next time. "
                "It changes only if a leader of every school says yes. Nobody is told who said what, no "
                "answer is fine, and you can change it until the next cycle opens."
            )
        ),
        Facts((Fact(words("As long as any school says no"), visibility_words(Visibility.OWN_AND_GROUP, words)),)),
        _choice(say, words, in_list=False),
        Buttons((_all(words), help_button(words))),
    )


def answered(say: SchoolSay, words: Words) -> tuple[Block, ...]:
    """What a school has said, straight after it said so."""
    told = (
        words(
            "Thank you. If a leader of every school says yes, it begins with the next cycle. You can take it back "
            "until then: type visibility."
        )
        if say.yes
        else words(
            "Thank you, that is fine. Then in the next cycle no school sees another's scores. Nobody is told who said "
            "so."
        )
    )
    return (
        Heading(f"{say.partnership_name} · {say.school_name}"),
        Paragraph(told),
        Buttons((_all(words), help_button(words))),
    )


def _all(words: Words) -> Button:
    label = words("What schools see of one another")
    return button(label, buttons_partnership.ShowVisibility(), suggestion(Word.VISIBILITY, words.language))


def not_as_wished(cycle: Cycle, partnership: str, words: Words) -> tuple[Block, ...]:
    """To a lead: the cycle has opened, and shows something other than they had asked for."""
    opening = (
        words("Every school has agreed to be seen, so this cycle is open.")
        if cycle.visibility is Visibility.OPEN
        else words(
            "You had asked for another way of seeing the scores. It needs the word of every school, and not every "
            "school has given it yet, so this cycle stays with what needs nobody's. I ask again once it has closed; "
            "you need do nothing."
        )
    )
    return (
        Heading(words("{partnership}: {cycle}", partnership=partnership, cycle=cycle.title)),
        Paragraph(opening),
        Facts((Fact(words("In this cycle"), visibility_words(cycle.visibility, words)),)),
        Buttons((_all(words), help_button(words))),
    )
