"""What leads are told about the report; the report itself is in ``bot.wording.report``."""

from __future__ import annotations

from bot.inbound import buttons
from bot.inbound.typed_text import Word
from bot.messages import references
from bot.messages.blocks import (
    Block,
    Button,
    Buttons,
    Fact,
    Facts,
    Heading,
    Paragraph,
    Weight,
)
from bot.messages.languages import Words
from bot.platform import Cause
from bot.wording.invitation_and_reminders import closing_words
from bot.wording.shared import button, help_button
from core.analysis.disclosure import LEAST_SCHOOLS
from core.enquiry import Cycle, LedCycle, LedPartnership
from core.framework import Area, Framework, in_language


def choice(cycle: Cycle, led: LedPartnership, area: str, words: Words) -> tuple[Block, ...]:
    """The cycle is still open: close it now, post the last one's report, or wait."""
    if led.open_cycle != cycle.id:
        return (
            Paragraph(words("{cycle} has closed, so there is nothing more to decide here.", cycle=cycle.title)),
            Buttons((help_button(words),)),
        )
    return (
        Heading(words("{cycle} is still open", cycle=cycle.title)),
        Facts(
            (
                Fact(words("Submitted so far"), _count(led, words)),
                Fact(words("It closes"), closing_words(cycle, words)),
            )
        ),
        Paragraph(_may_close(led, words)),
        Buttons(_choices(cycle, led, area, words)),
    )


def _count(led: LedPartnership, words: Words) -> str:
    return words("{submitted} of {schools} schools", submitted=led.submitted, schools=led.schools)


def _may_close(led: LedPartnership, words: Words) -> str:
    if led.may_close_now and led.submitted < LEAST_SCHOOLS:
        return words(
            "You can close it now, but figures are shown for four schools or more, so that no school's scores can be "
            "worked out. The report would only say how many schools submitted."
        )
    if led.may_close_now:
        return words(
            "You can close it now and post the report. Schools that have not submitted will not be part of it, and "
            "answers can't change afterwards."
        )
    return words("It can be closed early once 60% of the schools have submitted.")


def _choices(cycle: Cycle, led: LedPartnership, area: str, words: Words) -> tuple[Button, ...]:
    closing = buttons.CloseAndReport(cycle.id, area)
    close = button(words("Close now and post the report"), closing, weight=Weight.CAREFUL)
    last = button(words("Post the last cycle's report"), buttons.PostLast(cycle.id))
    return (
        *((close,) if led.may_close_now else ()),
        *((last,) if led.last_closed is not None else ()),
        button(words("Wait"), buttons.Wait(cycle.id)),
    )


def cycle_closed(cycle: Cycle, led: LedPartnership, counts: tuple[int, int], words: Words) -> tuple[Block, ...]:
    submitted, schools = counts
    return (
        Heading(words("{partnership}: {cycle} has closed", partnership=led.name, cycle=cycle.title)),
        Paragraph(
            words("{submitted} of {schools} schools submitted.", submitted=submitted, schools=schools)
            + " "
            + words(
                "Type {report} when you would like to post the report in the channel.",
                report=words.command(Word.REPORT),
            )
        ),
        Buttons((button(words("Post the report now"), buttons.ReportOf(led.id), weight=Weight.MAIN),)),
    )


def which(
    leads: tuple[LedPartnership, ...], asked: references.WhichReport | references.WhichPack, words: Words
) -> tuple[Block, ...]:
    """Each possible reading of the request, or each partnership if none was named."""
    if isinstance(asked, references.WhichPack):
        return _which_pack(leads, asked, words)
    if not asked.named:
        of_each = (button(each.name, buttons.ReportOf(each.id, asked.preview)) for each in leads)
        return Heading(words("Which partnership's report?")), Buttons(tuple(of_each))
    ways = (
        button(
            _named(led, cycle, area, several=len(leads) > 1, words=words), buttons.ReportOn(number, area, asked.preview)
        )
        for number, area in asked.named
        for led in leads
        for cycle in led.begun
        if cycle.id == number
    )
    return Heading(words("Which report do you mean?")), Buttons(tuple(ways))


def _which_pack(leads: tuple[LedPartnership, ...], asked: references.WhichPack, words: Words) -> tuple[Block, ...]:
    ways = (
        button(_named(led, cycle, "", several=len(leads) > 1, words=words), buttons.PackOf(number))
        for number in asked.cycles
        for led in leads
        for cycle in led.begun
        if cycle.id == number
    )
    return Heading(words("About which cycle?")), Buttons(tuple(ways))


def _named(led: LedPartnership, cycle: LedCycle, area: str, *, several: bool, words: Words) -> str:
    """``2. Autumn 2026 – Trust and challenge``, after the partnership's name if the person leads several."""
    titles = {each.id: in_language(each.short_title, words.language) for each in cycle.areas}
    named = f"{cycle.number}. {cycle.title}" + (f" – {titles[area]}" if area in titles else "")
    return f"{led.name}: {named}" if several else named


def there(leads: tuple[LedPartnership, ...], words: Words) -> tuple[Block, ...]:
    """Which reports exist, for a lead who asked for one that doesn't."""
    return (
        Paragraph(words("I don't know that cycle or area. These are the reports there are.")),
        *(block for led in leads for block in _there(led, words)),
        Paragraph(
            words(
                "Type for example {report} last, {report} 1 area 2, or {report} preview last.",
                report=words.command(Word.REPORT),
            )
        ),
        Buttons((help_button(words),)),
    )


