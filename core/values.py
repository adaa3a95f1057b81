"""Values: dataclasses that never change, made quickly."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(kind: type[_T]) -> type[_T]:
    """A dataclass with equality, hash and slots, which the type checker treats as frozen.

    It isn't frozen at run time: that would make it four times as slow to create, and a turn creates dozens.
    """
    return dataclass(slots=True, unsafe_hash=True)(kind)
