"""``demo --teams``: the demo as it looks in Teams, played in Microsoft's Agents Playground until stopped."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Final

from core.settings import load_settings
from core.storage.database import Database
from integrations.app import create_app
from integrations.commands.output import CannotBeDone, say
from integrations.commands.serving import address_of, listening, log_as, run
from integrations.demo import in_teams, playground
from integrations.demo.clock import DemoClock
from integrations.demo.playground import NoPlayground
from integrations.demo.start import prepare

_PORTS: Final = range(56150, 56150 + len(in_teams.PLAYERS))
"""The Playground's own port, and those after it."""


def demo(file: Path, port: int | None, *, fresh: bool) -> None:
    """Raises ``CannotBeDone``, and ``SettingsMistakes`` if a real installation's settings are present."""
    given = {} if port is None else {"port": port}
    found = load_settings(
        teams={"playground": True}, database_url=f"sqlite:///{file}", host="127.0.0.1", role="all", **given
    )
    _install()
    with (
        listening(
            found, "Try another: partnership-bot demo --teams --port 8001, or make demo-teams PORT=8001"
        ) as place,
        ExitStack() as stack,
    ):
        if fresh or not file.exists():
            say("Furnishing the demo; this takes a few seconds.")
        prepare(file, fresh=fresh, at_last=in_teams.move_to_teams)
        log_as(found)
        clock = _clock(file)
        addresses = _played(stack, file, address_of(place))
        here = found.model_copy(update={"port": place.getsockname()[1]})  # Pictures are fetched from there.
        run(create_app(here, clock), place, lambda _: _ready(addresses))
    say("The demo has stopped.")


def _install() -> None:
    try:
        playground.program("node")
        if not playground.is_installed():
            say("Installing Microsoft's Agents Playground; this happens once.")
            playground.install()
    except NoPlayground as reason:
        raise CannotBeDone(str(reason)) from None


def _clock(file: Path) -> DemoClock:
    """The demo's clock, going on from where it stopped."""
    clock, database = DemoClock(), Database(f"sqlite:///{file}")
    try:
        database.upgrade()
        database.write_now(clock.go_on)
    finally:
        database.close()
    return clock


def _played(stack: ExitStack, file: Path, bot: str) -> dict[str, str]:
    """A Playground for each person who can be played."""
    database, addresses = Database(f"sqlite:///{file}"), {}
    stack.callback(database.close)
    for player, usual in zip(in_teams.PLAYERS, _PORTS, strict=True):
        people = database.read_now(partial(in_teams.people_for, player))
        folder = file.with_suffix("") / player
        try:
            addresses[player] = stack.enter_context(playground.played(folder, _free(usual), bot, people))
        except NoPlayground as reason:
            raise CannotBeDone(str(reason)) from None
    return addresses


def _free(port: int) -> int:
    """This port of this computer, or any other if it is taken."""
    try:
        with socket.create_server(("127.0.0.1", port)) as place:
            return int(place.getsockname()[1])
    except OSError:
        return _free(0)


def _ready(addresses: Mapping[str, str]) -> None:
    say(
        "The demo is ready, in Microsoft's Agents Playground:",
        *(f"  {addresses[player]}  as {player.title()}, {what}" for player, what in in_teams.PLAYERS.items()),
        "As Priya, press Start: opening it has added the bot to her apps. Then be Ruth: in the channel, start a post,",
        "type @ and choose Partnership bot, and write partnership-report.",
        "It answers only on this computer. Stop it with Ctrl-C; what you did is kept for next time.",
    )
