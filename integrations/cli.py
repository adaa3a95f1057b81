"""``partnership-bot``: everything that is done at the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from integrations.commands.output import in_words, say
from integrations.platforms import PLATFORMS

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
db = typer.Typer(help="Look after the database.", no_args_is_help=True)
cycle = typer.Typer(help="Open, close and list the cycles of a partnership.", no_args_is_help=True)
outbox = typer.Typer(help="See what waits to be sent or did not arrive, and mend it.", no_args_is_help=True)
manifest = typer.Typer(help="Make the app of a chat platform that fits this bot.", no_args_is_help=True)
app.add_typer(db, name="db")
app.add_typer(cycle, name="cycle")
app.add_typer(outbox, name="outbox")
app.add_typer(manifest, name="manifest")

Rows: TypeAlias = Annotated[
    list[int], typer.Argument(metavar="ROW...", help="Numbers, as outbox list and the log have them.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="As JSON, for a program to read.")]
Partnership = Annotated[str, typer.Argument(help="The partnership's id, as in its file.")]
Language: TypeAlias = Literal["en", "cy", "both"]
_DEMO_FILE = Path("var/demo.db")
"""Relative to the working directory."""
_DEMO_IN_TEAMS_FILE = Path("var/demo-teams.db")
_DAYS = ["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]

# Each command imports what it needs when it runs, so that the others start quickly.


def _say_version(wanted: bool) -> None:
    if wanted:
        from integrations.version import own_version

        say(f"partnership-bot {own_version()}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_say_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """A chat bot that helps school partnerships evaluate how well they work together."""


@app.command()
def demo(
    port: Annotated[int | None, typer.Option(help="8000 unless said otherwise; 0 takes any free one.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin again: forget what was done in the demo.")] = False,
    teams: Annotated[bool, typer.Option("--teams", help="In Microsoft's Agents Playground; needs Node.js.")] = False,
) -> None:
    """Try the bot in a browser, with an invented partnership. On this computer only."""
    with in_words():
        if teams:
            from integrations.commands import demo_teams

            demo_teams.demo(_DEMO_IN_TEAMS_FILE, port, fresh=fresh)
        else:
            from integrations.commands import serving

            serving.demo(_DEMO_FILE, port, fresh=fresh)


@app.command()
def serve() -> None:
    """Run the bot, as the settings say."""
    from integrations.commands import serving

    with in_words():
        serving.serve()


@app.command()
def chat(
    person: Annotated[str, typer.Option("--as", help="The id of the person to be, as in the partnership's file.")],
    demo: Annotated[bool, typer.Option("--demo", help="Talk with the demo's people.")] = False,
) -> None:
    """Talk with the bot in this terminal."""
    from integrations.commands import chatting

    with in_words():
        if demo:
            chatting.chat_in_demo(_DEMO_FILE, person)
        else:
            chatting.chat(person)


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database's tables to those of this version."""
    from integrations.commands.environment import database_of_settings

    with in_words(), database_of_settings(new=True):
        say("The database is up to date.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="See docs/import.md.")],
) -> None:
    """Bring in a partnership from its file, or bring it up to date. A mistake in the file changes nothing."""
    from integrations.commands import importing

    with in_words():
        importing.import_file(file)


@app.command()
def link(
    person: Annotated[str, typer.Argument(help="Their id in the partnership's file: ann, or river/ann.")],
    days: Annotated[int, typer.Option(min=1, max=31, help="How long the code can be used.")] = 7,
) -> None:
    """Print a code with which a person makes an account their own, by sending it to the bot."""
    from integrations.commands import joining

    with in_words():
        joining.link(person, days)


@app.command()
def split(
    partnership: Partnership,
    entry: Annotated[str, typer.Argument(help="The id of the school or person, as in its file.")],
) -> None:
    """Part a school or a person from another partnership that an earlier version let share them without proof."""
    from integrations.commands import joining

    with in_words():
        joining.split(partnership, entry)


@app.command("find-people")
def find_people() -> None:
    """Look up on the chat platforms, by their e-mail addresses, all who have no account there yet."""
    from integrations.commands import joining

    with in_words():
        joining.find()


