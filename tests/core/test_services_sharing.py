"""Two partnerships whose files use the same ids: nothing is shared but what both say, or what an account shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from core.enquiry import Account, Audience, Note, NoteKind
from core.services import answering, cycles, linking, people, report_snapshots, sharing
from core.services.importing import ImportReport, import_partnership
from core.services.linking import Redeemed
from core.storage import outbox, tables
from core.storage.frameworks import FrameworkShelf
from core.yaml_tree import FileMistakes
from tests.support.days import CLOSES, NOW
from tests.support.enquiries import answer
from tests.support.partnership_files import read

SUMMER = "{terms: [{name: Summer, starts: 2027-04-12, ends: 2027-07-21}]}"
JO_OF_WEST = Account("web", "demo", "jo-of-west")
JO_OF_EAST = Account("web", "demo", "jo-of-east")
SOMEBODY = Account("web", "demo", "somebody")
ADDRESS = "jo@schools.example"


def bring(connection: Connection, text: str) -> ImportReport:
    return import_partnership(connection, FrameworkShelf(), read(text), NOW)


def file(
    id_: str,
    *,
    school: str = "name: St Mary's School, urn: '100001'",
    head: str = "name: Jo Jones",
    more_schools: str = "",
    more_people: str = "",
    leads: str = "head",
) -> str:
    """A partnership with the school ``st-marys`` and its leader ``head``, as every other file has them too."""
    return f"""
partnership: {{id: {id_}, name: {id_.capitalize()}, nation: england}}
schools:
  - {{id: st-marys, leaders: [head], {school}}}
{more_schools}
people:
  - {{id: head, {head}}}
{more_people}
leads: [{leads}]
channels: [{{platform: web, tenant: demo, id: {id_}-channel}}]
calendar: {SUMMER}
"""


def account(*users: str) -> str:
    return ", accounts: [" + ", ".join(f"{{platform: web, tenant: demo, user: {each}}}" for each in users) + "]"


def refused(connection: Connection, text: str) -> list[str]:
    with pytest.raises(FileMistakes) as found:
        bring(connection, text)
    return [str(mistake) for mistake in found.value.mistakes]


def everything_of(connection: Connection, partnership: str) -> dict[str, list[tuple[Any, ...]]]:
    """Whatever is stored of a partnership's schools and people."""
    membership, listed = tables.Membership.__table__, tables.ListedPerson.__table__
    schools = select(membership.c.school_id).where(membership.c.partnership_id == partnership)
    persons = select(listed.c.person_id).where(listed.c.partnership_id == partnership)
    of: dict[str, Any] = {
        "schools": select(tables.School.id, tables.School.name, tables.School.details).where(
            tables.School.id.in_(schools)
        ),
        "people": select(tables.Person).where(tables.Person.id.in_(persons)),
        "leaders": select(tables.Leader).where(tables.Leader.school_id.in_(schools)),
        "accounts": select(tables.Account).where(tables.Account.person_id.in_(persons)),
    }
    return {name: sorted(tuple(map(str, row)) for row in connection.execute(query)) for name, query in of.items()}


def shared(connection: Connection, partnership: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.id, each.proof) for each in sharing.shared_entries(connection, partnership)]


# Two files with the same ids


