"""Keep what an event changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.apply.post_agreed_actions import mended_actions, new_actions
from bot.apply.post_report import Post, post_report, preview_report, send_pack
from bot.decide import changes
from bot.decide.changes import Change, Say
from bot.decide.turn_state import Snapshot, awaiting_to_json
from bot.inbound.events import Incoming
from bot.messages import references, references_partnership
from core.analysis.periods import periods_before
from core.enquiry import Known
from core.services import (
    agreed_actions,
    answering,
    cycles,
    network_reports,
    networks,
    nudges,
    people,
    practice,
    privacy,
    visibility,
)
from core.storage.frameworks import FrameworkShelf


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said because of what could be done."""

    says: tuple[Say, ...] = ()
    posts: tuple[Post, ...] = ()
    """To be posted in channels once all else has been said."""


def apply(
    connection: Connection,
    shelf: FrameworkShelf,
    snapshot: Snapshot,
    incoming: Incoming,
    wanted: Iterable[Change],
) -> Told:
    says: list[Say] = []
    posts: list[Post] = []
    for change in wanted:
        if isinstance(change, changes.PersonLeft):
            people.forget_conversation(connection, incoming.account)
        elif snapshot.person is not None and isinstance(change, changes.PostReport):
            posted = post_report(connection, shelf, change, snapshot.person, snapshot.now)
            says.append(posted.answer)
            posts.extend(posted.posts)
        elif snapshot.person is not None and isinstance(change, changes.SumUpNetwork):
            says.extend(_summed_up(connection, change.network, snapshot))
        elif snapshot.person is not None and isinstance(change, changes.PostActions | changes.RemoveAction):
            told = _about_channels(connection, change, snapshot.person, snapshot)
            says.extend(told.says)
            posts.extend(told.posts)
        elif snapshot.person is not None and isinstance(change, changes.PreviewReport):
            says.extend(preview_report(connection, shelf, change, snapshot.person, snapshot.now))
        elif snapshot.person is not None and isinstance(change, changes.SendPack):
            says.extend(send_pack(connection, shelf, change, snapshot.person, snapshot.now))
        elif snapshot.person is not None and not (
            _about_answers(connection, change, snapshot)
            or _about_partnership(connection, change, snapshot.person, snapshot)
        ):
            _about_person(connection, change, snapshot.person, snapshot)
    return Told(tuple(says), tuple(posts))


def _summed_up(connection: Connection, network: str, snapshot: Snapshot) -> tuple[Say, ...]:
    """The last term that is over, for each framework that the network's partnerships use; made once, and kept."""
    period = next(periods_before(snapshot.now.date()))
    members = networks.members_of(connection, network)
    totals = []
    for framework, version in networks.frameworks_of(connection, network):
        network_reports.network_report(connection, network, framework, members, period, snapshot.now)
        totals.append(references_partnership.NetworkTotals(network, framework, version, period.since))
    return tuple(Say(each, below=True) for each in totals) or (Say(references.Line("no-network"), below=True),)


def _about_channels(
    connection: Connection, change: changes.PostActions | changes.RemoveAction, by: Known, snapshot: Snapshot
) -> Told:
    """What everybody in the partnership's channels sees of it."""
    match change:
        case changes.PostActions(partnership):
            posts = new_actions(connection, partnership)
            return Told((Say(references.Line("actions-posted" if posts else "actions-not-posted"), below=True),), posts)
        case changes.RemoveAction(action):
            removed = agreed_actions.remove(connection, action, by.id, snapshot.now)
            if removed is None or removed.posting is None:
                return Told()
            return Told((), mended_actions(connection, removed.partnership, removed.posting))


def _about_answers(connection: Connection, change: Change, snapshot: Snapshot) -> bool:
    """Keep a change of a response; False for a change of another kind."""
    match change:
        case changes.SaveAnswer(response, row, answer):
            answering.save_answer(connection, response, row, answer.level, answer.reason, answer.at)
        case changes.AskFor(response, asked_for):
            answering.ask_for(connection, response, asked_for)
        case changes.SetPriorities(response, subthemes, done):
            answering.set_priorities(connection, response, subthemes, done)
        case changes.KeepNote(response, note):
            answering.keep_note(connection, response, note, snapshot.now)
        case changes.OfferNote(note_id, yes):
            answering.offer_note(connection, note_id, yes)
        case changes.ShowNoteTo(note_id, audience):
            answering.show_note_to(connection, note_id, audience)
        case changes.RemoveNote(note_id):
            answering.remove_note(connection, note_id)
        case changes.Submit(response):
            answering.submit(connection, response, snapshot.now)
        case _:
            return False
    return True


def _about_partnership(connection: Connection, change: Change, person: Known, snapshot: Snapshot) -> bool:
    """Keep what somebody said about or for a partnership; False for a change of another kind."""
    match change:
        case changes.AgreeAction(new):
            agreed_actions.keep(connection, new, person.id, snapshot.now)
        case changes.SettleAction(action, state):
            agreed_actions.settle(connection, action, state, person.id, snapshot.now)
        case changes.SaySeen(partnership, school, seen, yes):
            visibility.say(connection, partnership, school, seen, yes, person.id, snapshot.now)
        case changes.AnswerPractice(match, yes):
            practice.say(connection, match, yes, person.id, snapshot.now)
        case changes.JoinNetwork(network, partnership, yes):
            networks.join(connection, network, partnership, yes, person.id, snapshot.now)
        case _:
            return False
    return True


def _about_person(connection: Connection, change: Change, person: Known, snapshot: Snapshot) -> None:
    match change:
        case changes.SetTalk(active, awaiting):
            answering.set_talk(connection, person.id, active, awaiting_to_json(awaiting))
        case changes.Speak(language):
            people.set_language(connection, person.id, language)
        case changes.RemindAt(when):
            people.set_reminder_time(connection, person.id, when)
        case changes.Snooze(cycle, until):
            nudges.snooze(connection, cycle, person.id, until)
        case changes.Invited(cycle):
            nudges.invited(connection, cycle, person.id, snapshot.now)
        case changes.StopReminders(cycle):
            nudges.stop(connection, cycle, person.id, snapshot.now)
        case changes.CloseCycle(cycle):
            cycles.close_cycle(connection, cycle, snapshot.now, by=person.id)
        case changes.EraseMe():
            privacy.erase(connection, person.id, snapshot.now)
        case _:
            raise AssertionError(f"a change nobody applies: {type(change).__name__}")