def _there(led: LedPartnership, words: Words) -> tuple[Block, ...]:
    facts = (
        Fact(f"{cycle.number}. {cycle.title}", words.joined([_area_named(each, words) for each in cycle.areas]))
        for cycle in led.begun
    )
    told = tuple(facts)
    return (
        Heading(led.name, 2),
        Facts(told) if told else Paragraph(words("No earlier cycle has closed, so there is no report to post.")),
    )


def _area_named(area: Area, words: Words) -> str:
    return f"{area.id} {in_language(area.short_title, words.language)}"


def posted(cycle: Cycle, framework: Framework, report: references.ReportPosted, words: Words) -> tuple[Block, ...]:
    again = button(words("Post again"), buttons.PostAgain(cycle.id, report.attempt, report.area))
    offered = (help_button(words),) if report.state in ("on-its-way", "arrived") else (again, help_button(words))
    areas = {each.id: in_language(each.short_title, words.language) for each in framework.areas}
    title = f"{cycle.title} – {areas[report.area]}" if report.area in areas else cycle.title
    return Paragraph(_became(title, report, words)), Buttons(offered)


def _became(title: str, report: references.ReportPosted, words: Words) -> str:
    match report.state:
        case "on-its-way":
            return words("The report for {cycle} is on its way to the channel. It takes a moment to draw.", cycle=title)
        case "arrived":
            return words("The report for {cycle} is in the channel now.", cycle=title)
        case "there":
            return words("The report for {cycle} is in the channel already. I have not posted it again.", cycle=title)
        case "doubtful":
            return words(
                "I tried to post the report for {cycle} and can't tell whether it arrived. Look in the channel; if it "
                "is not there, or lacks its pictures, post it again.",
                cycle=title,
            )
        case "failed":
            return _failed(title, report.cause, words)


def _failed(title: str, cause: Cause, words: Words) -> str:  # noqa: C901 - a closed list is easiest to read as one match
    match cause:
        case Cause.ARCHIVED:
            return words(
                "I could not post the report for {cycle}: the channel is archived. Restore the channel, then post it "
                "again.",
                cycle=title,
            )
        case Cause.NOT_IN_CHANNEL:
            return words(
                "I could not post the report for {cycle}: I am not in the channel. Add me to it, then post it again.",
                cycle=title,
            )
        case Cause.CHANNEL_NOT_FOUND:
            return words(
                "I could not post the report for {cycle}: I can't find the channel. Perhaps I am not in it; then add "
                "me and post it again. If the channel was deleted, ask whoever looks after the bot to choose another.",
                cycle=title,
            )
        case Cause.MAY_NOT_POST:
            return words(
                "I could not post the report for {cycle}: only some people can post in the channel. Let me post "
                "there, or ask an administrator to, then post it again.",
                cycle=title,
            )
        case Cause.REMOVED:
            return words(
                "I could not post the report for {cycle}: I've been removed, or I'm no longer allowed in. Ask whoever "
                "looks after the bot to install it again, then post the report again.",
                cycle=title,
            )
        case Cause.TOO_LONG:
            return words(
                "I could not post the report for {cycle}: it is too long for the channel. Post it area by area "
                "instead; type for example {report} last area 1.",
                cycle=title,
                report=words.command(Word.REPORT),
            )
        case Cause.UNWELL:
            return words(
                "I could not post the report for {cycle}: the chat service hasn't been working for a while. Please "
                "post it again later.",
                cycle=title,
            )
        case Cause.OTHER:
            return words(
                "I could not post the report for {cycle}. Make sure that I am still in the channel, then post it "
                "again.",
                cycle=title,
            )


def out_of_reach(school: str, words: Words) -> tuple[Block, ...]:
    """A leader of this school has removed the bot, or somebody did so for them."""
    return (
        Paragraph(
            words(
                "I can no longer write to one of the leaders of {school}: I was removed or blocked there. Their "
                "answers are kept. To go on, they can add me again and say hello.",
                school=school,
            )
        ),
        Buttons((help_button(words),)),
    )


def account_deactivated(leader: str, schools: tuple[str, ...], words: Words) -> tuple[Block, ...]:
    """An account of this person was deactivated; ``schools`` are those they lead in the reader's partnerships."""
    happened = (
        words(
            "The chat account of {leader} ({schools}) has been deactivated, so I have stopped writing to it. "
            "Everything they have answered is kept.",
            leader=leader,
            schools=", ".join(schools),
        )
        if schools
        else words(
            "The chat account of {leader} has been deactivated, so I have stopped writing to it. Everything they have "
            "answered is kept.",
            leader=leader,
        )
    )
    to_do = words(
        "If {leader} has left, ask whoever looks after the bot to put their successor in the partnership's file. If "
        "not, the administrator of their workspace can restore the account, or they can use another one: whoever "
        "looks after the bot can give them a code for it.",
        leader=leader,
    )
    return (Paragraph(happened), Paragraph(to_do), Buttons((help_button(words),)))


def my_data(words: Words) -> tuple[Block, ...]:
    return (
        Paragraph(words("Here is a copy of everything kept about you, as a file.")),
        Buttons((help_button(words),)),
    )
