"""Every scenario in Slack, where each message has to be within its limits and as it describes its blocks."""

from __future__ import annotations

from pathlib import Path
from shutil import copy

import pytest

from tests.contract.drivers.slack import slack
from tests.contract.scenarios import SCENARIOS, Scenario
from tests.contract.stage import set_up
from tests.slack.playing_slack import TEAM


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("slack") / "stage.db"
    set_up(f"sqlite:///{file}", "slack", TEAM)
    return file


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda each: each.__name__.replace("_", " "))
def test_in_slack(stage: Path, tmp_path: Path, scenario: Scenario) -> None:
    with slack(Path(copy(stage, tmp_path))) as driver:
        scenario(driver)
        assert driver.world.slack.called("chat.postMessage", "chat.postEphemeral"), "it has taken and checked something"
