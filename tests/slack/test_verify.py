"""Only what Slack signed just now gets in, whatever else is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.refusals import Refusal
from integrations.slack.verify import (
    FROM_THE_FUTURE,
    MOST_BYTES,
    ODD_TIME,
    TOO_LARGE,
    TOO_OLD,
    UNSIGNED,
    WRONG_SIGNATURE,
    refusal,
    signed,
)
from tests.slack.requests import JSON, SECRET
from tests.slack.requests import signed as signed_by_slack
from tests.support.days import NOW

AT = str(int(NOW.timestamp()))


def test_the_signature_is_the_one_in_slacks_own_example() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&"
        b"channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&"
        b"response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&"
        b"trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    assert signed(body, "1531420618", "8f742231b10e8888abcd99yyyzzz85a5") == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


@pytest.mark.parametrize("apart", [timedelta(0), timedelta(minutes=5), timedelta(minutes=-5)])
def test_what_slack_signed_within_five_minutes_is_welcome(apart: timedelta) -> None:
    request = signed_by_slack(b"{}", JSON, NOW + apart)
    assert refusal(request.headers, request.body, SECRET, NOW) is None


GENUINE = signed_by_slack(b"{}", JSON, NOW).headers


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [
        pytest.param({}, b"{}", UNSIGNED, id="no headers"),
        pytest.param({"x-slack-request-timestamp": AT}, b"{}", UNSIGNED, id="no signature"),
        pytest.param({"x-slack-signature": "v0=00"}, b"{}", UNSIGNED, id="no timestamp"),
        pytest.param(GENUINE, b"{ }", WRONG_SIGNATURE, id="another body"),
        pytest.param(GENUINE | {"x-slack-signature": ""}, b"{}", WRONG_SIGNATURE, id="empty signature"),
        pytest.param(GENUINE | {"x-slack-signature": "v0=é€"}, b"{}", WRONG_SIGNATURE, id="not ASCII"),
        pytest.param(
            GENUINE | {"x-slack-signature": GENUINE["x-slack-signature"].replace("v0", "v1")},
            b"{}",
            WRONG_SIGNATURE,
            id="another version",
        ),
        *(
            pytest.param(GENUINE | {"x-slack-request-timestamp": odd}, b"{}", ODD_TIME, id=f"moment {odd!r}")
            for odd in ("", "soon", "-1", "1e9", f"{AT}.5", "9" * 400, "१२३", "²")
        ),
        pytest.param(
            signed_by_slack(b"{}", JSON, NOW - timedelta(minutes=5, seconds=1)).headers,
            b"{}",
            TOO_OLD,
            id="stale",
        ),
        pytest.param(
            signed_by_slack(b"{}", JSON, NOW + timedelta(minutes=5, seconds=1)).headers,
            b"{}",
            FROM_THE_FUTURE,
            id="from the future",
        ),
        pytest.param(signed_by_slack(b"{}", JSON, NOW, "another").headers, b"{}", WRONG_SIGNATURE, id="another secret"),
        pytest.param(
            signed_by_slack(b"x" * (MOST_BYTES + 1), JSON, NOW).headers,
            b"x" * (MOST_BYTES + 1),
            TOO_LARGE,
            id="too large",
        ),
    ],
)
def test_everything_else_is_refused(headers: dict[str, str], body: bytes, expected: Refusal) -> None:
    assert refusal(headers, body, SECRET, NOW) is expected


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=80))
def test_no_garbage_gets_in_or_raises(body: bytes, timestamp: str, signature: str) -> None:
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": signature}
    assert refusal(headers, body, SECRET, NOW) is not None
