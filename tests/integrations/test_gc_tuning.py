"""Looking for garbage: less often while the bot serves, and as Python does it otherwise."""

from __future__ import annotations

import gc

from integrations.gc_tuning import NEW_OBJECTS, tidied


def test_what_was_loaded_is_left_alone_while_the_bot_serves() -> None:
    kept, often = gc.get_freeze_count(), gc.get_threshold()
    with tidied():
        assert gc.get_freeze_count() > kept
        assert gc.get_threshold() == (NEW_OBJECTS, *often[1:])
    assert gc.get_threshold() == often
    assert gc.get_freeze_count() == 0


def test_what_is_made_meanwhile_is_still_found() -> None:
    class Circle:
        """Holds itself, so that only the search finds it."""

        def __init__(self) -> None:
            self.itself = self

    with tidied():
        Circle()
        found = gc.collect()
    assert found >= 1
