"""Look up what messages about the whole partnership need, and call the wording."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.compose.shared_notes import shared_with
from bot.compose.submissions import responses_to
from bot.decide.turn_state import ActionDraft, awaiting_from_json
from bot.messages import references_partnership
from bot.messages.blocks import Block
from bot.messages.languages import Words, languages_of, words_of
from bot.messages.references_partnership import (
    AboutActions,
    AboutNetworks,
    AboutPartnership,
    AboutPractice,
    AboutVisibility,
)
from bot.wording import agreed_actions as wording
from bot.wording import networks, notes, submissions, visibility
from bot.wording import practice as sharing
from core.agreed_actions import find_action
from core.analysis.periods import period_from
from core.enquiry import Known
from core.services import (
    agreed_actions,
    cycles,
    enquiries,
    led_cycles,
    network_reports,
    people,
    practice,
)
from core.services import networks as services
from core.services import (
    visibility as consents,
)
from core.storage.frameworks import FrameworkShelf

Blocks = tuple[Block, ...]


def tell_together(
    connection: Connection, shelf: FrameworkShelf, what: AboutPartnership, person: Known, now: datetime, words: Words
) -> Blocks | None:
    if isinstance(what, AboutActions):
        return tell_actions(connection, shelf, what, person, now, words)
    if isinstance(what, AboutVisibility):
        return tell_visibility(connection, what, person, now, words)
    if isinstance(what, AboutPractice):
        return tell_practice(connection, shelf, what, person, now, words)
    if isinstance(what, references_partnership.SharedNotes):
        return notes.shared(shared_with(connection, shelf, person.id, now), words)
    if isinstance(what, references_partnership.Submissions):
        return submissions.responses(responses_to(connection, shelf, person.id, now), words)
    return tell_networks(connection, shelf, what, person, words)


def tell_actions(
    connection: Connection, shelf: FrameworkShelf, what: AboutActions, person: Known, now: datetime, words: Words
) -> Blocks | None:
    agreements = agreed_actions.agreements_of(connection, shelf, person.id)
    match what:
        case references_partnership.AgreedActionForm(number):
            talk = enquiries.load_enquiry(connection, shelf, person.id, 0)
            draft = None if talk is None else awaiting_from_json(talk.awaiting)
            if not isinstance(draft, ActionDraft) or draft.draft != number:
                return wording.form_over(words, recorded=find_action(agreements, number) is not None)
            return wording.form(draft, agreements, now, words)
        case references_partnership.AgreedActionCard(number):
            found = find_action(agreements, number)
            return wording.action_removed(words) if found is None else wording.action(*found, now, words)
        case references_partnership.AgreedActionList():
            return wording.list_(agreements, words)
        case references_partnership.AgreedActionsCheckIn(partnership):
            return wording.looked_at(agreements, partnership, words)


def tell_visibility(
    connection: Connection, what: AboutVisibility, person: Known, now: datetime, words: Words
) -> Blocks | None:
    if isinstance(what, references_partnership.NotAsWished):
        cycle = cycles.cycle_by_id(connection, what.cycle)
        if cycle is None or not people.is_lead(connection, person.id, cycle.partnership):
            return None
        return visibility.not_as_wished(cycle, led_cycles.partnership_name(connection, cycle.partnership), words)
    says = consents.says_of(connection, person.id, now)
    if isinstance(what, references_partnership.VisibilityList):
        return visibility.list_(says, consents.tallies_of(connection, person.id), words)
    say = next((each for each in says if (each.partnership, each.school) == (what.partnership, what.school)), None)
    if say is None:
        return None
    return (
        visibility.ask(say, words)
        if isinstance(what, references_partnership.AskVisibility)
        else visibility.answered(say, words)
    )


def tell_practice(
    connection: Connection, shelf: FrameworkShelf, what: AboutPractice, person: Known, now: datetime, words: Words
) -> Blocks | None:
    matches = practice.matches_of(connection, shelf, person.id)
    if isinstance(what, references_partnership.PracticeList):
        return sharing.list_(matches, now, words)
    match = next((each for each in matches if each.id == what.match), None)
    if match is None:
        return None
    if isinstance(what, references_partnership.AskPractice):
        return sharing.ask(match, words)
    return (
        sharing.introduction(match, words)
        if isinstance(what, references_partnership.Introduction)
        else sharing.answered(match, words)
    )


def tell_networks(
    connection: Connection, shelf: FrameworkShelf, what: AboutNetworks, person: Known, words: Words
) -> Blocks | None:
    memberships = services.memberships_of(connection, person.id)
    facilitated = services.facilitated_by(connection, person.id)
    if isinstance(what, references_partnership.NetworkList):
        return networks.list_(memberships, facilitated, words)
    if isinstance(what, references_partnership.AskNetwork):
        place = (what.network, what.partnership)
        asked = next((each for each in memberships if (each.network, each.partnership) == place), None)
        return None if asked is None else networks.ask(asked, words)
    name = next((each.name for each in facilitated if each.id == what.network), None)
    facts = network_reports.kept(connection, what.network, what.framework, what.since)
    if name is None or facts is None:
        return None
    framework = shelf.get(connection, what.framework, what.version)
    return networks.totals(name, framework, period_from(what.since), facts, words)


def tell_channel(
    connection: Connection, shelf: FrameworkShelf, what: references_partnership.AgreedActionsPosted
) -> Blocks:
    """The message for everybody in a channel, in its language or in both."""
    name = led_cycles.partnership_name(connection, what.partnership)
    together = agreed_actions.posted_together(connection, shelf, what.posting)
    languages = languages_of(what.language)
    return tuple(block for each in languages for block in wording.posted(name, together, words_of(each)))
