"""What is refused in Teams leaves a line that says why, and nothing of what was sent."""

from __future__ import annotations

import pytest

from tests.support.log import written_log
from tests.teams.activities import message
from tests.teams.forgeries import FORGED
from tests.teams.signing import TENANT
from tests.teams.teams_world import TeamsWorld, member

NOTE = "our staff do not trust the trust"
PRIYA = member("priya")


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        ("no token at all", "no token"),
        ("signed with a key that is not known", "unknown key"),
        ("claims exchanged", "wrong signature"),
        ("for another bot", "wrong audience"),
        ("expired", "too old"),
    ],
)
async def test_a_forged_token_leaves_its_reason(world: TeamsWorld, forged: str, reason: str) -> None:
    activity = message(PRIYA, NOTE, world.now, world.teams.service_url)
    with written_log("debug") as log:
        assert (await world.send(activity, FORGED[forged]())).status_code == 401
    (line,) = log.entries
    assert (line["event"], line["level"], line["reason"]) == ("request refused", "warning", reason)
    assert "tenant" not in line, "nobody vouches for it"
    assert NOTE not in log.text


async def test_an_organisation_that_is_not_allowed_is_named(world: TeamsWorld) -> None:
    elsewhere = "5c000000-0000-4000-8000-0000000000ff"
    activity = message(PRIYA, NOTE, world.now, world.teams.service_url)
    activity |= {"conversation": activity["conversation"] | {"tenantId": elsewhere}}
    with written_log("debug") as log:
        assert (await world.send(activity)).status_code == 403
    (line,) = log.entries
    assert (line["reason"], line["tenant"]) == ("tenant not allowed", elsewhere)
    assert NOTE not in log.text


async def test_what_is_too_large_or_no_activity_is_told_too(world: TeamsWorld) -> None:
    with written_log("debug") as log:
        assert (await world.send_raw(NOTE.encode() * 40_000, f"Bearer {world.token()}")).status_code == 413
        assert (await world.send_raw(NOTE.encode(), f"Bearer {world.token()}")).status_code == 400
    assert [each["reason"] for each in log.of("request refused")] == ["too large", "malformed"]
    assert NOTE not in log.text
    assert TENANT not in log.text
