"""Where messages may be sent.

Every activity names a URL for its answers, which is checked first: neither a message nor the token that goes with it
may be sent anywhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from core.platform_settings import is_loopback

_LONGEST: Final = 300
_ADDRESS: Final = re.compile(r"(https?)://([a-z0-9.-]{1,200})(:[0-9]{1,5})?((?:/[A-Za-z0-9._~-]*)*)")
"""Nothing else counts as a URL: no user, no query, no escapes, no brackets, no capitals in a host."""
_UP: Final = re.compile(r"/\.{1,2}(?:/|$)")


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    hosts: frozenset[str]
    """Exactly these hosts, with a port if it isn't the default for https. A URL on this computer needs no https."""
    on_this_computer: bool = False
    """For the playground, any port of this computer."""

    def allow(self, address: str) -> bool:
        found = _read(address) if len(address) <= _LONGEST else None
        if found is None:
            return False
        return (found.host in self.hosts and found.is_safe) or (self.on_this_computer and found.is_here)


class _Read(NamedTuple):
    host: str
    """With its port, if there is one."""
    is_here: bool
    is_safe: bool
    """It is a name reached by https, or this computer."""


@lru_cache(maxsize=1_000)  # All activities of an organisation have the same one.
def _read(address: str) -> _Read | None:
    found = _ADDRESS.fullmatch(address)
    if found is None or _UP.search(found[4]):
        return None
    scheme, host, port = found[1], found[2], found[3] or ""
    is_here = is_loopback(host)
    return _Read(f"{host}{port}", is_here, is_here or (scheme == "https" and not _is_number(host)))


def _is_number(host: str) -> bool:
    """An IP address in any notation: no host name ends in a number."""
    return host.rstrip(".").rpartition(".")[2][:1].isdigit()
