"""Where messages may be sent to. Every activity names an address for the answers to it, so it is looked at first:
a message, or the token that goes with it, may go nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

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
        found = _ADDRESS.fullmatch(address) if len(address) <= _LONGEST else None
        if found is None or _UP.search(found[4]):
            return False
        scheme, host, port = found[1], found[2], found[3] or ""
        if is_loopback(host):
            return self.on_this_computer or f"{host}{port}" in self.hosts
        return scheme == "https" and not _is_number(host) and f"{host}{port}" in self.hosts


def _is_number(host: str) -> bool:
    """An IP address, in whatever way it is written: no name ends in a number."""
    return host.rstrip(".").rpartition(".")[2][:1].isdigit()
