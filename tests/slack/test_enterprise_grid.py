"""A person of our organisation who signs in from another of its workspaces is one of us; anybody else is a guest.

On Enterprise Grid Slack gives any of a person's workspaces with what they press, whichever they press it in.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import copy
from typing import Any, TypeAlias

import pytest

from tests.slack.playing_installs import InstalledSlack, Member, in_organisation
from tests.slack.playing_slack import DROPPED, RATE_LIMITED, TEAM, TOKEN, Fault, Posted, refused
from tests.slack.requests import JSON, Request, as_json, event, interaction, message, press, press_at_home, submission
from tests.slack.school_world import SlackWorld, buttons, direct, slack_world, user

Json: TypeAlias = dict[str, Any]

OURS, THEIRS = "E0OURS", "E0THEIRS"
NEXT_DOOR, ELSEWHERE = "T0NEXTDOOR", "T0ELSEWHERE"
PRIYA = Member(user("priya"), None, NEXT_DOOR, enterprise_user=in_organisation(user("priya"), OURS, NEXT_DOOR, TEAM))


@dataclass
class Grid:
    """Willow Valley in a workspace of an organisation."""

    slack: InstalledSlack
    world: SlackWorld
    before: dict[str, int]
    """How many rows each table had at the beginning: other schools have answered."""

    async def presses(self, home: str, label: str = "4 Extending", on: Posted | None = None, **more: Any) -> int:
        """Priya, signed in from there, presses something on her question; returns how Slack was answered."""
        question = on or self.world.own("priya")[-1]
        found = next(each for each in buttons(question) if each["text"]["text"] == label)
        payload = press(
            user("priya"), direct("priya"), found["value"], self.world.now, ts=question.ts, action_id=found["action_id"]
        )
        payload |= {"user": {"id": user("priya"), "team_id": home}, "enterprise": {"id": OURS, "name": "The Academies"}}
        self.world.clock.later()
        return (await self.world.send(interaction(payload | more, self.world.now))).status_code

    @property
    def question(self) -> str:
        return self.world.own("priya")[-1].text

    def told_that_she_is_a_guest(self) -> bool:
        return "only work with people of the Slack workspace" in self.question

    def asked(self) -> int:
        return len(self.slack.called("users.info", "auth.test"))


@pytest.fixture
async def grid(furniture: Path, tmp_path: Path) -> AsyncIterator[Grid]:
    slack = InstalledSlack(tokens={TOKEN: TEAM}, organisations={TEAM: OURS})
    slack.scopes |= {"users:read", "users:read.email"}
    async with slack_world(Path(copy(furniture, tmp_path)), slack=slack) as world:
        await world.types("priya", "start")
        slack.calls.clear()
        yield Grid(slack, world, await world.rows())


async def answers(grid: Grid) -> int:
    """How many she has given."""
    return (await grid.world.rows())["answer"] - grid.before["answer"]


@pytest.mark.parametrize(
    ("home", "member"),
    [
        pytest.param(NEXT_DOOR, PRIYA, id="another of her workspaces"),
        pytest.param(OURS, PRIYA, id="the organisation itself"),
        pytest.param(NEXT_DOOR, replace(PRIYA, team_id=None), id="and Slack gives no workspace for her"),
        pytest.param(
            NEXT_DOOR,
            replace(PRIYA, enterprise_user=in_organisation(user("priya"), OURS, NEXT_DOOR)),
            id="she is at home next door only",
        ),
        pytest.param(
            NEXT_DOOR,
            replace(PRIYA, team_id=None, enterprise_user=in_organisation(user("priya"), OURS)),
            id="Slack names her organisation only",
        ),
    ],
)
async def test_a_press_from_another_workspace_of_our_organisation_counts(grid: Grid, home: str, member: Member) -> None:
    grid.slack.has_member(member)
    assert await grid.presses(home) == 200
    assert await answers(grid) == 1
    assert "Our school: 4 Extending" in grid.question


@pytest.mark.parametrize(
    ("home", "member"),
    [
        pytest.param(
            ELSEWHERE,
            Member(user("priya"), None, ELSEWHERE, enterprise_user=in_organisation(user("priya"), THEIRS, ELSEWHERE)),
            id="another organisation",
        ),
        pytest.param(ELSEWHERE, Member(user("priya"), None, ELSEWHERE), id="another workspace, by itself"),
        pytest.param(ELSEWHERE, PRIYA, id="an id of ours, from where she has no home"),
        pytest.param(ELSEWHERE, Member(user("priya"), None, TEAM), id="an id of ours, from outside any organisation"),
        pytest.param(NEXT_DOOR, replace(PRIYA, is_restricted=True), id="a guest of several channels"),
        pytest.param(NEXT_DOOR, replace(PRIYA, is_ultra_restricted=True), id="a guest of one channel"),
        pytest.param(NEXT_DOOR, replace(PRIYA, deleted=True), id="somebody who has left"),
        pytest.param(NEXT_DOOR, replace(PRIYA, id="U0SOMEBODY"), id="nobody Slack knows there"),
    ],
)
async def test_a_press_of_anybody_else_is_a_guests(grid: Grid, home: str, member: Member) -> None:
    grid.slack.has_member(member)
    assert await grid.presses(home) == 200
    assert grid.told_that_she_is_a_guest()
    assert await grid.world.rows() == grid.before


async def test_that_the_press_names_our_organisation_proves_nothing(grid: Grid) -> None:
    """In a channel shared by two organisations Slack puts the person's own there, or that of the message."""
    grid.slack.has_member(Member(user("priya"), None, ELSEWHERE))
    team = {"id": TEAM, "domain": "schools", "enterprise_id": OURS, "enterprise_name": "The Academies"}
    await grid.presses(ELSEWHERE, team=team)
    assert (await answers(grid), grid.told_that_she_is_a_guest()) == (0, True)


