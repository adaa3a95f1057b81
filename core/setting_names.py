"""Which names in the environment look like settings and are none: a slip of the pen, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_ALMOST: Final = 0.85
"""From here on it is the same name, mistyped: two letters of thirteen may differ, and none of four."""
_PERHAPS: Final = 0.7
_INJECTED: Final = re.compile(
    r"PARTNERSHIP_(?P<service>[A-Z0-9_]+?_)?"
    r"(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:ADDR|PORT|PROTO))?)"
)
"""What Kubernetes and Docker tell every container of each service: one called ``partnership-bot``, say."""
_ITS_VALUES: Final = re.compile(r"(?:tcp|udp|sctp)(?:://.*)?|[0-9a-f.:]+", re.IGNORECASE)


class Misnamed(NamedTuple):
    """A name that is no setting's."""

    name: str
    meant: str | None
    """The setting whose name is most like it, if one is like it at all."""
    near: bool
    """Whether it is so like it that nothing else can be meant."""

    def __str__(self) -> str:
        question = f" Did you mean {self.meant}?" if self.meant else ""
        return f"{self.name}: there is no such setting.{question}"


def misnamed(given: Mapping[str, str], known: Collection[str]) -> Iterator[Misnamed]:
    """The names among ``given`` that are none of the ``known`` settings', in capitals; not what containers are told."""
    for name, value in sorted(given.items()):
        if value and name not in known and not _is_injected(name, value):
            yield _meant(name, known)


def _is_injected(name: str, value: str) -> bool:
    """By its name for a service of our own name; one of another name may look like a setting, except for its value."""
    found = _INJECTED.fullmatch(name)
    ours = found is not None and (found["service"] or "").startswith("BOT_")
    return found is not None and (ours or _ITS_VALUES.fullmatch(value) is not None)


def _meant(name: str, known: Collection[str]) -> Misnamed:
    likeness, meant = max((_likeness(name, each), each) for each in known)
    return Misnamed(name, meant if likeness >= _PERHAPS else None, likeness >= _ALMOST)


def _likeness(one: str, other: str) -> float:
    """Between 0 and 1; 1 if they differ by underscores or by the order of letters alone."""
    letters, others = _letters(one), _letters(other)
    return 1 if sorted(letters) == sorted(others) else SequenceMatcher(None, letters, others).ratio()


def _letters(name: str) -> str:
    return re.sub("^DB(?=_)", "DATABASE", name.removeprefix("PARTNERSHIP_")).replace("_", "")
