"""Tokens at rest: encrypted with the keys of the settings, the first of which encrypts and all of which decrypt.

So keys can be changed without anybody installing again: put a new one in front, restart, and take the old one away at
the next restart.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class NoKeys(ValueError):
    """Said in words, without a key."""


class UnreadableSecret(Exception):
    """None of the keys opens it, or it was sealed for another workspace."""

    def __init__(self, tenant: str) -> None:
        super().__init__(
            f"The tokens of the Slack workspace {tenant} can't be read with PARTNERSHIP_SLACK__ENCRYPTION_KEYS: give "
            "the key back that they were stored with, or have the app installed there again."
        )


@dataclass(frozen=True, slots=True)
class Tokens:
    bot: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    """For a bot token that expires: what the next one is asked for with, once."""


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
        """Raises ``Unreadable``."""
        try:
            content = json.loads(self._all.decrypt(sealed))
        except (InvalidToken, ValueError):
            raise UnreadableSecret(tenant) from None
        match content:
            case {"tenant": whose, "bot": str(bot), "refresh": str() | None as refresh} if whose == tenant:
                return Tokens(bot, refresh)
        raise UnreadableSecret(tenant)

    def sealed_anew(self, sealed: str) -> str | None:
        """The same under the first key; None where it is under it already, or can't be read."""
        try:
            self._keys[0].decrypt(sealed)
        except InvalidToken:
            try:
                return self._all.rotate(sealed).decode()
            except InvalidToken:
                return None
        return None
