"""Errors end before they reach anybody: kind words for whoever asked, and no word that people wrote in the log."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.storage.database import DatabaseBusy
from integrations.error_middleware import Contained
from integrations.request_body import read_body

NOTE = "what a headteacher wrote"


def fails_with(error: Exception, *, after_beginning: bool = False) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if after_beginning:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"so far", "more_body": True})
        raise error

    return app


def in_words(status: int) -> Response:
    return PlainTextResponse(f"sorry {status}", status)


async def answer(app: ASGIApp) -> httpx.Response:
    transport = httpx.ASGITransport(Contained(app, in_words))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get("/")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(ValueError(NOTE), 500, id="anything"),
        pytest.param(DatabaseBusy(), 503, id="a busy database: trying again may help"),
    ],
)
async def test_whoever_asked_sees_words_and_the_log_only_the_kind_of_error(
    error: Exception, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    answered = await answer(fails_with(error))

    assert (answered.status_code, answered.text) == (status, f"sorry {status}")
    assert type(error).__name__ in caplog.text
    assert NOTE not in caplog.text
    assert "Traceback" not in caplog.text


async def test_an_answer_that_has_begun_is_not_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    await Contained(fails_with(ValueError(NOTE), after_beginning=True), in_words)({"type": "http"}, receive, send)

    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert NOTE not in caplog.text


async def test_who_hangs_up_half_way_is_neither_answered_nor_a_fault_to_speak_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent: list[Message] = []
    received: Iterator[Message] = iter(
        [{"type": "http.request", "body": b"half", "more_body": True}, {"type": "http.disconnect"}]
    )

    async def read(scope: Scope, receive: Receive, send: Send) -> None:
        await read_body(Request(scope, receive).stream(), 1_000)

    async def receive() -> Message:
        return next(received)

    async def send(message: Message) -> None:
        sent.append(message)

    await Contained(read, in_words)({"type": "http"}, receive, send)

    assert sent == []
    assert caplog.text == ""
