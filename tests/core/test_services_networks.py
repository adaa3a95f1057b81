"""Networks: brought in with the file, joined in chat or by the file, and seen by those who may."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, select

from core.networks import Membership, Network
from core.services import networks
from core.storage import tables
from core.yaml_tree import FileMistakes
from tests.support.enquiries import MONDAY, bring
from tests.support.partnership_files import river


def file(partnership: str = "river", listed: str = "", facilitators: str = "") -> str:
    """River or Hill, with these networks, each as ``mid: joined``."""
    entries = [each.split(": ") for each in listed.split(", ") if each]
    said = ", ".join(f"{{id: {id_}, name: {id_.capitalize()} Network, state: {state}}}" for id_, state in entries)
    more = "\n".join([f"networks: [{said}]", f"facilitators: [{facilitators}]"])
    if partnership == "river":
        people = ("ann", "ben", "cat", "dan", "lea", *filter(None, [facilitators]))
        return river(people=people, more=more)
    people = ("eve", *filter(None, [facilitators]))
    return river(
        id="hill", name="Hill", schools={"elm": ["eve"]}, people=people, leads=("eve",), channel="hill", more=more
    )


def joined(connection: Connection) -> list[tuple[str, str, bool | None]]:
    member = tables.NetworkPartnership
    rows = connection.execute(
        select(member.network_id, member.partnership_id, member.joined).order_by(member.network_id)
    )
    return [(network, partnership, yes) for network, partnership, yes in rows]


def test_a_file_lets_its_partnership_join_or_invites_it(connection: Connection) -> None:
    bring(connection, file(listed="mid: joined, far: invited"))
    assert joined(connection) == [("far", "river", None), ("mid", "river", True)]


def test_a_network_that_the_file_no_longer_names_is_left(connection: Connection) -> None:
    bring(connection, file(listed="mid: joined"))
    bring(connection, file())
    assert joined(connection) == []


@pytest.mark.parametrize(("said", "state"), [(True, "invited"), (False, "joined")])
def test_what_a_lead_said_in_chat_stands_whatever_a_later_file_says(
    connection: Connection, said: bool, state: str
) -> None:
    bring(connection, file(listed="mid: invited"))
    networks.join(connection, "mid", "river", said, "lea", MONDAY)
    bring(connection, file(listed=f"mid: {state}"))
    assert joined(connection) == [("mid", "river", said)]
    bring(connection, file())
    assert joined(connection) == [], "but the file decides which networks there are"


def test_a_network_has_one_name(connection: Connection) -> None:
    bring(connection, file(listed="mid: joined"))
    with pytest.raises(FileMistakes, match="this is the id of a network that has another name"):
        bring(connection, file("hill", listed="mid: joined").replace("Mid Network", "Another"))
    bring(connection, file(listed="mid: joined").replace("Mid Network", "Middle Network"))
    assert networks.memberships_of(connection, "lea")[0].network_name == "Middle Network"


def test_only_those_who_have_both_joined_are_linked(connection: Connection) -> None:
    bring(connection, file(listed="mid: joined"))
    bring(connection, file("hill", listed="mid: invited"))
    assert networks.linked(connection) == {"river": set()}
    networks.join(connection, "mid", "hill", True, "eve", MONDAY)
    assert networks.linked(connection) == {"river": {"hill"}, "hill": {"river"}}
    networks.join(connection, "mid", "river", False, "lea", MONDAY)
    assert networks.linked(connection) == {"hill": set()}


def test_a_lead_sees_where_their_partnership_stands(connection: Connection) -> None:
    bring(connection, file(listed="mid: invited"))
    assert networks.memberships_of(connection, "lea") == (
        Membership("mid", "Mid Network", "river", "River Partnership", None),
    )
    assert networks.memberships_of(connection, "ann") == ()


def test_a_facilitator_sees_a_network_once_one_of_their_partnerships_has_joined(connection: Connection) -> None:
    bring(connection, file(listed="mid: invited", facilitators="fay"))
    bring(connection, file("hill", listed="mid: joined"))
    assert networks.facilitated_by(connection, "fay") == ()
    networks.join(connection, "mid", "river", True, "lea", MONDAY)
    assert networks.facilitated_by(connection, "fay") == (Network("mid", "Mid Network", 2),)
    assert networks.facilitated_by(connection, "lea") == ()
    assert networks.members_of(connection, "mid") == {"river", "hill"}
    assert [id_ for id_, _ in networks.frameworks_of(connection, "mid")] == ["partnership-enquiry"]


def test_it_is_written_down_who_let_a_partnership_join(connection: Connection) -> None:
    bring(connection, file(listed="mid: invited"))
    networks.join(connection, "mid", "river", True, "lea", MONDAY)
    networks.join(connection, "none", "river", True, "lea", MONDAY)
    last = select(tables.Audit.person_id, tables.Audit.about).where(tables.Audit.act == "network joined")
    assert connection.execute(last).all() == [("lea", {"network": "mid", "partnership": "river", "joined": True})]
