"""How a chat platform describes itself to everything that is not in its folder. ``integrations.platforms`` lists them.

A description is read by every command, so it imports nothing that takes time; what its functions need, they import.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from fastapi import APIRouter

    from bot.compose.composer import Composer
    from bot.platform import Platform
    from core.settings import Settings
    from core.storage.database import Database
    from core.storage.frameworks import FrameworkShelf
    from integrations.delivery_port import Delivers

Clock: TypeAlias = "Callable[[], datetime]"
Ready: TypeAlias = Callable[[], Awaitable[str | None]]
"""What is missing for something to work, in a sentence; None where nothing is."""
LookUp: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""Look up, in one organisation, all who have no account there yet, and say in lines who was found.

May raise the exceptions of ``bot.platform``.
"""


class Parts(Protocol):
    """What stands behind every platform and is there once: ``integrations.runtime.House``."""

    @property
    def shelf(self) -> FrameworkShelf: ...

    @property
    def delivery(self) -> Delivers: ...

    @property
    def composer(self) -> Composer: ...


@dataclass(frozen=True, slots=True)
class Served:
    """What a platform can reach, and whether its events come in."""

    routes: APIRouter
    ready: tuple[Ready, ...] = ()


@dataclass(frozen=True, slots=True)
class LivePlatform:
    """A chat platform that this installation is set up for."""

    chat: Platform
    """Messages can be sent with it as soon as it is there."""
    sending: Callable[[], AbstractAsyncContextManager[None]]
    """For a process that sends only."""
    serving: Callable[[Parts], AbstractAsyncContextManager[Served]]
    """For one that lets events in too, by these routes."""
    looking_up: Callable[[], AbstractAsyncContextManager[LookUp]]
    """For ``find-people``, which does nothing else."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that ``doctor`` looked at."""

    well: bool
    words: str

    def __str__(self) -> str:
        return f"{'ok' if self.well else 'NO'}  {self.words}"


@dataclass(frozen=True, slots=True)
class Service:
    """A platform that people already use, for which an installation is set up by its settings."""

    title: str
    """What people call it."""
    guide: str
    """The document that says how it is set up."""
    is_wanted: Callable[[Settings], bool]
    """Whether anything is set for it; the rest is asked only then."""
    set_up: Callable[[Settings, Database, Clock], LivePlatform | None]
    """None where what is set does not suffice. Nothing is opened. Raises ``SettingsMistakes``."""
    check_up: Callable[[Settings, Database, Clock], Coroutine[None, None, Sequence[Checked]]]
    """Ask the platform whether all is well, in a sentence each; nothing is changed there.

    Raises the database's own errors only.
    """
    manifest: Callable[..., None] | None = None
    """``partnership-bot manifest NAME``, as typer reads it: it says or writes what makes an app of the bot there."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A chat platform, as the others know it."""

    name: str
    """In import files, accounts and the database; the name of its folder, too."""
    writes_first: bool = False
    """Whether a person can be written to by the id of their account, before they have ever written to the bot."""
    service: Service | None = None
    """None for the ways in that have a command of their own: the terminal and the browser demo."""

    def set_up(self, settings: Settings, database: Database, clock: Clock) -> LivePlatform | None:
        """None where nothing is set up. Raises ``SettingsMistakes``."""
        if self.service is None or not self.service.is_wanted(settings):
            return None
        return self.service.set_up(settings, database, clock)
