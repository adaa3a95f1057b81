"""The durable turn on the usual stack: Bolt out of the box, its OAuth store, its client and an async ORM.

It does what ours does for a press: checks for duplicates, stores the answer, and edits the message into the next
question. It is written with care, and helped where the usual stack would stumble: SQLite as safe and as concurrent as
ours, the installation store in a separate file, the questions in memory.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from slack_bolt.adapter.fastapi.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import ForeignKey, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, selectinload

from benchmarks.slack.served import serve

Json = dict[str, Any]


class Base(DeclarativeBase):
    pass


class Leader(Base):
    __tablename__ = "leader"
    id: Mapped[int] = mapped_column(primary_key=True)
    team: Mapped[str]
    user: Mapped[str] = mapped_column(index=True)


class Answer(Base):
    __tablename__ = "answer"
    response_id: Mapped[int] = mapped_column(ForeignKey("response.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    perspective: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int]


class Enquiry(Base):
    __tablename__ = "response"
    id: Mapped[int] = mapped_column(primary_key=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("leader.id"), index=True)
    school: Mapped[str]
    leader: Mapped[Leader] = relationship()
    answers: Mapped[list[Answer]] = relationship()


class Seen(Base):
    __tablename__ = "seen"
    key: Mapped[str] = mapped_column(primary_key=True)


class Bot:
    def __init__(self, story: Json, sessions: async_sessionmaker[AsyncSession]) -> None:
        self.criteria: list[Json] = story["criteria"]
        self.levels: dict[str, str] = story["levels"]
        self.sessions = sessions

    async def pressed(self, ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        action = body["actions"][0]
        _, response, criterion, perspective, level, _ = action["value"].split("|")
        key = f"{body['user']['id']}:{body['container']['message_ts']}:{action['action_ts']}"
        async with self.sessions() as session:
            try:
                session.add(Seen(key=key))
                await session.flush()
            except IntegrityError:
                return
            enquiry = await self._enquiry(session, int(response))
            if (enquiry.leader.team, enquiry.leader.user) != (body["team"]["id"], body["user"]["id"]):
                return
            given = {(each.criterion, each.perspective): each for each in enquiry.answers}
            if (criterion, perspective) in given:
                given[criterion, perspective].level = int(level)
            else:
                answer = Answer(criterion=criterion, perspective=perspective, level=int(level))
                enquiry.answers.append(answer)
                given[criterion, perspective] = answer
            await session.commit()
        await self._show(client, body["container"], enquiry.school, given, criterion)

    async def _enquiry(self, session: AsyncSession, response: int) -> Enquiry:
        wanted = select(Enquiry).where(Enquiry.id == response)
        loaded = wanted.options(selectinload(Enquiry.leader), selectinload(Enquiry.answers))
        return (await session.scalars(loaded)).one()

    async def _show(
        self, client: AsyncWebClient, place: Json, school: str, given: dict[tuple[str, str], Answer], criterion: str
    ) -> None:
        left = [each for each in self.criteria for side in SIDES if (each["id"], side) not in given]
        same = [each for each in left if each["id"].rpartition(".")[0] == criterion.rpartition(".")[0]]
        before = [each for each in self.criteria if each["id"].rpartition(".")[0] == criterion.rpartition(".")[0]]
        await client.chat_update(
            channel=place["channel_id"],
            ts=place["message_ts"],
            text=f"Question for {school}",
            blocks=self._blocks(school, given, before, same[0] if same else None),
        )
        if not same and left:
            await client.chat_postMessage(
                channel=place["channel_id"],
                text=f"Question for {school}",
                blocks=self._blocks(school, given, [], left[0]),
            )

    def _blocks(
        self, school: str, given: dict[tuple[str, str], Answer], before: list[Json], asked: Json | None
    ) -> list[Json]:
        lines = [
            f"*{each['title']}*: {side}: {self.levels[str(given[each['id'], side].level)]}"
            for each in before
            for side in SIDES
            if (each["id"], side) in given
        ]
        blocks: list[Json] = [
            {"type": "header", "text": {"type": "plain_text", "text": f"Enquiry · {school}"}},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": f"{len(given)} of {2 * len(self.criteria)}"}]},
        ]
        if lines:
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": "\n".join(lines)}})
        return blocks if asked is None else [*blocks, *self._question(asked)]

    def _question(self, asked: Json) -> list[Json]:
        told = "\n".join(f"*{level} {self.levels[level]}*: {meaning}" for level, meaning in asked["levels"].items())
        blocks: list[Json] = [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{asked['title']}*"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": told}},
        ]
        for side in SIDES:
            blocks.append({"type": "section", "text": {"type": "mrkdwn", "text": asked["questions"][side]}})
            blocks.append(
                {
                    "type": "actions",
                    "elements": [
                        _button(f"{level} {name}", f"Score|{asked['id']}|{side}|{level}", f"{side}-{level}")
                        for level, name in self.levels.items()
                    ],
                }
            )
        more = ["Can't say yet", "Not applicable to us", "Skip", "Back", "Pause", "Show a hint"]
        return [*blocks, {"type": "actions", "elements": [_button(each, each, each) for each in more]}]


SIDES = ("school", "partnership")


def _button(label: str, value: str, action: str) -> Json:
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "value": value, "action_id": action}


def _engine(file: Path) -> AsyncEngine:
    # With one connection, turns queue for it in order; with more, they wait for SQLite, some of them for seconds.
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{file}", pool_size=1, max_overflow=0, connect_args={"timeout": 30}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # Otherwise most turns fail: the database is locked.

    return engine


async def _furnish(engine: AsyncEngine, sessions: async_sessionmaker[AsyncSession], story: Json) -> None:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with sessions() as session:
        for number, each in enumerate(story["leaders"], start=1):
            answers = [
                Answer(criterion=criterion, perspective=perspective, level=level)
                for criterion, perspective, level in each["answers"]
            ]
            leader = Leader(id=number, team=each["team"], user=each["user"])
            session.add(Enquiry(id=each["response"], leader=leader, school=each["school"], answers=answers))
        await session.commit()


async def _install(store: AsyncSQLAlchemyInstallationStore, story: Json) -> None:
    async with store.engine.begin() as connection:
        await connection.run_sync(store.metadata.create_all)
    for team in sorted({each["team"] for each in story["leaders"]}):
        token = f"xoxb-{team}"
        bot = Installation(app_id="A0BOT", team_id=team, user_id="U0ADMIN", bot_token=token, bot_user_id="U0BOT")
        bot.bot_id = "B0BOT"
        await store.async_save(bot)


def served(folder: Path, story: Json, api: str, secret: str) -> FastAPI:
    engine = _engine(folder / "usual.db")
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    installed = create_async_engine(f"sqlite+aiosqlite:///{folder / 'installed.db'}")
    store = AsyncSQLAlchemyInstallationStore("client", installed)
    settings = AsyncOAuthSettings(
        client_id="client",
        client_secret="client-secret",
        scopes=["chat:write"],
        installation_store=store,
        state_store=AsyncSQLAlchemyOAuthStateStore(600, installed),
    )
    bolt = AsyncApp(client=AsyncWebClient(base_url=api), signing_secret=secret, oauth_settings=settings)
    bolt.action(re.compile("^press"))(Bot(story, sessions).pressed)
    handler = AsyncSlackRequestHandler(bolt)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await _furnish(engine, sessions, story)
        await _install(store, story)
        yield
        await engine.dispose()
        await installed.dispose()

    app = FastAPI(openapi_url=None, lifespan=lifespan)

    @app.post("/slack/events")
    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return app


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    folder, story, api, secret = sys.argv[1:5]
    serve(served(Path(folder), json.loads(Path(story).read_text(encoding="utf-8")), api, secret))
