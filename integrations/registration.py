"""How a chat platform describes itself to everything outside its folder. ``integrations.platforms`` lists them.

Every command reads the descriptions, so they import nothing slow; their functions import what they need.
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
    from core.pasted_text import PlatformIds
    from core.settings import Settings
    from core.storage.database import Database
    from core.storage.frameworks import FrameworkShelf
    from integrations.delivery_port import Delivers

Clock: TypeAlias = "Callable[[], datetime]"
Ready: TypeAlias = Callable[[], Awaitable[str | None]]
"""What is missing for something to work, in a sentence; None if nothing is."""
LookUp: TypeAlias = Callable[[str], Awaitable[Sequence[str]]]
"""Look up everybody in one organisation who has no account there yet, and report in lines who was found.

May raise the exceptions of ``bot.platform``.
"""


class Parts(Protocol):
    """The parts that all platforms share: ``integrations.runtime.House``."""

    @property
    def shelf(self) -> FrameworkShelf: ...

    @property
    def delivery(self) -> Delivers: ...

    @property
    def composer(self) -> Composer: ...


@dataclass(frozen=True, slots=True)
class Served:
    """What a platform can reach, and whether its events are coming in."""

    routes: APIRouter
    ready: tuple[Ready, ...] = ()


@dataclass(frozen=True, slots=True)
class LivePlatform:
    """A chat platform that this installation is set up for."""

    chat: Platform
    """Ready to send messages as soon as it exists."""
    sending: Callable[[], AbstractAsyncContextManager[None]]
    """For a process that only sends."""
    serving: Callable[[Parts], AbstractAsyncContextManager[Served]]
    """For a process that also receives events, by these routes."""
    looking_up: Callable[[], AbstractAsyncContextManager[LookUp]]
    """For ``find-people``, which does nothing else."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One of the things ``doctor`` checked."""

    well: bool
    words: str

    def __str__(self) -> str:
        """Each line says whether it is well, so that what is wrong can be picked out by its beginning."""
        return "\n".join(f"{'ok' if self.well else 'NO'}  {line}" for line in self.words.splitlines())


class CheckUp(Protocol):
    def __call__(
        self, settings: Settings, database: Database, clock: Clock, /, *, ask: bool
    ) -> Coroutine[None, None, Sequence[Checked]]:
        """Look whether all is well, and list the findings, one sentence each; changes nothing.

        Only with ``ask`` is the platform itself asked; else it goes by the settings and what is stored. Raises only the
        database's own errors.
        """
        ...


@dataclass(frozen=True, slots=True)
class Service:
    """A platform that people already use; an installation's settings set it up."""

    title: str
    """The name people know it by."""
    guide: str
    """The document that explains how to set it up."""
    is_wanted: Callable[[Settings], bool]
    """Whether any of its settings is set; only then is the rest asked."""
    set_up: Callable[[Settings, Database, Clock], LivePlatform | None]
    """None if the settings aren't enough. Opens nothing. Raises ``SettingsMistakes``."""
    check_up: CheckUp
    manifest: Callable[..., None] | None = None
    """``partnership-bot manifest NAME``, as typer reads it: prints or writes what makes the bot an app there."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A chat platform, as the rest of the code knows it."""

    name: str
    """As in import files, accounts and the database; also the name of its folder."""
    ids: Callable[[], PlatformIds] | None = None
    """How its ids are written in an import file, and what people paste instead; None where anything may be one."""
    writes_first: bool = False
    """Whether the bot can write to a person by their account's id before they have ever written to it."""
    service: Service | None = None
    """None for platforms with a command of their own: the terminal and the browser demo."""

    def set_up(self, settings: Settings, database: Database, clock: Clock) -> LivePlatform | None:
        """The live platform; None if it isn't set up. Raises ``SettingsMistakes``."""
        if self.service is None or not self.service.is_wanted(settings):
            return None
        return self.service.set_up(settings, database, clock)
