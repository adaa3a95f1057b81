"""One of every kind of message and of button, about what there is at the end of the recorded story.

They are written as they are stored, so that no change of a name in the code changes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, get_args

from sqlalchemy import Connection, text

from bot.inbound.button_codec import decode
from bot.inbound.buttons import Press
from bot.inbound.events import Account, Conversation
from bot.messages import references
from bot.messages.languages import words_of
from bot.messages.references import PICTURES, MessageReference
from bot.wording.short_replies import lines
from tests.support.live_world import direct
from tests.support.recorded_people import ANN, BEA, BEN, CAT, CHANNEL, DEB, FAY, LEA, MEG, MIA, MILL_CHANNEL

_IDS: Final = {
    "cycle": "SELECT id FROM cycle WHERE partnership_id = 'harbour' AND title = 'Summer 2026'",
    "closed": "SELECT id FROM cycle WHERE partnership_id = 'harbour' AND title = 'Spring 2026'",
    "snapshot": "SELECT s.id FROM snapshot s JOIN cycle c ON c.id = s.cycle_id WHERE c.partnership_id = 'harbour' AND "
    "c.title = 'Spring 2026'",
    "named": "SELECT s.id FROM snapshot s JOIN cycle c ON c.id = s.cycle_id WHERE c.partnership_id = 'meadow'",
    "response": "SELECT response_id FROM talk WHERE person_id = 'ann'",
    "past": "SELECT previous_id FROM response WHERE id = (SELECT response_id FROM talk WHERE person_id = 'ann')",
    "note": "SELECT MAX(id) FROM note WHERE text = 'We plan together every Monday.'",
    "bens": "SELECT response_id FROM talk WHERE person_id = 'ben'",
    "cats": "SELECT response_id FROM talk WHERE person_id = 'cat'",
    "action": "SELECT id FROM agreed_action WHERE owner_id = 'alder'",
    "waiting": "SELECT id FROM agreed_action WHERE owner_id = 'damson'",
    "posting": "SELECT MAX(posted_with) FROM agreed_action WHERE owner_id = 'alder'",
    "match": "SELECT MAX(id) FROM practice_match WHERE receiver_person_id = 'ben' OR giver_person_id = 'finn'",
    "mill": "SELECT id FROM cycle WHERE partnership_id = 'mill' AND title = 'Summer 2026'",
    "mias": "SELECT id FROM response WHERE person_id = 'mia' ORDER BY id DESC LIMIT 1",
    "own-and-group": "SELECT s.id FROM snapshot s JOIN cycle c ON c.id = s.cycle_id WHERE c.title = 'Winter 2026'",
    "named-later": "SELECT MAX(id) FROM snapshot WHERE number = 2",
    "introduced": "SELECT id FROM practice_match WHERE giver_person_id = 'ann' AND receiver_person_id = 'ben'",
}


def _ids(connection: Connection) -> dict[str, object]:
    ids: dict[str, object] = {name: connection.execute(text(query)).scalar_one() for name, query in _IDS.items()}
    for person, name in (("ben", "offer"), ("lea", "draft")):
        found = connection.execute(text("SELECT awaiting FROM talk WHERE person_id = :who"), {"who": person})
        ids[name] = json.loads(found.scalar_one())[name]
    assert None not in ids.values(), ids
    return ids


# Messages

_CAUSES: Final = (
    "other", "archived", "not-in-channel", "channel-not-found", "may-not-post", "removed", "too-long", "unwell",
)  # fmt: skip


_SHORT_REPLIES: Final = """
    account-passed-on action-gone action-too-long actions-not-posted actions-posted away-how away-until closed
    code-expired code-not-needed code-too-many code-used code-wrong day-over day-unclear deputy-asked draft-dropped
    draft-gone earlier-message edited erase-sure erased first-question form-refused joined joined-too language
    no-channel no-cycle-yet no-deputy no-files no-network not-now not-your-action not-your-school not-yours note-gone
    note-too-long nothing-offered nothing-open nothing-to-look-back-on nothing-to-start nothing-to-submit
    nothing-to-switch old-button only-leads only-leads-notes only-leads-pack only-leads-record only-leads-responses
    paused practice-over preview-waits reminder-time-set report-help school-unclear sent-directly snoozed stopped
    three-already too-few-to-close waiting words-only
