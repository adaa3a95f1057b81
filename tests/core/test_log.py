"""What a log line is made of, and what is told of an error."""

from __future__ import annotations

import logging
import pickle
import sqlite3
from collections.abc import Callable

import pytest

from core.framework_file import read_framework
from core.log import Log, begin_turn, keep_places, places

SECRET = "what Ann wrote"


def raised(work: Callable[[], object]) -> Exception:
    try:
        work()
    except Exception as error:  # noqa: BLE001
        return error
    raise AssertionError("it raised nothing")


def by_us() -> object:
    return read_framework(b"\xff" + SECRET.encode())


def by_a_library() -> object:
    return sqlite3.connect("/nowhere/at/all.db")


# Errors


def test_an_error_is_told_by_its_type_and_each_of_our_frames_with_the_innermost_first() -> None:
    told = places(raised(by_us))
    kind, _, frames = told.partition(" at ")
    modules = [frame.partition(":")[0] for frame in frames.split(" from ")[0].split(" < ")]
    assert kind == "FileMistakes"
    assert modules[-1] == "tests.core.test_log", "the last frame that is not ours"
    assert {"core.framework_file", "core.yaml_fields"} <= set(modules[:-1])


def test_each_frame_names_its_line() -> None:
    line = by_a_library.__code__.co_firstlineno + 1
    assert places(raised(by_a_library)) == f"OperationalError at {__name__}:{line}"


def test_it_says_what_an_error_came_from() -> None:
    def wraps() -> None:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(SECRET) from error

    first = wraps.__code__.co_firstlineno
    assert places(raised(wraps)) == f"ValueError at {__name__}:{first + 4} from KeyError at {__name__}:{first + 2}"


def test_of_a_group_the_first_error_is_told() -> None:
    def several() -> None:
        raise ExceptionGroup(SECRET, [raised(by_a_library), raised(by_us)])

    assert "ExceptionGroup at" in (told := places(raised(several)))
    assert "OperationalError at" in told


def test_nothing_that_an_error_says_is_told() -> None:
    error = raised(by_us)
    error.add_note(SECRET)
    assert SECRET not in places(ValueError(SECRET)) + places(error)


def test_an_error_without_frames_is_told_by_its_type() -> None:
    assert places(ValueError(SECRET)) == "ValueError"


def test_an_endless_recursion_is_told_briefly() -> None:
    def endless() -> object:
        return endless()

    assert len(places(raised(endless))) < 500


def test_an_error_from_another_process_brings_its_places() -> None:
    there = raised(by_a_library)
    told = places(there)
    keep_places(there)
    here = pickle.loads(pickle.dumps(there))
    assert here.__traceback__ is None
    assert places(here) == told


# Lines


def test_a_line_has_its_fields_but_for_those_that_are_not_known(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "bot"):
        Log("bot.somewhere").info("It happened", platform="slack", ms=1.5, reason=None, names=["a", "b"])
    assert caplog.messages[0].endswith("platform=slack ms=1.5 names=a,b")


def test_what_has_spaces_or_could_look_like_another_line_is_quoted(caplog: pytest.LogCaptureFixture) -> None:
    Log("bot.somewhere").warning("It happened", reason="Slack asks\nfor a pause.")
    assert caplog.messages[0].endswith('reason="Slack asks\\nfor a pause."')


async def test_every_line_of_a_turn_has_its_id(caplog: pytest.LogCaptureFixture) -> None:
    begin_turn("0123456789")
    Log("bot.somewhere").warning("It happened")
    Log("bot.somewhere").warning("It was sent", turn="9876543210")
    assert caplog.messages == ["It happened turn=0123456789", "It was sent turn=9876543210"]


def test_a_line_below_the_level_is_not_made(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "bot"):
        Log("bot.somewhere").info("It happened")
    assert not caplog.records
