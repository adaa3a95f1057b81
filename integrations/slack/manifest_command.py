"""``manifest slack``: what is pasted into Slack to make an app of it that fits this bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from manifest.slack.builder import Manifest


def manifest(  # noqa: PLR0913 - each is an option
    public_url: Annotated[str | None, typer.Option(help="Where Slack reaches the bot: https://…")] = None,
    socket_mode: Annotated[bool, typer.Option("--socket-mode", help="The bot has no public address.")] = False,
    many_workspaces: Annotated[bool, typer.Option("--many-workspaces", help="Others install it themselves.")] = False,
    private_channels: Annotated[bool, typer.Option("--private-channels", help="The channel is private.")] = False,
    look_back: Annotated[bool, typer.Option("--look-back", help="See docs/slack.md, what it may do.")] = False,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="YAML instead of JSON.")] = False,
    scopes: Annotated[bool, typer.Option("--scopes", help="Only what it asks for, and why.")] = False,
) -> None:
    """Print the manifest to paste at api.slack.com/apps."""
    from integrations.commands.output import in_words, say
    from manifest.slack.scopes import table

    with in_words():
        if scopes:
            say(table().rstrip("\n"))
        else:
            built = _built(
                public_url,
                socket_mode=socket_mode,
                many_workspaces=many_workspaces,
                private_channels=private_channels,
                look_back=look_back,
            )
            say(_as_text(built, as_yaml=as_yaml))


def _built(public_url: str | None, **options: bool) -> Manifest:
    from integrations.commands.output import CannotBeDone
    from manifest.slack.builder import NoManifest, build_slack_manifest

    try:
        return build_slack_manifest(public_url, **options)
    except NoManifest as error:
        raise CannotBeDone(str(error)) from None


def _as_text(built: Manifest, *, as_yaml: bool) -> str:
    import json

    import yaml

    if as_yaml:
        return yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=100).rstrip("\n")
    return json.dumps(built, indent=2, ensure_ascii=False)
