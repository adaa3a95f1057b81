"""Many workspaces install the app themselves: their tokens are kept unreadable, renewed once, and forgotten with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation as Answer
from sqlalchemy import Connection as Transaction
from sqlalchemy import delete, select, update

from bot.platform import OutcomeUnknown, SendFailed
from core.storage import tables
from core.storage.database import Database
from integrations.pacing import Pause
from integrations.slack import installations
from integrations.slack.connection import Connection
from integrations.slack.installed_workspaces import InstalledWorkspaces
from integrations.slack.pacing import SlackPacer
from integrations.slack.renewal import App, Renewal
from integrations.slack.stores import Installations
from integrations.slack.vault import NoKeys, Tokens, UnreadableSecret, Vault
from tests.slack.conftest import Time
from tests.slack.playing_installs import CLIENT_ID, CLIENT_SECRET, InstalledSlack
from tests.slack.playing_slack import DROPPED, playing, refused
from tests.support.database import Postgres
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

ALDER, BIRCH, TRUST = "T0ALDER", "T0BIRCH", "E0TRUST"
KEY, NEW_KEY = (Fernet.generate_key().decode() for _ in range(2))


@dataclass
class Process:
    """One of the processes that serve the bot."""

    store: Installations
    workspaces: InstalledWorkspaces
    connection: Connection

    async def token(self, tenant: str) -> str | None:
        found = await self.workspaces.find(tenant)
        return None if found is None else found.token


@dataclass
class Landscape:
    slack: InstalledSlack
    database: Database
    now: datetime = NOW
    time: Time = field(default_factory=Time)
    processes: list[Process] = field(default_factory=list)

    def process(self, *keys: str, pause: Pause | None = None) -> Process:
        vault = Vault(keys or [KEY])
        connection = Connection(f"{self.slack.base}/api/", SlackPacer(self.time.seconds, self.time.pause))
        renewal = Renewal(
            self.database, vault, connection, App(CLIENT_ID, CLIENT_SECRET), lambda: self.now, pause or self.time.pause
        )
        workspaces = InstalledWorkspaces(self.database, vault, connection, renewal, lambda: self.now)
        store = Installations(self.database, vault, lambda: self.now, workspaces.changed)
        self.processes.append(Process(store, workspaces, connection))
        return self.processes[-1]

    async def installs(self, process: Process, tenant: str) -> None:
        """What Bolt does once somebody has said yes at Slack."""
        told = await process.connection.client("").oauth_v2_access(
            client_id=CLIENT_ID, client_secret=CLIENT_SECRET, code=self.slack.says_yes(tenant)
        )
        whole = bool(told["is_enterprise_install"])
        place = told["enterprise"] if whole else told["team"]
        await process.store.async_save(
            Answer(
                enterprise_id=tenant if whole else None,
                # As it comes where the organisation's administrator began in one workspace of it.
                team_id=ALDER if whole else tenant,
                team_name=place["name"],
                bot_token=told["access_token"],
                bot_id="B0",
                bot_user_id=told["bot_user_id"],
                bot_scopes=told["scope"],
                bot_refresh_token=told.get("refresh_token"),
                bot_token_expires_at=int((self.now + timedelta(hours=12)).timestamp()) if self.slack.expires else None,
                user_id="U0ADMIN",
                is_enterprise_install=whole,
            )
        )

    async def stored(self) -> list[installations.Installation]:
        return await self.database.read(installations.every)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """On each engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('installations') / 'test.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.fresh_url()
    database = Database(url)
    database.upgrade()
    yield database
    database.close()


@pytest.fixture
def database(migrated: Database) -> Iterator[Database]:
    yield migrated
    migrated.write_now(_emptied)


def _emptied(connection: Transaction) -> None:
    for table in reversed(tables.Base.metadata.sorted_tables):
        connection.execute(delete(table))


@pytest.fixture
async def landscape(database: Database) -> AsyncIterator[Landscape]:
    slack = InstalledSlack()
    async with playing(slack):
        there = Landscape(slack, database)
        yield there
        for each in there.processes:
            await each.connection.close()


# Keeping