def test_two_files_with_the_same_ids_share_nothing(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    before = everything_of(connection, "west")
    bring(connection, file("east", school="name: St Mary's School, urn: '200002'", head="name: Ed Evans"))
    assert everything_of(connection, "west") == before
    assert shared(connection, "west") == shared(connection, "east") == []
    jo = people.person_of(connection, JO_OF_WEST)
    assert jo is not None
    assert [each.name for each in people.schools_of(connection, jo.id)] == ["St Mary's School"]
    urns = {row.partnership_id: row.details["urn"] for row in connection.execute(URNS)}
    assert urns == {"west": "100001", "east": "200002"}


URNS = select(tables.Membership.partnership_id, tables.School.details).join(
    tables.School, tables.School.id == tables.Membership.school_id
)


def test_each_file_goes_on_to_mean_its_own(connection: Connection) -> None:
    for each in ("west", "east"):
        bring(connection, file(each, head=f"name: Jo Jones{account(f'jo-of-{each}')}"))
    before = everything_of(connection, "west")
    report = bring(connection, file("east", school="name: St Mary's Academy", head="name: Joanna Jones"))
    assert str(report.counts["schools"]) == "1 changed"
    assert str(report.counts["people"]) == "1 changed"
    assert everything_of(connection, "west") == before


def test_the_same_name_and_address_alone_make_no_one_the_same(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones, email: jo@schools.example"))
    bring(connection, file("east", head="name: Jo Jones, email: jo@schools.example"))
    assert shared(connection, "west") == shared(connection, "east") == []


# A school of two partnerships


def test_a_school_is_shared_once_both_files_name_the_others(connection: Connection) -> None:
    """Under different ids and numbers, as long as each names the other."""
    bring(connection, file("west", school="name: St Mary's School, same_as: {partnership: east, id: st-m}"))
    east = (
        file("east")
        .replace("id: st-marys, ", "id: st-m, ")
        .replace("urn: '100001'", "same_as: {partnership: west, id: st-marys}")
    )
    report = bring(connection, east)
    assert shared(connection, "west") == [("school", "st-marys", "files")]
    assert shared(connection, "east") == [("school", "st-m", "files")]
    assert report.notes == ("Shared with another partnership: St Mary's School (st-m): both files say so.",)


def test_one_file_alone_shares_no_school(connection: Connection) -> None:
    bring(connection, file("west"))
    bring(connection, file("east", school="name: St Mary's School, same_as: {partnership: west, id: st-marys}"))
    assert shared(connection, "west") == shared(connection, "east") == []


def test_a_school_is_shared_no_longer_once_one_file_says_so_no_longer(connection: Connection) -> None:
    for one, other in (("west", "east"), ("east", "west")):
        bring(connection, file(one, school=f"name: St Mary's School, same_as: {{partnership: {other}, id: st-marys}}"))
    bring(connection, file("east"))
    assert shared(connection, "west") == shared(connection, "east") == []


def test_a_school_led_from_one_account_is_shared(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    report = bring(connection, file("east", head="name: Jo Jones" + account("jo-of-west")))
    assert shared(connection, "west") == [("school", "st-marys", "account"), ("person", "head", "account")]
    assert report.notes == (
        "Shared with another partnership: St Mary's School (st-marys): one account leads or takes part in both.",
        "Shared with another partnership: Jo Jones (head): one account leads or takes part in both.",
    )


def test_two_schools_of_one_leader_with_different_numbers_are_two(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    other = "name: St Mary's School, urn: '200002'"
    bring(connection, file("east", school=other, head="name: Jo Jones" + account("jo-of-west")))
    assert shared(connection, "west") == [("person", "head", "account")]


def test_what_one_file_says_of_a_shared_school_stays_its_own(connection: Connection) -> None:
    for one, other in (("west", "east"), ("east", "west")):
        bring(connection, file(one, school=f"name: St Mary's School, same_as: {{partnership: {other}, id: st-marys}}"))
    before = everything_of(connection, "west")
    bring(
        connection,
        file(
            "east",
            school="name: St Mary's Academy, same_as: {partnership: west, id: st-marys}",
            more_people="  - {id: deb, name: Deb Dean}",
        ).replace("leaders: [head]", "leaders: [head, deb]"),
    )
    assert everything_of(connection, "west") == before


# A person of two partnerships


def test_a_shared_person_is_changed_by_neither_file(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones, email: jo@west.example" + account("jo-of-west")))
    bring(connection, file("east", head="name: Joanna Jones, email: jo@east.example" + account("jo-of-west")))
    assert connection.execute(select(tables.Person.name, tables.Person.email)).all() == [
        ("Jo Jones", "jo@west.example")
    ]


def test_a_file_gives_no_account_to_somebody_of_another_partnership(connection: Connection) -> None:
    """Whoever holds it would read what the other partnership tells Jo."""
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    assert refused(connection, file("east", head="name: Jo Jones" + account("jo-of-west", "jo-of-east"))) == [
        f"line 7, people head > accounts: {NOT_BY_FILE}"
    ]


def test_nor_later(connection: Connection) -> None:
    for each in ("west", "east"):
        bring(connection, file(each, head="name: Jo Jones" + account("jo-of-west")))
    assert refused(connection, file("east", head="name: Jo Jones" + account("jo-of-east"))) == [
        f"line 7, people head > accounts: {NOT_BY_FILE}"
    ]


def test_two_people_with_accounts_of_their_own_are_not_made_one(connection: Connection) -> None:
    for each in ("west", "east"):
        bring(connection, file(each, head=f"name: Jo Jones{account(f'jo-of-{each}')}"))
    assert (
        refused(connection, file("east", head="name: Jo Jones" + account("jo-of-east", "jo-of-west")))
        == [f"line 7, people head > accounts: {NOT_BY_FILE}"] * 2
    )


NOT_BY_FILE = (
    "this account can't be given by a file, because one of the people concerned takes part in another partnership "
    "too. Take it out, and give the person a code: partnership-bot link."
)


def test_an_entry_without_an_account_becomes_the_person_whose_account_it_gets(connection: Connection) -> None:
    bring(connection, file("east"))
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    bring(connection, file("east", head="name: Jo Jones" + account("jo-of-west")))
    jo = people.person_of(connection, JO_OF_WEST)
    assert jo is not None
    assert len(people.schools_of(connection, jo.id)) == 2
    assert set(people.leads(connection, jo.id)) == {"west", "east"}


def test_two_entries_are_never_one_person(connection: Connection) -> None:
    bring(
        connection,
        file("west", head="name: Jo Jones" + account("jo-of-west", "jo-of-east")),
    )
    both = file(
        "east",
        head="name: Jo Jones" + account("jo-of-west"),
        more_people="  - {id: joanna, name: Joanna Jones" + account("jo-of-east") + "}",
    )
    assert refused(connection, both) == [
        "line 8, people joanna: the accounts show that this is the same person as head. Keep one of the two."
    ]


def confirm(connection: Connection, user: str, address: str) -> None:
    where = tables.Account.user == user
    connection.execute(update(tables.Account).where(where).values(address=address))


def test_an_address_confirmed_where_the_channel_is_makes_a_person_shared(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones, email: jo@schools.example" + account("jo-of-west")))
    confirm(connection, "jo-of-west", "jo@schools.example")
    report = bring(connection, file("east", head="name: Jo Jones, email: Jo@schools.example"))
    assert shared(connection, "east")[-1] == ("person", "head", "address")
    assert (
        report.notes[-1]
        == "Shared with another partnership: Jo Jones (head): the workspace has confirmed their address."
    )


def test_an_address_confirmed_in_another_workspace_makes_nobody_shared(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones, email: jo@schools.example" + account("jo-of-west")))
    confirm(connection, "jo-of-west", "jo@schools.example")
    bring(
        connection, file("east", head="name: Jo Jones, email: jo@schools.example").replace("tenant: demo", "tenant: t2")
    )
    assert shared(connection, "east") == []


def test_an_address_of_somebody_who_takes_no_part_any_more_makes_nobody_shared(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones, email: head@schools.example" + account("jo-of-west")))
    confirm(connection, "jo-of-west", "head@schools.example")
    bring(connection, file("west", more_people="  - {id: new, name: Nia New}", leads="new").replace("[head]", "[new]"))
    bring(connection, file("east", head="name: Ed Evans, email: head@schools.example"))
    assert shared(connection, "east") == []


# The same id for somebody or something else


def test_another_person_needs_another_id(connection: Connection) -> None:
    bring(connection, file("west"))
    assert refused(connection, file("west", head="name: Nia New")) == [
        "line 7, people head: under this id your file had Jo Jones. If Nia New has taken their place, give Nia New an "
        "id of their own, such as head-2; the old answers stay with the school. If it is one person with a new name, "
        "keep a part of the old name this time."
    ]


@pytest.mark.parametrize("name", ["Jo Brown", "Mrs J Jones", "Dr Jo Jones"])
def test_one_person_may_have_a_new_name(connection: Connection, name: str) -> None:
    bring(connection, file("west"))
    bring(connection, file("west", head=f"name: {name}"))
    assert connection.scalars(select(tables.Person.name)).all() == [name]


def test_a_new_number_is_kept_beside_the_old_one(connection: Connection) -> None:
    """A school that becomes an academy gets a new number."""
    bring(connection, file("west"))
    report = bring(connection, file("west", school="name: St Mary's Academy, urn: '300003'"))
    assert report.notes == ("St Mary's Academy has a new number: 300003. It was 100001.",)
    details = connection.scalar(select(tables.School.details))
    assert details == {"urn": "300003", "earlier_urns": [{"urn": "100001", "until": str(date(2027, 6, 22))}]}
    assert bring(connection, file("west", school="name: St Mary's Academy, urn: '300003'")).notes == ()


def test_another_school_needs_another_id(connection: Connection) -> None:
    bring(connection, file("west"))
    (told,) = refused(connection, file("west", school="name: Hilltop Academy, urn: '300003'"))
    assert told.startswith(
        "line 4, schools st-marys: under this id your file had St Mary's School, with another number."
    )


# Two schools of one name


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        pytest.param("town: Ash", "town: Elm", ["St Mary's (Ash)", "St Mary's (Elm)"], id="by their towns"),
        pytest.param("urn: '101'", "urn: '102'", ["St Mary's (101)", "St Mary's (102)"], id="by their numbers"),
        pytest.param("town: Ash", "urn: '102'", ["St Mary's (1)", "St Mary's (2)"], id="by counting, at worst"),
    ],
)
def test_two_schools_of_one_name_are_told_apart(
    connection: Connection, first: str, second: str, expected: list[str]
) -> None:
    two = f"  - {{id: other, name: St Mary's, leaders: [head], {second}}}"
    report = bring(connection, file("west", school=f"name: St Mary's, {first}", more_schools=two))
    assert [each.name for each in people.schools_of(connection, "head")] == expected
    assert report.notes[0] == f"Two schools are called St Mary's; the one on line 4 appears as {expected[0]}."


# What earlier versions shared


def legacy(connection: Connection) -> None:
    """West and East share a school and its leader, as after an upgrade: nothing says why."""
    for each in ("west", "east"):
        bring(connection, file(each, head="name: Jo Jones" + account("jo-of-west")))
    connection.execute(update(tables.School).values(proof="none"))
    connection.execute(update(tables.ListedPerson).values(proof="none", name=None))


def test_what_lacks_proof_can_be_parted(connection: Connection) -> None:
    legacy(connection)
    sharing.part(connection, "east", "st-marys")
    sharing.part(connection, "east", "head")
    assert shared(connection, "west") == shared(connection, "east") == []
    jo = people.person_of(connection, JO_OF_WEST)
    assert jo is not None
    assert people.leads(connection, jo.id) == ("west",)
    assert len(people.schools_of(connection, jo.id)) == 1


def test_the_parted_person_can_join_with_a_code(connection: Connection) -> None:
    legacy(connection)
    sharing.part(connection, "east", "head")
    person = connection.scalar(select(tables.ListedPerson.person_id).filter_by(partnership_id="east"))
    assert person is not None
    code = linking.new_code(connection, person, NOW)
    linking.redeem(connection, JO_OF_EAST, "direct", code.text, NOW)
    found = people.person_of(connection, JO_OF_EAST)
    assert found is not None
    assert people.leads(connection, found.id) == ("east",)


def test_what_lacks_proof_has_it_once_both_files_name_the_account(connection: Connection) -> None:
    legacy(connection)
    connection.execute(update(tables.ListedPerson).values(with_account=False))
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    assert ("person", "head", "none") in shared(connection, "west")
    bring(connection, file("east", head="name: Jo Jones" + account("jo-of-west")))
    assert ("person", "head", "account") in shared(connection, "west")


@pytest.mark.parametrize("id_", ["st-marys", "head"])
def test_what_has_proof_is_parted_by_the_files(connection: Connection, id_: str) -> None:
    for each in ("west", "east"):
        bring(connection, file(each, head="name: Jo Jones" + account("jo-of-west")))
    with pytest.raises(sharing.CannotBeParted, match="It is known to be the same"):
        sharing.part(connection, "east", id_)


def test_what_is_not_shared_cannot_be_parted(connection: Connection) -> None:
    bring(connection, file("west"))
    with pytest.raises(LookupError):
        sharing.part(connection, "west", "st-marys")


# By whom an account is used


def person(connection: Connection, partnership: str, id_: str = "head") -> str:
    listed = select(tables.ListedPerson.person_id).filter_by(partnership_id=partnership, file_id=id_)
    return connection.execute(listed).scalar_one()


def typed(connection: Connection, who: Account, partnership: str, id_: str = "head") -> Redeemed:
    """What comes of the code for the person of this partnership, typed from this account."""
    code = linking.new_code(connection, person(connection, partnership, id_), NOW)
    return linking.redeem(connection, who, "direct", code.text, NOW)


def owner(connection: Connection, who: Account = SOMEBODY) -> str | None:
    found = people.person_of(connection, who)
    return None if found is None else found.id


def confirmed(connection: Connection, who: Account = SOMEBODY, address: str = ADDRESS) -> str | None:
    """Who is found once the workspace has confirmed this address for this account."""
    found = linking.join_by_email(connection, who, who.user, address, NOW)
    return None if found is None else found.person


def told_of_the_account(connection: Connection) -> list[str]:
    """Who is still to be told that their account was somebody else's."""
    return [*connection.scalars(select(tables.Notice.person_id).filter_by(what="account-passed-on"))]


def with_address(id_: str, more: str = "") -> str:
    return file(id_, head=f"name: Jo Jones, email: {ADDRESS}{more}")


def nia_takes_over(id_: str, **more: str) -> str:
    """The same file with a new head; the one before is no longer in it."""
    return file(id_, **more).replace("leaders: [head]", "leaders: [nia]").replace(
        "{id: head, name: Jo Jones}", "{id: nia, name: Nia New}"
    )  # fmt: skip


def test_the_account_of_a_leaver_passes_to_whoever_types_their_own_code(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("somebody")))
    leaver = person(connection, "west")
    bring(connection, nia_takes_over("west", leads="nia"))
    assert typed(connection, SOMEBODY, "west", "nia") is Redeemed.PASSED_ON
    assert owner(connection) == person(connection, "west", "nia") != leaver
    assert told_of_the_account(connection) == [person(connection, "west", "nia")]


def test_what_was_said_on_it_and_whose_it_was_goes(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("somebody")))
    confirm(connection, "somebody", ADDRESS)
    for place, private in (("direct", None), ("west-channel", "somebody"), ("west-channel", "lea")):
        outbox.put(
            connection, platform="web", tenant="demo", conversation=place, kind="direct", person=None,
            key=f"{place}:{private}", prompt="{}", manner="below", now=NOW,
        )  # fmt: skip
        connection.execute(update(tables.Outbox).filter_by(key=f"{place}:{private}").values(private_to=private))
    connection.execute(update(tables.Account).values(conversation="direct"))
    bring(connection, nia_takes_over("west", leads="nia"))
    typed(connection, SOMEBODY, "west", "nia")
    assert connection.scalars(select(tables.Outbox.key)).all() == ["west-channel:lea"]
    assert connection.execute(select(tables.Account.address, tables.Account.last_used_at)).one() == (None, None)


def test_a_code_typed_from_the_account_of_somebody_elsewhere_makes_them_one(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("somebody")))
    bring(connection, file("east", head="name: Joanna Jones"))
    assert typed(connection, SOMEBODY, "east") is Redeemed.SHARED
    assert person(connection, "east") == person(connection, "west") == owner(connection)
    assert shared(connection, "east")[-1] == ("person", "head", "code")


def test_a_code_of_ones_own_partnership_makes_no_two_people_one(connection: Connection) -> None:
    """Nia finds the code that Jo was given before he left."""
    bring(connection, file("west", more_people="  - {id: nia, name: Nia New" + account("somebody") + "}"))
    code = linking.new_code(connection, person(connection, "west"), NOW)
    bring(connection, nia_takes_over("west", leads="nia"))
    assert linking.redeem(connection, SOMEBODY, "direct", code.text, NOW) is Redeemed.KNOWN
    assert person(connection, "west") != person(connection, "west", "nia") == owner(connection)


def test_nor_does_the_code_of_a_leaver_of_another_partnership(connection: Connection) -> None:
    bring(connection, file("east", head="name: Ed Evans" + account("somebody")))
    bring(connection, file("west"))
    code = linking.new_code(connection, person(connection, "west"), NOW)
    bring(connection, nia_takes_over("west", leads="nia"))
    assert linking.redeem(connection, SOMEBODY, "direct", code.text, NOW) is Redeemed.KNOWN
    assert shared(connection, "east") == []


def test_a_leaver_who_types_an_old_code_has_their_own_account_still(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("somebody")))
    bring(connection, nia_takes_over("west", leads="nia"))
    assert typed(connection, SOMEBODY, "west") is Redeemed.KNOWN
    assert told_of_the_account(connection) == []


# By a confirmed address


def test_the_account_of_a_leaver_passes_to_whoever_has_its_address_now(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones, email: head@schools.example" + account("somebody")))
    bring(
        connection,
        nia_takes_over("west", leads="nia", head="name: Jo Jones").replace(
            "Nia New}", "Nia New, email: head@schools.example}"
        ),
    )
    assert confirmed(connection, address="head@schools.example") == person(connection, "west", "nia")
    assert told_of_the_account(connection) == [person(connection, "west", "nia")]


def test_one_confirmed_address_makes_the_entries_of_two_partnerships_one(connection: Connection) -> None:
    for each in ("west", "east"):
        bring(connection, with_address(each))
    assert confirmed(connection) == person(connection, "west") == person(connection, "east")
    assert [each[-1] for each in (shared(connection, "west")[-1], shared(connection, "east")[-1])] == ["address"] * 2


def test_an_account_that_the_file_has_and_the_workspace_confirms_does_too(connection: Connection) -> None:
    bring(connection, with_address("west"))
    bring(connection, with_address("east", account("somebody")))
    assert confirmed(connection) == person(connection, "west") == person(connection, "east")


@pytest.mark.parametrize("order", [("west", "east"), ("east", "west")], ids=["first", "last"])
def test_whoever_holds_another_account_is_nobody_elses_head_by_an_address(
    connection: Connection, order: tuple[str, str]
) -> None:
    """East's file says that the account of a stranger is Jo's. The workspace confirms the address of Jo's own alone."""
    texts = {"west": with_address("west"), "east": with_address("east", account("stranger"))}
    for each in order:
        bring(connection, texts[each])
    assert {each.person: each.email for each in linking.unjoined(connection, "web", "demo")} == {
        person(connection, "west"): ADDRESS
    }
    assert confirmed(connection) == person(connection, "west")
    assert owner(connection, Account("web", "demo", "stranger")) == person(connection, "east")
    assert shared(connection, "west") == []


def test_an_account_beside_the_confirmed_one_makes_no_one_the_same(connection: Connection) -> None:
    bring(connection, with_address("west"))
    bring(connection, with_address("east", account("somebody", "stranger")))
    assert confirmed(connection) is None
    assert shared(connection, "west") == []


def test_a_workspace_has_no_say_about_somebody_who_takes_part_elsewhere_too(connection: Connection) -> None:
    """Jo of East takes part in North as well, which has no channel there."""
    bring(connection, with_address("east"))
    north = with_address("north").replace("tenant: demo, id", "tenant: t2, id")
    bring(connection, north)
    connection.execute(
        update(tables.ListedPerson).filter_by(partnership_id="north").values(person_id=person(connection, "east"))
    )
    connection.execute(update(tables.Leader).values(person_id=person(connection, "east")))
    assert confirmed(connection) is None
    assert linking.unjoined(connection, "web", "demo") == ()
    bring(connection, with_address("west"))
    assert confirmed(connection) == person(connection, "west") != person(connection, "east")


def test_an_address_is_confirmed_for_one_account_at_a_time(connection: Connection) -> None:
    """``head@`` was Jo's, who has moved within West; now it is Nia's, and a new file means Nia by it."""
    head = "head@schools.example"
    two = "  - {id: elm, name: Elm School, leaders: [nia]}"
    nia = "  - {id: nia, name: Nia New, email: " + head + "}"
    bring(connection, file("west", head="name: Jo Jones, email: " + head, more_schools=two)) if False else None
    bring(connection, file("west", head=f"name: Jo Jones, email: {head}"))
    confirmed(connection, JO_OF_WEST, head)
    bring(connection, file("west", head="name: Jo Jones, email: jo@schools.example", more_schools=two, more_people=nia))
    confirmed(connection, SOMEBODY, head)
    bring(connection, file("east", head=f"name: Nia New, email: {head}"))
    assert person(connection, "east") == person(connection, "west", "nia")


# What one file may say of somebody shared, whatever the other says


def test_a_file_may_go_on_to_call_a_shared_person_as_it_does(connection: Connection) -> None:
    """And is told nothing of how the other one calls them."""
    bring(connection, file("west", head="name: Jo Jones" + account("jo-of-west")))
    for _ in range(2):
        report = bring(connection, file("east", head="name: Joanna Smith" + account("jo-of-west")))
        assert report.notes[-1].startswith("Shared with another partnership: Joanna Smith (head)")
    bring(connection, file("west", head="name: Jo Brown" + account("jo-of-west")))
    bring(connection, file("east", head="name: Joanna Smith" + account("jo-of-west")))


def test_who_had_an_account_before_is_told_as_in_ones_own_file(connection: Connection) -> None:
    bring(connection, file("west", head="name: Jo Jones" + account("somebody")))
    bring(connection, nia_takes_over("west", leads="nia"))
    report = bring(connection, file("east", head="name: Ed Evans" + account("somebody")))
    assert report.notes == (
        "The web account somebody is now Ed Evans's. It was somebody's who takes no part any more.",
    )
    ours = nia_takes_over("east", leads="nia").replace("Nia New}", "Nia New" + account("somebody") + "}")
    report = bring(connection, ours)
    assert report.notes == ("The web account somebody is now Nia New's. It was head's.",)


def test_a_school_that_is_shared_with_another_one_now_leaves_the_one_before(connection: Connection) -> None:
    def same_as(other: str) -> str:
        return f"name: St Mary's School, same_as: {{partnership: {other}, id: st-marys}}"

    for one, other in (("north", "east"), ("west", "east"), ("east", "north"), ("east", "west")):
        bring(connection, file(one, school=same_as(other)))
    assert shared(connection, "west") == shared(connection, "east") == [("school", "st-marys", "files")]
    assert shared(connection, "north") == []


def test_a_parted_person_has_no_address_until_their_file_gives_one(connection: Connection) -> None:
    """It may be the other one's: whoever has it would be taken for them."""
    legacy(connection)
    connection.execute(update(tables.Person).values(email=ADDRESS))
    sharing.part(connection, "east", "head")
    email = select(tables.Person.email).join(tables.ListedPerson, tables.ListedPerson.person_id == tables.Person.id)
    assert connection.scalar(email.where(tables.ListedPerson.partnership_id == "east")) is None
    for each, name in (("west", "Jo Jones"), ("east", "Ed Evans")):
        bring(connection, file(each, head=f"name: {name}, email: {each}@schools.example"))
    assert connection.scalar(email.where(tables.ListedPerson.partnership_id == "east")) == "east@schools.example"


@pytest.mark.parametrize("then", ["merged", "parted"])
def test_whatever_names_a_person_goes_with_them(connection: Connection, then: str) -> None:
    """Every row of East's that names its head names whom it turns out to be, or its own head once it is parted."""
    for each in ("west", "east"):
        bring(connection, file(each, head="name: Jo Jones" + (account("jo-of-west") if then == "parted" else "")))
    if then == "parted":
        connection.execute(update(tables.ListedPerson).values(proof="none"))
    of_east, school = person(connection, "east"), connection.scalars(SCHOOL_OF_EAST).one()
    cycle = cycles.open_cycle(connection, FrameworkShelf(), "east", "Summer", CLOSES, None, NOW).id
    response = answer(connection, cycle, school, of_east, {}, at=NOW)
    connection.execute(update(tables.Response).values(begun_by_id=of_east))
    note = Note(1, "2.1", NoteKind.STRENGTH, "We plan together.", Audience.MEETING, None)
    answering.keep_note(connection, response, note, NOW)
    connection.execute(update(tables.Note).values(author_id=of_east))
    cycles.close_cycle(connection, cycle, NOW, by=None)
    report_snapshots.freeze(connection, FrameworkShelf(), cycle, NOW)
    if then == "merged":
        sharing.merge_person(connection, of_east, person(connection, "west"))
    else:
        sharing.part(connection, "east", "head")
    now = person(connection, "east")
    assert now != of_east
    for column in (
        tables.Response.person_id, tables.Response.begun_by_id, tables.Note.author_id, tables.SnapshotReader.person_id,
    ):  # fmt: skip
        assert connection.scalars(select(column)).all() == [now]
    assert set(connection.scalars(select(tables.Leader.person_id).filter_by(school_id=school))) == {now}


SCHOOL_OF_EAST = select(tables.Membership.school_id).filter_by(partnership_id="east")


def test_every_table_that_names_people_is_thought_of(connection: Connection) -> None:
    """Whoever adds one says in ``core.services.sharing`` what becomes of it when two people turn out to be one."""
    assert {
        str(column)
        for table in tables.Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column is tables.Person.__table__.c.id for key in column.foreign_keys)
    } == {
        "account.person_id", "deputy.person_id", "leader.person_id", "link_code.person_id",
        "listed_person.person_id", "note.author_id", "notice.person_id", "nudge.person_id",
        "nudge_choice.person_id", "outbox.person_id", "partnership_role.person_id", "posted.person_id",
        "practice_match.giver_person_id", "practice_match.receiver_person_id", "response.begun_by_id",
        "response.person_id", "snapshot_reader.person_id", "stand_in.leader_id", "stand_in.person_id",
        "talk.person_id", "visibility_consent.person_id",
    }  # fmt: skip


def test_of_a_school_and_a_person_with_one_id_that_without_proof_is_parted(connection: Connection) -> None:
    for each in ("west", "east"):
        bring(connection, file(each, head="name: Jo Jones" + account("jo-of-west")).replace("id: st-marys", "id: head"))
    connection.execute(update(tables.ListedPerson).values(proof="none"))
    assert sharing.part(connection, "east", "head").kind == "person"
