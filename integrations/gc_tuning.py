"""How often Python looks for what nobody uses any more, in a process that serves for months.

Left to itself it looks after every 700 new objects, and now and then through all that was loaded: a sixth of a turn's
time in Slack, and a wait for whoever presses just then.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NEW_OBJECTS: Final = 50_000
"""Some dozen turns' worth. What they leave behind goes at once in nearly all cases; this is about the rest."""


@contextmanager
def tidied() -> Iterator[None]:
    """What is there by now stays for good and is not looked through again, until this closes."""
    gc.collect()
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
