"""Who somebody is, what they lead, and where the bot can talk to them; nobody learns it of another partnership."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, insert, select

from core.enquiry import Account, Known
from core.services import people
from core.storage import tables
from core.storage.outbox import Place
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

ANN = Account("web", "demo", "ann-web")


@pytest.fixture(autouse=True)
def two_partnerships(connection: Connection) -> None:
    bring(connection, river(schools={"birch": ["ann"], "alder": ["ann"]}, people=("ann", "lea")))
    hill = {"schools": {"elm": ["eve"]}, "people": ("eve",), "leads": ("eve",), "channel": "hill-channel"}
    bring(connection, river(id="hill", name="Hill", **hill))  # type: ignore[arg-type]


def test_a_person_is_known_by_any_of_their_accounts_and_no_other(connection: Connection) -> None:
    assert people.person_of(connection, ANN) == Known("ann", "Ann", "en", "after-school")
    for stranger in (Account("web", "demo", "x"), Account("web", "x", "ann-web"), Account("slack", "demo", "ann-web")):
        assert people.person_of(connection, stranger) is None


def test_what_suits_a_person_is_theirs_alone(connection: Connection) -> None:
    people.set_language(connection, "ann", "cy")
    people.set_reminder_time(connection, "ann", "lunch")
    assert people.person_of(connection, ANN) == Known("ann", "Ann", "cy", "lunch")
    assert people.person_of(connection, Account("web", "demo", "eve-web")) == Known("eve", "Eve", "en", "after-school")


def test_a_leader_has_their_schools_by_name(connection: Connection) -> None:
    assert [school.name for school in people.schools_of(connection, "ann")] == ["Alder School", "Birch School"]
    assert people.schools_of(connection, "lea") == ()


def test_a_lead_of_one_partnership_is_nothing_in_another(connection: Connection) -> None:
    assert people.leads(connection, "lea") == ("river",)
    assert people.leads(connection, "ann") == ()
    assert people.is_lead(connection, "lea", "river")
    assert not people.is_lead(connection, "lea", "hill")
    assert not people.is_lead(connection, "ann", "river")


def test_a_facilitator_is_not_a_lead(connection: Connection) -> None:
    bring(connection, river(schools={"alder": ["ann"]}, people=("ann", "lea"), more="facilitators: [ann]"))
    assert not people.is_lead(connection, "ann", "river")


def test_a_channel_is_its_partnerships_alone(connection: Connection) -> None:
    assert people.channel_partnership(connection, "web", "demo", "river-channel") == "river"
    assert people.channel_partnership(connection, "web", "demo", "hill-channel") == "hill"
    assert people.channel_partnership(connection, "web", "elsewhere", "river-channel") is None
    assert people.channels_of(connection, "river") == (people.Channel("web", "demo", "river-channel", "en"),)


def test_a_conversation_is_remembered_until_the_person_leaves(connection: Connection) -> None:
    conversation = select(tables.Account.user, tables.Account.conversation).order_by(tables.Account.user)
    people.remember_conversation(connection, ANN, "direct-ann", NOW)
    assert connection.execute(conversation).all() == [("ann-web", "direct-ann"), ("eve-web", None), ("lea-web", None)]
    people.forget_conversation(connection, ANN)
    assert connection.execute(conversation).first() == ("ann-web", None)


def test_a_person_can_be_reached_while_the_bot_talks_with_them_on_any_of_their_accounts(connection: Connection) -> None:
    phone = Account("slack", "demo", "ann-phone")
    values = {"platform": "slack", "tenant": "demo", "user": "ann-phone", "person_id": "ann"}
    connection.execute(insert(tables.Account).values(values))
    reachable = select(tables.Person.id).where(people.can_be_reached(tables.Person.__table__.c.id))
    assert connection.scalars(reachable).all() == []  # Everybody has an account, and nobody has opened a conversation.

    people.remember_conversation(connection, ANN, "direct-ann", NOW)
    people.remember_conversation(connection, phone, "direct-phone", NOW + timedelta(hours=1))
    assert connection.scalars(reachable).all() == ["ann"]
    assert people.reached_at(connection, "ann") == Place("slack", "demo", "direct-phone")

    people.forget_conversation(connection, phone)
    assert connection.scalars(reachable).all() == ["ann"]
    assert people.reached_at(connection, "ann") == Place("web", "demo", "direct-ann")

    people.forget_conversation(connection, ANN)
    assert connection.scalars(reachable).all() == []
    assert people.reached_at(connection, "ann") is None
