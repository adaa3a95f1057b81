"""A partnership's file in words, to be brought in by the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.partnership_file import PartnershipFile, read_partnership

SUMMER = "{terms: [{name: Summer, starts: 2027-04-12, ends: 2027-07-21}]}"


def river(
    *,
    id: str = "river",  # noqa: A002 - as the file says it
    name: str = "River Partnership",
    schools: Mapping[str, Sequence[str]] | None = None,
    people: Sequence[str] = ("ann", "ben", "cat", "dan", "lea"),
    leads: Sequence[str] = ("lea",),
    accounts: Mapping[str, str] | None = None,
    visibility: str = "own-and-group",
    channel: str = "river-channel",
    calendar: str = SUMMER,
    timezone: str = "Europe/London",
    more_people: str = "",
    more: str = "",
) -> str:
    """Four schools, each with a leader, and Lea who leads the partnership. Everybody is on the platform ``web``."""
    schools = schools or {"alder": ["ann"], "birch": ["ben"], "cedar": ["cat"], "damson": ["dan"]}
    accounts = {person: f"{person}-web" for person in people} if accounts is None else accounts
    lines = [
        f"partnership: {{id: {id}, name: {name}, nation: england, timezone: {timezone}, visibility: {visibility}}}",
        "schools:",
        *(_school(school, leaders) for school, leaders in schools.items()),
        "people:",
        *(_person(person, accounts.get(person)) for person in people),
        more_people,
        f"leads: [{', '.join(leads)}]",
        f"channels: [{{platform: web, tenant: demo, id: {channel}}}]",
        f"calendar: {calendar}",
        more,
    ]
    return "\n".join(line for line in lines if line)


def _school(id_: str, leaders: Sequence[str]) -> str:
    return f"  - {{id: {id_}, name: {id_.capitalize()} School, leaders: [{', '.join(leaders)}]}}"


def _person(id_: str, user: str | None) -> str:
    account = f"{{platform: web, tenant: demo, user: {user}}}" if user else ""
    return f"  - {{id: {id_}, name: {id_.capitalize()}, accounts: [{account}]}}"


def read(text: str) -> PartnershipFile:
    return read_partnership(text.encode(), ("slack", "teams", "web"))
