"""What the bot writes about itself as it is really served, with everything logged that can be."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from core.services import shared_files
from core.services.shared_files import SharedFile
from core.storage.database import Database
from core.storage.outbox import Place
from tests.teams.activities import CHANNEL
from tests.teams.signing import CONNECTOR, TENANT, claims

GREETING = "Ready: "


def shared(file: Path) -> str:
    """A database in which a picture is shared for an hour; the key of the picture."""
    database = Database(f"sqlite:///{file}")
    database.upgrade()
    picture, until = SharedFile("report-1-en.png", "image/png", b"\x89PNG"), datetime.now(UTC) + timedelta(hours=1)
    place = Place("teams", TENANT, CHANNEL)
    key = database.write_now(lambda writing: shared_files.share(writing, place, "report:1", picture, until))
    database.close()
    return key


def test_neither_the_key_of_a_picture_nor_a_token_is_ever_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, token = tmp_path / "bot.db", CONNECTOR.token(claims(now=datetime.now(UTC)))
    key = shared(file)
    for name, value in {
        "DATABASE_URL": f"sqlite:///{file}", "PORT": "0", "LOG_LEVEL": "debug", "TEAMS__APP_ID": "1a2b",
        "TEAMS__TENANT_ID": TENANT, "TEAMS__CLIENT_SECRET": "the-client-secret",
        "TEAMS__OPENID_URL": "http://127.0.0.1:1/none",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"PARTNERSHIP_{name}", value)
    program = [sys.executable, "-c", "from integrations.cli import app; app()", "serve"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        written = []
        for line in process.stdout:
            written.append(line)
            if line.startswith(GREETING):
                break
        with httpx.Client(base_url=written[-1].removeprefix(GREETING).strip(), trust_env=False) as http:
            assert http.get("/teams/files/report-1-en.png", params={"key": key}).content == b"\x89PNG"
            assert http.get("/teams/files/another.png", params={"key": key}).status_code == 404
            unsure = http.post("/api/messages", json={}, headers={"Authorization": f"Bearer {token}"})
            assert unsure.status_code == 401
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)

    everything = "".join(written) + rest
    assert "request refused" in everything
    for secret in (key, token, "the-client-secret"):
        assert secret not in everything
