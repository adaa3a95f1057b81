"""The bot's own tokens, from Microsoft's library: it caches them until they expire, and blocks, so it needs a
thread.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import httpx
import msal
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.platform import SendFailed
from core.pace import Seconds
from core.settings import SettingsMistakes, TeamsSettings

Credential: TypeAlias = str | Mapping[str, str | Callable[[], str]]

_PREFIX: Final = "PARTNERSHIP_TEAMS__"
_A_MOMENT: Final = 60.0
"""Seconds. A token from the library is good for at least five minutes."""
_WAYS: Final = ("client_secret", "certificate", "federated_token_path")


class ConnectorTokens(Protocol):
    async def get(self) -> str | None:
        """A token to send to Teams; None if none is needed. Raises ``SendFailed``."""
        ...

    async def forget(self) -> None:
        """Teams doesn't accept the last token."""
        ...

    def close(self) -> None: ...


class NoTokens:
    """For the playground."""

    async def get(self) -> str | None:
        return None

    async def forget(self) -> None:
        pass

    def close(self) -> None:
        pass


class AppTokens:
    """``authority`` ends with the tenant that the app is registered in."""

    def __init__(
        self,
        app_id: str,
        credential: Credential,
        authority: str,
        scope: str,
        http: httpx.Client,
        seconds: Seconds = time.monotonic,
    ) -> None:
        self._app_id, self._credential = app_id, credential
        self._seconds = seconds
        self._lately: tuple[str, float] | None = None
        self._authority, self._scope, self._http = authority, scope, http
        self._one_at_a_time = threading.Lock()
        self._app: Any = None  # msal has no types.

    async def get(self) -> str | None:
        """Cached here too, so that not every message needs a thread: the library would return the same token again."""
        now = self._seconds()
        if self._lately is not None and now - self._lately[1] < _A_MOMENT:
            return self._lately[0]
        token = await asyncio.to_thread(self._get)
        self._lately = token, now
        return token

    async def forget(self) -> None:
        self._lately = None
        await asyncio.to_thread(self._forget)

    def close(self) -> None:
        self._http.close()

    def _get(self) -> str:
        with self._one_at_a_time:
            try:
                answer = self._opened().acquire_token_for_client(scopes=[self._scope])
            except (httpx.HTTPError, msal.exceptions.MsalError, ValueError, OSError):
                raise SendFailed("Microsoft could not be asked for the bot's token.") from None
        match answer:
            case {"access_token": str(token)}:
                return token
            case {"error": str(code)}:
                raise SendFailed(f"Microsoft gives the bot no token ({_printable(code)}): check its app id and secret.")
        raise SendFailed("Microsoft gives the bot no token.")

    def _forget(self) -> None:
        with self._one_at_a_time:
            if self._app is not None:
                self._app.remove_tokens_for_client()

    def _opened(self) -> Any:
        if self._app is None:
            self._app = msal.ConfidentialClientApplication(
                self._app_id,
                client_credential=self._credential,
                authority=self._authority,
                # It is Microsoft's, or whoever set this up said whose it is.
                instance_discovery=False,
                http_client=_ForMsal(self._http),
            )
        return self._app


class _ForMsal:
    """A web client as the library wants it: it posts some values as bytes, which httpx would write as Python
    literals.
    """

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, **_: object) -> httpx.Response:
        return self._http.get(url, headers=headers)

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str | bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        **_: object,
    ) -> httpx.Response:
        form = {name: value.decode() if isinstance(value, bytes) else value for name, value in (data or {}).items()}
        return self._http.post(url, data=form, headers=headers)


def credential_of(teams: TeamsSettings) -> Credential:
    """How the bot proves its identity. Raises ``SettingsMistakes``."""
    given = [name for name in _WAYS if getattr(teams, name) is not None]
    if len(given) != 1:
        ways = " or ".join(f"{_PREFIX}{name.upper()}" for name in _WAYS)
        raise SettingsMistakes([f"Teams: give one of {ways}."])
    if teams.client_secret is not None:
        return teams.client_secret.get_secret_value()
    if teams.certificate is not None:
        return _certificate(teams.certificate.get_secret_value())
    return _federated(Path(teams.federated_token_path or ""))


def _certificate(pem: str) -> Credential:
    try:
        load_pem_private_key(pem.encode(), None)
        x509.load_pem_x509_certificate(pem.encode())
    except (ValueError, TypeError):
        words = "write a private key without a password and its certificate, both as PEM, one after the other."
        raise SettingsMistakes([f"{_PREFIX}CERTIFICATE: {words}"]) from None
    return {"private_key": pem, "public_certificate": pem}


def _federated(path: Path) -> Credential:
    """Read afresh each time: whoever puts it there renews it."""
    return {"client_assertion": lambda: path.read_text(encoding="utf-8").strip()}


def _printable(code: str) -> str:
    return "".join(each for each in code[:80] if each.isascii() and (each.isalnum() or each in "_-"))