"""


@dataclass(frozen=True, slots=True)
class ToBeSaid:
    where: Conversation
    person: str | None
    what: MessageReference


def every_message(connection: Connection) -> Iterator[ToBeSaid]:
    for person, where, messages in _messages(_ids(connection)):
        for message in messages:
            yield ToBeSaid(where, person, references.from_json(json.dumps(message)))


def _messages(ids: Mapping[str, object]) -> tuple[tuple[str | None, Conversation, Stored], ...]:
    return (
        ("ann", direct(ANN), _to_a_leader(ids)),
        ("ben", direct(BEN), _to_another(ids)),
        ("deb", direct(DEB), [{"what": "stands-in", "cycle": ids["cycle"], "school": "alder", "leader": "amy"}]),
        ("lea", direct(LEA), _to_a_lead(ids)),
        ("meg", direct(MEG), [{"what": "report", "snapshot": ids["named"], "language": "en", "preview": True}]),
        ("fay", direct(FAY), _to_a_facilitator()),
        ("cat", direct(CAT), [{"what": "review", "response": ids["cats"]}]),
        (None, CHANNEL, _to_everybody(ids)),
        ("mia", direct(MIA), _to_one_of_two_leaders(ids)),
        (None, MILL_CHANNEL, _to_everybody_of_mill(ids)),
    )


Stored: TypeAlias = list[dict[str, object]]


def _named(*names: str) -> Stored:
    return [{"what": name} for name in names]


def _to_a_leader(ids: Mapping[str, object]) -> Stored:
    """What somebody is asked for comes last, or they would be taken to have left it."""
    response, cycle, snapshot = (ids[name] for name in ("response", "cycle", "snapshot"))
    seen = {"partnership": "harbour", "school": "alder"}
    return [
        {"what": "invitation", "cycle": cycle},
        {"what": "card", "response": response, "subtheme": "1.1"},
        {"what": "card", "response": response, "subtheme": "1.1", "changed": "1.1.a"},
        {"what": "priorities", "response": response},
        {"what": "review", "response": response},
        {"what": "submitted", "response": response, "again": False},
        {"what": "others-see", "cycle": cycle},
        {"what": "hint", "response": response, "criterion": "1.2.a"},
        {"what": "note-kept", "note": ids["note"]},
        {"what": "line", "name": "paused", "cycle": cycle},
        {"what": "nudge", "cycle": cycle, "last_day": False},
        {"what": "nudge", "cycle": cycle, "last_day": True},
        {"what": "own-report", "snapshot": snapshot, "school": "alder"},
        {"what": "look-back", "response": ids["past"]},
        {"what": "action", "action": ids["action"]},
        {"what": "actions-looked-at", "partnership": "harbour"},
        {"what": "ask-seen", **seen},
        {"what": "said-seen", **seen},
        {"what": "introduction", "match": ids["introduced"]},
        {"what": "response-passed-on", "response": response},
        *_named(
            "deputies", "status", "help", "switch", "reminder-times", "my-data", "agreed", "visibilities", "practice"
        ),
        {"what": "write-note", "response": response, "subtheme": "1.2", "kind": "development"},
    ]


def _to_another(ids: Mapping[str, object]) -> Stored:
    return [
        {"what": "offer-text", "offer": ids["offer"]},
        {"what": "ask-practice", "match": ids["introduced"]},
        {"what": "practice-answered", "match": ids["introduced"]},
    ]


def _to_a_lead(ids: Mapping[str, object]) -> Stored:
    cycle, closed, snapshot = (ids[name] for name in ("cycle", "closed", "snapshot"))
    report = {"snapshot": snapshot, "language": "en", "preview": True}
    return [
        {"what": "out-of-reach", "school": "fir"},
        {"what": "account-deactivated", "person": "finn"},
        {"what": "leads-no-more", "school": "fir"},
        {"what": "cycle-closed", "cycle": closed},
        {"what": "cycle-dates", "cycle": cycle},
        {"what": "report-choice", "cycle": cycle, "area": "2"},
        {"what": "which-report"},
        {"what": "which-report", "named": [[closed, ""], [closed, "2"]], "preview": True},
        {"what": "reports-there"},
        {"what": "report", **report},
        *({"what": "report-picture", "name": name, **report} for name in PICTURES[1:]),
        {"what": "which-pack", "cycles": [closed]},
        {"what": "meeting-pack", "snapshot": snapshot},
        *(
            {"what": "report-posted", "snapshot": snapshot, "state": state, "attempt": 1, "area": area}
            for state, area in (("on-its-way", ""), ("arrived", ""), ("there", "2"), ("doubtful", ""), ("failed", ""))
        ),
        *(
            {"what": "report-posted", "snapshot": snapshot, "state": "failed", "attempt": 1, "cause": cause}
            for cause in _CAUSES
        ),
        {"what": "not-as-wished", "cycle": cycle},
        {"what": "networks"},
        {"what": "ask-network", "network": "three-bays", "partnership": "harbour"},
        {"what": "shared-notes"},
        {"what": "responses"},
        {"what": "action-form", "draft": ids["draft"]},
    ]


def _to_a_facilitator() -> Stored:
    totals = {"network": "three-bays", "framework": "partnership-enquiry", "version": "1.0", "since": "2026-01-01"}
    return [{"what": "network-totals", **totals}]


def _to_everybody(ids: Mapping[str, object]) -> Stored:
    report = {"snapshot": ids["snapshot"], "language": "both"}
    return [
        {"what": "channel-welcome", "language": "both"},
        {"what": "actions-posted", "partnership": "harbour", "posting": ids["posting"], "language": "both"},
        {"what": "report", **report},
        {"what": "report", **report, "area": "2"},
        *({"what": "report-picture", "name": name, **report} for name in PICTURES[1:]),
    ]


def _to_one_of_two_leaders(ids: Mapping[str, object]) -> Stored:
    """What she is told in the cycle that is open, and of the reports of those before."""
    response, cycle = ids["mias"], ids["mill"]
    return [
        *({"what": "line", "name": name, "cycle": cycle} for name in _SHORT_REPLIES.split()),
        {"what": "write-note", "response": response, "subtheme": "1.1", "kind": "evidence"},
        {"what": "others-see", "cycle": cycle},
        {"what": "priorities", "response": response},
        {"what": "review", "response": response},
        {"what": "submitted", "response": response, "again": True},
        {"what": "own-report", "snapshot": ids["own-and-group"], "school": "mill-1"},
        {"what": "own-report", "snapshot": ids["named-later"], "school": "mill-1"},
    ]


def _to_everybody_of_mill(ids: Mapping[str, object]) -> Stored:
    reports = [{"snapshot": ids[each], "language": "both"} for each in ("own-and-group", "named-later")]
    return [
        *({"what": "report", **each} for each in reports),
        *({"what": "report-picture", "name": name, **each} for each in reports for name in PICTURES[1:]),
    ]


def kinds_missing() -> set[type[object]]:
    """The kinds of message and of button that have no sample here."""
    ids: dict[str, object] = dict.fromkeys((*_IDS, "offer", "draft"), 1)
    messages = {type(references.from_json(json.dumps(each))) for _, _, stored in _messages(ids) for each in stored}
    pressed = {type(decode(carried.format(**ids))) for written in _BUTTONS.values() for carried in written.split()}
    return {*get_args(get_args(MessageReference)[0]), *get_args(Press)} - messages - pressed


def short_replies_missing() -> set[str]:
    return {*lines(words_of("en"))} - {*_SHORT_REPLIES.split()}


# Buttons

_BUTTONS: Final = {
    ANN: """
        Score|{response}|1.2.b|school|4|0
        Score|{response}|1.1.a|partnership|cannot_say|1
        Skip|{response}|2.2.b
        Back|{response}
        CarryOn|{response}
        Change|{response}|1.1.b
        Pause|{response}
        ShowHint|{response}|2.1.a
        AddNote|{response}|1.1|strength
        WriteNote|{response}|1.2|development
        OfferNote|{note}|no
        ShowNoteTo|{note}|lead
        RemoveNote|{note}
        Prioritise|{response}|1.3|yes
        PrioritiesDone|{response}
        OpenReview|{response}
        ChangePriorities|{response}
        Submit|{response}
        Start|{cycle}|alder
        NotNow|{cycle}
        Snooze|{cycle}|7
        StopReminders|{cycle}
        StopAllReminders
        Resume
        RemindAt|lunch
        ShowReminderTimes
        ShowHelp
        ShowStatus
        ShowSwitch
        ShowOthersSee|{cycle}
        Speak|cy
        LookBack
        AskDeputy|{cycle}|alder|deb
        EraseMe
        EraseMe|yes
        ShowAgreed
        SettleAction|{action}|no|no
        ShowVisibility
        SaySeen|harbour|alder|open|no|no
        ShowPractice
        AnswerPractice|{introduced}|yes|no
        Score|{past}|1.1.a|school|2|1
    """,
    BEN: """
        KeepText|{bens}|{offer}|strength
        DropText|{bens}|{offer}
        AnswerPractice|{match}|yes|yes
    """,
    CAT: """
        Submit|{cats}
        Prioritise|{cats}|1.3|no
        Change|{cats}|2.1
        LookBack
    """,
    LEA: """
        CloseAndReport|{cycle}|
        CloseAndReport|{cycle}
        PostLast|{cycle}
        Wait|{cycle}
        PostAgain|{closed}|2|
        PostAgain|{closed}|1
        ReportOf|harbour|yes
        ReportOn|{closed}|2|yes
        ReportOn|{closed}
        PackOf|{closed}
        RecordAction
        DraftPartnership|{draft}|harbour
        DraftSubtheme|{draft}|2.2
        DraftWords|{draft}
        DraftOwner|{draft}|birch
        DraftDue|{draft}|next-meeting
        DraftDue|{draft}|
        DropDraft|{draft}
        ShowAgreed
        SettleAction|{waiting}|yes|yes
        RemoveAction|{action}
        PostActions|harbour
        ShowNetworks
        JoinNetwork|three-bays|harbour|no
    """,
    FAY: "SumUpNetwork|three-bays",
    BEA: "LookBack",
}


def every_button(connection: Connection) -> Iterator[tuple[Account, str]]:
    """Who presses it, and what it carries."""
    ids = _ids(connection)
    for who, written in _BUTTONS.items():
        for carried in written.split():
            yield who, carried.format(**ids)
