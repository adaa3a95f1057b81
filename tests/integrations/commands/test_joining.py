"""``link``, ``find-people`` and what ``doctor`` says of Slack, typed at the command line."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, Update, select, update

from bot.platform import RateLimited, Unreachable
from core.storage import tables
from core.storage.database import Database
from integrations.commands.joining import say_of_each
from integrations.commands.output import CannotBeDone
from manifest.slack.scopes import NEEDED
from tests.integrations.commands.conftest import Run
from tests.slack.playing_installs import InstalledSlack, Member
from tests.slack.playing_slack import TEAM, TOKEN, playing
from tests.support.partnership_files import river

CHANNEL = f"{{platform: slack, tenant: {TEAM}, id: C0RIVER}}"
ORGANISATION = "5c000000-0000-4000-8000-0000000000a1"
IN_TEAMS = f'{{platform: teams, tenant: {ORGANISATION}, id: "19:river@thread.tacv2"}}'


@contextmanager
def in_a_thread(slack: InstalledSlack) -> Iterator[str]:
    """The address of a played Slack; the command brings an event loop of its own."""
    ready: list[str] = []
    loop, begun = asyncio.new_event_loop(), threading.Event()
    ended = asyncio.Event()

    async def play() -> None:
        async with playing(slack) as api:
            ready.append(api)
            begun.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(play()))
    thread.start()
    begun.wait(20)
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


@pytest.fixture
def slack(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InstalledSlack]:
    """The settings of a Slack in which all is well."""
    played = InstalledSlack(tokens={TOKEN: TEAM}, scopes={each.name for each in NEEDED})
    played.has_channel("C0RIVER")
    with in_a_thread(played) as api:
        for name, value in (("BOT_TOKEN", TOKEN), ("SIGNING_SECRET", "s" * 32), ("API_URL", api)):
            monkeypatch.setenv(f"PARTNERSHIP_SLACK__{name}", value)
        yield played


@pytest.fixture
def imported(run: Run, here: Path) -> Callable[[], None]:
    """Ann and Ben have addresses, Cat has an account in the file, Dan and Lea have nothing."""

    def bring() -> None:
        more = (
            "  - {id: ann, name: Ann Arber, email: ann@schools.example}\n"
            "  - {id: ben, name: Ben, email: ben@schools.example}\n"
            f"  - {{id: cat, name: Cat, accounts: [{{platform: slack, tenant: {TEAM}, user: U0CAT}}]}}"
        )
        text = river(people=("dan", "lea"), accounts={}, more_people=more)
        text = text.replace("{platform: web, tenant: demo, id: river-channel}", CHANNEL)
        (here / "river.yaml").write_text(text, encoding="utf-8")
        ended = run("import", "river.yaml")
        assert ended.code == 0, ended.said

    return bring


def written_to(here: Path) -> dict[str, str | None]:
    """Where the bot writes to whom."""
    database = Database(f"sqlite:///{here / 'var/partnership.db'}")
    wanted = select(tables.Account.person_id, tables.Account.conversation)
    found = database.read_now(lambda reading: {row.person_id: row.conversation for row in reading.execute(wanted)})
    database.close()
    return found


def test_somebody_whose_slack_account_is_in_the_file_can_be_written_to_first(
    run: Run, here: Path, imported: Callable[[], None]
) -> None:
    imported()
    assert written_to(here) == {"cat": "U0CAT"}


# A code


def test_a_code_is_printed_with_what_to_do_with_it(run: Run, imported: Callable[[], None]) -> None:
    imported()
    ended = run("link", "ann")
    assert ended.code == 0
    first, second = ended.said
    assert re.fullmatch(r"The code for Ann Arber: (?:[2-9B-Z]{4}-?){3}", first)
    assert "in a direct message, it works once, until " in second


def test_for_somebody_who_is_not_there_it_says_where_ids_come_from(run: Run, imported: Callable[[], None]) -> None:
    imported()
    ended = run("link", "anne")
    assert (ended.code, ended.said) == (
        1, ["There is no person anne. Their id is the one in the partnership's file."],
    )  # fmt: skip


@pytest.fixture
def two_partnerships(run: Run, here: Path) -> None:
    """River and Lake have the same ids for everybody; Ann has the same account in both."""
    for id_ in ("river", "lake"):
        text = river(id=id_, channel=f"{id_}-channel", name=f"{id_.capitalize()} Partnership", accounts={"ann": "ann"})
        (here / f"{id_}.yaml").write_text(text, encoding="utf-8")
        ended = run("import", f"{id_}.yaml")
        assert ended.code == 0, ended.said


def as_of_an_earlier_version(here: Path) -> None:
    """What the two share was shared without saying why."""
    database = Database(f"sqlite:///{here / 'var/partnership.db'}")
    for change in (
        update(tables.School).where(tables.School.shared_as.is_not(None)).values(proof="none"),
        update(tables.ListedPerson).filter_by(file_id="ann").values(proof="none"),
    ):
        database.write_now(partial(_executed, change))
    database.close()


def _executed(change: Update, connection: Connection) -> None:
    connection.execute(change)


def test_an_id_of_several_partnerships_is_written_with_the_partnerships(run: Run, two_partnerships: None) -> None:
    assert run("link", "ben").said == [
        "Several partnerships have somebody with this id. Say which, as in: link lake/ben or river/ben"
    ]
    ended = run("link", "lake/ben")
    assert ended.code == 0
    assert ended.said[0].startswith("The code for Ben: ")
    assert run("link", "brook/ben").code == 1


def test_somebody_of_both_needs_no_partnership(run: Run, two_partnerships: None) -> None:
    assert run("link", "ann").code == 0


def test_the_terminal_asks_too_whose_id_is_meant(run: Run, two_partnerships: None) -> None:
    assert run("chat", "--as", "ben").said == [
        "Several partnerships have somebody with this id. Say which, as in: chat --as lake/ben or river/ben"
    ]
    for partnership in ("River", "Lake"):
        ended = run("chat", "--as", f"{partnership.lower()}/lea", typed="status\n")
        assert any(f"You lead {partnership} Partnership" in line for line in ended.said)


# Parting what is shared


def test_what_is_shared_is_told_when_a_file_is_brought_in(run: Run, two_partnerships: None) -> None:
    assert run("import", "river.yaml").said[-2:] == [
        "Shared with another partnership: Alder School (alder): one account leads or takes part in both.",
        "Shared with another partnership: Ann (ann): one account leads or takes part in both.",
    ]


def test_what_has_proof_is_not_parted_by_a_command(run: Run, two_partnerships: None) -> None:
    ended = run("split", "lake", "alder")
    assert (ended.code, ended.said) == (
        1,
        ["It is known to be the same school. Take same_as out of one of the files, and import that one again."],
    )


def test_what_is_not_shared_is_said_to_be_so(run: Run, two_partnerships: None) -> None:
    ended = run("split", "lake", "birch")
    assert ended.code == 1
    assert ended.said[0].startswith("lake shares no school or person birch with another partnership.")


def test_what_lacks_proof_is_named_by_the_doctor_and_parted(run: Run, here: Path, two_partnerships: None) -> None:
    as_of_an_earlier_version(here)
    assert [line for line in run("doctor", "--all").said if "nothing proves" in line] == [
        f"ok  {partnership} shares {name} ({id_}) with another partnership, and nothing proves that it is the same "
        f"{kind}. If it is not: partnership-bot split {partnership} {id_}. If it is: {proof}"
        for kind, name, id_, proof in (
            ("school", "Alder School", "alder", "write same_as in both files (docs/import.md)."),
            ("person", "Ann", "ann", "write the same account in both files."),
        )
        for partnership in ("lake", "river")
    ]
    assert run("split", "lake", "alder").said == ["Alder School (lake/alder) is this partnership's own now."]
    assert run("split", "lake", "ann").said == [
        "Ann (lake/ann) is this partnership's own now.",
        "Import the files of both again, so that each has its own name and address.",
        "Their account stays with the other partnership. If it belongs to this one, give them a code: "
        "partnership-bot link lake/ann",
    ]
    assert not [line for line in run("doctor", "--all").said if "nothing proves" in line]
    assert run("link", "lake/ann").code == 0


@pytest.mark.parametrize("days", ["0", "32", "x"])
def test_a_code_is_good_for_a_month_at_most(run: Run, days: str) -> None:
    assert run("link", "ann", "--days", days).code == 2


# Looking everybody up


def test_who_is_found_can_be_written_to_and_who_is_not_is_named(
    run: Run, here: Path, slack: InstalledSlack, imported: Callable[[], None]
) -> None:
    slack.has_member(Member("U0ANN", "ann@schools.example", TEAM))
    imported()
    ended = run("find-people")
    assert (ended.code, ended.said) == (
        0,
        [
            f"{TEAM}: found by their address: ann.",
            f"{TEAM}: not found, or guests there: ben.",
            f"{TEAM}: no address in the file, or one that others have too: dan, lea.",
            f"{TEAM}: each of these can be given a code, such as: partnership-bot link ben",
        ],
    )
    assert written_to(here) == {"ann": "U0ANN", "cat": "U0CAT"}


def test_without_a_platform_nobody_can_be_looked_up(run: Run, imported: Callable[[], None]) -> None:
    imported()
    assert run("find-people").said == [
        "No chat platform is set up, so nobody can be looked up. See docs/slack.md or docs/teams.md"
    ]


def test_without_a_channel_nobody_is_looked_up(run: Run, slack: InstalledSlack) -> None:
    assert run("db", "upgrade").code == 0
    assert run("find-people").said[0].startswith("No partnership has a channel in Slack yet.")


def test_what_slack_does_not_allow_is_told_in_words(
    run: Run, slack: InstalledSlack, imported: Callable[[], None]
) -> None:
    imported()
    slack.scopes.discard("users:read.email")
    ended = run("find-people")
    assert ended.code == 1
    assert ended.said == [
        f"{TEAM}: The Slack app lacks a permission (users:read.email): install it again from its manifest."
    ]


def test_a_workspace_the_bot_is_not_in_is_named(run: Run, slack: InstalledSlack, imported: Callable[[], None]) -> None:
    imported()
    slack.tokens[TOKEN] = "T0OTHER"
    assert run("find-people").said == [
        f"{TEAM}: the bot is not in this workspace. Check its id in the partnership's file."
    ]


async def test_trouble_in_one_organisation_keeps_nobody_from_being_found_in_the_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def look(tenant: str) -> list[str]:
        if tenant == "busy":
            raise RateLimited(timedelta(minutes=1))
        if tenant == "gone":
            raise Unreachable("The bot was removed there.")
        return ["found by their address: ann."]

    with pytest.raises(CannotBeDone) as trouble:
        await say_of_each(["busy", "gone", "well"], look)
    assert capsys.readouterr().out == "well: found by their address: ann.\n"
    assert str(trouble.value).splitlines() == [
        "busy: the platform asks for a pause. Please try again in a few minutes.",
        "gone: The bot was removed there.",
    ]


# The doctor


def test_the_doctor_asks_slack(run: Run, slack: InstalledSlack, imported: Callable[[], None]) -> None:
    imported()
    ended = run("doctor", "--all", "--ask")
    assert f"ok  Slack: the bot is in {TEAM} schools and may do all it needs." in ended.said
    assert "ok  Slack: the bot is in the channel C0RIVER of river." in ended.said
    assert ended.code == 0


def test_what_is_wrong_in_slack_is_the_doctors_business(
    run: Run, slack: InstalledSlack, imported: Callable[[], None]
) -> None:
    imported()
    slack.scopes.discard("files:write")
    ended = run("doctor", "--ask")
    assert any(line.startswith(f"NO  Slack: in {TEAM} schools the app lacks files:write") for line in ended.said)
    assert ended.code == 1


def test_a_channel_on_a_platform_that_is_not_set_up_is_what_is_wrong(run: Run, imported: Callable[[], None]) -> None:
    imported()
    ended = run("doctor", "--all")
    assert [line for line in ended.said if "not set up" in line] == [
        "ok  Slack is not set up. If it should be: docs/slack.md",
        "ok  Teams is not set up. If it should be: docs/teams.md",
        "NO  River Partnership has its channel in Slack, which is not set up here: docs/slack.md says how.",
    ]
    assert ended.code == 1


def test_what_is_wrong_with_one_platform_keeps_nobody_from_being_looked_up_on_the_other(
    run: Run, here: Path, slack: InstalledSlack, imported: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack is set up and no partnership has its channel there; Teams has a channel that nothing came from yet."""
    imported()
    file = here / "river.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(CHANNEL, IN_TEAMS), encoding="utf-8")
    run("import", "river.yaml")
    for name, value in (("APP_ID", "1a2b"), ("TENANT_ID", ORGANISATION), ("CLIENT_SECRET", "hush")):
        monkeypatch.setenv(f"PARTNERSHIP_TEAMS__{name}", value)
    ended = run("find-people")
    assert (ended.code, ended.said[0], ended.said[-1]) == (
        1, f"{ORGANISATION}: nobody new was found.",
        "No partnership has a channel in Slack yet. Add it to its file, and import that again.",
    )  # fmt: skip
