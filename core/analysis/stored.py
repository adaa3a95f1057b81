"""Values out of stored JSON, each with the type that it has to have; ``ValueError`` says what is not so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TypeVar

T = TypeVar("T")


def each(stored: Mapping[str, object], name: str, read: Callable[[Mapping[str, object]], T]) -> tuple[T, ...]:
    items = stored.get(name)
    if not isinstance(items, list):
        raise ValueError(f"{name} is not a list")
    return tuple(read(mapping(item, name)) for item in items)


def object_(stored: Mapping[str, object], name: str) -> Mapping[str, object]:
    return mapping(stored.get(name), name)


def mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def text(stored: Mapping[str, object], name: str) -> str:
    value = stored.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def number(stored: Mapping[str, object], name: str) -> int:
    value = stored.get(name)
    if not isinstance(value, int):
        raise ValueError(f"{name} is not a whole number")
    return value


def decimal(stored: Mapping[str, object], name: str) -> Decimal:
    try:
        return Decimal(text(stored, name))
    except InvalidOperation:
        raise ValueError(f"{name} is not a decimal number") from None


def flag(stored: Mapping[str, object], name: str) -> bool:
    value = stored.get(name)
    if not isinstance(value, bool):
        raise ValueError(f"{name} is neither true nor false")
    return value


def texts(stored: Mapping[str, object], name: str) -> tuple[str, ...]:
    items = stored.get(name)
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"{name} is not a list of texts")
    return tuple(items)


def optional(stored: Mapping[str, object], name: str, read: Callable[[Mapping[str, object]], T]) -> T | None:
    return None if stored.get(name) is None else read(object_(stored, name))
