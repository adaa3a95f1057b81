"""An account passes from one person to another: nothing that was said to the first may reach the second."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, tuple_, update

from core.enquiry import Account
from core.services import notices
from core.services.file_identity import TAKES_PART
from core.services.notices import What
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
    shown_to = (account.platform, account.tenant, account.user)
    privately = tuple_(_outbox.c.platform, _outbox.c.tenant, _outbox.c.private_to).in_([shown_to])
    connection.execute(delete(_outbox).where(privately))
    if account.platform == "web":
        shown = or_(_browser.c.conversation == conversation, _browser.c.visible_to == account.user)
        connection.execute(delete(_browser).where(or_(shown, _browser.c.author == account.user)))


def pass_on(connection: Connection, account: Account, person: str, now: datetime) -> None:
    """Give the account to this person, who is told so, with nothing that was said to the one before."""
    clear(connection, account)
    new = {"person_id": person, "last_used_at": None, "address": None}
    connection.execute(update(_account).where(_is(account)).values(new))
    notices.add(connection, person, What.ACCOUNT_PASSED_ON, now)


def takes_part(connection: Connection, person: str) -> bool:
    """Whether they lead a school of a partnership now, or the partnership, or facilitate it."""
    return connection.scalar(select(TAKES_PART.c.person_id).where(TAKES_PART.c.person_id == person)) is not None


def set_address(connection: Connection, account: Account, address: str) -> None:
    """Note the address that the platform has confirmed for this account, and so for no other one there."""
    address = address.strip().casefold()
    here = and_(_account.c.platform == account.platform, _account.c.tenant == account.tenant)
    connection.execute(update(_account).where(here, _account.c.address == address).values(address=None))
    connection.execute(update(_account).where(_is(account)).values(address=address))


def _is(account: Account) -> ColumnElement[bool]:
    return and_(
        _account.c.platform == account.platform, _account.c.tenant == account.tenant, _account.c.user == account.user
    )
