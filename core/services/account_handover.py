"""An account passes from one person to another: nothing that was said to the first may reach the second."""

from __future__ import annotations

from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, tuple_, update

from core.enquiry import Account
from core.storage import tables

_account = tables.Account.__table__
_outbox = tables.Outbox.__table__
_posted = tables.Posted.__table__
_file = tables.SharedFile.__table__
_browser = tables.BrowserMessage.__table__


def owner_of(connection: Connection, account: Account) -> str | None:
    """The id of the person it belongs to."""
    return cast("str | None", connection.scalar(select(_account.c.person_id).where(_is(account))))


def clear(connection: Connection, account: Account) -> None:
    """Forget what was said in this account's conversation, sent or waiting. The conversation itself stays."""
    conversation = connection.scalar(select(_account.c.conversation).where(_is(account)))
    places = [(account.platform, account.tenant, each) for each in {conversation, account.user} if each is not None]
    for table in (_posted, _outbox, _file):
        there = tuple_(table.c.platform, table.c.tenant, table.c.conversation).in_(places)
        connection.execute(delete(table).where(there))
    if account.platform == "web":
        shown = or_(_browser.c.conversation == conversation, _browser.c.visible_to == account.user)
        connection.execute(delete(_browser).where(or_(shown, _browser.c.author == account.user)))


def pass_on(connection: Connection, account: Account, person: str) -> None:
    """Give the account to this person, with nothing that was said to the one before."""
    clear(connection, account)
    connection.execute(update(_account).where(_is(account)).values(person_id=person, last_used_at=None))


def _is(account: Account) -> ColumnElement[bool]:
    return and_(
        _account.c.platform == account.platform, _account.c.tenant == account.tenant, _account.c.user == account.user
    )