async def test_slack_is_asked_about_somebody_once_an_hour(grid: Grid) -> None:
    grid.slack.has_member(PRIYA)
    await grid.presses(NEXT_DOOR)
    await grid.presses(NEXT_DOOR, "3 Established")
    assert grid.asked() == 1
    grid.world.clock.later(timedelta(hours=1))
    await grid.presses(NEXT_DOOR, "4 Extending")
    assert grid.asked() == 2


async def test_about_a_guest_once_a_minute(grid: Grid) -> None:
    await grid.presses(ELSEWHERE)
    before = len(grid.world.own("priya"))
    grid.world.own("priya").pop()
    await grid.presses(ELSEWHERE)
    assert (grid.asked(), len(grid.world.own("priya"))) == (1, before)


async def test_whoever_signs_in_from_our_workspace_is_not_asked_about(grid: Grid) -> None:
    await grid.presses(TEAM)
    assert (await answers(grid), grid.asked()) == (1, 0)


@pytest.mark.parametrize("fault", [RATE_LIMITED, DROPPED, refused("fatal_error")])
async def test_where_slack_does_not_say_who_it_is_the_press_can_be_repeated(grid: Grid, fault: Fault) -> None:
    grid.slack.has_member(PRIYA)
    grid.slack.next_calls("users.info", fault, fault)
    assert await grid.presses(NEXT_DOOR) == 503, "Slack tells the person that it didn't work"
    assert await answers(grid) == 0
    grid.world.clock.later(timedelta(minutes=1))
    grid.slack._faults.clear()
    await grid.presses(NEXT_DOOR)
    assert await answers(grid) == 1


async def test_where_the_bot_may_not_ask_nobody_is_taken_for_one_of_us(grid: Grid) -> None:
    grid.slack.has_member(PRIYA)
    grid.slack.scopes.discard("users:read")
    assert await grid.presses(NEXT_DOOR) == 200
    assert (await answers(grid), grid.told_that_she_is_a_guest()) == (0, True)


async def test_a_press_on_her_own_tab_of_the_bot_counts_too(grid: Grid) -> None:
    grid.slack.has_member(PRIYA)
    found = next(each for each in buttons(grid.world.own("priya")[-1]) if each["text"]["text"] == "4 Extending")
    payload = press_at_home(user("priya"), found["value"], grid.world.now)
    payload |= {"user": {"id": user("priya"), "team_id": NEXT_DOOR}}
    await grid.world.send(interaction(payload, grid.world.now))
    assert await answers(grid) == 1


async def test_a_form_opens_for_her_and_what_she_writes_in_it_is_kept(grid: Grid) -> None:
    grid.slack.has_member(PRIYA)
    await grid.world.types("priya", "strength")
    grid.slack.triggers.add("tr-form")
    await grid.presses(NEXT_DOOR, "Write it here", trigger_id="tr-form")
    (view,) = grid.slack.views
    wrote = submission(user("priya"), view, "We meet every week")
    wrote |= {"user": {"id": user("priya"), "team_id": NEXT_DOOR}}
    await grid.world.send(interaction(wrote, grid.world.now))
    assert (await grid.world.rows())["note"] == grid.before["note"] + 1


async def test_what_she_types_is_heard_and_if_slack_sends_it_again_once(grid: Grid) -> None:
    grid.slack.has_member(PRIYA)
    typed = message(user("priya"), "3", grid.world.now, user_team=NEXT_DOOR)
    request = as_json(event(typed, is_ext_shared_channel=True), grid.world.now)
    again = Request(request.body, JSON, request.headers | {"x-slack-retry-num": "1"})
    for sent in (request, again):
        assert (await grid.world.send(sent)).status_code == 200
    assert await answers(grid) == 1
