"""``manifest teams``: the package to upload to Teams, which makes an app of it that fits this bot."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def manifest(
    public_url: Annotated[str | None, typer.Option(help="Where Teams reaches the bot: https://…")] = None,
    app_id: Annotated[str | None, typer.Option(help="The bot's Microsoft App ID.")] = None,
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")] = Path("partnership-bot-teams.zip"),
    app_version: Annotated[
        str | None, typer.Option(help="A higher one than before, where the address has changed: 1.0.1.")
    ] = None,
    permissions: Annotated[bool, typer.Option("--permissions", help="Only what it may do, and why.")] = False,
) -> None:
    """Write the app's package, with its icons, to upload in the Teams admin centre."""
    from integrations.commands.output import in_words, say
    from manifest.teams.permissions import table

    with in_words():
        if permissions:
            say(table().rstrip("\n"))
        else:
            built = _built(public_url, app_id, app_version)
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(built)
            say(f"The app is in {out}. Upload it in the Teams admin centre: docs/teams.md, step 4.")


def _built(public_url: str | None, app_id: str | None, version: str | None) -> bytes:
    from integrations.commands.output import CannotBeDone
    from manifest.teams.builder import NotAnApp, build_teams_manifest, package

    try:
        return package(build_teams_manifest(public_url, app_id, version))
    except NotAnApp as error:
        raise CannotBeDone(str(error)) from None
