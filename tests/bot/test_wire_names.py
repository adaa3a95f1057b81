"""What posted messages carry and what waits in the database, as it has been written since the first version.

A message that was posted last term is pressed today, and what was stored last term is read today. So nothing in these
lists may change or go: classes and fields of the code are renamed freely, their names on the wire stay. What is new is
added.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import get_args

import pytest

from bot.apply.enqueue import key_of
from bot.decide.turn_state import Awaiting, awaiting_from_json, awaiting_to_json
from bot.inbound.button_codec import BUTTONS as BUTTONS_BY_NAME
from bot.inbound.button_codec import decode, encode
from bot.inbound.buttons import Press
from bot.messages.languages import words_of
from bot.messages.references import PICTURES as PICTURES_OF_A_REPORT
from bot.messages.references import MessageReference, from_json, to_json
from bot.wording.short_replies import lines
from core.enquiry import Audience, NoteKind, Visibility
from core.framework import Perspective
from integrations.slack import form
from integrations.teams import cards

# Each with all its values; where the last ones may be missing, first without them.
BUTTONS = (
    "Score|7|text|school|text|7",
    "Skip|7|text",
    "Back|7",
    "CarryOn|7",
    "Change|7|text",
    "Pause|7",
    "ShowHint|7|text",
    "AddNote|7|text|strength",
    "WriteNote|7|text|strength",
    "KeepText|7|7|strength",
    "DropText|7|7",
    "OfferNote|7|yes",
    "ShowNoteTo|7|lead",
    "RemoveNote|7",
    "Prioritise|7|text|yes",
    "PrioritiesDone|7",
    "OpenReview|7",
    "ChangePriorities|7",
    "Submit|7",
    "Start|7|text",
    "NotNow|7",
    "Snooze|7|7",
    "StopReminders|7",
    "StopAllReminders",
    "Resume",
    "RemindAt|text",
    "ShowReminderTimes",
    "ShowHelp",
    "ShowStatus",
    "ShowSwitch",
    "ShowOthersSee|7",
    "Speak|text",
    "CloseAndReport|7",
    "CloseAndReport|7|text",
    "PostLast|7",
    "Wait|7",
    "PostAgain|7|7",
    "PostAgain|7|7|text",
    "ReportOf|text",
    "ReportOf|text|yes",
    "ReportOn|7",
    "ReportOn|7|text|yes",
    "PackOf|7",
    "LookBack",
    "AskDeputy|7|text|text",
    "EraseMe",
    "EraseMe|yes",
    "RecordAction",
    "DraftPartnership|7|text",
    "DraftSubtheme|7|text",
    "DraftWords|7",
    "DraftOwner|7|text",
    "DraftDue|7|text",
    "DropDraft|7",
    "ShowAgreed",
    "SettleAction|7|yes|yes",
    "RemoveAction|7",
    "PostActions|text",
    "ShowVisibility",
    "SaySeen|text|text|own-and-group|yes|yes",
    "ShowPractice",
    "AnswerPractice|7|yes|yes",
    "ShowNetworks",
    "JoinNetwork|text|text|yes",
    "SumUpNetwork|text",
)
MESSAGE_REFERENCES = (
    '{"cycle":7,"what":"invitation"}',
    '{"response":7,"subtheme":"text","changed":"text","what":"card"}',
    '{"response":7,"what":"priorities"}',
    '{"response":7,"what":"review"}',
    '{"response":7,"again":true,"what":"submitted"}',
    '{"cycle":7,"what":"others-see"}',
    '{"response":7,"criterion":"text","what":"hint"}',
    '{"response":7,"subtheme":"text","kind":"strength","what":"write-note"}',
    '{"note":7,"what":"note-kept"}',
    '{"offer":7,"what":"offer-text"}',
    '{"what":"status"}',
    '{"what":"help"}',
    '{"what":"switch"}',
    '{"what":"reminder-times"}',
    '{"what":"my-data"}',
    '{"name":"text","cycle":7,"what":"line"}',
    '{"school":"text","what":"out-of-reach"}',
    '{"person":"text","what":"account-deactivated"}',
    '{"what":"deputies"}',
    '{"cycle":7,"school":"text","leader":"text","what":"stands-in"}',
    '{"school":"text","what":"leads-no-more"}',
    '{"response":7,"what":"response-passed-on"}',
    '{"language":"text","what":"channel-welcome"}',
    '{"cycle":7,"last_day":true,"what":"nudge"}',
    '{"cycle":7,"what":"cycle-closed"}',
    '{"cycle":7,"what":"cycle-dates"}',
    '{"cycle":7,"area":"text","what":"report-choice"}',
    '{"named":[[7,"text"]],"preview":true,"what":"which-report"}',
    '{"what":"reports-there"}',
    '{"snapshot":7,"language":"text","area":"text","preview":true,"what":"report"}',
    '{"snapshot":7,"language":"text","name":"overview","area":"text","preview":true,"what":"report-picture"}',
    '{"snapshot":7,"school":"text","what":"own-report"}',
    '{"cycles":[7],"what":"which-pack"}',
    '{"snapshot":7,"what":"meeting-pack"}',
    '{"snapshot":7,"state":"on-its-way","attempt":7,"area":"text","cause":"other","what":"report-posted"}',
    '{"response":7,"what":"look-back"}',
    '{"partnership":"text","posting":7,"language":"text","what":"actions-posted"}',
    '{"draft":7,"what":"action-form"}',
    '{"action":7,"what":"action"}',
    '{"what":"agreed"}',
    '{"partnership":"text","what":"actions-looked-at"}',
    '{"what":"visibilities"}',
    '{"partnership":"text","school":"text","what":"ask-seen"}',
    '{"partnership":"text","school":"text","what":"said-seen"}',
    '{"cycle":7,"what":"not-as-wished"}',
    '{"match":7,"what":"ask-practice"}',
    '{"match":7,"what":"practice-answered"}',
    '{"match":7,"what":"introduction"}',
    '{"what":"practice"}',
    '{"what":"networks"}',
    '{"network":"text","partnership":"text","what":"ask-network"}',
    '{"network":"text","framework":"text","version":"text","since":"2026-09-01","what":"network-totals"}',
    '{"what":"shared-notes"}',
    '{"what":"responses"}',
)
AWAITED = (
    '{"response":7,"subtheme":"text","kind":"strength","what":"note-wanted"}',
    '{"response":7,"offer":7,"subtheme":"text","text":"text","what":"text-offered"}',
    '{"draft":7,"partnership":"text","subtheme":"text","words":"text","owner":"text","due":"text","what":"action-draft"}',
)
KEYS = {
    "card": "card:7:text",
    "priorities": "priorities:7",
    "review": "review:7",
    "note-kept": "note:7",
    "offer-text": "offer:7",
    "action-form": "action-form:7",
    "action": "action:7",
    "agreed": "agreed",
    "visibilities": "visibilities",
    "practice": "practice",
}
SHORT_REPLIES = (
    "old-button",
    "not-yours",
    "closed",
    "nothing-to-start",
    "nothing-open",
    "nothing-to-switch",
    "nothing-to-submit",
    "nothing-offered",
    "note-gone",
    "note-too-long",
    "first-question",
    "three-already",
    "paused",
    "not-now",
    "language",
    "reminder-time-set",
    "snoozed",
    "stopped",
    "erase-sure",
    "erased",
    "report-help",
    "preview-waits",
    "only-leads",
    "only-leads-pack",
    "no-cycle-yet",
    "too-few-to-close",
    "waiting",
    "no-channel",
    "only-leads-record",
    "action-gone",
    "not-your-action",
    "draft-gone",
    "draft-dropped",
    "action-too-long",
    "school-unclear",
    "day-unclear",
    "day-over",
    "actions-posted",
    "actions-not-posted",
    "not-your-school",
    "nothing-to-look-back-on",
    "only-leads-notes",
    "only-leads-responses",
    "practice-over",
    "no-network",
    "deputy-asked",
    "no-deputy",
    "away-until",
    "away-how",
    "joined",
    "joined-too",
    "account-passed-on",
    "code-not-needed",
    "code-used",
    "code-expired",
    "code-wrong",
    "code-too-many",
    "words-only",
    "no-files",
    "edited",
    "form-refused",
    "earlier-message",
    "sent-directly",
)
PICTURES = ("overview", "schools", "schools-partnership", "counts", "priorities", "forms", "trend")
VALUES = {
    Perspective: ("school", "partnership"),
    NoteKind: ("strength", "development", "evidence"),
    Audience: ("school", "lead", "meeting"),
    Visibility: ("open", "own-and-group", "lead-only"),
}


@pytest.mark.parametrize("carried", BUTTONS)
def test_a_button_of_an_old_message_is_understood(carried: str) -> None:
    button = decode(carried)
    assert button is not None
    assert encode(button).startswith(carried)


def test_every_button_is_in_the_list() -> None:
    assert {carried.partition("|")[0] for carried in BUTTONS} == set(BUTTONS_BY_NAME)
    assert set(BUTTONS_BY_NAME.values()) == set(get_args(Press))


@pytest.mark.parametrize("kind", VALUES)
def test_what_is_written_for_a_choice_stays(kind: type[Perspective | NoteKind | Audience | Visibility]) -> None:
    assert {each.value for each in kind} == set(VALUES[kind])


def test_every_picture_of_a_report_is_in_the_list() -> None:
    assert set(PICTURES_OF_A_REPORT) == set(PICTURES)


@pytest.mark.parametrize("stored", MESSAGE_REFERENCES)
def test_a_message_that_was_stored_is_understood(stored: str) -> None:
    assert to_json(from_json(stored)) == stored


def test_every_short_reply_is_in_the_list() -> None:
    assert set(lines(words_of("en"))) == set(SHORT_REPLIES)


def test_a_later_version_takes_the_place_of_the_same_message() -> None:
    whats = [from_json(stored) for stored in MESSAGE_REFERENCES]
    assert {what.what: key for what in whats if (key := key_of(what)) is not None} == KEYS


@pytest.mark.parametrize("stored", AWAITED)
def test_what_was_asked_last_is_understood(stored: str) -> None:
    assert awaiting_to_json(awaiting_from_json(stored)) == stored


def test_every_message_and_everything_awaited_is_in_the_lists() -> None:
    assert _whats(MESSAGE_REFERENCES) == _declared(MessageReference)
    assert _whats(AWAITED) == _declared(Awaiting)


def test_a_form_in_slack_carries_the_same() -> None:
    carried = (
        '{"action":"WriteNote|7|1.1|strength","name":"text",'
        '"lang":"cy","label":"L","hint":"H","value":"V","submit":"S"}'
    )
    read = form.read(carried)
    assert read is not None
    assert read.model_dump_json() == carried


def test_a_button_in_teams_carries_the_same() -> None:
    assert (cards.VERB, cards.ACTION) == ("press", "action")


def _whats(stored: Iterable[str]) -> set[str]:
    return {json.loads(each)["what"] for each in stored}


def _declared(union: object) -> set[str]:
    return {kind.__dataclass_fields__["what"].default for kind in get_args(get_args(union)[0])}
