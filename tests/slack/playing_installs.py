"""A played Slack in which the app is installed by its people: workspaces, an organisation, tokens that expire."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from aiohttp import web

from tests.slack.playing_slack import TOKEN, PlayedSlack

CLIENT_ID, CLIENT_SECRET = "12345.67890", "client-secret"
TWELVE_HOURS = 43_200

Json: TypeAlias = dict[str, Any]


@dataclass
class Member:
    """What ``users.info`` says of somebody."""

    id: str
    email: str | None
    team_id: str | None
    """Slack leaves it out, or gives any of the person's workspaces, on Enterprise Grid."""
    is_email_confirmed: bool = True
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_stranger: bool = False
    is_invited_user: bool = False
    enterprise_user: Json | None = None

    def told(self, with_email: bool) -> Json:
        told = {name: value for name, value in vars(self).items() if name != "email" and value is not None}
        return told | {"profile": {"email": self.email} if with_email and self.email else {}}


def in_organisation(user: str, organisation: str, *teams: str) -> Json:
    """The part of somebody's description that Enterprise Grid adds."""
    return {
        "id": user, "enterprise_id": organisation, "enterprise_name": "The Academies", "is_admin": False,
        "is_owner": False, "is_primary_owner": False, "teams": list(teams),
    }  # fmt: skip


@dataclass
class InstalledSlack(PlayedSlack):
    tokens: dict[str, str] = field(default_factory=dict)
    """The workspace or organisation of each token that works."""
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """Where somebody has said yes, and what they carry back."""
    teams: dict[str, list[str]] = field(default_factory=dict)
    """The workspaces of an organisation that the app may act in."""
    organisations: dict[str, str] = field(default_factory=dict)
    """On Enterprise Grid, the organisation that a workspace is part of."""
    members: dict[str, Member] = field(default_factory=dict)
    channels_on_a_page: int = 999
    """Slack may give fewer than it was asked for."""
    expires: bool = False
    acting: str = ""
    """Whose token the latest call had."""

    def says_yes(self, tenant: str) -> str:
        """Somebody installs the app; what Slack sends them back with."""
        code = f"code-{next(self._numbers)}"
        self.codes[code] = tenant
        return code

    def removes(self, tenant: str) -> None:
        """The app is removed there: none of its tokens works any more."""
        for kept in (self.tokens, self.refresh_tokens):
            for each in [token for token, whose in kept.items() if whose == tenant]:
                del kept[each]

    def has_member(self, member: Member) -> Member:
        self.members[member.id] = member
        self.people.add(member.id)
        return member

    async def answer(self, request: web.Request) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token in self.tokens or _is_app(token):
            self.acting = self.tokens.get(token, "")
            request = request.clone(headers={**request.headers, "Authorization": f"Bearer {TOKEN}"})
        answered = await super().answer(request)
        if not isinstance(answered, web.StreamResponse) or answered.prepared:
            return answered
        answered.headers["x-oauth-scopes"] = ",".join(sorted(self.scopes))
        return answered

    def _oauth_v2_access(self, arguments: Json) -> Json:
        if arguments.get("grant_type") == "refresh_token":
            tenant = self.refresh_tokens.pop(arguments.get("refresh_token", ""), None)
            return {"ok": False, "error": "invalid_refresh_token"} if tenant is None else self._granted(tenant)
        tenant = self.codes.pop(arguments.get("code", ""), None)
        return {"ok": False, "error": "invalid_code"} if tenant is None else self._granted(tenant)

    def _granted(self, tenant: str) -> Json:
        number, whole = next(self._numbers), tenant.startswith("E")
        self.tokens[f"xoxb-{tenant}-{number}"] = tenant
        place = {"id": tenant, "name": f"{tenant} & <b>schools</b>"}
        told = {
            "ok": True,
            "app_id": "A0APP",
            "token_type": "bot",
            "access_token": f"xoxb-{tenant}-{number}",
            "bot_user_id": f"UBOT{tenant}",
            "scope": ",".join(sorted(self.scopes)),
            "team": None if whole else place,
            "enterprise": place if whole else None,
            "is_enterprise_install": whole,
            "authed_user": {"id": "U0ADMIN"},
        }
        if self.expires:
            self.refresh_tokens[f"xoxe-{tenant}-{number}"] = tenant
            told |= {"refresh_token": f"xoxe-{tenant}-{number}", "expires_in": TWELVE_HOURS}
        return told

    def _auth_test(self, _: Json) -> Json:
        told = {
            "ok": True, "team_id": self.acting, "team": f"{self.acting} schools", "user_id": f"UBOT{self.acting}",
            "bot_id": f"B0{self.acting}", "url": "https://schools.slack.com/", "is_enterprise_install": False,
        }  # fmt: skip
        organisation = self.organisations.get(self.acting)
        return told if organisation is None else told | {"enterprise_id": organisation}

    def _auth_teams_list(self, arguments: Json) -> Json:
        """Two to a page."""
        teams, begin = self.teams.get(self.acting, []), int(arguments.get("cursor") or 0)
        after = str(begin + 2) if begin + 2 < len(teams) else ""
        page = [{"id": each, "name": each} for each in teams[begin : begin + 2]]
        return {"ok": True, "teams": page, "response_metadata": {"next_cursor": after}}

    def _users_info(self, arguments: Json) -> Json:
        if "users:read" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "users:read"}
        found = self.members.get(arguments["user"])
        if found is None:
            return {"ok": False, "error": "user_not_found"}
        return {"ok": True, "user": found.told("users:read.email" in self.scopes)}

    def _users_lookupByEmail(self, arguments: Json) -> Json:  # noqa: N802 - as Slack calls it
        if "users:read.email" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "users:read.email"}
        email = arguments["email"].lower()
        found = next((each for each in self.members.values() if (each.email or "").lower() == email), None)
        return {"ok": False, "error": "users_not_found"} if found is None else {"ok": True, "user": found.told(True)}

    def _users_conversations(self, arguments: Json) -> Json:
        """The channels the bot is in."""
        private, begin = arguments.get("types") == "private_channel", int(arguments.get("cursor") or 0)
        if "groups:read" not in self.scopes and private:
            return {"ok": False, "error": "missing_scope", "needed": "groups:read"}
        most = int(arguments.get("limit", 100))
        if not 1 <= most <= 999:
            return {"ok": False, "error": "invalid_limit"}
        found = [
            {"id": each.id, "is_archived": each.archived}
            for each in self.channels.values()
            if each.bot_is_in and each.id[0] == ("G" if private else "C")
        ]
        page = found[begin : begin + min(most, self.channels_on_a_page)]
        after = str(begin + len(page)) if begin + len(page) < len(found) else ""
        return {"ok": True, "channels": page, "response_metadata": {"next_cursor": after}}

    def _conversations_info(self, arguments: Json) -> Json:
        channel = self.channels.get(arguments["channel"])
        if channel is None:
            return {"ok": False, "error": "channel_not_found"}
        needed = "groups:read" if channel.id.startswith("G") else "channels:read"
        if needed not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": needed}
        return {
            "ok": True,
            "channel": {
                "id": channel.id, "name": "partnership", "is_member": channel.bot_is_in,
                "is_archived": channel.archived,
            },
        }  # fmt: skip


def _is_app(authorization: str) -> bool:
    """What an app shows of itself before it has a token."""
    wanted = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    return authorization == f"Basic {wanted}"


def cookies_of(headers: Mapping[str, str]) -> str:
    """What a browser sends back of a ``Set-Cookie``."""
    return headers.get("set-cookie", "").partition(";")[0]
