"""A local server that plays Teams: the Bot Connector, the description of its keys, and Microsoft's tokens.

What it takes is kept, so that a test can look at a conversation as its people see it. It is strict about tokens and
limits, as unreliable as one likes, and keeps a list of everything in what it took that should never have been sent.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias

from aiohttp import web

from tests.support.faults import Fault, failed
from tests.teams.adaptive_cards import complaints, seen
from tests.teams.certificates import server_context
from tests.teams.signing import APP_ID, CONNECTOR, ISSUER, TENANT, Signer

Json: TypeAlias = dict[str, Any]

SECRET = "the-client-secret"
BOT_ID = f"28:{APP_ID}"
CARD = "application/vnd.microsoft.card.adaptive"


def refused(status: int, code: str = "", **headers: str) -> Fault:
    body = {"error": {"code": code, "message": "No."}} if code else {}
    return Fault(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


RATE_LIMITED = refused(429, "Throttled", Retry_After="7")


@dataclass
class Posted:
    """A message in a conversation, as it stands now."""

    id: str
    activity: Json
    replies_to: str | None = None
    """In a channel: the message in whose thread it is."""
    edits: int = 0

    @property
    def card(self) -> Json | None:
        found = [each["content"] for each in self.activity.get("attachments", ()) if each["contentType"] == CARD]
        return found[0] if found else None

    @property
    def text(self) -> str:
        return seen(self.card) if self.card is not None else str(self.activity.get("text", ""))


@dataclass
class Member:
    """Somebody, as a team's roster tells of them."""

    directory_id: str
    name: str = "Somebody"
    email: str | None = None
    principal: str | None = None
    tenant: str = TENANT
    role: str = "user"
    has_bot: bool = True
    """The bot was added to their own apps, or they are in a team with it."""

    @property
    def id(self) -> str:
        return f"29:1-{self.directory_id}"

    def told(self) -> Json:
        known = {
            "id": self.id, "name": self.name, "aadObjectId": self.directory_id, "email": self.email,
            "userPrincipalName": self.principal, "tenantId": self.tenant, "userRole": self.role,
        }  # fmt: skip
        return {name: value for name, value in known.items() if value is not None}


@dataclass
class Talk:
    """A conversation, and what stands in it."""

    id: str
    members: list[Member] = field(default_factory=list)
    messages: list[Posted] = field(default_factory=list)
    typing: int = 0


