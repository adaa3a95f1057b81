"""How often Python's garbage collector runs, in a process that serves for months.

By default it runs after every 700 new objects, and now and then through everything loaded: that took a sixth of a
turn's time in Slack, and kept whoever was pressing a button just then waiting.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEW_OBJECTS: Final = 50_000
"""About a dozen turns' worth. Nearly all their garbage is freed at once by reference counting; this is for the rest."""


@contextmanager
def tidied() -> Iterator[None]:
    """Exempt all existing objects from collection until this closes."""
    gc.collect()
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
