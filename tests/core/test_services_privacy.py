"""A person can take out a copy of all that is kept about them, and be erased, and reports stay true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from core.enquiry import Account, Audience, Note, NoteKind, Visibility
from core.services import (
    answering,
    cycles,
    linking,
    people,
    privacy,
    visibility,
)
from core.services.scores import submitted_scores
from core.storage import outbox, tables
from core.storage.frameworks import FrameworkShelf
from tests.support.enquiries import MONDAY, NEXT_MONDAY, answer, bring
from tests.support.partnership_files import river

LEVELS = {"1.1.a": (4, 3), "1.1.b": (4, 3)}


@pytest.fixture(autouse=True)
def a_closed_and_an_open_cycle(connection: Connection) -> None:
    """Ann led the closed cycle's meeting and answered both cycles; everything that can be kept about her is."""
    account = "{platform: web, tenant: demo, user: ann-web}"
    ann = f"  - {{id: ann, name: Ann Secret, email: ann@secret.example, accounts: [{account}]}}"
    bring(connection, river(people=("ben", "cat", "dan", "lea"), leads=("lea", "ann"), more_people=ann))
    shelf = FrameworkShelf()
    first = cycles.open_cycle(connection, shelf, "river", "Summer", NEXT_MONDAY, None, MONDAY)
    for school, person in (("alder", "ann"), ("birch", "ben"), ("cedar", "cat"), ("damson", "dan")):
        answer(connection, first.id, school, person, LEVELS, votes=["1.1"])
        _write(connection, _response(connection, person), f"{person}'s secret note")
    cycles.close_cycle(connection, first.id, MONDAY, by="ann")
    second = cycles.open_cycle(connection, shelf, "river", "Autumn", NEXT_MONDAY, None, MONDAY)
    answer(connection, second.id, "alder", "ann", LEVELS, votes=["1.2"])
    answer(connection, second.id, "birch", "ben", LEVELS)
    _talk_with(connection, second.id, "ann")
    _talk_with(connection, second.id, "ben")
    linking.new_code(connection, "ann", MONDAY)
    for school, person in (("alder", "ann"), ("birch", "ben")):
        visibility.say(connection, "river", school, Visibility.OPEN, True, person, MONDAY)


def _response(connection: Connection, person: str) -> int:
    return connection.execute(select(func.max(tables.Response.id)).filter_by(person_id=person)).scalar_one()


def _write(connection: Connection, response: int, text: str) -> None:
    note = Note(1000 + response, "1.1", NoteKind.STRENGTH, text, Audience.SCHOOL, None)
    answering.keep_note(connection, response, note, MONDAY)


def _talk_with(connection: Connection, cycle: int, person: str) -> None:
    account, direct = Account("web", "demo", f"{person}-web"), f"direct-{person}"
    people.remember_conversation(connection, account, direct, MONDAY)
    answering.set_talk(connection, person, _response(connection, person), f'"{person}\'s secret words"')
    for where, kind, private_to in ((direct, "direct", None), ("river-channel", "channel", f"{person}-web")):
        outbox.put(
            connection,
            platform="web",
            tenant="demo",
            conversation=where,
            kind=kind,
            private_to=private_to,
            person=person,
            key=f"{person}:{kind}",
            prompt="{}",
            manner="below",
            now=MONDAY,
        )
    for table in (tables.Posted, tables.Hold):
        posted = {"key": "1", "message_id": "1", "person_id": person, "posted_at": MONDAY}
        rest = posted if table is tables.Posted else {"until": MONDAY}
        connection.execute(insert(table).values(platform="web", tenant="demo", conversation=direct, **rest))
    own = {"platform": "web", "tenant": "demo", "conversation": f"{person}-web"}
    reached = {"service_url": "https://chat.example/", "address": direct, "member": f"29:{person}-web"}
    connection.execute(insert(tables.ConversationReference).values(**own, **reached, seen_at=MONDAY))
    shared = {"token": f"{person}-token", "key": "1", "name": "x", "media_type": "text/csv", "content": b"secret"}
    connection.execute(insert(tables.SharedFile).values(**own, **shared, expires_at=MONDAY))
    connection.execute(insert(tables.Nudge).values(cycle_id=cycle, person_id=person, slot="opening", planned_at=MONDAY))
    connection.execute(insert(tables.NudgeChoice).values(cycle_id=cycle, person_id=person, stopped_at=MONDAY))
    for author, visible_to, where in (
        (f"{person}-web", None, direct),
        ("", None, direct),
        (f"{person}-web", None, "river-channel"),
        ("", f"{person}-web", "river-channel"),
    ):
        message = {"author": author, "visible_to": visible_to, "conversation": where, "body": f"{person}'s secret chat"}
        number = connection.scalar(
            insert(tables.BrowserMessage).values(**message, sent_at=MONDAY).returning(tables.BrowserMessage.id)
        )
        file = {
            "id": f"file-{number}",
            "message_id": number,
            "name": "x",
            "media_type": "text/csv",
            "content": b"secret",
        }
        connection.execute(insert(tables.BrowserFile).values(file))


