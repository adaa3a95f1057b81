"""``manifest``: what is pasted into a chat platform to make an app of it that fits this bot."""

from __future__ import annotations

import json

import yaml

from integrations.commands.telling import CannotBeDone, say
from manifest.slack import scopes
from manifest.slack.builder import Manifest, NoAddress, build_slack_manifest


def slack(public_url: str | None, *, as_yaml: bool, **options: bool) -> None:
    """``options`` are those of ``build_slack_manifest``. Raises ``CannotBeDone``."""
    try:
        built = build_slack_manifest(public_url, **options)
    except NoAddress as error:
        raise CannotBeDone(str(error)) from None
    say(as_text(built, as_yaml=as_yaml).rstrip("\n"))


def slack_scopes() -> None:
    say(scopes.table().rstrip("\n"))


def as_text(built: Manifest, *, as_yaml: bool = False) -> str:
    if as_yaml:
        return yaml.safe_dump(built, sort_keys=False, allow_unicode=True, width=100)
    return json.dumps(built, indent=2, ensure_ascii=False) + "\n"
