"""The command line: sentences on the screen, honest exit codes, and no traceback for anybody's mistake."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from core.services import privacy
from core.storage import tables
from core.storage.database import Database
from tests.integrations.commands.conftest import Run
from tests.support.database import Postgres
from tests.support.days import NOW
from tests.support.enquiries import bring
from tests.support.partnership_files import river

ROOT = Path(__file__).parents[3]
DAY = "2030-07-09"
"""In summer, when a time that was kept or told in UTC shows."""
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


@pytest.fixture
def brought_in(run: Run, here: Path) -> None:
    """River Partnership: four schools, and nobody has answered anything."""
    (here / "river.yaml").write_text(river(), encoding="utf-8")
    assert run("import", "river.yaml").code == 0


# Bringing a partnership in


def test_a_partnership_is_brought_in_from_its_file(run: Run, here: Path) -> None:
    (here / "river.yaml").write_text(river(), encoding="utf-8")

    first, again = run("import", "river.yaml"), run("import", "river.yaml")

    assert (first.code, again.code) == (0, 0)
    assert first.said[0] == "River Partnership is up to date. Its framework is partnership-enquiry 1.0."
    assert "Schools: 4 new." in first.said
    assert "Schools: as before." in again.said


def test_a_mistake_is_told_by_its_line_and_changes_nothing(run: Run, here: Path) -> None:
    (here / "bad.yaml").write_text(river(leads=("leo",)), encoding="utf-8")

    ended = run("import", "bad.yaml")

    assert ended.code == 1
    assert ended.said == [
        'bad.yaml: line 13, leads number 1: there is no "leo" under people. Did you mean lea?',
        "Nothing was changed.",
    ]
    assert run("db", "upgrade").code == 0
    assert run("cycle", "list", "river").said == [
        "There is no partnership river. None has been imported yet: partnership-bot import FILE"
    ]


@pytest.mark.parametrize(
    ("framework", "complaint"),
    [
        pytest.param(None, "framework: own.yaml can't be read.", id="it is not there"),
        pytest.param("id: own", "own.yaml: line 1", id="it is not whole"),
    ],
)
def test_a_framework_that_cannot_be_used_is_told_by_its_own_file(
    run: Run, here: Path, framework: str | None, complaint: str
) -> None:
    (here / "river.yaml").write_text(river(more="framework: own.yaml"), encoding="utf-8")
    if framework is not None:
        (here / "own.yaml").write_text(framework, encoding="utf-8")

    ended = run("import", "river.yaml")

    assert ended.code == 1
    assert complaint in "\n".join(ended.said)
    assert ended.said[-1] == "Nothing was changed."


def test_ids_of_each_platform_are_brought_in_as_that_platform_sends_them(run: Run, here: Path) -> None:
    tenant = "87654321-4321-4321-4321-CBA987654321"
    link = f"https://teams.microsoft.com/l/channel/19%3aab%40thread.tacv2/General?groupId=1&tenantId={tenant}"
    in_slack = '{platform: slack, tenant: T012, id: "https://river.slack.com/archives/C078"}'
    in_teams = f'{{platform: teams, tenant: {tenant}, id: "{link}"}}'
    text = river().replace("channels: [", f"channels: [{in_slack}, {in_teams}, ")
    (here / "river.yaml").write_text(text, encoding="utf-8")

    assert run("import", "river.yaml").code == 0

    database = Database(f"sqlite:///{here / 'var/partnership.db'}")
    channels = select(tables.Channel.tenant, tables.Channel.conversation)
    found = database.read_now(lambda reading: {tuple(row) for row in reading.execute(channels)})
    database.close()
    assert found >= {("T012", "C078"), (tenant.lower(), "19:ab@thread.tacv2")}


@pytest.mark.parametrize(
    ("channel", "complaint"),
    [
        pytest.param('{platform: slack, tenant: T012, id: "#general"}', "id: this is not a channel's id. ", id="Slack"),
        pytest.param('{platform: teams, tenant: Contoso, id: "19:ab@thread.tacv2"}',
                     "tenant: this is not the id of an organisation. ", id="Teams"),
    ],
)  # fmt: skip
def test_an_id_that_a_platform_does_not_have_is_told_by_its_line(
    run: Run, here: Path, channel: str, complaint: str
) -> None:
    text = river().replace("channels: [", f"channels: [{channel}, ")
    (here / "river.yaml").write_text(text, encoding="utf-8")

    ended = run("import", "river.yaml")

    assert ended.code == 1
    assert re.match("river.yaml: line 14, channels .* > ", ended.said[0])
    assert complaint in ended.said[0]


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        pytest.param("river.yaml", b"PK\x03\x04 word/document.xml", "a Word document", id="by what it begins with"),
        pytest.param("river.yaml", b"{\\rtf1 partnership:}", "a document with formatting (RTF)", id="from TextEdit"),
        pytest.param("river.xlsx", b"partnership,schools", "an Excel workbook", id="by its name"),
    ],
)
def test_a_file_of_another_program_is_said_to_be_one(run: Run, here: Path, name: str, source: bytes, kind: str) -> None:
    (here / name).write_bytes(source)
    assert run("import", name).said == [
        f"{name}: this is {kind}. Write it in a text editor, and save it as plain text with a name that ends in .yaml.",
        "Nothing was changed.",
    ]


def test_a_framework_of_another_program_is_said_to_be_one(run: Run, here: Path) -> None:
    (here / "river.yaml").write_text(river(more="framework: own.yaml"), encoding="utf-8")
    (here / "own.yaml").write_bytes(b"PK\x03\x04 xl/workbook.xml")
    ended = run("import", "river.yaml")
    assert ended.said[0].startswith("own.yaml: this is an Excel workbook.")
    assert ended.said[-1] == "Nothing was changed."


# Cycles


def test_a_cycle_that_the_schools_have_not_agreed_to_open_says_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "open.yaml"
    file.write_text(river(visibility="open"), encoding="utf-8")
    run("import", str(file))
    opened = run("cycle", "open", "river", "--title", "Summer 2030", "--closes", DAY)
    assert opened.said[0].endswith(
        "It is own-and-group: not every school has agreed to open yet. The bot asks them in chat."
    )


@pytest.mark.usefixtures("brought_in")
def test_a_cycle_is_opened_listed_and_closed(run: Run) -> None:
    opened = run("cycle", "open", "river", "--title", "Summer 2030", "--closes", DAY)
    told = "River Partnership: Summer 2030 is open and closes on Tuesday 9 July 2030 at 16:30. 4 schools are asked: "
    assert opened.said[0].startswith(f"{told}leaders are invited ")
    assert run("cycle", "list", "river").said == [
        "Summer 2030: open until Tuesday 9 July 2030 at 16:30. 0 of 4 schools submitted."
    ]
    assert run("cycle", "close", "river").said == [
        "River Partnership: Summer 2030 is closed. 0 of 4 schools submitted."
    ]
    closed = r"Summer 2030: closed on \w+ \d+ \w+ \d{4} at \d\d:\d\d\. 0 of 4 schools submitted\."
    assert re.fullmatch(closed, "\n".join(run("cycle", "list", "river").said))


@pytest.mark.usefixtures("brought_in")
@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        pytest.param(
            ("--opens", "2020-11-09", "--closes", "2020-12-10"), "Choose a later closing date", id="it is over"
        ),
        pytest.param(("--closes", DAY, "--opens", "2031-01-01"), "has to open before it closes", id="turned round"),
        pytest.param(("--closes", DAY, "--focus", "9.9"), "has no sub-theme 9.9", id="an unknown sub-theme"),
        pytest.param(("--closes", DAY, "--area", "9"), "has no area 9", id="an unknown area"),
    ],
)
def test_a_cycle_that_cannot_be_is_refused_in_words(run: Run, words: tuple[str, ...], complaint: str) -> None:
    ended = run("cycle", "open", "river", "--title", "Summer 2030", *words)

    assert ended.code == 1
    assert complaint in "\n".join(ended.said)
    assert run("cycle", "list", "river").said == ["River Partnership has had no cycle yet."]


@pytest.mark.usefixtures("brought_in")
def test_a_cycle_over_the_change_of_the_clocks_opens_and_closes_by_those_of_each_day(run: Run) -> None:
    opened = run("cycle", "open", "river", "--title", "One", "--opens", "2030-10-14", "--closes", "2030-11-07")
    assert "opens on Monday 14 October 2030 at 08:00 and closes on Thursday 7 November 2030 at 16:30" in opened.said[0]


@pytest.mark.usefixtures("brought_in")
def test_one_cycle_at_a_time(run: Run) -> None:
    assert run("cycle", "open", "river", "--title", "One", "--closes", DAY, "--opens", "2030-06-10").code == 0

    ended = run("cycle", "open", "river", "--title", "Two", "--closes", DAY)

    assert (ended.code, ended.said[0][:36]) == (1, "One has not been closed yet. Close i")
    assert run("cycle", "list", "river").said[0].startswith("One: opens on Monday 10 June 2030 at 08:00.")


@pytest.mark.usefixtures("brought_in")
def test_a_short_round_asks_the_priorities_and_one_area(run: Run, here: Path) -> None:
    run("cycle", "open", "river", "--title", "Short", "--closes", DAY, "--focus", "2.2, 2.3", "--area", "3")

    chat = run("chat", "--as", "ann", typed="start\n")

    assert "1 of 10" in "\n".join(chat.said), "five sub-themes of two criteria each"


def test_closing_what_is_not_open_is_refused(run: Run, brought_in: None) -> None:
    ended = run("cycle", "close", "river")

    assert (ended.code, ended.said) == (1, ["River Partnership has no open cycle."])


# The report


@pytest.mark.usefixtures("brought_in")
def test_there_is_no_report_before_a_cycle_has_closed(run: Run) -> None:
    ended = run("report", "river", "--out", "reports")

    assert (ended.code, ended.said) == (
        1,
        ["No cycle of River Partnership has closed yet, so there is no report."],
    )


@pytest.mark.parametrize("command", ["report", "meeting-pack"])
def test_a_language_that_the_bot_does_not_speak_is_refused(run: Run, here: Path, command: str) -> None:
    ended = run(command, "river", "--out", "reports", "--language", "fr")

    assert ended.code == 2
    assert not (here / "reports").exists()


def test_a_report_is_written_as_picture_figures_and_words(
    run: Run, here: Path, demo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", f"sqlite:///{demo_file}")

    ended = run("report", "willow-valley", "--out", "reports")

    assert ended.code == 0
    written = {
        path.name.removeprefix("partnership-report-2"): path.read_bytes() for path in (here / "reports").iterdir()
    }
    assert sorted(ended.said) == sorted(f"reports/partnership-report-2{name}" for name in written)
    assert {"-en-overview.png", "-en-priorities.png", "-en-forms.png", "-en.csv", ".txt"} <= set(written)
    assert written["-en-overview.png"].startswith(b"\x89PNG")
    assert b"Trust and belonging" in written["-en.csv"]
    assert b"6 of 7 schools submitted" in written[".txt"]


def test_a_meeting_pack_is_written_as_slides_a_document_and_numbers(
    run: Run, here: Path, demo_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", f"sqlite:///{demo_file}")

    ended = run("meeting-pack", "willow-valley", "--out", "packs")

    assert ended.code == 0
    written = {path.suffix: path.read_bytes() for path in (here / "packs").iterdir()}
    assert sorted(ended.said) == sorted(f"packs/meeting-pack-2-en{suffix}" for suffix in written)
    assert written[".pdf"].startswith(b"%PDF")
    assert set(written) == {".pptx", ".pdf", ".csv", ".xlsx"}


# Talking


@pytest.mark.usefixtures("brought_in")
def test_a_leader_talks_at_the_terminal_and_goes_on_another_time(run: Run) -> None:
    run("cycle", "open", "river", "--title", "Summer 2030", "--closes", DAY)
    first = run("chat", "--as", "ann", typed="start\n3 2\n")
    assert "1 of 18 answered" in "\n".join(first.said)
    assert first.said[-1] == "Goodbye. Everything you said is kept."

    again = run("chat", "--as", "ann", typed="resume\n")

    assert "2 of 18" in "\n".join(again.said)
    assert again.code == 0


@pytest.mark.usefixtures("brought_in")
def test_one_can_only_be_somebody_who_is_known(run: Run) -> None:
    ended = run("chat", "--as", "nobody")

    assert ended.code == 1
    assert ended.said[:2] == ["There is nobody with the id nobody. There are:", "  ann  Ann"]


# Looking after it


def test_it_says_its_version(run: Run) -> None:
    ended = run("--version")
    assert (ended.code, ended.said) == (0, [f"partnership-bot {VERSION}"])


NOT_ASKED = "--all lists them. No chat platform was asked: --ask does that."


def test_the_doctor_says_what_to_do_next(run: Run, here: Path) -> None:
    before = run("doctor")
    assert before.code == 1
    assert before.said == [f"NO  {no_database(here)}", f"1 of the 5 things checked needs attention. {NOT_ASKED}"]

    assert run("db", "upgrade").said == ["The database is up to date."]
    after = run("doctor")

    assert (after.code, after.said) == (0, [f"All is well: 14 things were checked. {NOT_ASKED}"])
    everything = run("doctor", "--all")
    assert everything.code == 0
    assert len(everything.said) == 14 + 1
    assert any("The bot's Welsh awaits review" in line for line in everything.said)
    assert run("doctor", "--ask").said == ["All is well: 14 things were checked. --all lists them."]


def erasures_in(run: Run) -> str:
    (line,) = [each for each in run("doctor", "--all").said if "erased" in each]
    return line


def erase(*people: str) -> None:
    with closing(Database("sqlite:///var/partnership.db")) as database:
        database.write_now(lambda connection: bring(connection, river()))
        for person in people:
            database.write_now(partial(privacy.erase, person=person, now=NOW))


def test_the_doctor_says_where_it_is_kept_who_was_erased(run: Run, here: Path) -> None:
    run("db", "upgrade")
    assert erasures_in(run) == (
        "ok  Nobody has been erased yet. They will be listed, outside the database, in var/partnership.db.erased."
    )
    erase("ann")
    assert erasures_in(run) == (
        "NO  var/partnership.db.erased lacks one person who was erased; they are added when the bot starts."
    )
    run("db", "upgrade")
    assert erasures_in(run) == (
        "ok  One person has been erased, and var/partnership.db.erased says so outside the database. "
        "When you restore a database, leave that file as it is."
    )
    for each in here.glob("var/partnership.db*"):
        if not each.name.endswith(".erased"):
            each.unlink()
    run("db", "upgrade")  # Another database, in which nobody is known.
    assert erasures_in(run).startswith("ok  One person has been erased")


def test_after_a_restore_the_doctor_says_that_somebody_is_to_be_erased_again(run: Run, here: Path) -> None:
    run("db", "upgrade")
    shutil.copy("var/partnership.db", "copy.db")
    erase("ann", "ben")
    run("db", "upgrade")
    shutil.copy("copy.db", "var/partnership.db")
    assert erasures_in(run) == (
        "NO  var/partnership.db.erased names 2 people who were erased after this copy of the database was made. "
        "They are erased again when the bot starts, or by: partnership-bot db upgrade"
    )
    run("db", "upgrade")
    assert erasures_in(run).startswith("ok  2 people have been erased")


@pytest.mark.parametrize(
    ("place", "complaint"),
    [
        pytest.param("var", "The list of erased people can't be written: ", id="a folder"),
        pytest.param("var/partnership.db/list", "The list of erased people can't be written: ", id="below a file"),
    ],
)
def test_the_doctor_says_why_it_cannot_be_kept_who_was_erased(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: str, complaint: str
) -> None:
    run("db", "upgrade")
    monkeypatch.setenv("PARTNERSHIP_ERASURES", place)
    assert erasures_in(run).startswith("NO  ")
    assert complaint in erasures_in(run)


def test_the_doctor_asks_for_a_list_beside_postgresql(
    run: Run, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", postgres.fresh_url())
    run("db", "upgrade")
    assert erasures_in(run) == (
        "NO  There is no list of erased people outside the database, so a restored backup would bring them back. "
        "Name a file for it in PARTNERSHIP_ERASURES."
    )
    monkeypatch.setenv("PARTNERSHIP_ERASURES", "kept/erased")
    assert erasures_in(run).startswith("ok  Nobody has been erased yet.")


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        pytest.param("PARTNERSHIP_PORT", "eighty", "PARTNERSHIP_PORT: write a whole number.", id="a port"),
        pytest.param(
            "PARTNERSHIP_DATABASE_URL",
            "postgresql://bot:very-secret@127.0.0.1:1/x",
            "127.0.0.1:1/x: nothing answers there.",
            id="a database",
        ),
    ],
)
def test_the_doctor_names_what_is_wrong_and_no_secret(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(name, value)
    ended = run("doctor")

    assert ended.code == 1
    assert complaint in "\n".join(ended.said)
    assert "very-secret" not in "\n".join(ended.said)


READING = [
    ("cycle", "list", "x"),
    ("cycle", "close", "x"),
    ("report", "x", "--out", "."),
    ("link", "x"),
    ("split", "x", "y"),
    ("find-people",),
    ("chat", "--as", "x"),
    ("doctor",),
]


def no_database(here: Path) -> str:
    return (
        f"There is no database at {here}/var/partnership.db. If it is elsewhere, say where in "
        "PARTNERSHIP_DATABASE_URL. To begin a new one: partnership-bot db upgrade"
    )


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_what_needs_a_database_makes_none(run: Run, here: Path, words: tuple[str, ...]) -> None:
    ended = run(*words)
    assert ended.code == 1
    assert any(line.endswith(no_database(here)) for line in ended.said)
    assert list(here.iterdir()) == []


def test_a_setting_without_effect_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_COLOUR", "very-secret")
    monkeypatch.setenv("PARTNERSHIP_BOT_SERVICE_HOST", "10.0.0.11")
    told = "PARTNERSHIP_COLOUR: there is no such setting. It has no effect."
    assert run("db", "upgrade").said == [told, "The database is up to date."]
    assert any(line.endswith(told) for line in run("doctor", "--all").said)


def test_a_mistyped_setting_ends_every_command(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABSE_URL", "sqlite:///very-secret.db")
    told = "PARTNERSHIP_DATABSE_URL: there is no such setting. Did you mean PARTNERSHIP_DATABASE_URL?"
    for words in [("serve",), ("db", "upgrade"), ("cycle", "list", "x")]:
        ended = run(*words)
        assert (ended.code, ended.said) == (1, [told])
    assert any(told in line for line in run("doctor").said)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("words", [("db", "upgrade"), ("cycle", "list", "x"), ("chat", "--as", "x"), ("serve",)])
def test_a_database_that_cannot_be_reached_is_no_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", "postgresql://bot:very-secret@127.0.0.1:1/x")
    monkeypatch.setenv("PARTNERSHIP_PORT", "0")
    ended = run(*words)

    assert ended.code == 1
    assert [line for line in ended.said if not line.startswith("Database: ")] == [
        "postgresql+psycopg://bot:***@127.0.0.1:1/x: nothing answers there. Does PostgreSQL run, and are host and port "
        "in PARTNERSHIP_DATABASE_URL right?"
    ]


@pytest.mark.parametrize("words", [("db", "upgrade"), ("cycle", "list", "x"), ("chat", "--as", "x"), ("serve",)])
def test_a_file_that_is_no_database_is_no_traceback(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    (here / "notes.db").write_text("Minutes of the meeting, taken by hand. " * 30)
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", "sqlite:///notes.db")
    monkeypatch.setenv("PARTNERSHIP_PORT", "0")
    told = (
        f"{here}/notes.db: this file is not a SQLite database. Move it away, or name another in "
        "PARTNERSHIP_DATABASE_URL."
    )
    assert run(*words).said[-1] == told
    assert any(line.endswith(told) for line in run("doctor").said)


def test_a_database_of_a_later_version_is_no_traceback(run: Run, here: Path) -> None:
    assert run("db", "upgrade").code == 0
    with closing(Database(f"sqlite:///{here}/var/partnership.db")) as database:
        database.write_now(lambda writing: writing.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'"))
    told = "This database was last used by a later version of the program. Install that version again"
    for words in (("db", "upgrade"), ("cycle", "list", "x"), ("doctor",)):
        ended = run(*words)
        assert ended.code == 1
        assert any(told in line for line in ended.said)


def test_an_address_with_a_slip_in_it_is_told_with_its_variable(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", "sqlite://partnership.db")
    told = (
        "PARTNERSHIP_DATABASE_URL: A SQLite file's name comes after three slashes (sqlite:///name.db), its full path "
        "after four."
    )
    for words in (("serve",), ("db", "upgrade"), ("cycle", "list", "x")):
        assert (run(*words).code, run(*words).said) == (1, [told])


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            {"SLACK__BOT_TOKEN": "xoxb-secret", "SLACK__CLIENT_ID": "secret"},
            ["PARTNERSHIP_SLACK__BOT_TOKEN is for one workspace and PARTNERSHIP_SLACK__CLIENT_ID for many: give one."],
            id="Slack",
        ),
        pytest.param(
            {"TEAMS__APP_ID": "secret", "TEAMS__CLIENT_SECRET": "secret"},
            ["PARTNERSHIP_TEAMS__TENANT_ID: needed; docs/teams.md says where to find it."],
            id="Teams",
        ),
    ],
)
def test_a_platform_that_is_set_up_by_half_is_no_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], told: list[str]
) -> None:
    monkeypatch.setenv("PARTNERSHIP_PORT", "0")
    for name, value in given.items():
        monkeypatch.setenv(f"PARTNERSHIP_{name}", value)
    ended = run("serve")

    assert ended.code == 1
    assert ended.said[1:] == told


# Serving


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARTNERSHIP_SLACK__BOT_TOKEN", "xoxb"),
        ("PARTNERSHIP_PUBLIC_URL", "https://bot.example.org"),
        ("PARTNERSHIP_ENVIRONMENT", "production"),
    ],
)
def test_the_demo_does_not_start_beside_production(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    ended = run("demo", "--port", "0")

    assert ended.code == 1
    assert name in ended.said[0]
    assert list(here.iterdir()) == [], "nothing was begun"


def test_a_port_that_is_taken_is_told_with_a_way_out(run: Run, here: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("demo", "--port", str(port))

    assert ended.code == 1
    assert ended.said == [
        f"Port {port} of 127.0.0.1 can't be used: address already in use. "
        "Try another: partnership-bot demo --port 8001, or make demo PORT=8001"
    ]


def test_files_named_as_our_modules_where_it_is_started_are_left_alone(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNERSHIP_PORT", "0")
    monkeypatch.setenv("PARTNERSHIP_COLOUR", "very-secret")
    for name in ("bot", "core", "integrations", "scheduler"):
        (here / f"{name}.py").write_text("raise SystemExit('not ours')")
    program = Path(sys.executable).with_name("partnership-bot")
    with subprocess.Popen([program, "serve"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().partition("//")[0].rstrip() for _ in range(3)]
        process.terminate()
        _, log = process.communicate(timeout=60)
    assert said == [f"Database: {here}/var/partnership.db", "The database is up to date.", "Ready: http:"]
    assert 'warning setting without effect why="PARTNERSHIP_COLOUR: there is no such setting."' in log


@pytest.mark.parametrize(
    ("command", "greeting", "platforms"),
    [
        pytest.param(["demo", "--port", "0"], "The demo is ready: ", "web", id="demo"),
        pytest.param(["serve"], "Ready: ", "", id="serve"),
    ],
)
def test_it_says_when_it_is_ready_and_ends_kindly(
    here: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], greeting: str, platforms: str
) -> None:
    monkeypatch.setenv("PARTNERSHIP_PORT", "0")
    program = [sys.executable, "-c", "from integrations.cli import app; app()", *command]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = next(line.removeprefix(greeting).strip() for line in process.stdout if line.startswith(greeting))
        with urllib.request.urlopen(f"{address}/health/ready") as answer:
            assert answer.read() == b"Ready.\n"
        process.send_signal(signal.SIGINT)
        rest, log = process.communicate(timeout=60)

    assert process.returncode == 0
    assert rest.splitlines()[-1].endswith("topped.")
    what = rf"version={re.escape(VERSION)} role=all platforms={platforms} database={re.escape(str(here))}/\S+"
    assert re.search(rf"^\S+ info    started {what}$", log, re.MULTILINE)
