"""Draws in a separate process, so that the event loop never waits for a picture."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Final, TypeAlias, TypeVarTuple, assert_never

from core.charts.counts import Counts, counts_sheet
from core.charts.dumbbell import Dumbbell, dumbbell_sheet
from core.charts.forms import FormsOfCollaboration, forms_sheet
from core.charts.heatmap import Heatmap, heatmap_sheet
from core.charts.own_school import OwnSchool, own_school_sheet
from core.charts.priorities import PrioritiesChart, priorities_sheet
from core.charts.sheet import Sheet
from core.charts.trend import TrendChart, trend_sheet
from core.log import Log, keep_places

Picture: TypeAlias = Dumbbell | OwnSchool | Heatmap | Counts | PrioritiesChart | FormsOfCollaboration | TrendChart
"""What can be drawn: frozen and made of values, so that it can be sent to another process and be its own cache key."""

_TRIES: Final = 2
_SECONDS_TO_FINISH: Final = 1.0
_SAFE_PATH: Final = "PYTHONSAFEPATH"
_log = Log(__name__)

_Material = TypeVarTuple("_Material")


class NotDrawn(Exception):
    """The drawing process died more than once on this picture, or was ended; the report's text says what it shows."""


def draw_picture(picture: Picture) -> bytes:
    """The PNG of a picture, drawn here and now; at most 1024 x 1024 pixels."""
    return sheet_of(picture).png()


def sheet_of(picture: Picture) -> Sheet:
    """The picture laid out, but not yet drawn."""
    match picture:
        case Dumbbell():
            return dumbbell_sheet(picture)
        case OwnSchool():
            return own_school_sheet(picture)
        case Heatmap():
            return heatmap_sheet(picture)
        case Counts():
            return counts_sheet(picture)
        case PrioritiesChart():
            return priorities_sheet(picture)
        case FormsOfCollaboration():
            return forms_sheet(picture)
        case TrendChart():
            return trend_sheet(picture)
        case _:
            assert_never(picture)


def make_and_tidy(maker: Callable[[*_Material], bytes], *material: *_Material) -> bytes:
    """Make a file in a process that does nothing else, and free its memory at once.

    A matplotlib figure contains reference cycles, and megabytes of pixels; left to Python, dozens of them pile up.
    Objects that exist once the first file is made stay for good and need not be scanned each time.
    """
    try:
        made = maker(*material)
    except Exception as error:
        keep_places(error)
        raise
    gc.collect()
    if not gc.get_freeze_count():
        gc.freeze()
    return made


def _end_with_us() -> None:
    """Leave ending to the main process, and end with it however it ends, even in the middle of a drawing.

    Ctrl-C in a terminal, and the end of a service, reach every process.
    """
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "it was started by multiprocessing"
    parent.join()
    os._exit(1)


@contextmanager
def _safe_path() -> Iterator[None]:
    """Processes started here look for no modules in the working directory, which may have one named random."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


def _begun(
    processes: ProcessPoolExecutor, maker: Callable[[*_Material], bytes], *material: *_Material
) -> asyncio.Future[bytes]:
    with _safe_path():  # The first piece of work starts the process.
        return asyncio.get_running_loop().run_in_executor(processes, make_and_tidy, maker, *material)


class ChartPool:
    """Draws pictures in worker processes and caches the latest. Nothing starts before the first picture is needed.

    Belongs to one event loop. ``workers`` processes take some 100 MB each once they have drawn; ``kept`` pictures of
    some 100 kB each are cached.
    """

    def __init__(self, workers: int = 1, kept: int = 64) -> None:
        self._workers = workers
        self._kept = kept
        self._drawn: OrderedDict[Picture, bytes] = OrderedDict()
        self._processes: ProcessPoolExecutor | None = None
        self._closed = 0
        """How often; what was being drawn then is not drawn again."""

    async def draw(self, picture: Picture) -> bytes:
        """The picture as PNG. Raises ``NotDrawn`` if the process keeps dying on it."""
        if picture in self._drawn:
            self._drawn.move_to_end(picture)
            return self._drawn[picture]
        png = await self.make(draw_picture, picture)
        self._drawn[picture] = png
        while len(self._drawn) > self._kept:
            self._drawn.popitem(last=False)
        return png

    async def make(self, maker: Callable[[*_Material], bytes], *material: *_Material) -> bytes:
        """Another file that is slow to make; not cached. Raises as ``draw`` does."""
        before = self._closed
        for _ in range(_TRIES):
            if self._closed != before:
                break
            processes = self._started()
            try:
                return await _begun(processes, maker, *material)
            except BrokenProcessPool:
                self._give_up(processes)
        raise NotDrawn

    def _started(self) -> ProcessPoolExecutor:
        if self._processes is None:
            # A forked child would share the database connections and any locks that other threads hold.
            spawn = multiprocessing.get_context("spawn")
            with _safe_path():
                self._processes = ProcessPoolExecutor(self._workers, mp_context=spawn, initializer=_end_with_us)
        return self._processes

    def _give_up(self, broken: ProcessPoolExecutor) -> None:
        """Discard a broken pool, so that the next drawing starts a new one; only its first loss does so."""
        broken.shutdown(wait=False, cancel_futures=True)
        if self._processes is broken:
            self._processes = None

    def close(self) -> None:
        """End the processes, within a moment: what takes longer to draw is given up. The pool may be used again."""
        self._closed += 1
        if self._processes is not None:
            running = list(self._processes._processes.values())  # noqa: SLF001 - Python 3.14 has a public way
            self._processes.shutdown(wait=False, cancel_futures=True)
            self._processes = None
            _end(running)


def _end(running: Sequence[BaseProcess]) -> None:
    deadline = monotonic() + _SECONDS_TO_FINISH
    for process in running:
        process.join(max(0, deadline - monotonic()))
        if process.is_alive():
            _log.warning("a drawing was given up")
            process.kill()
            process.join()
