"""Store what an event changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.apply.post_agreed_actions import mended_actions, new_actions
from bot.apply.post_report import Post, post_report, preview_report, send_pack
from bot.decide import changes
from bot.decide.changes import Change, Reply
from bot.decide.turn_state import TurnState, awaiting_to_json
from bot.inbound import buttons, buttons_partnership
from bot.inbound.events import Incoming
from bot.messages import references, references_partnership
from core.analysis.periods import periods_before
from core.enquiry import Known
from core.services import (
    agreed_actions,
    answering,
    cycles,
    deputies,
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
class Applied:
    """What to say, given what could actually be done."""

    replies: tuple[Reply, ...] = ()
    posts: tuple[Post, ...] = ()
    """Posted in channels after everything else has been said."""


def apply(
    connection: Connection,
    shelf: FrameworkShelf,
    state: TurnState,
    incoming: Incoming,
    wanted: Iterable[Change],
) -> Applied:
    replies: list[Reply] = []
    posts: list[Post] = []
    for change in wanted:
        if isinstance(change, changes.PersonLeft):
            people.forget_conversation(connection, incoming.account)
        elif state.person is not None and isinstance(change, changes.PostReport):
            posted = post_report(connection, shelf, change, state.person, state.now)
            replies.append(posted.answer)
            posts.extend(posted.posts)
        elif state.person is not None and isinstance(change, buttons_partnership.SumUpNetwork):
            replies.extend(_summed_up(connection, change.network, state))
        elif state.person is not None and isinstance(
            change, buttons_partnership.PostAgreedActions | buttons_partnership.RemoveAgreedAction
        ):
            told = _about_channels(connection, change, state.person, state)
            replies.extend(told.replies)
            posts.extend(told.posts)
        elif state.person is not None and isinstance(change, buttons.AskDeputy):
            asked = deputies.ask(connection, state.person.id, change.cycle, change.school, change.person, state.now)
            replies.append(Reply(references.ShortReply("deputy-asked" if asked else "no-deputy"), below=True))
        elif state.person is not None and isinstance(change, changes.PreviewReport):
            replies.extend(preview_report(connection, shelf, change, state.person, state.now))
        elif state.person is not None and isinstance(change, changes.SendPack):
            replies.extend(send_pack(connection, shelf, change, state.person, state.now))
        elif state.person is not None and not (
            _about_answers(connection, change, state) or _about_partnership(connection, change, state.person, state)
        ):
            _about_person(connection, change, state.person, state)
    return Applied(tuple(replies), tuple(posts))


def _summed_up(connection: Connection, network: str, state: TurnState) -> tuple[Reply, ...]:
    """Totals of the last finished term for each framework the network uses; computed once, then stored."""
    period = next(periods_before(state.now.date()))
    members = networks.members_of(connection, network)
    totals = []
    for framework, version in networks.frameworks_of(connection, network):
        network_reports.network_report(connection, network, framework, members, period, state.now)
        totals.append(references_partnership.NetworkTotals(network, framework, version, period.since))
    return tuple(Reply(each, below=True) for each in totals) or (
        Reply(references.ShortReply("no-network"), below=True),
    )


def _about_channels(
    connection: Connection,
    change: buttons_partnership.PostAgreedActions | buttons_partnership.RemoveAgreedAction,
    by: Known,
    state: TurnState,
) -> Applied:
    """What everybody in the partnership's channels sees of the change."""
    match change:
        case buttons_partnership.PostAgreedActions(partnership):
            posts = new_actions(connection, partnership)
            return Applied(
                (Reply(references.ShortReply("actions-posted" if posts else "actions-not-posted"), below=True),), posts
            )
        case buttons_partnership.RemoveAgreedAction(action):
            removed = agreed_actions.remove(connection, action, by.id, state.now)
            if removed is None or removed.posting is None:
                return Applied()
            return Applied((), mended_actions(connection, removed.partnership, removed.posting))


def _about_answers(connection: Connection, change: Change, state: TurnState) -> bool:
    """Store a change to a response; False for any other kind of change."""
    match change:
        case changes.SaveAnswer(response, row, answer):
            answering.save_answer(connection, response, row, answer.level, answer.reason, answer.at)
        case changes.AskFor(response, asked_for):
            answering.ask_for(connection, response, asked_for)
        case changes.SetPriorities(response, subthemes, done):
            answering.set_priorities(connection, response, subthemes, done)
        case changes.KeepNote(response, note):
            answering.keep_note(connection, response, note, state.now)
        case buttons.OfferNote(note_id, yes):
            answering.offer_note(connection, note_id, yes)
        case buttons.ShowNoteTo(note_id, audience):
            answering.show_note_to(connection, note_id, audience)
        case buttons.RemoveNote(note_id):
            answering.remove_note(connection, note_id)
        case buttons.Submit(response):
            answering.submit(connection, response, state.now)
        case _:
            return False
    return True


def _about_partnership(connection: Connection, change: Change, person: Known, state: TurnState) -> bool:
    """Store something said about or for a partnership; False for any other kind of change."""
    match change:
        case changes.AddAgreedAction(new):
            agreed_actions.keep(connection, new, person.id, state.now)
        case changes.SetAgreedActionState(action, now_is):
            agreed_actions.settle(connection, action, now_is, person.id, state.now)
        case changes.KeepVisibilityAnswer(partnership, school, seen, yes):
            visibility.say(connection, partnership, school, seen, yes, person.id, state.now)
        case changes.KeepPracticeAnswer(match, yes):
            practice.say(connection, match, yes, person.id, state.now)
        case buttons_partnership.JoinNetwork(network, partnership, yes):
            networks.join(connection, network, partnership, yes, person.id, state.now)
        case _:
            return False
    return True


def _about_person(connection: Connection, change: Change, person: Known, state: TurnState) -> None:
    match change:
        case changes.SetTalk(active, awaiting):
            answering.set_talk(connection, person.id, active, awaiting_to_json(awaiting))
        case buttons.Speak(language):
            people.set_language(connection, person.id, language)
        case buttons.RemindAt(when):
            people.set_reminder_time(connection, person.id, when)
        case changes.SnoozeUntil(cycle, until):
            nudges.snooze(connection, cycle, person.id, until)
        case changes.Invited(cycle):
            nudges.invited(connection, cycle, person.id, state.now)
        case buttons.StopReminders(cycle):
            nudges.stop(connection, cycle, person.id, state.now)
        case changes.CloseCycle(cycle):
            cycles.close_cycle(connection, cycle, state.now, by=person.id)
        case changes.AwayUntil(until):
            deputies.leave_until(connection, person.id, until)
        case buttons.EraseMe(keep):
            privacy.erase(connection, person.id, state.now, keep_scores=keep)
        case _:
            raise AssertionError(f"a change nobody applies: {type(change).__name__}")