@cycle.command("open")
def cycle_open(  # noqa: PLR0913 - each is an option
    partnership: Partnership,
    title: Annotated[str, typer.Option(help="What people call it, such as Autumn 2026.")],
    closes: Annotated[datetime, typer.Option(formats=_DAYS, help="At the end of school hours, or at a time.")],
    opens: Annotated[datetime | None, typer.Option(formats=_DAYS, help="Now, unless said otherwise.")] = None,
    meeting: Annotated[datetime | None, typer.Option(formats=_DAYS[:1], help="When the partnership meets.")] = None,
    focus: Annotated[str, typer.Option(help="For a short round: sub-themes, such as 2.2,2.3.")] = "",
    area: Annotated[str | None, typer.Option(help="For a short round: a whole area beside them, such as 3.")] = None,
    remind_after: Annotated[str, typer.Option(help="Reminders so many school days after it opens.")] = "5,10",
    remind_before: Annotated[str, typer.Option(help="Reminders so many school days before it closes.")] = "3,1",
) -> None:
    """Ask the leaders of every school."""
    from integrations.commands import cycle as cycling

    chosen = [each.strip() for each in focus.split(",") if each.strip()]
    meeting_on = None if meeting is None else meeting.date()
    with in_words():
        schedule = cycling.schedule(remind_after, remind_before)
        cycling.open_(partnership, cycling.CycleWanted(title, closes, opens, meeting_on, chosen, area, schedule))


@cycle.command("close")
def cycle_close(partnership: Partnership) -> None:
    """Close the open cycle for good: answers can't change afterwards, and its report can be made."""
    from integrations.commands import cycle as cycling

    with in_words():
        cycling.close(partnership)


@cycle.command("list")
def cycle_list(partnership: Partnership) -> None:
    """The partnership's cycles, the latest first."""
    from integrations.commands import cycle as cycling

    with in_words():
        cycling.list_(partnership)


@app.command()
def report(
    partnership: Partnership,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write into.")],
    language: Annotated[Language | None, typer.Option(help="The partnership's own, unless said otherwise.")] = None,
) -> None:
    """Write the report of the last closed cycle: picture, figures and words."""
    from integrations.commands import reporting

    with in_words():
        reporting.report(partnership, out, language)


@app.command("meeting-pack")
def meeting_pack(
    partnership: Partnership,
    out: Annotated[Path, typer.Option(file_okay=False, help="The folder to write into.")],
    language: Annotated[Language | None, typer.Option(help="The partnership's own, unless said otherwise.")] = None,
) -> None:
    """Write the pack for the meeting about the last closed cycle: slides, a document to print, and the numbers."""
    from integrations.commands import reporting

    with in_words():
        reporting.meeting_pack(partnership, out, language)


@outbox.command("list")
def outbox_list(as_json: AsJson = False) -> None:
    """What waits, may not have arrived (doubtful) or was given up (dead): for whom, since when, and why."""
    from integrations.commands import outbox as commands

    with in_words():
        commands.list_(as_json=as_json)


@outbox.command("retry")
def outbox_retry(
    rows: Rows,
    even_if_it_arrived: Annotated[
        bool,
        typer.Option("--even-if-it-arrived", help="Send a doubtful one too. Whoever it is for may then see it twice."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Send these messages now, as if for the first time. Exits with 1 if one of them can't be."""
    from integrations.commands import outbox as commands

    with in_words():
        well = commands.retry(rows, even_if_it_arrived=even_if_it_arrived, as_json=as_json)
    raise typer.Exit(0 if well else 1)


@outbox.command("drop")
def outbox_drop(rows: Rows, as_json: AsJson = False) -> None:
    """Give these messages up: they will not be sent. Exits with 1 if one of them can't be given up."""
    from integrations.commands import outbox as commands

    with in_words():
        well = commands.drop(rows, as_json=as_json)
    raise typer.Exit(0 if well else 1)


for platform in PLATFORMS:
    if platform.service is not None and platform.service.manifest is not None:
        manifest.command(platform.name)(platform.service.manifest)


@app.command()
def doctor(
    everything: Annotated[bool, typer.Option("--all", help="Say what is well too, not only what is wrong.")] = False,
    ask: Annotated[bool, typer.Option("--ask", help="Ask Slack and Teams too. Takes longer.")] = False,
) -> None:
    """Check that everything is there that the bot needs. Exits with 0 if all is well, with 1 if something is wrong."""
    from integrations.commands.doctor import doctor as look

    if not look(everything=everything, ask=ask):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
