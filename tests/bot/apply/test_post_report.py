"""The service that posts reports asks for itself who leads: the decision before it, which asks too, would hide it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.apply.post_report import Posted, post_report, preview_report, send_pack
from bot.decide.changes import PostReport, PreviewReport, Reply, SendPack
from bot.messages import references
from core.enquiry import Known
from core.services import people
from core.storage import tables
from tests.support.world import CLOSES, World


@pytest.fixture
def world(world: World) -> World:
    """The cycle has closed; Val leads another partnership."""
    world.partnership("valley", "Valley Partnership", lead="val")
    world.now = CLOSES
    world.close_cycle()
    return world


def known(world: World, person: str) -> Known:
    found = people.known(world.connection, person)
    assert found is not None
    return found


def refused(name: str) -> Reply:
    return Reply(references.ShortReply(name), below=True)


def snapshots(world: World) -> int:
    return world.connection.execute(select(func.count()).select_from(tables.Snapshot)).scalar_one()


@pytest.mark.parametrize("again", [None, 1])
@pytest.mark.parametrize("person", ["leader-a", "val"])
def test_only_a_lead_of_the_partnership_has_its_report_posted_or_posted_again(
    world: World, person: str, again: int | None
) -> None:
    posted = post_report(world.connection, world.shelf, PostReport(1, again), known(world, person), world.now)
    assert posted == Posted(refused("only-leads"))
    assert snapshots(world) == 0


@pytest.mark.parametrize("person", ["leader-a", "val"])
def test_only_a_lead_of_the_partnership_has_a_preview_or_the_pack(world: World, person: str) -> None:
    by = known(world, person)
    seen = preview_report(world.connection, world.shelf, PreviewReport(1), by, world.now)
    assert seen == (refused("only-leads"),)
    assert send_pack(world.connection, world.shelf, SendPack(1), by, world.now) == (refused("only-leads-pack"),)
    assert snapshots(world) == 0


def test_a_lead_has_it_posted_again(world: World) -> None:
    posted = post_report(world.connection, world.shelf, PostReport(1, 1), known(world, "lead"), world.now)
    assert posted.posts[0].what == references.Report(1, "en")
    assert posted.posts[0].key.endswith(":again:1")
