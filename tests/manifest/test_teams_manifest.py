"""The Teams app's package: what Teams takes, what leaders need, and no more permission than there is a reason for."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import ZipFile

import matplotlib.image
import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from bot.inbound import typed_text
from bot.inbound.typed_text import Commanded
from integrations.cli import app
from manifest.teams import icons, permissions
from manifest.teams.builder import (
    ALONE,
    IN_A_CHANNEL,
    VERSION,
    VERSIONS,
    NotAnApp,
    build_teams_manifest,
    digest,
    package,
)

Json: TypeAlias = dict[str, Any]

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT.parent / "shared" / "schemas" / "teams-manifest-1.24.schema.json"
"""Microsoft's own description of a manifest, where it lies beside the project."""
ADDRESS, APP_ID = "https://bot.example.org", "1a2b3c4d-0000-4000-8000-00000000b07a"


def manifest() -> Json:
    return build_teams_manifest(ADDRESS, APP_ID)


# What Teams takes


def test_teams_takes_the_manifest_and_its_description_knows_a_mistake() -> None:
    if not SCHEMA.exists():
        pytest.skip("Microsoft's own description of a manifest is not at hand")
    described = Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [f"{each.json_path}: {each.message}" for each in described.iter_errors(manifest())] == []
    assert not described.is_valid(manifest() | {"bot": []})


def test_the_package_holds_the_manifest_and_its_icons_and_nothing_else() -> None:
    with ZipFile(BytesIO(package(manifest()))) as archive:
        assert archive.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(archive.read("manifest.json")) == manifest()


def test_the_same_app_is_the_same_package() -> None:
    assert package(manifest()) == package(manifest())


def pixels(png: bytes) -> Any:
    return matplotlib.image.imread(BytesIO(png))


def test_the_colour_icon_has_its_size_and_no_holes() -> None:
    drawn = pixels(icons.colour())
    assert drawn.shape[:2] == (192, 192)
    assert drawn[..., 3].min() == 1.0


def test_the_outline_icon_is_white_on_nothing() -> None:
    drawn = pixels(icons.outline())
    assert drawn.shape == (32, 32, 4)
    assert drawn[0, 0, 3] == 0.0
    assert drawn[drawn[..., 3] == 1.0][:, :3].min() == 1.0
    assert (drawn[..., 3] == 1.0).sum() > 40


# What people need


def test_leaders_talk_alone_and_the_report_goes_into_a_team() -> None:
    (bot,) = manifest()["bots"]
    assert (bot["botId"], bot["scopes"], bot["isNotificationOnly"]) == (APP_ID, ["personal", "team"], False)
    assert [each["scopes"] for each in bot["commandLists"]] == [["personal"], ["team"]]


@pytest.mark.parametrize("command", dict.fromkeys((*ALONE, *IN_A_CHANNEL)), ids=lambda each: each.title)
def test_every_command_that_is_offered_is_understood(command: Any) -> None:
    assert isinstance(typed_text.read(command.title, None), Commanded)
    assert len(command.title) <= 32
    assert len(command.description) <= 128


def test_every_address_is_one_that_the_bot_serves() -> None:
    from integrations.teams.pages import page_routes

    served = {f"{ADDRESS}{getattr(each, 'path', '')}" for each in page_routes().routes}
    developer = manifest()["developer"]
    assert {developer["websiteUrl"], developer["privacyUrl"], developer["termsOfUseUrl"]} == served
    assert manifest()["validDomains"] == ["bot.example.org"]


# As little permission as can be


def test_the_app_asks_for_nothing_beyond_its_scopes() -> None:
    assert not {"authorization", "webApplicationInfo", "permissions", "devicePermissions"} & set(manifest())


def test_each_permission_has_a_reason() -> None:
    assert all(each.what and each.why and each.comes_with for each in permissions.PERMISSIONS)


# Its version


def test_a_changed_app_has_a_new_version() -> None:
    """Teams takes no other. If this fails, add a line with a higher version and this digest to ``VERSIONS``."""
    assert digest(manifest()) == VERSIONS[VERSION]


def test_a_change_is_noticed_and_a_version_alone_is_none() -> None:
    assert digest(manifest() | {"accentColor": "#000000"}) != digest(manifest())
    assert digest(build_teams_manifest(ADDRESS, APP_ID, "9.0.0")) == digest(manifest())


def test_versions_rise_and_no_content_has_two() -> None:
    numbers = [tuple(map(int, each.split("."))) for each in VERSIONS]
    assert numbers == sorted(set(numbers))
    assert len(set(VERSIONS.values())) == len(VERSIONS)


def test_a_higher_version_may_be_given() -> None:
    assert build_teams_manifest(ADDRESS, APP_ID, "1.0.10")["version"] == "1.0.10"


@pytest.mark.parametrize("version", ["0.9.0", "1.0", "1.0.0-beta", "1.0.0\n"])
def test_a_version_that_teams_would_not_take_is_told(version: str) -> None:
    with pytest.raises(NotAnApp, match="--app-version"):
        build_teams_manifest(ADDRESS, APP_ID, version)


# The command


def test_the_command_writes_the_package(tmp_path: Path) -> None:
    file = tmp_path / "new" / "app.zip"
    given = ["manifest", "teams", "--public-url", ADDRESS, "--app-id", APP_ID, "--out", str(file)]
    result = CliRunner().invoke(app, given)
    assert result.exit_code == 0, result.output
    assert file.read_bytes() == package(manifest())


def test_capitals_and_a_slash_do_not_matter() -> None:
    assert build_teams_manifest(f"{ADDRESS}/", APP_ID.upper()) == manifest()


@pytest.mark.parametrize("address", [None, "http://bot.example.org", "bot.example.org", "https://me:x@bot.example.org"])
def test_an_address_that_teams_cannot_use_is_told(address: str | None) -> None:
    with pytest.raises(NotAnApp, match=r"--public-url https://bot\.example\.org"):
        build_teams_manifest(address, APP_ID)


@pytest.mark.parametrize("app_id", [None, "", "my-bot"])
def test_an_app_id_that_is_none_is_told(app_id: str | None) -> None:
    with pytest.raises(NotAnApp, match="--app-id"):
        build_teams_manifest(ADDRESS, app_id)
