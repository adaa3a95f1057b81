"""Activities that are not what the Bot Connector sent, by the thousand: refused in good order, without any effect.

A token is for a service and not for a body, so besides forged tokens there are bodies that are no activities any more.
``PARTNERSHIP_TEST_REQUESTS`` says how many.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.support.mutations import one_odd
from tests.teams import activities
from tests.teams.activities import in_channel
from tests.teams.signing import CONNECTOR, Signer, claims
from tests.teams.teams_world import TeamsWorld, furnished, member, teams_world

REQUESTS: Final = int(os.environ.get("PARTNERSHIP_TEST_REQUESTS", "4000"))

Json: TypeAlias = dict[str, Any]
PRIYA, RUTH = member("priya"), member("ruth")


@dataclass(frozen=True)
class Request:
    body: bytes
    token: str | None


Mutation: TypeAlias = Callable[[random.Random, Json, TeamsWorld], Request]


def whole(world: TeamsWorld) -> Sequence[Json]:
    now, there = world.now, world.teams.service_url
    return (
        activities.message(PRIYA, "start", now, there),
        activities.mention(RUTH, "partnership-report", now, there),
        activities.executed(PRIYA, {"action": "Start|1|lanternfield"}, "1795", now, there),
        activities.submitted(PRIYA, {"action": "ShowHelp"}, "1795", now, there),
        activities.installed(PRIYA, now, there),
        activities.installed(RUTH, now, there, **in_channel(RUTH)),
        activities.activity("conversationUpdate", RUTH, now, there, membersAdded=[{"id": "29:x"}], **in_channel(RUTH)),
    )


def encoded(activity: Json) -> bytes:
    return json.dumps(activity).encode()


# The token


def another_letter(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    """In what is signed, or in the signature: but for its last letter, some bits of which mean nothing."""
    token = world.token()
    place = chance.randrange(len(token) - 1)
    letter = chance.choice([each for each in "abcXYZ019-_.=+/ é\0" if each != token[place]])
    return Request(encoded(activity), token[:place] + letter + token[place + 1 :])


def token_cut_short(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    token = world.token()
    return Request(encoded(activity), chance.choice([None, "", token[: chance.randrange(len(token))], token * 2]))


def other_claims(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    """Signed as it should be, and for something else."""
    odd: dict[str, list[Any]] = {
        "iss": [None, "", "https://evil.example", ["https://api.botframework.com"]],
        "aud": [None, "", "another", ["another"]],
        "exp": [None, 0, -1, 10**30],
        "nbf": [10**11],
        "serviceurl": [None, "", "https://evil.example/", 7, []],
    }
    name = chance.choice(list(odd))
    value = chance.choice(odd[name])
    told = claims(world.teams.service_url, world.now) | {name: value}
    return Request(encoded(activity), _signed({name: each for name, each in told.items() if each is not None}))


def _signed(told: Json) -> str:
    """Whatever is in it; what the library refuses to sign is garbage here."""
    try:
        return CONNECTOR.token(told)
    except TypeError:
        return "a.b.c"


def signed_by_another(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    kid = chance.choice([CONNECTOR.kid, f"key-{chance.randrange(10**6)}", ""])
    return Request(encoded(activity), Signer(kid, key="stranger").token(claims(world.teams.service_url, world.now)))


# The body, with a genuine token


def no_json(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    body = encoded(activity)
    made = [body[: chance.randrange(len(body))], body * 2, b"[" + body + b"]", b"\xff" + body, b"[" * 5_000, b"null"]
    return Request(chance.choice(made), world.token())


NONE_AT_ALL: Final[Sequence[Any]] = (
    None, True, 7, -1.5, 2**70, "", " ", "\0", "\ud800", "x" * 5_000, [], [[]], {}, {"id": None},
)  # fmt: skip
"""Nothing that a person, a moment or a conversation could be."""


def for_another_place(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    """Not of Teams, not of this service, or not of this organisation."""
    name = chance.choice(["channelId", "serviceUrl", "tenant", "either tenant"])
    if name in activity:
        return Request(_with(chance, activity, name), world.token())
    odd: list[Any] = [None, "", "evil", 7, [], {"id": "evil"}]
    conversation = activity["conversation"] | {"tenantId": chance.choice(odd)}
    changed = activity | {"conversation": conversation}
    return Request(encoded(changed | ({"channelData": {}} if name == "tenant" else {})), world.token())


def no_activity(chance: random.Random, activity: Json, world: TeamsWorld) -> Request:
    """Without something that every activity has."""
    return Request(
        _with(chance, activity, chance.choice(["type", "id", "timestamp", "from", "recipient"])), world.token()
    )


def _with(chance: random.Random, activity: Json, name: str) -> bytes:
    """With something else in this place, or nothing."""
    changed = {each: value for each, value in activity.items() if each != name}
    if chance.random() < 0.8:
        odd = [each for each in NONE_AT_ALL if name != "timestamp" or not isinstance(each, int | float)]
        changed[name] = chance.choice(odd)
    return encoded(changed)


MUTATIONS: Final[Sequence[Mutation]] = (
    another_letter, token_cut_short, other_claims, signed_by_another, no_json, for_another_place, no_activity,
)  # fmt: skip


async def test_no_mutated_activity_has_any_effect(tmp_path: Path) -> None:
    chance = random.Random(20261125)
    async with teams_world(furnished(tmp_path / "stage.db")) as world:
        genuine, before = whole(world), await world.rows()
        answered: Counter[int] = Counter()
        for _ in range(REQUESTS):
            mutated = chance.choice(MUTATIONS)(chance, chance.choice(genuine), world)
            authorization = None if mutated.token is None else f"Bearer {mutated.token}".encode()
            answered[(await world.send_raw(mutated.body, authorization)).status_code] += 1

        assert set(answered) == {200, 400, 401, 403, 501}, answered
        assert await world.rows() == before
        assert set(world.teams.called()) <= {"openid", "keys"}
        assert world.teams.called("openid") in ([], ["openid"]), "the clock stands still"


ODD: Final[Sequence[Any]] = (*NONE_AT_ALL, "29:somebody", "1e999", {"id": "29:x"}, "<at>x</at>")


async def test_nothing_that_the_connector_might_sign_is_too_odd(tmp_path: Path) -> None:
    """It may well have an effect, such as a text that was typed; it never fails, and the next one is served."""
    chance = random.Random(20261125)
    async with teams_world(furnished(tmp_path / "stage.db")) as world:
        for each in (PRIYA, RUTH):
            world.teams.direct(each)
        answered: Counter[int] = Counter()
        for _ in range(REQUESTS // 10):
            answered[(await world.send(one_odd(chance, chance.choice(whole(world)), ODD))).status_code] += 1

        assert set(answered) <= {200, 400, 403, 501}, answered
        assert (await world.types(PRIYA, "help")).status_code == 200
