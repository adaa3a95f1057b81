"""Tokens at rest: encrypted with the keys from the settings; the first one encrypts, any of them decrypts.

So keys can be changed without installing the app again: put a new one first, restart, and remove the old one at the
next restart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKeys(ValueError):
    """The keys in the settings can't be used; the message never contains a key."""


class UnreadableSecret(Exception):
    """None of the keys decrypts it, or it was encrypted for another workspace."""

    def __init__(self, tenant: str) -> None:
        super().__init__(
            f"The tokens of the Slack workspace {tenant} can't be read with PARTNERSHIP_SLACK__ENCRYPTION_KEYS: give "
            "the key back that they were stored with, or have the app installed there again."
        )


@dataclass(frozen=True, slots=True)
class Tokens:
    bot: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    """For a bot token that expires: the refresh token for the next one, good once."""


class Vault:
    def __init__(self, keys: Sequence[str]) -> None:
        """Raises ``NoKeys``."""
        try:
            self._keys = [Fernet(key) for key in keys]
        except ValueError:
            self._keys = []
        if not self._keys:
            raise NoKeys("PARTNERSHIP_SLACK__ENCRYPTION_KEYS: write keys as docs/slack.md shows, with commas between.")
        self._all = MultiFernet(self._keys)

    def seal(self, tenant: str, tokens: Tokens) -> str:
        content = json.dumps({"tenant": tenant, "bot": tokens.bot, "refresh": tokens.refresh})
        return self._all.encrypt(content.encode()).decode()

    def open(self, tenant: str, sealed: str) -> Tokens:
        """Raises ``UnreadableSecret``."""
        try:
            content = json.loads(self._all.decrypt(sealed))
        except (InvalidToken, ValueError):
            raise UnreadableSecret(tenant) from None
        match content:
            case {"tenant": whose, "bot": str(bot), "refresh": str() | None as refresh} if whose == tenant:
                return Tokens(bot, refresh)
        raise UnreadableSecret(tenant)

    def sealed_anew(self, sealed: str) -> str | None:
        """The same, encrypted with the first key; None if it already is, or can't be read."""
        try:
            self._keys[0].decrypt(sealed)
        except InvalidToken:
            try:
                return self._all.rotate(sealed).decode()
            except InvalidToken:
                return None
        return None
