"""What stands before everything else: was this really sent by Slack, just now, and is it of a sensible size?

Pure, and over the raw bytes: nothing of a request is looked at before its signature, and nothing of one that is
refused is logged but the reason.
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from integrations.refusals import Refusal

MOST_BYTES: Final = 1_000_000
MOST_APART: Final = timedelta(minutes=5)
"""How far Slack's clock and ours may be apart; an older request may be a replay."""
_MOST_DIGITS: Final = 12


MALFORMED: Final = Refusal("malformed", 400)
ODD_TIME: Final = Refusal("odd time", 400)
UNSIGNED: Final = Refusal("no signature", 401)
TOO_OLD: Final = Refusal("too old", 401)
FROM_THE_FUTURE: Final = Refusal("from the future", 401)
WRONG_SIGNATURE: Final = Refusal("wrong signature", 401)
TOO_LARGE: Final = Refusal("too large", 413)


def refusal(headers: Mapping[str, str], body: bytes, signing_secret: str, now: datetime) -> Refusal | None:
    """Why a request is refused; None if Slack sent it. Header names are in lower case."""
    if len(body) > MOST_BYTES:
        return TOO_LARGE
    written, signature = headers.get("x-slack-request-timestamp"), headers.get("x-slack-signature")
    if written is None or signature is None:
        return UNSIGNED
    if not (written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS):
        return ODD_TIME
    ahead = int(written) - now.timestamp()
    if abs(ahead) > MOST_APART.total_seconds():
        return TOO_OLD if ahead < 0 else FROM_THE_FUTURE
    genuine = signed(body, written, signing_secret)
    return None if hmac.compare_digest(genuine.encode(), signature.encode("utf-8", "replace")) else WRONG_SIGNATURE


def signed(body: bytes, timestamp: str, signing_secret: str) -> str:
    """Slack's signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.digest(signing_secret.encode(), base, "sha256").hex()
