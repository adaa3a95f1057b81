"""Payloads that are odd in one place."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]


def one_odd(chance: random.Random, payload: Json, instead: Sequence[Any]) -> Json:
    """The payload with one of its values replaced, or left out."""
    changed: Json = json.loads(json.dumps(payload))
    place: Any = changed
    while True:
        key = chance.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if isinstance(place[key], (dict, list)) and place[key] and chance.random() < 0.8:
            place = place[key]
        elif isinstance(place, dict) and chance.random() < 0.2:
            del place[key]
            return changed
        else:
            place[key] = chance.choice(instead)
            return changed
