"""Networks in words: which ones a lead's partnership may join, and what partnerships need most, for a facilitator."""

from __future__ import annotations

from bot.inbound import buttons_partnership
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
from bot.wording.figures import figure
from bot.wording.shared import button, help_button, option
from core.analysis.disclosure import Bound, Count, Withheld
from core.analysis.network import NetworkFacts, NetworkSubTheme
from core.analysis.periods import Period, Term
from core.framework import Framework, in_language
from core.networks import Membership, Network


def list_(memberships: tuple[Membership, ...], facilitated: tuple[Network, ...], words: Words) -> tuple[Block, ...]:
    several = len(memberships) > 1
    return (
        Heading(words("Networks of partnerships")),
        *(_membership(each, several, words) for each in memberships),
        *(Facts((Fact(each.name, _size(each, words)),)) for each in facilitated),
        Buttons((*(_sum_up(each, words) for each in facilitated), help_button(words))),
    )


def _sum_up(network: Network, words: Words) -> Button:
    label = words("What {network} needs most", network=network.name)
    return button(label, buttons_partnership.SumUpNetwork(network.id), weight=Weight.MAIN)


def _size(network: Network, words: Words) -> str:
    return words.plural("{number} partnership has joined", "{number} partnerships have joined", network.partnerships)


def _membership(membership: Membership, several: bool, words: Words) -> Choice:
    about = f": {membership.network_name}, {membership.partnership_name}" if several else ""
    yes, no = (
        buttons_partnership.JoinNetwork(membership.network, membership.partnership, each) for each in (True, False)
    )
    return Choice(
        f"{membership.network_name} · {membership.partnership_name}",
        _meaning(words),
        (
            option(words("We are part of it") + about, yes, membership.joined is True),
            option(words("We are not") + about, no, membership.joined is False),
        ),
    )


def _meaning(words: Words) -> str:
    return words(
        "In a network, schools of different partnerships can be introduced to each other, once both have said yes, and "
        "its facilitators see what many partnerships have in common: never a school, and no partnership by itself."
    )


def ask(membership: Membership, words: Words) -> tuple[Block, ...]:
    """To a lead whose partnership has been invited."""
    return (
        Heading(
            words(
                "{network} invites {partnership}",
                network=membership.network_name,
                partnership=membership.partnership_name,
            )
        ),
        _membership(membership, False, words),
        Paragraph(words("You can change it at any time: type network.")),
        Buttons((help_button(words),)),
    )


def totals(network: str, framework: Framework, period: Period, facts: NetworkFacts, words: Words) -> tuple[Block, ...]:
    """The sub-themes that most partnerships need most, as far as that may be disclosed."""
    term = _term(period, words)
    needed = tuple(_needed(each, framework, words) for each in facts.most_needed if each.id in framework.subtheme_by_id)
    few = words(
        "Figures are shown where five partnerships or more have one, so that none can be pointed at. That was not so."
    )
    return (
        Heading(words("{network}: what partnerships need most", network=network)),
        Paragraph(_reports(facts, term, words)),
        Facts(needed) if needed else Paragraph(few),
        Paragraph(words("A term is told once it is over, and stays as it was told then.")),
        Buttons((help_button(words),)),
    )


def _reports(facts: NetworkFacts, term: str, words: Words) -> str:
    return words(
        "{term}: {reporting} of {partnerships} partnerships had a report with figures, from {submitted} of {roster} "
        "schools.",
        term=term,
        reporting=facts.reporting,
        partnerships=facts.partnerships,
        submitted=facts.submitted,
        roster=facts.roster,
    )


def _term(period: Period, words: Words) -> str:
    match period.term:
        case Term.AUTUMN:
            return words("Autumn term {year}", year=period.since.year)
        case Term.SPRING:
            return words("Spring term {year}", year=period.since.year)
        case Term.SUMMER:
            return words("Summer term {year}", year=period.since.year)


def _needed(subtheme: NetworkSubTheme, framework: Framework, words: Words) -> Fact:
    title = in_language(framework.subtheme_by_id[subtheme.id].title, words.language)
    middle = words("the middle figure is {figure}", figure=figure(subtheme.partnership, words))
    if isinstance(subtheme.first_priority, Withheld):
        return Fact(f"{subtheme.rank} {title}", middle)
    return Fact(f"{subtheme.rank} {title}", f"{_counted(subtheme.first_priority, words)}; {middle}")


def _counted(count: Count, words: Words) -> str:
    n, all_ = count.schools, count.of
    match count.bound:
        case Bound.AT_MOST:
            return words("among the first priorities of at most {n} of {all} partnerships", n=n, all=all_)
        case Bound.ABOUT:
            return words("among the first priorities of {n} of {all} partnerships", n=n, all=all_)
        case Bound.AT_LEAST:
            return words("among the first priorities of at least {n} of {all} partnerships", n=n, all=all_)