async def test_each_workspace_has_its_own_token(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    await landscape.installs(process, BIRCH)
    assert [await process.token(tenant) for tenant in (ALDER, BIRCH)] == ["xoxb-T0ALDER-2", "xoxb-T0BIRCH-4"]


async def test_a_workspace_that_has_not_installed_it_has_none(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    assert await process.token(BIRCH) is None


async def test_installed_again_the_new_token_counts_at_once(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    before = await process.token(ALDER)
    await landscape.installs(process, ALDER)
    assert await process.token(ALDER) not in (before, None)
    assert len(await landscape.stored()) == 1


async def test_no_token_can_be_read_in_the_database(landscape: Landscape) -> None:
    landscape.slack.expires = True
    await landscape.installs(landscape.process(), ALDER)
    rows = await landscape.database.read(lambda connection: connection.execute(select(tables.SlackInstallation)).all())
    assert "xox" not in repr(rows)
    if landscape.database.is_sqlite:
        assert found_in_files(landscape.database) == {b"T0ALDER"}


def found_in_files(database: Database) -> set[bytes]:
    """Which of a token's beginnings, and which workspace, the files of a SQLite database hold."""
    folder = Path(str(database.engine.url.database)).parent
    content = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    return {each for each in (b"T0ALDER", b"xoxb-", b"xoxe-") if each in content}


async def test_who_installed_it_is_nothing_that_is_kept(landscape: Landscape) -> None:
    await landscape.installs(landscape.process(), ALDER)
    rows = await landscape.database.read(lambda connection: connection.execute(select(tables.SlackInstallation)).all())
    assert "U0ADMIN" not in repr(rows)


async def test_what_is_kept_shows_no_token_when_it_is_printed(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    (stored,) = await landscape.stored()
    assert "gAAAA" not in repr(stored)
    assert "xoxb" not in repr(await process.workspaces.find(ALDER))
    assert "xoxb" not in repr(Tokens("xoxb-1", "xoxe-1")) + repr(App("1", "secret"))


async def test_bolt_finds_what_it_saved(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    bot = await process.store.async_find_bot(enterprise_id=None, team_id=ALDER)
    assert bot is not None
    assert (bot.bot_token, bot.bot_user_id, bot.team_id) == ("xoxb-T0ALDER-2", "UBOTT0ALDER", ALDER)
    assert await process.store.async_find_installation(enterprise_id=None, team_id=BIRCH) is None
    await process.store.async_delete_all(enterprise_id=None, team_id=ALDER)
    assert await process.store.async_find_bot(enterprise_id=None, team_id=ALDER) is None


# Keys


async def test_a_new_key_in_front_reads_what_the_old_one_wrote(landscape: Landscape) -> None:
    await landscape.installs(landscape.process(KEY), ALDER)
    assert await landscape.process(NEW_KEY, KEY).token(ALDER) == "xoxb-T0ALDER-2"


async def test_after_a_start_with_both_the_old_key_can_go(landscape: Landscape) -> None:
    await landscape.installs(landscape.process(KEY), ALDER)
    both = Vault([NEW_KEY, KEY])
    changed = await landscape.database.write(lambda connection: installations.seal_anew(connection, both, NOW))
    again = await landscape.database.write(lambda connection: installations.seal_anew(connection, both, NOW))
    assert (changed, again) == (1, 0)
    assert await landscape.process(NEW_KEY).token(ALDER) == "xoxb-T0ALDER-2"


async def test_a_key_that_was_lost_is_told_in_words(landscape: Landscape) -> None:
    await landscape.installs(landscape.process(KEY), ALDER)
    with pytest.raises(SendFailed) as told:
        await landscape.process(NEW_KEY).token(ALDER)
    assert "T0ALDER can't be read with PARTNERSHIP_SLACK__ENCRYPTION_KEYS" in told.value.reason


def test_tokens_of_one_workspace_are_none_in_another() -> None:
    """Whoever can write into the database can't make the bot speak in another workspace than the row's own."""
    vault = Vault([KEY])
    with pytest.raises(UnreadableSecret):
        vault.open(BIRCH, vault.seal(ALDER, Tokens("xoxb-1")))


@pytest.mark.parametrize("keys", [[], [""], ["secret"], [KEY, "x"]], ids=["none", "empty", "no key", "one is none"])
def test_keys_that_are_none_are_refused_in_words_without_them(keys: list[str]) -> None:
    with pytest.raises(NoKeys, match="PARTNERSHIP_SLACK__ENCRYPTION_KEYS") as told:
        Vault(keys)
    assert not any(key and key in str(told.value) for key in keys)


# A whole organisation


async def test_an_installation_for_a_whole_organisation_is_found_from_each_workspace_it_was_let_into(
    landscape: Landscape,
) -> None:
    """Saved with the workspace it was begun in, it would never be found again."""
    landscape.slack.teams[TRUST] = [ALDER, "T0CEDAR", BIRCH]
    process = landscape.process()
    await landscape.installs(process, TRUST)
    for tenant in (ALDER, BIRCH):
        found = await process.workspaces.find(tenant)
        assert found is not None
        assert (found.tenant, found.token) == (tenant, "xoxb-E0TRUST-2")
    assert await process.token("T0DAMSON") is None


async def test_a_workspaces_own_installation_comes_before_the_organisations(landscape: Landscape) -> None:
    landscape.slack.teams[TRUST] = [ALDER]
    process = landscape.process()
    await landscape.installs(process, TRUST)
    await landscape.installs(process, ALDER)
    assert await process.token(ALDER) == "xoxb-T0ALDER-4"


async def test_an_organisation_that_can_not_be_asked_is_no_answer(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, TRUST)
    landscape.slack.teams[TRUST] = [ALDER]
    landscape.slack.next_calls("auth.teams.list", refused("internal_error"))
    with pytest.raises(OutcomeUnknown):
        await process.token(ALDER)
    assert await process.token(ALDER) == "xoxb-E0TRUST-2"


# Looking up seldom


async def statements(landscape: Landscape, process: Process) -> int:
    """How often the database is asked."""
    asked = 0
    read = landscape.database.read

    async def counted(work: object) -> object:
        nonlocal asked
        asked += 1
        return await read(work)  # type: ignore[arg-type]

    landscape.database.read = counted  # type: ignore[method-assign,assignment]
    await process.token(ALDER)
    landscape.database.read = read  # type: ignore[method-assign]
    return asked


async def test_within_a_minute_nobody_asks_twice(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    assert await statements(landscape, process) == 1
    landscape.later(seconds=59)
    assert await statements(landscape, process) == 0
    landscape.later(seconds=1)
    assert await statements(landscape, process) == 1


async def test_a_workspace_that_was_not_there_is_looked_for_again_soon(landscape: Landscape) -> None:
    here, elsewhere = landscape.process(), landscape.process()
    assert await here.token(ALDER) is None
    await landscape.installs(elsewhere, ALDER)
    landscape.later(seconds=10)
    assert await here.token(ALDER) == "xoxb-T0ALDER-2"


async def test_what_changes_while_it_is_looked_up_is_not_kept(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    looking = asyncio.create_task(process.token(ALDER))
    await asyncio.sleep(0)
    process.workspaces.changed(ALDER)
    await looking
    assert await statements(landscape, process) == 1


# Renewing


@pytest.fixture
def expiring(landscape: Landscape) -> Landscape:
    landscape.slack.expires = True
    return landscape


def renewals(landscape: Landscape) -> int:
    return sum(
        method == "oauth.v2.access" and arguments.get("grant_type") == "refresh_token"
        for method, arguments in landscape.slack.calls
    )


async def test_a_token_is_renewed_two_hours_before_its_end(expiring: Landscape) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    expiring.later(hours=9, minutes=59)
    assert await process.token(ALDER) == "xoxb-T0ALDER-2"
    expiring.later(minutes=1)
    assert await process.token(ALDER) == "xoxb-T0ALDER-3"
    assert renewals(expiring) == 1


async def test_and_again_and_again(expiring: Landscape) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    for number in range(3, 7):
        expiring.later(hours=11)
        assert await process.token(ALDER) == f"xoxb-T0ALDER-{number}"


async def test_many_who_need_it_at_once_renew_it_once(expiring: Landscape) -> None:
    """A refresh token is good once: who comes second with it gets nothing."""
    processes = [expiring.process() for _ in range(3)]
    await expiring.installs(processes[0], ALDER)
    expiring.later(hours=11)
    tokens = await asyncio.gather(*(process.token(ALDER) for process in processes for _ in range(5)))
    assert renewals(expiring) == 1
    assert set(tokens) <= {"xoxb-T0ALDER-2", "xoxb-T0ALDER-3"}
    expiring.later(minutes=1)
    assert {await process.token(ALDER) for process in processes} == {"xoxb-T0ALDER-3"}


async def test_where_it_has_expired_already_the_others_wait_for_the_one_who_renews_it(expiring: Landscape) -> None:
    async def until_somebody_has(_: float) -> None:
        while await expiring.stored() == before:
            pass

    processes = [expiring.process(pause=until_somebody_has) for _ in range(3)]
    await expiring.installs(processes[0], ALDER)
    before = await expiring.stored()
    expiring.later(hours=13)
    tokens = await asyncio.gather(*(process.token(ALDER) for process in processes))
    assert (set(tokens), renewals(expiring)) == ({"xoxb-T0ALDER-3"}, 1)


async def test_who_waits_in_vain_is_told_in_words(expiring: Landscape) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    expiring.later(hours=13)
    (stored,) = await expiring.stored()
    soon = expiring.now + timedelta(minutes=1)
    await expiring.database.write(
        lambda connection: installations.claim_renewal(connection, stored, expiring.now, soon)
    )
    with pytest.raises(SendFailed, match="is being renewed"):
        await process.token(ALDER)


async def test_while_slack_can_not_be_reached_the_old_token_is_used(expiring: Landscape) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    expiring.later(hours=11)
    expiring.slack.next_calls("oauth.v2.access", DROPPED)
    assert await process.token(ALDER) == "xoxb-T0ALDER-2"
    expiring.later(minutes=1)
    assert await process.token(ALDER) == "xoxb-T0ALDER-3"


async def test_a_token_that_has_expired_and_is_not_renewed_is_told_in_words(expiring: Landscape) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    expiring.slack.refresh_tokens.clear()
    expiring.later(hours=12)
    with pytest.raises(SendFailed) as told:
        await process.token(ALDER)
    assert told.value.reason.endswith("have the app installed again.")


@pytest.mark.parametrize("answer", [{}, {"access_token": "xoxb-1"}, {"access_token": 1, "refresh_token": "x"}])
async def test_an_answer_without_tokens_takes_none_away(expiring: Landscape, answer: dict[str, object]) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    (before,) = await expiring.stored()
    expiring.later(hours=11)
    expiring.slack.next_calls("oauth.v2.access", refused("", ok=True, **answer))
    assert await process.token(ALDER) == "xoxb-T0ALDER-2"
    assert await expiring.stored() == [before]


async def test_a_process_that_stopped_while_renewing_holds_nobody_up_for_long(expiring: Landscape) -> None:
    process = expiring.process()
    await expiring.installs(process, ALDER)
    expiring.later(hours=11)
    (stored,) = await expiring.stored()
    soon = expiring.now + timedelta(minutes=1)
    await expiring.database.write(
        lambda connection: installations.claim_renewal(connection, stored, expiring.now, soon)
    )
    assert await process.token(ALDER) == "xoxb-T0ALDER-2"
    expiring.later(minutes=1)
    assert await process.token(ALDER) == "xoxb-T0ALDER-3"


async def test_tokens_that_are_being_renewed_are_not_sealed_anew_under_the_renewer(expiring: Landscape) -> None:
    """Its result would find no row to go to, and the refresh token is used up."""
    await expiring.installs(expiring.process(), ALDER)
    (stored,) = await expiring.stored()
    soon = expiring.now + timedelta(minutes=1)
    await expiring.database.write(
        lambda connection: installations.claim_renewal(connection, stored, expiring.now, soon)
    )
    both = Vault([NEW_KEY, KEY])
    for now, changed in ((expiring.now, 0), (soon, 1)):
        sealed = await expiring.database.write(
            lambda connection, now=now: installations.seal_anew(connection, both, now)  # type: ignore[misc]
        )
        assert sealed == changed


async def test_who_installs_the_app_again_meanwhile_is_not_overwritten(expiring: Landscape) -> None:
    await expiring.installs(expiring.process(), ALDER)
    (before,) = await expiring.stored()
    await expiring.installs(expiring.process(), ALDER)
    (after,) = await expiring.stored()
    await expiring.database.write(lambda connection: installations.renewed(connection, before, "late", expiring.now))
    assert await expiring.stored() == [after]


# Removing


async def people_in(landscape: Landscape, tenant: str) -> list[str | None]:
    """Where the bot writes to the people of a workspace."""
    wanted = select(tables.Account.conversation).filter_by(tenant=tenant).order_by(tables.Account.user)
    return await landscape.database.read(lambda connection: list(connection.scalars(wanted)))


@pytest.fixture
def with_people(landscape: Landscape) -> Landscape:
    """Ann and Ben have accounts in Alder's workspace, Cat and Dan in Birch's; the bot has written to all of them."""

    def furnish(connection: Transaction) -> None:
        bring(connection, river())
        for tenant, people in ((ALDER, ("ann", "ben")), (BIRCH, ("cat", "dan", "lea"))):
            theirs = update(tables.Account).where(tables.Account.person_id.in_(people))
            connection.execute(theirs.values(platform="slack", tenant=tenant, conversation=tables.Account.user))

    landscape.database.write_now(furnish)
    return landscape


async def test_with_the_app_its_tokens_and_its_conversations_are_gone(with_people: Landscape) -> None:
    process = with_people.process()
    await with_people.installs(process, ALDER)
    await with_people.installs(process, BIRCH)
    with_people.slack.removes(ALDER)
    await process.workspaces.forget(ALDER)
    assert [each.tenant for each in await with_people.stored()] == [BIRCH]
    assert await process.token(ALDER) is None
    assert await people_in(with_people, ALDER) == [None, None]
    assert await people_in(with_people, BIRCH) == ["cat-web", "dan-web", "lea-web"]


async def test_other_processes_know_within_a_minute(landscape: Landscape) -> None:
    here, elsewhere = landscape.process(), landscape.process()
    await landscape.installs(here, ALDER)
    await elsewhere.token(ALDER)
    landscape.slack.removes(ALDER)
    await here.workspaces.forget(ALDER)
    landscape.later(minutes=1)
    assert await elsewhere.token(ALDER) is None


async def test_told_late_it_does_not_take_a_new_installation_away(with_people: Landscape) -> None:
    """Slack repeats events for hours, and the app may have been installed again."""
    process = with_people.process()
    await with_people.installs(process, ALDER)
    await process.workspaces.forget(ALDER)
    assert await process.token(ALDER) == "xoxb-T0ALDER-2"
    assert await people_in(with_people, ALDER) == ["ann-web", "ben-web"]


async def test_installed_again_the_bot_can_write_to_everybody_first(with_people: Landscape) -> None:
    process = with_people.process()
    await with_people.installs(process, ALDER)
    with_people.slack.removes(ALDER)
    await process.workspaces.forget(ALDER)
    await with_people.installs(process, ALDER)
    assert await people_in(with_people, ALDER) == ["ann-web", "ben-web"]


async def test_where_slack_does_not_answer_it_is_taken_at_its_word(landscape: Landscape) -> None:
    process = landscape.process()
    await landscape.installs(process, ALDER)
    landscape.slack.next_calls("auth.test", DROPPED)
    await process.workspaces.forget(ALDER)
    assert await landscape.stored() == []


async def test_tokens_that_nobody_can_read_are_forgotten_too(landscape: Landscape) -> None:
    await landscape.installs(landscape.process(KEY), ALDER)
    await landscape.process(NEW_KEY).workspaces.forget(ALDER)
    assert await landscape.stored() == []


async def test_removed_from_a_whole_organisation(with_people: Landscape) -> None:
    with_people.slack.teams[TRUST] = [ALDER, BIRCH]
    process = with_people.process()
    await with_people.installs(process, TRUST)
    with_people.slack.removes(TRUST)
    await process.workspaces.forget(ALDER)
    assert await with_people.stored() == []
    assert await people_in(with_people, ALDER) == [None, None]


async def test_removed_from_one_workspace_of_it_the_others_keep_it(with_people: Landscape) -> None:
    with_people.slack.teams[TRUST] = [ALDER, BIRCH]
    process = with_people.process()
    await with_people.installs(process, TRUST)
    with_people.slack.teams[TRUST] = [BIRCH]
    await process.workspaces.forget(ALDER)
    assert await process.token(ALDER) is None
    assert await process.token(BIRCH) == "xoxb-E0TRUST-2"
    assert await people_in(with_people, ALDER) == [None, None]


async def test_an_organisation_is_not_forgotten_because_slack_does_not_answer(landscape: Landscape) -> None:
    landscape.slack.teams[TRUST] = [BIRCH]
    process = landscape.process()
    await landscape.installs(process, TRUST)
    landscape.slack.next_calls("auth.test", DROPPED)
    await process.workspaces.forget(ALDER)
    assert len(await landscape.stored()) == 1
