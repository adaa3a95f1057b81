"""Upload files to Slack: without a channel first, so that nothing is seen before all of it is there.

Not the SDK's ``files_upload_v2``: given alternative text it never shares the file.
https://docs.slack.dev/messaging/working-with-files#uploading_files
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.messages.blocks import File
from bot.platform import SendFailed, Unreachable
from core.log import Log
from integrations.pacing import Pause, Turns, in_time
from integrations.slack.connection import Connection, nothing_sent
from integrations.slack.workspaces import Workspace

_log = Log(__name__)

_WAITS: Final = (0.0, 1.0)
"""Seconds before each attempt."""
_LOOKS: Final = (0.0, 0.2, 0.4, 0.8, 1.6, 3.0)
"""Seconds between checks whether Slack has processed a file; six seconds in all."""


async def to_be_shown(
    connection: Connection, workspace: Workspace, pictures: Sequence[File], pause: Pause, patience: float, turns: Turns
) -> list[str | None]:
    """Upload a message's pictures; None for any that Slack doesn't accept, to be described in words instead.

    ``patience`` is how many seconds Slack may take in all.
    """
    try:
        async with in_time(patience, turns):
            return [await _asked_twice(connection, workspace, picture, pause) for picture in pictures]
    except TimeoutError:
        _log.warning("A picture could not be uploaded in time")
        return [None for _ in pictures]


async def _asked_twice(connection: Connection, workspace: Workspace, picture: File, pause: Pause) -> str | None:
    for wait in _WAITS:
        try:
            await pause(wait)
            with nothing_sent():
                file_id = await upload(connection, workspace, picture)
                await complete(connection, workspace, [(file_id, picture)])
                await worked_on(connection, workspace, file_id, pause)
                return file_id
        except (SendFailed, Unreachable) as trouble:
            _log.warning("A picture could not be uploaded", reason=trouble.reason)
    return None


async def upload(connection: Connection, workspace: Workspace, file: File) -> str:
    """Send the content, and return Slack's id for the file, which nobody can see yet."""

    async def place(slack: AsyncWebClient) -> AsyncSlackResponse:
        return await slack.files_getUploadURLExternal(filename=file.name, length=len(file.content))

    answer = await connection.ask(workspace.tenant, workspace.token, "files.getUploadURLExternal", place)
    url, file_id = answer.get("upload_url"), answer.get("file_id")
    if not isinstance(url, str) or not isinstance(file_id, str):
        raise SendFailed("Slack gave no place to upload a file to.")
    async with connection.session.post(url, data=file.content) as taken:
        if taken.status != 200:
            raise SendFailed("Slack did not take a file.")
    return file_id


async def complete(
    connection: Connection,
    workspace: Workspace,
    files: Iterable[tuple[str, File]],
    channel: str | None = None,
    thread: str | None = None,
) -> None:
    """Add uploaded files to the workspace; with ``channel``, share them there, optionally below a message."""
    named: list[dict[str, str | None]] = [{"id": file_id, "title": file.name} for file_id, file in files]

    async def share(slack: AsyncWebClient) -> AsyncSlackResponse:
        return await slack.files_completeUploadExternal(files=named, channel_id=channel, thread_ts=thread)

    await connection.ask(workspace.tenant, workspace.token, "files.completeUploadExternal", share, channel)


async def worked_on(connection: Connection, workspace: Workspace, file_id: str, pause: Pause) -> None:
    """Wait until Slack knows what kind of file it is; a message can't show it before. Gives up after a while."""

    async def look(slack: AsyncWebClient) -> AsyncSlackResponse:
        return await slack.files_info(file=file_id)

    for wait in _LOOKS:
        await pause(wait)
        answer = await connection.ask(workspace.tenant, workspace.token, "files.info", look)
        match answer:
            case {"file": {"mimetype": str(kind)}} if kind:
                return
