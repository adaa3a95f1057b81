"""An account is joined to a person by a code that works once, or by an address that is theirs alone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, update

from core.enquiry import Account
from core.services import linking, people
from core.services.linking import Redeemed
from core.storage import tables
from tests.support.enquiries import MONDAY, bring
from tests.support.partnership_files import river

ANNS = Account("slack", "T0SCHOOLS", "U0ANN")
BENS = Account("slack", "T0SCHOOLS", "U0BEN")
IN_SLACK = "channels: [{platform: slack, tenant: T0SCHOOLS, id: C0RIVER}]"


@pytest.fixture(autouse=True)
def the_partnership(connection: Connection) -> None:
    """Ann, Ben, Cat and Dan lead a school each, Lea leads the partnership; its channel is in Slack."""
    addresses = {person: f"{person}@schools.example" for person in ("ann", "ben", "cat", "dan", "lea")}
    everybody = "\n".join(
        f"  - {{id: {person}, name: {person.capitalize()}, email: {email}}}" for person, email in addresses.items()
    )
    text = river(people=(), more_people=everybody)
    bring(connection, text.replace("platform: web, tenant: demo, id: river-channel", IN_SLACK[12:-2]))


def typed(connection: Connection, text: str, account: Account = ANNS, **later: float) -> Redeemed:
    return linking.redeem(connection, account, account.user, text, MONDAY + timedelta(**later))


def person_of(connection: Connection, account: Account) -> str | None:
    known = people.person_of(connection, account)
    return None if known is None else known.id


def code_for(connection: Connection, person: str = "ann") -> str:
    return linking.new_code(connection, person, MONDAY).text


# A code


def test_whoever_types_the_code_is_the_person_it_was_made_for(connection: Connection) -> None:
    assert typed(connection, code_for(connection)) is Redeemed.LINKED
    assert person_of(connection, ANNS) == "ann"


def test_from_then_on_the_bot_can_write_to_them_there(connection: Connection) -> None:
    typed(connection, code_for(connection))
    stored = select(tables.Account.conversation).filter_by(platform="slack", user="U0ANN")
    assert connection.scalar(stored) == "U0ANN"


def test_it_is_three_groups_of_four_without_what_is_easily_mistaken(connection: Connection) -> None:
    codes = [code_for(connection) for _ in range(50)]
    assert all(re.fullmatch(r"\w{4}-\w{4}-\w{4}", code) for code in codes)
    assert not set("01AEILOUY") & set("".join(codes))
    assert len(set(codes)) == 50


@pytest.mark.parametrize("between", ["-", " ", ""], ids=["dashes", "spaces", "nothing"])
def test_it_can_be_typed_in_small_letters_and_with_or_without_its_dashes(connection: Connection, between: str) -> None:
    code = code_for(connection).lower().replace("-", between)
    assert typed(connection, f" {code} ") is Redeemed.LINKED


def test_it_works_once(connection: Connection) -> None:
    code = code_for(connection)
    typed(connection, code)
    assert typed(connection, code, BENS) is Redeemed.USED
    assert person_of(connection, BENS) is None


def test_it_works_for_a_week(connection: Connection) -> None:
    code = code_for(connection)
    assert typed(connection, code, days=7) is Redeemed.EXPIRED
    assert typed(connection, code, days=6, hours=23) is Redeemed.LINKED


def test_the_days_can_be_fewer(connection: Connection) -> None:
    code = linking.new_code(connection, "ann", MONDAY, days=1)
    assert code.valid_until == MONDAY + timedelta(days=1)
    assert typed(connection, code.text, hours=25) is Redeemed.EXPIRED


def test_a_new_one_takes_the_place_of_the_one_before(connection: Connection) -> None:
    before, now = code_for(connection), code_for(connection)
    assert typed(connection, before) is Redeemed.WRONG
    assert typed(connection, now) is Redeemed.LINKED


def test_one_that_was_never_made_joins_nobody(connection: Connection) -> None:
    code_for(connection)
    assert typed(connection, "BCDF-GHJK-2345") is Redeemed.WRONG
    assert person_of(connection, ANNS) is None


def test_an_account_that_belongs_to_somebody_stays_theirs_and_the_code_can_still_be_used(
    connection: Connection,
) -> None:
    typed(connection, code_for(connection, "ben"), BENS)
    code = code_for(connection, "ann")
    assert typed(connection, code, BENS) is Redeemed.KNOWN
    assert person_of(connection, BENS) == "ben"
    assert typed(connection, code, ANNS) is Redeemed.LINKED


def test_one_person_may_have_accounts_on_several_platforms(connection: Connection) -> None:
    in_teams = Account("teams", "tenant", "29:ann")
    typed(connection, code_for(connection), ANNS)
    assert typed(connection, code_for(connection), in_teams) is Redeemed.LINKED
    assert person_of(connection, ANNS) == person_of(connection, in_teams) == "ann"


def test_nobody_gets_a_code_who_is_not_known(connection: Connection) -> None:
    with pytest.raises(LookupError):
        linking.new_code(connection, "nobody", MONDAY)


def test_the_code_itself_is_kept_nowhere(connection: Connection) -> None:
    code = code_for(connection)
    stored = repr([tuple(row) for row in connection.execute(select(tables.LinkCode))])
    written = repr([tuple(row) for row in connection.execute(select(tables.Audit))])
    assert code not in stored + written
    assert code.replace("-", "") not in stored + written


def test_that_an_account_was_joined_is_written_down_without_saying_which_user(connection: Connection) -> None:
    typed(connection, code_for(connection))
    row = connection.execute(select(tables.Audit).filter_by(act="account joined")).one()
    assert (row.person_id, row.about) == ("ann", {"platform": "slack", "tenant": "T0SCHOOLS", "how": "by code"})


# Guessing


def guess(connection: Connection, times: int, account: Account = ANNS, **later: float) -> list[Redeemed]:
    return [typed(connection, f"BCDF-GHJK-{2222 + number}", account, **later) for number in range(times)]


def test_after_five_wrong_codes_not_even_the_right_one_is_looked_at(connection: Connection) -> None:
    assert set(guess(connection, 5)) == {Redeemed.WRONG}
    assert typed(connection, code_for(connection)) is Redeemed.TOO_MANY
    assert person_of(connection, ANNS) is None


def test_an_hour_after_the_first_of_them_it_is(connection: Connection) -> None:
    guess(connection, 5)
    code = code_for(connection)
    assert typed(connection, code, minutes=59) is Redeemed.TOO_MANY
    assert typed(connection, code, minutes=60) is Redeemed.LINKED


def test_others_need_not_wait(connection: Connection) -> None:
    guess(connection, 9)
    assert typed(connection, code_for(connection, "ben"), BENS) is Redeemed.LINKED


def test_the_wrong_ones_are_forgotten_with_the_hour_or_the_right_one(connection: Connection) -> None:
    guess(connection, 3, ANNS)
    guess(connection, 3, BENS)
    typed(connection, code_for(connection), ANNS)
    assert list(connection.scalars(select(tables.LinkAttempt.user))) == ["U0BEN"]
    guess(connection, 1, Account("slack", "T0SCHOOLS", "U0CAT"), hours=2)
    assert list(connection.scalars(select(tables.LinkAttempt.user))) == ["U0CAT"]


def test_each_day_what_nobody_needs_any_more_is_forgotten(connection: Connection) -> None:
    guess(connection, 1)
    code = code_for(connection)
    linking.purge(connection, MONDAY + timedelta(hours=1))
    assert list(connection.scalars(select(tables.LinkAttempt.user))) == []
    linking.purge(connection, MONDAY + timedelta(days=66))
    assert typed(connection, code, days=66) is Redeemed.EXPIRED
    linking.purge(connection, MONDAY + timedelta(days=67))
    assert typed(connection, code, days=67) is Redeemed.WRONG


# What looks like a code


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        pytest.param("K7QM-4T2X-9RVB", True, id="as it is told"),
        pytest.param("k7qm4t2x9rvb", True, id="as it is typed on a phone"),
        pytest.param("  k7qm 4t2x 9rvb  ", True, id="with spaces"),
        pytest.param("O7QM-4T2X-9RVB", True, id="with a slip: there is no O in a code"),
        pytest.param("good luck mate", False, id="three words of four letters"),
        pytest.param("goodluckmate", False, id="twelve letters of a text"),
        pytest.param("good-luck-mate", True, id="an odd way to write, to which the answer is kind"),
        pytest.param("K7QM-4T2X", False, id="too short"),
        pytest.param("K7QM-4T2X-9RVB-K7QM", False, id="too long"),
        pytest.param("", False, id="nothing"),
        pytest.param("3", False, id="a score"),
    ],
)
def test_only_what_may_be_meant_as_a_code_is_taken_for_one(text: str, looks: bool) -> None:
    assert linking.looks_like_code(text) is looks


def test_a_code_of_ours_is_told_from_other_text(connection: Connection) -> None:
    code = code_for(connection)
    assert linking.is_code(connection, code.lower())
    assert not linking.is_code(connection, "BCDF-GHJK-2345")
    assert not linking.is_code(connection, "good-luck-mate")


# An address


def by_email(connection: Connection, email: str, account: Account = ANNS) -> str | None:
    found = linking.join_by_email(connection, account, account.user, email, MONDAY)
    return None if found is None else found.person


def test_an_address_that_one_person_has_says_who_it_is(connection: Connection) -> None:
    assert by_email(connection, "ann@schools.example") == "ann"
    assert person_of(connection, ANNS) == "ann"


def test_capitals_make_no_difference(connection: Connection) -> None:
    assert by_email(connection, "Ann@Schools.Example") == "ann"


@pytest.mark.parametrize(
    "email",
    [
        "ann@schools.example.org",
        "xann@schools.example",
        "ann+1@schools.example",
        "ann@schools",
        "",
        "%",
        "ann_schools.example",
    ],
)
def test_only_the_whole_address_does(connection: Connection, email: str) -> None:
    assert by_email(connection, email) is None
    assert person_of(connection, ANNS) is None


def test_an_address_that_two_people_have_says_nothing(connection: Connection) -> None:
    connection.execute(update(tables.Person).filter_by(id="ben").values(email="ANN@schools.example"))
    assert by_email(connection, "ann@schools.example") is None


def test_a_workspace_without_a_channel_of_the_partnership_has_no_say(connection: Connection) -> None:
    """Anybody may found a workspace and give its members whatever addresses they like."""
    elsewhere = Account("slack", "T0ELSEWHERE", "U0ANN")
    assert by_email(connection, "ann@schools.example", elsewhere) is None
    in_teams = Account("teams", "T0SCHOOLS", "U0ANN")
    assert by_email(connection, "ann@schools.example", in_teams) is None


def test_the_lead_is_found_as_well(connection: Connection) -> None:
    assert by_email(connection, "lea@schools.example") == "lea"


def test_a_leader_whose_school_has_left_is_not(connection: Connection) -> None:
    connection.execute(update(tables.Membership).filter_by(school_id="alder").values(left_on=MONDAY.date()))
    assert by_email(connection, "ann@schools.example") is None


def test_somebody_who_has_an_account_there_gets_no_second_one_this_way(connection: Connection) -> None:
    by_email(connection, "ann@schools.example")
    another = Account("slack", "T0SCHOOLS", "U0ANN2")
    assert by_email(connection, "ann@schools.example", another) is None


def test_an_account_that_belongs_to_somebody_is_not_taken_from_them(connection: Connection) -> None:
    typed(connection, code_for(connection, "ben"), ANNS)
    assert by_email(connection, "ann@schools.example") is None
    assert person_of(connection, ANNS) == "ben"


def test_who_has_no_account_there_yet(connection: Connection) -> None:
    by_email(connection, "ann@schools.example")
    connection.execute(update(tables.Person).filter_by(id="ben").values(email=None))
    found = {each.person: each.email for each in linking.unjoined(connection, "slack", "T0SCHOOLS")}
    assert found == {
        "ben": None,
        "cat": "cat@schools.example",
        "dan": "dan@schools.example",
        "lea": "lea@schools.example",
    }