def everything(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables.Base.metadata.sorted_tables
        if table.name != "framework"
    }


def test_the_copy_holds_nothing_of_the_same_user_id_in_another_workspace(connection: Connection) -> None:
    copy = privacy.everything_about(connection, "ann")
    for table in (tables.ConversationReference, tables.SharedFile):
        moved = update(table).where(table.conversation == "ben-web").values(tenant="elsewhere", conversation="ann-web")
        connection.execute(moved)
    assert privacy.everything_about(connection, "ann") == copy


def test_the_copy_holds_what_they_said_and_what_was_done_for_them(connection: Connection) -> None:
    copy = privacy.everything_about(connection, "ann")
    assert copy["you"] == {
        "id": "ann", "name": "Ann Secret", "email": "ann@secret.example", "language": "en",
        "reminder_time": "after-school", "away_until": None,
    }  # fmt: skip
    counts = {name: len(part) for name, part in copy.items() if isinstance(part, list)}
    assert counts == {
        "accounts": 1,
        "where you are reached": 1,
        "files of messages to you": 1,
        "codes to join an account": 1,
        "your ids in partnerships' files": 1,
        "schools whose deputy you are": 0,
        "schools you lead": 1,
        "roles in partnerships": 1,
        "enquiries": 2,
        "answers": 8,  # two criteria from two perspectives in two cycles
        "notes": 1,
        "priorities you chose": 2,
        "what you said for a school about being seen": 1,
        "proposals to share practice": 0,
        "where the conversation stands": 1,
        "reminders": 1,
        "what you asked of reminders": 1,
        "schools whose answers you knew when a report was made": 0,
        "what you are still to be told": 0,
        "messages to you": 2,
        "messages of yours that can be edited": 1,
        "browser chat": 4,
        "what you did that others rely on": 2,
    }


def test_the_copy_is_a_file_that_other_programs_can_read_with_nobody_elses_words(connection: Connection) -> None:
    text = privacy.everything_as_json(connection, "ann")
    assert json.loads(text)["notes"][0]["text"] == "ann's secret note"
    assert "ben" not in text.lower()


def test_every_table_that_speaks_of_a_person_is_in_the_copy_and_in_the_erasure() -> None:
    """Whoever adds a table about people has to say here that both know of it."""
    about_people = {
        table.name
        for table in tables.Base.metadata.sorted_tables
        if {"person_id", "response_id", "conversation", "private_to", "giver_person_id", "user"}
        & set(table.columns.keys())
    }
    assert about_people - {"channel"} == {
        "account", "answer", "audit", "browser_message", "conversation_reference", "deputy", "hold", "leader",
        "link_attempt", "link_code", "listed_person", "note", "notice", "nudge", "nudge_choice", "outbox",
        "partnership_role", "posted", "practice_match", "priority_vote", "response", "shared_file",
        "snapshot_reader", "stand_in", "talk", "visibility_consent",
    }  # fmt: skip


