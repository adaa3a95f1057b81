"""Requests that nobody signed as they stand, by the thousand: refused in good order, without any effect.

``PARTNERSHIP_TEST_REQUESTS`` says how many.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeAlias

from tests.slack.playing_slack import TEAM
from tests.slack.requests import (
    FORM,
    JSON,
    SECRET,
    Request,
    as_form,
    as_json,
    command,
    event,
    interaction,
    message,
    press,
    signed,
    submission,
)
from tests.slack.school_world import RIVER, SlackWorld, direct, furnished, slack_world, user
from tests.support.mutations import one_odd

REQUESTS: Final = int(os.environ.get("PARTNERSHIP_TEST_REQUESTS", "4000"))

Mutation: TypeAlias = Callable[[random.Random, Request], Request]
Json: TypeAlias = dict[str, Any]


VIEW: Json = {
    "id": "V1",
    "type": "modal",
    "callback_id": "write",
    "private_metadata": '{"action": "a", "name": "text"}',
}


def whole(world: SlackWorld) -> Sequence[Request]:
    now = world.now
    return (
        as_json(event(message(user("priya"), "start", now)), now),
        interaction(press(user("priya"), direct("priya"), "Start|1|lanternfield", now), now),
        as_form(command(user("ruth"), RIVER, "/partnership-report"), now),
        interaction(submission(user("priya"), VIEW, "A strength"), now),
        as_json(event({"type": "app_uninstalled"}), now),
        as_json({"type": "url_verification", "challenge": "abc"}, now),
    )


def another_byte(chance: random.Random, request: Request) -> Request:
    place = chance.randrange(len(request.body))
    body = bytearray(request.body)
    body[place] ^= chance.randrange(1, 256)
    return Request(bytes(body), request.content_type, request.headers)


def cut_short(chance: random.Random, request: Request) -> Request:
    return Request(request.body[: chance.randrange(len(request.body))], request.content_type, request.headers)


def repeated(chance: random.Random, request: Request) -> Request:
    return Request(request.body * chance.randrange(2, 5), request.content_type, request.headers)


def other_header(chance: random.Random, request: Request) -> Request:
    name = chance.choice(["x-slack-signature", "x-slack-request-timestamp"])
    value = chance.choice(["", "0", "v0=", "v0=" + "0" * 64, "-1", "9" * 30, "NaN", "v0=\xe9", "1e5", " "])
    return Request(request.body, request.content_type, request.headers | {name: value})


def header_left_out(chance: random.Random, request: Request) -> Request:
    left_out = chance.choice(["x-slack-signature", "x-slack-request-timestamp"])
    return Request(
        request.body, request.content_type, {name: value for name, value in request.headers.items() if name != left_out}
    )


def bit_of_signature(chance: random.Random, request: Request) -> Request:
    signature = request.headers["x-slack-signature"]
    place = chance.randrange(3, len(signature))
    digit = chance.choice([each for each in "0123456789abcdef" if each != signature[place]])
    wrong = signature[:place] + digit + signature[place + 1 :]
    return Request(request.body, request.content_type, request.headers | {"x-slack-signature": wrong})


def signed_by_another(chance: random.Random, request: Request) -> Request:
    at = datetime.fromtimestamp(int(request.headers["x-slack-request-timestamp"]), UTC)
    return signed(request.body, request.content_type, at, chance.choice([SECRET[:-1], SECRET.upper(), "x"]))


def sent_late(chance: random.Random, request: Request) -> Request:
    """Genuine, and too old or too new."""
    apart = timedelta(seconds=chance.choice([-1, 1]) * chance.randrange(301, 10**8))
    at = datetime.fromtimestamp(int(request.headers["x-slack-request-timestamp"]), UTC)
    return signed(request.body, request.content_type, at + apart)


def another_kind(chance: random.Random, request: Request) -> Request:
    """A body that says it is something else, with a byte changed so that it is no genuine one."""
    kind = chance.choice(
        ["", "text/html", "multipart/form-data; boundary=x", "application/json; charset=x", JSON, FORM]
    )
    changed = another_byte(chance, request)
    return Request(changed.body, kind, changed.headers | {"content-type": kind})


MUTATIONS: Sequence[Mutation] = (
    another_byte, cut_short, repeated, other_header, header_left_out, bit_of_signature, signed_by_another,
    sent_late, another_kind,
)  # fmt: skip


async def test_no_mutated_request_has_any_effect(tmp_path: Path) -> None:
    chance = random.Random(20261124)
    async with slack_world(furnished(tmp_path / "stage.db")) as world:
        genuine, before = whole(world), await world.rows()
        answered: Counter[int] = Counter()
        for _ in range(REQUESTS):
            mutated = chance.choice(MUTATIONS)(chance, chance.choice(genuine))
            answered[(await world.send(mutated)).status_code] += 1

        assert set(answered) <= {400, 401, 413}, answered
        assert await world.rows() == before
        assert world.slack.called() == []


ODD: Sequence[Any] = (
    None, True, 0, -1, 2**70, 1.5, "", " ", "\0", "\ud800", "U0PRIYA", "x" * 5000, "<!channel>", "1e999", [], [[]], {},
    {"id": None}, ["U0PRIYA"],
)  # fmt: skip


async def test_nothing_that_slack_might_sign_is_too_odd(tmp_path: Path) -> None:
    """It may well have an effect, such as a text that was typed; it never fails, and the next one is served."""
    chance = random.Random(20261124)
    async with slack_world(furnished(tmp_path / "stage.db")) as world:
        world.slack.direct(user("priya"))
        answered: Counter[int] = Counter()
        for _ in range(REQUESTS // 10):
            now = world.now
            payload = one_odd(
                chance,
                chance.choice(
                    [
                        event(message(user("priya"), "status", now)),
                        press(user("priya"), direct("priya"), "ShowStatus", now),
                        submission(user("priya"), VIEW, "A strength"),
                    ]
                ),
                ODD,
            )
            request = as_json(payload, now) if payload.get("type") == "event_callback" else interaction(payload, now)
            answered[(await world.send(request)).status_code] += 1

        assert set(answered) <= {200, 400}, answered
        assert (await world.types("priya", "help")).status_code == 200


async def test_a_form_in_json_and_json_in_a_form_are_no_surprise(tmp_path: Path) -> None:
    async with slack_world(furnished(tmp_path / "stage.db")) as world:
        for kind, body in ((JSON, b"payload=%7B%7D"), (FORM, b"{}"), (FORM, b"payload=%7B%22type%22%3A%5B%5D%7D")):
            response = await world.send(signed(body, kind, world.now))
            assert response.status_code in {200, 400}
        assert TEAM not in str(world.slack.calls)
