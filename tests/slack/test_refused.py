"""What is refused in Slack leaves a line that says why, and nothing of what was sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.slack.requests import Request, as_json, event, message
from tests.slack.requests import signed as signed_by_slack
from tests.slack.school_world import SlackWorld, user
from tests.support.days import NOW
from tests.support.log import written_log

NOTE = "our staff do not trust the trust"
GENUINE = as_json(event(message(user("priya"), NOTE, NOW)), NOW)


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        pytest.param(replace(GENUINE, headers={}), "no signature", id="not signed"),
        pytest.param(
            replace(GENUINE, headers=GENUINE.headers | {"x-slack-signature": "v0=00"}), "wrong signature", id="forged"
        ),
        pytest.param(
            as_json(event(message(user("priya"), NOTE, NOW)), NOW - timedelta(minutes=6)), "too old", id="recorded"
        ),
        pytest.param(
            replace(GENUINE, headers=GENUINE.headers | {"x-slack-request-timestamp": "soon"}), "odd time", id="odd time"
        ),
        pytest.param(replace(GENUINE, body=NOTE.encode() * 40_000), "too large", id="large"),
        pytest.param(
            signed_by_slack(f"[{NOTE}".encode(), "application/json", NOW), "malformed", id="signed, but no payload"
        ),
    ],
)
async def test_a_refused_request_leaves_its_reason(world: SlackWorld, request_: Request, reason: str) -> None:
    with written_log("debug") as log:
        response = await world.send(request_)
    assert response.status_code >= 400
    (line,) = log.entries
    assert (line["event"], line["level"], line["reason"]) == ("request refused", "warning", reason)
    assert "tenant" not in line, "nobody vouches for it"
    assert NOTE not in log.text


async def test_a_workspace_that_has_not_installed_the_bot_is_named(world: SlackWorld) -> None:
    payload = event(message(user("priya"), NOTE, world.now), team="T0STRANGER")
    payload["authorizations"][0]["team_id"] = "T0STRANGER"
    with written_log("debug") as log:
        response = await world.send(as_json(payload, world.now))
    assert response.status_code == 200, "Slack would send it again"
    (line,) = log.of("request refused")
    assert (line["reason"], line["tenant"]) == ("workspace not installed", "T0STRANGER")
    assert NOTE not in log.text