def test_nothing_leads_to_an_erased_person(connection: Connection) -> None:
    privacy.erase(connection, "ann", MONDAY)
    left = repr(everything(connection)).lower()
    for trace in ("ann's", "ann secret", "ann@secret", "'ann'", "ann-web", "direct-ann", "ann-token"):
        assert trace not in left
    assert people.person_of(connection, Account("web", "demo", "ann-web")) is None
    assert not people.is_lead(connection, "ann", "river")
    with pytest.raises(LookupError):
        privacy.everything_about(connection, "ann")


def test_a_conversation_that_is_somebody_elses_by_now_is_left_alone(connection: Connection) -> None:
    """Ann had Ben's account once, and is erased; of what was said there, what was for her goes."""
    told_ann = {"key": "told ann", "message_id": "2", "person_id": "ann", "posted_at": MONDAY}
    where = {"platform": "web", "tenant": "demo", "conversation": "direct-ben"}
    connection.execute(insert(tables.Posted).values(where | told_ann))
    before = privacy.everything_as_json(connection, "ben")
    privacy.erase(connection, "ann", MONDAY)
    assert privacy.everything_as_json(connection, "ben") == before
    left = connection.scalars(select(tables.Posted.key).filter_by(**where)).all()
    assert left == ["1"]


def test_everybody_else_is_left_as_they_were(connection: Connection) -> None:
    before = privacy.everything_as_json(connection, "ben")
    privacy.erase(connection, "ann", MONDAY)
    assert privacy.everything_as_json(connection, "ben") == before


def test_answers_of_an_open_cycle_are_gone(connection: Connection) -> None:
    privacy.erase(connection, "ann", MONDAY)
    current = cycles.current_cycle(connection, "river", MONDAY)
    assert current is not None
    assert cycles.progress(connection, current.id).submitted == {"birch"}


def test_a_report_is_the_same_made_before_or_after(connection: Connection) -> None:
    last = cycles.last_closed(connection, "river", MONDAY)
    assert last is not None
    before = submitted_scores(connection, last.id)
    privacy.erase(connection, "ann", MONDAY)
    assert submitted_scores(connection, last.id) == before


def test_what_was_not_submitted_when_its_cycle_closed_is_gone(connection: Connection) -> None:
    unsubmitted = update(tables.Response).where(tables.Response.person_id == "ann").values(submitted_at=None)
    connection.execute(unsubmitted)
    privacy.erase(connection, "ann", MONDAY)
    assert set(connection.scalars(select(tables.Response.person_id))) == {"ben", "cat", "dan"}
    assert connection.scalar(select(func.count()).where(tables.Person.name == "")) == 0


def test_what_they_did_does_not_lead_to_the_answers_that_stay(connection: Connection) -> None:
    privacy.erase(connection, "ann", MONDAY)
    done = set(connection.scalars(select(tables.Audit.person_id).where(tables.Audit.act == "cycle closed")))
    answered = set(connection.scalars(select(tables.Response.person_id)))
    assert len(done) == 1
    assert not done & answered
    assert not done & set(connection.scalars(select(tables.Person.id)))


def test_what_was_said_for_a_school_stays_the_schools_word(connection: Connection) -> None:
    privacy.erase(connection, "ann", MONDAY)
    (say,) = [each for each in visibility.tallies_of(connection, "lea") if each.partnership_name == "River Partnership"]
    assert say.agreed == 2


def test_two_leaders_of_one_school_can_both_be_erased(connection: Connection) -> None:
    last = cycles.last_closed(connection, "river", MONDAY)
    assert last is not None
    answer(connection, last.id, "alder", "ben", LEVELS)
    privacy.erase(connection, "ann", MONDAY)
    privacy.erase(connection, "ben", MONDAY)
    alder, *_ = submitted_scores(connection, last.id)
    assert len(alder.leaders) == 2


def test_erasing_somebody_who_is_not_known_does_nothing(connection: Connection) -> None:
    before = everything(connection)
    privacy.erase(connection, "nobody", MONDAY)
    assert everything(connection) == before
