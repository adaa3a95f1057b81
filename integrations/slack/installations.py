"""The stored installations: workspaces and organisations whose people installed the app."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, or_, select, update

from core.services import audit, people
from core.storage import tables
from core.storage.upsert import upsert
from integrations.slack.parse import PLATFORM
from integrations.slack.vault import Vault

_table = tables.SlackInstallation.__table__
_SAVE = upsert(_table)
_COLUMNS: Final = tuple(column for column in _table.columns if column.name != "renewing_until")


@dataclass(frozen=True, slots=True)
class Installation:
    """``tenant`` is a workspace, or an organisation the app was installed for as a whole."""

    tenant: str
    name: str | None
    bot_user: str | None
    bot: str | None
    scopes: list[str]
    tokens: str = field(repr=False)
    """Encrypted."""
    expires_at: datetime | None
    installed_at: datetime


def is_organisation(tenant: str) -> bool:
    """Slack's ids begin with E for an organisation and T for a workspace."""
    return tenant.startswith("E")


def save(connection: Connection, installation: Installation) -> None:
    """Store it in place of an earlier one; the bot can write to its people there again."""
    _SAVE.run(connection, {**asdict(installation), "renewing_until": None})
    if not is_organisation(installation.tenant):
        people.open_conversations(connection, PLATFORM, installation.tenant)
    about = {"tenant": installation.tenant}
    audit.record(connection, installation.installed_at, None, "slack app installed", about)


def load(connection: Connection, tenant: str) -> Installation | None:
    row = connection.execute(select(*_COLUMNS).where(_table.c.tenant == tenant)).first()
    return None if row is None else Installation(*row)


def every(connection: Connection) -> list[Installation]:
    """All installations, the oldest first."""
    rows = connection.execute(select(*_COLUMNS).order_by(_table.c.installed_at, _table.c.tenant))
    return [Installation(*row) for row in rows]


def acting_for(connection: Connection, tenant: str) -> tuple[Installation | None, list[Installation]]:
    """The workspace's own installation, or else those of all whole organisations, as any of them may cover it."""
    own = load(connection, tenant)
    return own, [] if own is not None else [each for each in every(connection) if is_organisation(each.tenant)]


def forget(connection: Connection, tenant: str, gone: Iterable[Installation], now: datetime) -> None:
    """Delete these installations: the bot can no longer write in this workspace, nor in any other they cover."""
    for each in gone:
        remove(connection, each, now)
    people.forget_conversations(connection, PLATFORM, tenant)


def remove(connection: Connection, installation: Installation, now: datetime) -> bool:
    """Delete it, with its tokens; False if it doesn't exist or has been replaced since."""
    gone = delete(_table).where(_table.c.tenant == installation.tenant, _table.c.tokens == installation.tokens)
    if connection.execute(gone).rowcount != 1:
        return False
    audit.record(connection, now, None, "slack app removed", {"tenant": installation.tenant})
    return True


def claim_renewal(connection: Connection, installation: Installation, now: datetime, until: datetime) -> bool:
    """Claim the renewal of these tokens; True means that nobody else renews them until then."""
    free = or_(_table.c.renewing_until.is_(None), _table.c.renewing_until <= now)
    ours = update(_table).where(_table.c.tenant == installation.tenant, _table.c.tokens == installation.tokens, free)
    return connection.execute(ours.values(renewing_until=until)).rowcount == 1


def renewed(connection: Connection, before: Installation, tokens: str, expires_at: datetime) -> None:
    """Store new tokens in place of those of ``before``, unless the app has been installed again meanwhile."""
    same = update(_table).where(_table.c.tenant == before.tenant, _table.c.tokens == before.tokens)
    connection.execute(same.values(tokens=tokens, expires_at=expires_at, renewing_until=None))


def not_renewed(connection: Connection, installation: Installation) -> None:
    """Release the claim, so that others can try."""
    same = update(_table).where(_table.c.tenant == installation.tenant, _table.c.tokens == installation.tokens)
    connection.execute(same.values(renewing_until=None))


def seal_anew(connection: Connection, vault: Vault, now: datetime) -> int:
    """Encrypt everything with the first key that isn't already, except tokens being renewed; returns how many."""
    settled = or_(_table.c.renewing_until.is_(None), _table.c.renewing_until <= now)
    changed = 0
    for each in every(connection):
        tokens = vault.sealed_anew(each.tokens)
        if tokens is not None:
            same = update(_table).where(_table.c.tenant == each.tenant, _table.c.tokens == each.tokens, settled)
            changed += connection.execute(same.values(tokens=tokens)).rowcount
    return changed
