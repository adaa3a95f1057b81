"""Where messages may be sent to. Every activity names an address for the answers to it, so it is looked at first:
a message, or the token that goes with it, may go nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from core.platform_settings import is_loopback

_LONGEST: Final = 300
_ADDRESS: Final = re.compile(r"(https?)://([a-z0-9.-]{1,200})(:[0-9]{1,5})?((?:/[A-Za-z0-9._~-]*)*)")
"""Nothing else is read as an address: no user, no query, no escapes, no brackets, no capitals in a host."""
_UP: Final = re.compile(r"/\.{1,2}(?:/|$)")


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    hosts: frozenset[str]
    """Exactly these hosts, with a port where it is not https's own. An address of this computer needs no https."""
    on_this_computer: bool = False
    """Any port of this computer is right: for the playground."""

    def allow(self, address: str) -> bool:
        found = _read(address) if len(address) <= _LONGEST else None
        if found is None:
            return False
        return (found.host in self.hosts and found.is_safe) or (self.on_this_computer and found.is_here)


class _Read(NamedTuple):
    host: str
    """With its port, where one is named."""
    is_here: bool
    is_safe: bool
    """It is a name and reached by https, or this computer."""


@lru_cache(maxsize=1_000)  # Every activity of an organisation names the same.
def _read(address: str) -> _Read | None:
    found = _ADDRESS.fullmatch(address)
    if found is None or _UP.search(found[4]):
        return None
    scheme, host, port = found[1], found[2], found[3] or ""
    is_here = is_loopback(host)
    return _Read(f"{host}{port}", is_here, is_here or (scheme == "https" and not _is_number(host)))


def _is_number(host: str) -> bool:
    """An IP address, in whatever way it is written: no name ends in a number."""
    return host.rstrip(".").rpartition(".")[2][:1].isdigit()
