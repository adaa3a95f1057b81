"""Installing the app in a workspace: redirect to Slack with a request, and handle the reply.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Final

from fastapi import APIRouter, Request
from slack_bolt import BoltResponse
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from starlette.responses import Response

from core.log import Log, places
from core.storage.database import Database
from integrations.slack.connection import CALL_ERRORS, Connection, quiet_logger
from integrations.slack.renewal import App
from integrations.slack.stores import STATE_SECONDS, Installations, States
from integrations.words import Words
from manifest.slack.builder import INSTALL_PATH, REDIRECT_PATH

_log = Log(__name__)

AUTHORIZE: Final = "https://slack.com/oauth/v2/authorize"
_PAGE: Final = """<!doctype html>
<html lang="en-GB">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<h1>{title}</h1>
<p>{words}</p>
<h1 lang="cy">{title_cy}</h1>
<p lang="cy">{words_cy}</p>
"""
_HEADERS: Final[Mapping[str, str | Sequence[str]]] = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'",
    "Cache-Control": "no-store",
}
_ADDED: Final[Words] = {"en": "The bot has been added", "cy": "Mae'r bot wedi'i ychwanegu"}
_WHERE: Final[Words] = {
    "en": "It can be found in {where} under Apps. Anybody there can write to it now.",
    "cy": "Mae i'w gael yn {where} o dan Apps. Gall unrhyw un yno ysgrifennu ato nawr.",
}
_NOT_ADDED: Final[Words] = {"en": "The bot was not added", "cy": "Ni chafodd y bot ei ychwanegu"}
_WHY: Final[Mapping[str, Words]] = {
    "access_denied": {
        "en": "You chose not to add it. Nothing has changed.",
        "cy": "Dewisoch beidio â'i ychwanegu. Nid oes dim wedi newid.",
    },
    "invalid_browser": {
        "en": "This did not begin in this browser, or it took longer than ten minutes. Please begin again.",
        "cy": "Ni ddechreuodd hyn yn y porwr hwn, neu cymerodd fwy na deng munud. Dechreuwch eto.",
    },
    "invalid_state": {
        "en": "This has been used, or it took longer than ten minutes. Please begin again.",
        "cy": "Mae hyn wedi'i ddefnyddio, neu cymerodd fwy na deng munud. Dechreuwch eto.",
    },
}
_OTHERWISE: Final[Words] = {
    "en": "Slack did not say yes. Please begin again, and if that does not help, ask whoever runs the bot.",
    "cy": "Ni chytunodd Slack. Dechreuwch eto, ac os na fydd hynny'n helpu, gofynnwch i bwy bynnag sy'n rhedeg y bot.",
}
_LATER: Final[Words] = {
    "en": "Slack could not be reached. Please begin again in a few minutes.",
    "cy": "Nid oedd modd cyrraedd Slack. Dechreuwch eto ymhen ychydig funudau.",
}


def install_routes(  # noqa: PLR0913 - its dependencies
    *,
    app: App,
    scopes: Iterable[str],
    public_url: str,
    installations: Installations,
    database: Database,
    connection: Connection,
    clock: Callable[[], datetime],
    authorize_url: str = AUTHORIZE,
) -> APIRouter:
    settings = AsyncOAuthSettings(
        client_id=app.client_id,
        client_secret=app.client_secret,
        scopes=sorted(scopes),
        user_scopes=[],
        redirect_uri=public_url + REDIRECT_PATH,
        install_page_rendering_enabled=False,
        authorization_url=authorize_url,
        installation_store=installations,
        state_store=States(database, clock),
        state_expiration_seconds=STATE_SECONDS,
        callback_options=AsyncCallbackOptions(success=_added, failure=_not_added),
        logger=quiet_logger(),
    )

    def flow() -> AsyncOAuthFlow:
        return AsyncOAuthFlow(client=connection.client(""), settings=settings, logger=quiet_logger())

    router = APIRouter()

    @router.get(INSTALL_PATH)
    async def install() -> Response:
        return _response(await flow().handle_installation(AsyncBoltRequest(body="")))

    @router.get(REDIRECT_PATH)
    async def back(request: Request) -> Response:
        try:
            return _response(await flow().handle_callback(_came(request)))
        except CALL_ERRORS as error:
            _log.warning("The app could not be installed", error=places(error))
            return _response(_page(_NOT_ADDED, _LATER, 424))

    return router


def _came(request: Request) -> AsyncBoltRequest:
    """Only the fields that the flow reads."""
    query = {name: request.query_params[name] for name in ("code", "error", "state") if name in request.query_params}
    return AsyncBoltRequest(body="", query=query, headers={"cookie": request.headers.get("cookie", "")})


async def _added(args: AsyncSuccessArgs) -> BoltResponse:
    installation = args.installation
    where = installation.enterprise_name if installation.is_enterprise_install else installation.team_name
    told = {language: words.format(where=where or "Slack") for language, words in _WHERE.items()}
    page = _page(_ADDED, told, 200)
    page.headers["set-cookie"] = [args.settings.state_utils.build_set_cookie_for_deletion()]
    return page


async def _not_added(args: AsyncFailureArgs) -> BoltResponse:
    # Whatever went wrong was in outside input or at Slack.
    status = args.suggested_status_code if args.suggested_status_code < 500 else 424
    return _page(_NOT_ADDED, _WHY.get(args.reason, _OTHERWISE), status)


def _page(title: Words, words: Words, status: int) -> BoltResponse:
    """The page for whoever comes back, in both languages, since theirs isn't known."""
    body = _PAGE.format(
        title=escape(title["en"]), words=escape(words["en"]), title_cy=escape(title["cy"]), words_cy=escape(words["cy"])
    )
    return BoltResponse(status=status, body=body, headers=dict(_HEADERS))


def _response(told: BoltResponse) -> Response:
    response = Response(told.body, told.status)
    for name, values in told.headers.items():
        for value in values:
            response.headers.append(name, value)
    return response
