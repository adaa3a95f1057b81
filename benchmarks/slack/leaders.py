"""Leaders in the middle of an enquiry, each school in its own workspace, and the presses they are about to make.

So nobody hits Slack's rate limits for a workspace or channel: what is measured is the bot.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.fernet import Fernet
from sqlalchemy import Connection, insert, select, update

from benchmarks.partnership import lay_down
from benchmarks.slack.presses import Press
from bot.compose.composer import Composer
from bot.inbound import buttons
from bot.inbound.button_codec import encode
from bot.inbound.events import Incoming, Pressed
from bot.messages import references
from core.framework import Criterion, Framework, Row
from core.framework_file import default_framework
from core.storage import tables
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from integrations.slack import installations
from integrations.slack.installations import Installation
from integrations.slack.render import render
from integrations.slack.vault import Tokens, Vault
from tests.support.world import NOW

SCHOOLS: Final = tuple("abcdefghijkl")
TAPS_OF_A_LEADER: Final = 10
"""With three leaders to a workspace, few enough to stay within Slack's burst limit."""
KEY: Final = Fernet.generate_key().decode()
_TS: Final = "1795000000.000001"


@dataclass(frozen=True, slots=True)
class Stage:
    database: Path
    presses: Sequence[Sequence[Press]]
    """Of each leader, in order."""
    blocks: list[Any]
    """The message whose buttons they press."""
    story: Mapping[str, Any]
    """The same people, answers and questions, for a bot that is not ours."""


def laid_down(folder: Path) -> Stage:
    folder.mkdir()
    file = folder / "slack.db"
    with closing(Database(f"sqlite:///{file}")) as database:
        database.upgrade()
        taps, story, presses = database.write_now(_lay_down)
        blocks = asyncio.run(_a_card(database, taps[0]))
    return Stage(file, presses, blocks, story)


def _lay_down(connection: Connection) -> tuple[tuple[Incoming, ...], dict[str, Any], list[list[Press]]]:
    taps = lay_down(connection, SCHOOLS)[: len(SCHOOLS) * 3 * TAPS_OF_A_LEADER]
    framework = default_framework()
    _move_to_slack(connection)
    presses: dict[str, list[Press]] = defaultdict(list)
    for tap in taps:
        person = tap.account.user
        presses[person].append(_press(framework, person, tap))
    _show_cards(connection, taps)
    return taps, _story(connection, framework), list(presses.values())


def _move_to_slack(connection: Connection) -> None:
    account, vault = tables.Account.__table__, Vault([KEY])
    people = connection.execute(select(account.c.user).where(account.c.user.startswith("leader-"))).scalars().all()
    for person in people:
        connection.execute(
            update(account)
            .where(account.c.user == person)
            .values(platform="slack", tenant=_tenant(person), user=_user(person), conversation=_user(person))
        )
    for tenant in {_tenant(person) for person in people}:
        tokens = vault.seal(tenant, Tokens(f"xoxb-{tenant}"))
        installations.save(connection, Installation(tenant, tenant, "U0BOT", "B0BOT", [], tokens, None, NOW))


def _tenant(person: str) -> str:
    return f"T0{person.removeprefix('leader-')[0].upper()}"


def _user(person: str) -> str:
    return f"U0{person.removeprefix('leader-').upper()}"


def _channel(person: str) -> str:
    return f"D0{person.removeprefix('leader-').upper()}"


def _score(tap: Incoming) -> buttons.Score:
    assert isinstance(tap.body, Pressed)
    assert isinstance(tap.body.press, buttons.Score)
    return tap.body.press


def _press(framework: Framework, person: str, tap: Incoming) -> Press:
    """The last answer of a sub-theme edits its card and makes the bot post the next one."""
    score = _score(tap)
    rows = [row for row in framework.rows if _subtheme(row.criterion) == _subtheme(score.criterion)]
    ends = rows[-1] == Row(score.criterion, score.perspective)
    return Press(_tenant(person), _user(person), _channel(person), _TS, encode(score), 2 if ends else 1)


def _subtheme(criterion: str) -> str:
    return default_framework().subtheme_of[criterion].id


def _show_cards(connection: Connection, taps: Sequence[Incoming]) -> None:
    """Show each leader the card of their next question."""
    for tap in taps[: len(SCHOOLS) * 3]:
        person, score = tap.account.user, _score(tap)
        key = f"card:{score.response}:{_subtheme(score.criterion)}"
        connection.execute(
            insert(tables.Posted).values(
                platform="slack", tenant=_tenant(person), conversation=_user(person), key=key,
                message_id=f"{_channel(person)}:{_TS}",
            )
        )  # fmt: skip


async def _a_card(database: Database, tap: Incoming) -> list[Any]:
    score = _score(tap)
    card = references.to_json(references.Card(score.response, _subtheme(score.criterion)))
    item = OutboxItem(0, "slack", "T", "U", "direct", None, tap.account.user, "card", card, "refresh", 1)
    message = await Composer(database, FrameworkShelf(), _no_picture, lambda: NOW)(item)
    assert message is not None
    return [dict(block) for block in render(message).blocks]


async def _no_picture(_: object) -> bytes:
    return b""


def _story(connection: Connection, framework: Framework) -> dict[str, Any]:
    response, answer = tables.Response.__table__, tables.Answer.__table__
    open_cycle = connection.execute(select(response).where(response.c.cycle_id == 1)).all()
    return {
        "levels": {str(each.value): each.label["en"] for each in framework.levels},
        "criteria": [_criterion(each) for each in framework.criteria],
        "leaders": [
            {
                "team": _tenant(row.person_id), "user": _user(row.person_id), "response": row.id,
                "school": row.school_id,
                "answers": [
                    [each.criterion, each.perspective, each.level]
                    for each in connection.execute(select(answer).where(answer.c.response_id == row.id))
                ],
            }
            for row in open_cycle
        ],
    }  # fmt: skip


def _criterion(each: Criterion) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": each.title["en"],
        "questions": {perspective.value: text["en"] for perspective, text in each.questions.items()},
        "levels": {str(level): text["en"] for level, text in each.levels.items()},
    }


def write_story(stage: Stage, file: Path) -> None:
    file.write_text(json.dumps(stage.story), encoding="utf-8")
