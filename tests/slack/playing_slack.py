"""A local server that plays Slack's Web API: strict about its limits, and as unreliable as one likes.

What it takes is kept, so that a test can look at a conversation as its people see it. It complains as Slack does
(``invalid_blocks``, ``channel_not_found``, 429 …), and keeps a list of everything in what it took that would not be
inert, or that Slack's own description of its blocks does not know.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

from aiohttp import web

from tests.slack.block_kit import complaints, schema_complaints, slack_files
from tests.support.faults import ACCEPTED_THEN_DROPPED as ACCEPTED_THEN_DROPPED
from tests.support.faults import DROPPED as DROPPED
from tests.support.faults import HANGS as HANGS
from tests.support.faults import Fault as Fault
from tests.support.faults import failed
from tests.support.limits import Limits

TOKEN = "xoxb-the-token"
APP_TOKEN = "xapp-the-token"
TEAM = "T0SCHOOLS"
BOT_USER, BOT = "U0BOT", "B0BOT"

Json: TypeAlias = dict[str, Any]
_ALIVE = re.compile(r"<(?:[!@#]|https?:|mailto:)[^>]*>")


RATE_LIMITED = Fault(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "7"})


def refused(error: str, **more: object) -> Fault:
    return Fault(body={"ok": False, "error": error, **more})


@dataclass
class Posted:
    """A message in a channel, as it stands now."""

    ts: str
    text: str
    blocks: list[Json]
    metadata: Json | None = None
    thread: str | None = None
    only_to: str | None = None
    files: tuple[str, ...] = ()
    """Ids of the files that were shared by it."""
    edits: int = 0


@dataclass
class SlackFile:
    id: str
    name: str
    length: int
    content: bytes | None = None
    completed: bool = False
    looks: int = 0
    """How often somebody has asked about it since it was completed."""


@dataclass
class Channel:
    id: str
    members: set[str]
    archived: bool = False
    bot_is_in: bool = True
    no_threads: bool = False
    """Its settings let nobody reply to a message."""
    messages: list[Posted] = field(default_factory=list)


@dataclass
class PlayedSlack:
    base: str = ""
    seconds: Callable[[], float] | None = None
    """With a clock, posts to one channel closer together than Slack likes are refused."""
    limits: Limits | None = None
    """With them, methods that are called too often are refused."""
    takes: float = 0.0
    """Seconds for each call."""
    scopes: set[str] = field(
        default_factory=lambda: {
            "chat:write",
            "im:write",
            "im:history",
            "channels:history",
            "files:write",
            "files:read",
        }
    )
    people: set[str] = field(default_factory=set)
    deactivated: set[str] = field(default_factory=set)
    """Of the people: no conversation can be opened with them, but posting in one that is there goes on as before."""
    channels: dict[str, Channel] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)
    triggers: set[str] = field(default_factory=set)
    """Of presses that have not opened a window yet."""
    views: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    """The tab of each person, as it was shown last."""
    looks_until_ready: int = 1
    """How often one must look at a file until Slack knows what it is."""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What was taken and should never have been sent."""
    acknowledged: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    """What came back over the socket."""
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    _socket: web.WebSocketResponse | None = None
    _faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    # What a test does with it

    def next_calls(self, method: str, *faults: Fault) -> None:
        self._faults[method].extend(faults)

    def has_channel(self, channel: str, *members: str) -> Channel:
        self.people.update(members)
        self.channels[channel] = Channel(channel, set(members))
        return self.channels[channel]

    def direct(self, user: str) -> Channel:
        """The bot's direct messages with this person."""
        self.people.add(user)
        name = f"D{user.removeprefix('U')}"
        return self.channels.setdefault(name, Channel(name, {user}))

    def called(self, *methods: str) -> list[str]:
        """The methods that were called, in order; only these of them, if any are named."""
        return [method for method, _ in self.calls if not methods or method in methods]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for a call that makes this true."""
        async with asyncio.timeout(20):
            while not holds():
                self.answered.clear()
                await self.answered.wait()

    async def sends_over_the_socket(self, kind: str, payload: Json) -> Json:
        """Send an envelope, and return its acknowledgement."""
        assert self._socket is not None
        await self._socket.send_json({"type": kind, "envelope_id": f"e{next(self._numbers)}", "payload": payload})
        return await asyncio.wait_for(self.acknowledged.get(), 10)

    async def renews_the_socket(self) -> None:
        """Ask for a new connection, as Slack does every few hours."""
        assert self._socket is not None
        await self._socket.send_json({"type": "disconnect", "reason": "refresh_requested"})

    # What Slack does

    async def socket(self, request: web.Request) -> web.StreamResponse:
        self._socket = web.WebSocketResponse()
        await self._socket.prepare(request)
        await self._socket.send_json({"type": "hello", "num_connections": 1})
        self.acknowledged.put_nowait({"connected": True})
        async for told in self._socket:
            self.acknowledged.put_nowait(told.json())
        return self._socket

    async def answer(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answer(request)
        finally:
            self.answered.set()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((method, arguments))
        fault = self._faults[method].popleft() if self._faults[method] else None
        await asyncio.sleep(self.takes)
        if self.limits is not None and (wait := self.limits.refuses(TEAM, method)):
            return web.json_response(_no("ratelimited"), status=429, headers={"Retry-After": str(wait)})
        if fault is not None and not fault.takes_effect:
            return await failed(request, fault)
        if request.headers.get("Authorization") not in (f"Bearer {TOKEN}", f"Bearer {APP_TOKEN}"):
            return web.json_response({"ok": False, "error": "invalid_auth"})
        does = getattr(self, f"_{method.replace('.', '_')}", None)
        told = {"ok": False, "error": "unknown_method"} if does is None else does(arguments)
        if fault is not None:
            return await failed(request, fault)
        status = 429 if told.get("error") == "ratelimited" else 200
        return web.json_response(told, status=status, headers={"Retry-After": "1"} if status == 429 else {})

    async def upload(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(("upload", {}))
        if self._faults["upload"]:
            return await failed(request, self._faults["upload"].popleft())
        file = self.files[request.match_info["file"]]
        file.content = await request.read()
        if len(file.content) != file.length:
            return web.Response(status=400)
        return web.Response(text=f"OK - {file.length}")

    def _apps_connections_open(self, _: Json) -> Json:
        return {"ok": True, "url": self.base.replace("http:", "ws:") + "/socket"}

    def _auth_test(self, _: Json) -> Json:
        return {"ok": True, "team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT}

    def _conversations_open(self, arguments: Json) -> Json:
        if "im:write" not in self.scopes:
            return _missing("im:write")
        if arguments["users"] not in self.people:
            return _no("user_not_found")
        if arguments["users"] in self.deactivated:
            return _no("user_disabled")
        return {"ok": True, "channel": {"id": self.direct(arguments["users"]).id}}

    def _chat_postMessage(self, arguments: Json) -> Json:  # noqa: N802 - as Slack calls it
        channel = self.channels.get(arguments["channel"])
        refusal = self._may_post(channel) or self._content(arguments)
        if refusal is not None:
            return refusal
        assert channel is not None
        thread = arguments.get("thread_ts")
        if thread is not None and thread not in {each.ts for each in channel.messages if each.thread is None}:
            return _no("thread_not_found")
        if thread is not None and channel.no_threads:
            return _no("restricted_action_non_threadable_channel")
        posted = Posted(
            self._ts(), arguments["text"], arguments.get("blocks", []), arguments.get("metadata"), thread,
        )  # fmt: skip
        channel.messages.append(posted)
        return {"ok": True, "channel": channel.id, "ts": posted.ts}

    def _chat_postEphemeral(self, arguments: Json) -> Json:  # noqa: N802
        channel = self.channels.get(arguments["channel"])
        refusal = self._may_post(channel) or self._content(arguments)
        if refusal is not None:
            return refusal
        assert channel is not None
        if arguments["user"] not in channel.members:
            return _no("user_not_in_channel")
        posted = Posted(self._ts(), arguments["text"], arguments.get("blocks", []), only_to=arguments["user"])
        channel.messages.append(posted)
        return {"ok": True, "message_ts": posted.ts}

    def _chat_update(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        found = next((each for each in channel.messages if each.ts == arguments["ts"] and not each.only_to), None)
        if found is None:
            return _no("message_not_found")
        refusal = self._content(arguments)
        if refusal is not None:
            return refusal
        found.text, found.blocks = arguments["text"], arguments.get("blocks", [])
        found.metadata = arguments.get("metadata", found.metadata)
        found.edits += 1
        return {"ok": True, "channel": channel.id, "ts": found.ts}

    def _conversations_history(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        needed = "im:history" if channel.id.startswith("D") else "channels:history"
        if needed not in self.scopes:
            return _missing(needed)
        with_metadata = arguments.get("include_all_metadata") in ("1", "true", True)
        told = [
            _told(each, with_metadata) for each in reversed(channel.messages) if not each.only_to and not each.thread
        ]
        return {"ok": True, "messages": told[: int(arguments.get("limit", 100))]}

    def _conversations_replies(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return _no("channel_not_found")
        if not channel.id.startswith("D") and "look into threads" not in self.scopes:
            return _no("not_allowed_token_type")
        of_thread = [each for each in channel.messages if arguments["ts"] in (each.ts, each.thread)]
        with_metadata = arguments.get("include_all_metadata") in ("1", "true", True)
        return {"ok": True, "messages": [_told(each, with_metadata) for each in of_thread]}

    def _files_getUploadURLExternal(self, arguments: Json) -> Json:  # noqa: N802
        if "files:write" not in self.scopes:
            return _missing("files:write")
        file = SlackFile(f"F{next(self._numbers):08}", arguments["filename"], int(arguments["length"]))
        self.files[file.id] = file
        return {"ok": True, "upload_url": f"{self.base}/upload/{file.id}", "file_id": file.id}

    def _files_completeUploadExternal(self, arguments: Json) -> Json:  # noqa: N802
        files = [self.files.get(each["id"]) for each in json.loads(arguments["files"])]
        channel = arguments.get("channel_id")
        if any(file is None or file.content is None or file.completed for file in files):
            return _no("file_not_found")
        if channel and channel not in self.channels:
            return _no("channel_not_found")
        ids = tuple(file.id for file in files if file)
        for each in ids:
            self.files[each].completed = True
        if channel:
            shared = Posted(self._ts(), "", [], thread=arguments.get("thread_ts"), files=ids)
            self.channels[channel].messages.append(shared)
        return {"ok": True, "files": [{"id": each} for each in ids]}

    def _files_info(self, arguments: Json) -> Json:
        if "files:read" not in self.scopes:
            return _missing("files:read")
        file = self.files.get(arguments["file"])
        if file is None:
            return _no("file_not_found")
        file.looks += 1
        return {"ok": True, "file": {"id": file.id, "mimetype": "image/png" if self._is_ready(file) else ""}}

    def _views_open(self, arguments: Json) -> Json:
        if arguments["trigger_id"] not in self.triggers:
            return _no("expired_trigger_id")
        self.triggers.remove(arguments["trigger_id"])
        found = complaints(arguments["view"]["blocks"], most=100)
        if found:
            return _no("invalid_arguments", response_metadata={"messages": found})
        self.wrong.extend(schema_complaints(arguments["view"], "modal"))
        self.views.append(arguments["view"] | {"id": f"V{next(self._numbers)}"})
        return {"ok": True, "view": {"id": self.views[-1]["id"]}}

    def _views_publish(self, arguments: Json) -> Json:
        view = arguments["view"] if isinstance(arguments["view"], dict) else json.loads(arguments["view"])
        if arguments["user_id"] not in self.people:
            return _no("user_not_found")
        found = complaints(view["blocks"], most=100)
        if found:
            return _no("invalid_arguments", response_metadata={"messages": found})
        self.wrong.extend(schema_complaints(view["blocks"], "blocks"))
        self.homes[arguments["user_id"]] = view
        return {"ok": True, "view": view}

    def _may_post(self, channel: Channel | None) -> Json | None:
        if "chat:write" not in self.scopes:
            return _missing("chat:write")
        if channel is None:
            return _no("channel_not_found")
        if not channel.bot_is_in:
            return _no("not_in_channel")
        if channel.archived:
            return _no("is_archived")
        return self._too_fast(channel)

    def _too_fast(self, channel: Channel) -> Json | None:
        """More than one message a second, over any five seconds and a little."""
        if self.seconds is None:
            return None
        now, recent = self.seconds(), self._recent[channel.id]
        while recent and recent[0] <= now - 5:
            recent.popleft()
        if len(recent) > 7:
            return _no("ratelimited")
        recent.append(now)
        return None

    def _content(self, arguments: Json) -> Json | None:
        text, blocks = arguments.get("text", ""), arguments.get("blocks", [])
        if not text and not blocks:
            return _no("no_text")
        found = complaints(blocks, most=50)
        for place, file_id in slack_files(blocks):
            file = self.files.get(file_id)
            if file is None or not self._is_ready(file):
                found.append(f"[ERROR] invalid slack file [json-pointer:/blocks/{place}/slack_file]")
        if found:
            return _no("invalid_blocks", errors=found, response_metadata={"messages": found})
        self._complain_of_content(text, blocks, arguments)
        return None

    def _complain_of_content(self, text: str, blocks: list[Json], arguments: Json) -> None:
        """Slack would take it, and it is wrong all the same."""
        if not text:
            self.wrong.append("a message without a text for notifications and screen readers")
        if len(text) > 40_000:
            self.wrong.append("a text that Slack cuts")
        for marked in (text, *_read_for_markup(blocks)):
            self.wrong.extend(f"comes alive: {found}" for found in _ALIVE.findall(marked))
        if arguments.get("link_names") or arguments.get("parse") != "none":
            self.wrong.append("names and addresses in the text become links")
        self.wrong.extend(schema_complaints(blocks, "blocks"))

    def _is_ready(self, file: SlackFile) -> bool:
        return file.completed and file.looks >= self.looks_until_ready

    def _ts(self) -> str:
        return f"1795000000.{next(self._numbers):06}"


def _read_for_markup(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield str(part.get("text"))
        for each in part.values():
            yield from _read_for_markup(each)
    elif isinstance(part, list):
        for each in part:
            yield from _read_for_markup(each)


def _told(posted: Posted, with_metadata: bool) -> Json:
    metadata = {"metadata": posted.metadata} if with_metadata and posted.metadata else {}
    return {"ts": posted.ts, "text": posted.text} | metadata


def _no(error: str, **more: object) -> Json:
    return {"ok": False, "error": error, **more}


def _missing(scope: str) -> Json:
    return _no("missing_scope", needed=scope, provided="")


async def _arguments(request: web.Request) -> Json:
    """As JSON, as a form or in the query, since the SDK uses all three."""
    if request.content_type == "application/json":
        told = await request.json()
        return dict(told)
    return {**request.query, **{name: str(value) for name, value in (await request.post()).items()}}


@asynccontextmanager
async def playing(slack: PlayedSlack) -> AsyncIterator[str]:
    """The address of its API, on any free port of this machine."""
    app = web.Application(client_max_size=20_000_000)
    app.router.add_route("*", "/api/{method}", slack.answer)
    app.router.add_post("/upload/{file}", slack.upload)
    app.router.add_get("/socket", slack.socket)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield f"{slack.base}/api/"
    finally:
        await runner.cleanup()