@dataclass
class PlayedTeams:
    base: str = ""
    login: str = ""
    signers: list[Signer] = field(default_factory=lambda: [CONNECTOR])
    seconds: Callable[[], float] | None = None
    """With a clock, messages into one conversation closer together than Teams likes are refused."""
    people: dict[str, Member] = field(default_factory=dict)
    talks: dict[str, Talk] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    """Those that are good."""
    calls: list[tuple[str, Json]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """What was taken and should never have been sent."""
    takes: dict[str, float] = field(default_factory=dict)
    """Seconds until a call of this name has its effect."""
    page_size: int = 2
    """Members on a page of a roster, whatever was asked for."""
    typing_was_seen: asyncio.Event = field(default_factory=asyncio.Event)
    message_was_seen: asyncio.Event = field(default_factory=asyncio.Event)
    _faults: dict[str, deque[Fault | None]] = field(default_factory=lambda: defaultdict(deque))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _recent: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    # What a test does with it

    @property
    def service_url(self) -> str:
        return f"{self.base}/uk/"

    @property
    def openid_url(self) -> str:
        return f"{self.base}/v1/.well-known/openidconfiguration"

    def next_calls(self, name: str, *faults: Fault | None) -> None:
        """What happens to the calls to come (None: nothing); ``name`` may be a conversation, for what is sent there."""
        self._faults[name].extend(faults)

    def has_person(self, person: Member) -> Member:
        self.people[person.id] = person
        return person

    def has_talk(self, id: str, *members: Member) -> Talk:  # noqa: A002 - as Teams calls it
        for each in members:
            self.has_person(each)
        return self.talks.setdefault(id, Talk(id, list(members)))

    def direct(self, person: Member) -> Talk:
        """The bot's own conversation with somebody."""
        return self.has_talk(f"a:1_{person.directory_id}", person)

    def called(self, *names: str) -> list[str]:
        """What was asked of it, in order; only these, if any are named."""
        return [name for name, _ in self.calls if not names or name in names]

    # What the OpenID and token endpoints do

    async def openid(self, request: web.Request) -> web.StreamResponse:
        return await self._answered(request, "openid", lambda: {"issuer": ISSUER, "jwks_uri": f"{self.base}/v1/keys"})

    async def keys(self, request: web.Request) -> web.StreamResponse:
        return await self._answered(request, "keys", lambda: {"keys": [each.jwk() for each in self.signers]})

    async def authority(self, request: web.Request) -> web.StreamResponse:
        at = f"{self.login}/{request.match_info['tenant']}"
        told = {"authorization_endpoint": f"{at}/oauth2/v2.0/authorize", "token_endpoint": f"{at}/oauth2/v2.0/token"}
        return await self._answered(request, "authority", lambda: told | {"issuer": f"{at}/v2.0"})

    async def token(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append(("token", form | {"tenant": request.match_info["tenant"]}))
        fault = self._faults["token"].popleft() if self._faults["token"] else None
        if fault is not None:
            return await failed(request, fault)
        by_secret = form.get("client_secret") == SECRET
        if form.get("client_id") != APP_ID or not (by_secret or form.get("client_assertion")):
            return web.json_response({"error": "invalid_client", "error_description": "AADSTS7000215"}, status=401)
        token = f"bot-token-{next(self._numbers)}"
        self.tokens.add(token)
        return web.json_response({"token_type": "Bearer", "expires_in": 3599, "access_token": token})

    # What the Bot Connector does

    async def create(self, request: web.Request) -> web.StreamResponse:
        about = await request.json()
        return await self._answered(request, "create", lambda: self._create(about), about)

    async def send(self, request: web.Request) -> web.StreamResponse:
        activity, where = await request.json(), request.match_info["conversation"]
        name = "typing" if activity["type"] == "typing" else "send"
        if self._faults[where] and name == "send":
            self._faults[name].append(self._faults[where].popleft())
        return await self._answered(request, name, lambda: self._send(where, activity), activity)

    async def update(self, request: web.Request) -> web.StreamResponse:
        activity, where = await request.json(), request.match_info["conversation"]
        return await self._answered(
            request, "update", lambda: self._update(where, request.match_info["activity"], activity), activity
        )

    async def member(self, request: web.Request) -> web.StreamResponse:
        where, who = request.match_info["conversation"], request.match_info["member"]
        return await self._answered(request, "member", lambda: self._member(where, who))

    async def page(self, request: web.Request) -> web.StreamResponse:
        where, token = request.match_info["conversation"], request.query.get("continuationToken", "0")
        return await self._answered(request, "page", lambda: self._page(where, int(token.removeprefix("page+/"))))

    async def _answered(
        self, request: web.Request, name: str, does: Callable[[], Json | Fault], told: Json | None = None
    ) -> web.StreamResponse:
        self.calls.append((name, told or {}))
        fault = self._faults[name].popleft() if self._faults[name] else None
        if fault is not None and not fault.takes_effect:
            return await failed(request, fault)
        if request.path.startswith("/uk/") and request.headers.get("Authorization", "")[7:] not in self.tokens:
            return await failed(request, refused(401, "Unauthorized"))
        await asyncio.sleep(self.takes.get(name, 0.0))
        answer = does()
        if fault is not None or isinstance(answer, Fault):
            return await failed(request, fault or answer)  # type: ignore[arg-type]
        return web.json_response(answer, status=201 if name in {"create", "send"} else 200)

    def _create(self, about: Json) -> Json | Fault:
        wanted = about["members"][0]["id"]
        by_directory = {each.directory_id: each for each in self.people.values()}
        person = self.people.get(wanted) or by_directory.get(wanted)
        if person is None or not person.has_bot:
            return refused(403, "BotNotInConversationRoster")
        if about["tenantId"] != person.tenant or about["channelData"]["tenant"]["id"] != person.tenant:
            return refused(400, "BadArgument")
        if about["bot"]["id"] != BOT_ID or about["isGroup"]:
            return refused(400, "BadSyntax")
        return {"id": self.direct(person).id}

    def _send(self, where: str, activity: Json) -> Json | Fault:
        channel, _, thread = where.partition(";messageid=")
        talk = self.talks.get(channel)
        if talk is None:
            return refused(404, "ConversationNotFound")
        if not all(each.has_bot for each in talk.members[:1]) and talk.id.startswith("a:"):
            return refused(403, "MessageWritesBlocked")
        if self._is_too_fast(channel):
            return refused(429, "Throttled", Retry_After="1")
        if activity["type"] == "typing":
            talk.typing += 1
            self.typing_was_seen.set()
            return {}
        self._complain(activity)
        posted = Posted(f"1795{next(self._numbers):09}", activity, thread or None)
        talk.messages.append(posted)
        self.message_was_seen.set()
        return {"id": posted.id}

    def _update(self, where: str, message: str, activity: Json) -> Json | Fault:
        talk = self.talks.get(where.partition(";")[0])
        found = next((each for each in talk.messages if each.id == message), None) if talk else None
        if found is None:
            return refused(404, "ActivityNotFoundInConversation")
        if activity.get("id") != message:
            return refused(400, "BadArgument")
        self._complain(activity)
        found.activity = activity
        found.edits += 1
        return {"id": message}

    def _member(self, where: str, who: str) -> Json | Fault:
        talk = self.talks.get(where.partition(";")[0])
        if talk is None:
            return refused(404, "ConversationNotFound")
        found = next((each for each in talk.members if who in (each.id, each.directory_id)), None)
        return refused(404, "MemberNotFoundInConversation") if found is None else found.told()

    def _page(self, where: str, begin: int) -> Json | Fault:
        talk = self.talks.get(where)
        if talk is None:
            return refused(403, "BotNotInConversationRoster")
        page = talk.members[begin : begin + self.page_size]
        end = begin + self.page_size
        more = {"continuationToken": f"page+/{end}"} if end < len(talk.members) else {}
        return {"members": [each.told() for each in page]} | more

    def _is_too_fast(self, where: str) -> bool:
        if self.seconds is None:
            return False
        now, recent = self.seconds(), self._recent[where]
        recent.append(now)
        return sum(now - each < 1 for each in recent) > 7 or sum(now - each < 30 for each in recent) > 60

    def _complain(self, activity: Json) -> None:
        cards = [each["content"] for each in activity.get("attachments", ()) if each["contentType"] == CARD]
        if cards and activity.get("text"):
            self.wrong.append("a text and a card are split by Teams, and no id comes back")
        if not cards and not activity.get("attachments") and activity.get("textFormat") != "plain":
            self.wrong.append("a text that is read as Markdown")
        for each in cards:
            self.wrong.extend(complaints(each, activity))


@asynccontextmanager
async def playing(teams: PlayedTeams) -> AsyncIterator[PlayedTeams]:
    """At two ports of this machine; Microsoft's library takes tokens only over https."""
    connector, login = web.Application(client_max_size=20_000_000), web.Application()
    connector.add_routes(
        [
            web.get("/v1/.well-known/openidconfiguration", teams.openid),
            web.get("/v1/keys", teams.keys),
            web.post("/uk/v3/conversations", teams.create),
            web.post("/uk/v3/conversations/{conversation}/activities", teams.send),
            web.put("/uk/v3/conversations/{conversation}/activities/{activity}", teams.update),
            web.get("/uk/v3/conversations/{conversation}/members/{member}", teams.member),
            web.get("/uk/v3/conversations/{conversation}/pagedmembers", teams.page),
        ]
    )
    login.add_routes(
        [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", teams.authority),
            web.post("/{tenant}/oauth2/v2.0/token", teams.token),
        ]
    )
    async with _served(connector) as port, _served(login, server_context()) as login_port:
        teams.base, teams.login = f"http://127.0.0.1:{port}", f"https://localhost:{login_port}"
        yield teams


@asynccontextmanager
async def _served(app: web.Application, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    assert isinstance(site._server, asyncio.Server)
    try:
        yield site._server.sockets[0].getsockname()[1]
    finally:
        await runner.cleanup()
