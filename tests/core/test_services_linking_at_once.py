"""Two accounts that type one code at the same moment; on PostgreSQL these are connections side by side."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from core.enquiry import Account
from core.services import linking
from core.services.linking import Redeemed
from core.storage import tables
from core.storage.database import Database
from tests.support.enquiries import MONDAY, bring
from tests.support.partnership_files import river


async def test_only_one_of_them_is_joined(database: Database) -> None:
    await database.write(lambda connection: bring(connection, river()))
    code = (await database.write(lambda connection: linking.new_code(connection, "ann", MONDAY))).text

    async def types_it(number: int) -> Redeemed:
        account = Account("slack", "T0SCHOOLS", f"U{number}")
        return await database.write(lambda connection: linking.redeem(connection, account, None, code, MONDAY))

    told = await asyncio.gather(*map(types_it, range(6)))
    joined = select(tables.Account.user).filter_by(platform="slack")
    assert sorted(told) == ["linked", *["used"] * 5]
    assert len(await database.read(lambda connection: list(connection.scalars(joined)))) == 1
