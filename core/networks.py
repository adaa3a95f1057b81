"""Networks of partnerships, as leads and facilitators see them."""

from __future__ import annotations

from core.values import value


@value
class Network:
    id: str
    name: str
    partnerships: int
    """How many have joined."""


@value
class Membership:
    """A partnership's place in a network, as its lead sees it."""

    network: str
    network_name: str
    partnership: str
    partnership_name: str
    joined: bool | None
    """None until somebody has decided."""
