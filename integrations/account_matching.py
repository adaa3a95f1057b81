"""Identify people by an e-mail address that their chat platform vouches for, before answering them.

The bot looks only where it could find somebody: where a partnership has its channel in the workspace, and somebody who
takes part in it has an address and no account there yet.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import Connection as Transaction

from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from core.enquiry import Account
from core.log import Log
from core.services import linking
from core.services.file_identity import as_in_files
from core.storage.database import Database

_log = Log(__name__)

Addresses: TypeAlias = Callable[[], Awaitable[Sequence[str]]]
"""The addresses the platform has confirmed; none for a guest. May raise the exceptions of ``bot.platform``."""

Tenants: TypeAlias = Callable[[], Awaitable[Collection[str]]]
"""The organisations in which the platform says that this account is the same one; may raise the same."""

KNOWN_FOR: Final = timedelta(hours=1)
UNKNOWN_FOR: Final = timedelta(minutes=1)
"""How long before looking up the same account again: short, since whoever sets the bot up is trying just that."""
_PATIENCE: Final = 1.5
"""Seconds; platforms want an event acknowledged within two or three."""
_MOST_REMEMBERED: Final = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """The result for one organisation's partnerships: people who had no account there, each by their own id."""

    joined: tuple[str, ...] = ()
    """Now matched by their address."""
    not_there: tuple[str, ...] = ()
    """No full member has their address."""
    without_address: tuple[str, ...] = ()
    """They have no address, or share it with somebody else."""
    deactivated: tuple[str, ...] = ()
    """They have an account there, which was deactivated."""
    passed_on: tuple[str, ...] = ()
    """Of those who joined: their account was somebody's who takes no part any more."""

    def in_words(self) -> Iterator[str]:
        """The result in lines, with what to do about those who weren't found."""
        yield f"found by their address: {', '.join(self.joined)}." if self.joined else "nobody new was found."
        if self.passed_on:
            yield (
                f"now have the account of somebody who takes no part any more: {', '.join(self.passed_on)}. They are "
                "told so, and see nothing that was said there before."
            )
        if self.not_there:
            yield f"not found, or guests there: {', '.join(self.not_there)}."
        if self.without_address:
            yield f"no address in the file, or one that others have too: {', '.join(self.without_address)}."
        if self.not_there or self.without_address:
            person = min((*self.not_there, *self.without_address))
            yield f"each of these can be given a code, such as: partnership-bot link {person}"
        if self.deactivated:
            gone = ", ".join(self.deactivated)
            yield f"deactivated there, so nothing is sent to them; the leads of their partnerships are told: {gone}."


def by_ids_in_files(reading: Transaction, found: Found) -> Found:
    """The same with the ids that people have in their partnerships' files."""
    parts = (found.joined, found.not_there, found.without_address, found.deactivated, found.passed_on)
    ids = as_in_files(reading, [person for part in parts for person in part])
    return Found(*(tuple(ids[each] for each in part) for part in parts))


class Recognised:
    """The accounts looked up lately."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._settled_until: dict[Account, datetime] = {}

    async def by(self, account: Account, addresses: Addresses, same_in: Tenants | None = None) -> None:
        """Link the account to its person, if it has none and the address identifies one, or it is one that somebody has
        in another of these organisations. Swallows the platform's exceptions.
        """
        now = self._clock()
        if now < self._settled_until.get(account, now):
            return
        known = await self._is_known_by_now(account, addresses, same_in)
        if len(self._settled_until) >= _MOST_REMEMBERED:
            self._settled_until.clear()
        self._settled_until[account] = now + (KNOWN_FOR if known else UNKNOWN_FOR)

    async def _is_known_by_now(self, account: Account, addresses: Addresses, same_in: Tenants | None) -> bool:
        known, worth_asking, elsewhere = await self._database.read(lambda reading: _known_or_where(reading, account))
        ask_elsewhere = same_in if elsewhere else None
        if known or (not worth_asking and ask_elsewhere is None):
            return known
        try:
            async with asyncio.timeout(_PATIENCE):
                confirmed = await addresses() if worth_asking else ()
                same = await ask_elsewhere() if ask_elsewhere is not None else ()
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable, TimeoutError) as trouble:
            _log.warning(
                "It could not be asked who somebody is", reason=getattr(trouble, "reason", "It took too long.")
            )
            return False
        return await self._joined_by_one_of(account, confirmed) or await self._joined_as_same(account, same)

    async def _joined_by_one_of(self, account: Account, confirmed: Sequence[str]) -> bool:
        for each in confirmed:
            if await self._joined(account, each) is not None:
                return True
        return False

    async def _joined_as_same(self, account: Account, tenants: Collection[str]) -> bool:
        now = self._clock()
        return bool(tenants) and await self._database.write(
            lambda writing: linking.join_same(writing, account, account.user, tenants, now) is not None
        )

    async def _joined(self, account: Account, email: str) -> linking.Matched | None:
        now = self._clock()
        return await self._database.write(
            lambda writing: linking.join_by_email(writing, account, account.user, email, now)
        )


def _known_or_where(reading: Transaction, account: Account) -> tuple[bool, bool, bool]:
    """Whether it is known, else whether somebody here could be found by address, and has it an equal elsewhere."""
    if linking.belongs_to_somebody(reading, account):
        return True, False, False
    unjoined = linking.unjoined(reading, account.platform, account.tenant)
    return False, any(each.email is not None for each in unjoined), bool(linking.tenants_with(reading, account))
