"""How much memory a drawing process gains from its 100th picture to its 500th; run as a module, it prints megabytes.

No two pictures are the same, and every kind is drawn.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from itertools import cycle, islice
from math import isnan

from benchmarks.peer import ROOT
from benchmarks.startup import megabytes
from benchmarks.table import Result, skipped
from core.charts.pool import draw_picture, make_and_tidy
from tests.support.pictures import every_kind

SETTLED, LAST = 100, 500
MOST_MEGABYTES = 5
_CASE = f"memory gained from the {SETTLED}th picture to the {LAST}th"


def result() -> Result:
    printed = subprocess.run(
        [sys.executable, "-m", "benchmarks.renders"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    gained = float(printed.stdout)
    if isnan(gained):
        return skipped(_CASE, "this system has no /proc")
    return Result(_CASE, f"{gained:.1f} MB", target=f"≤ {MOST_MEGABYTES} MB", met=gained <= MOST_MEGABYTES)


def main() -> None:
    settled = 0.0
    for number, picture in enumerate(islice(cycle(every_kind().values()), LAST), start=1):
        make_and_tidy(draw_picture, replace(picture, subtitle=f"Picture {number}, and {number * 7919} schools"))
        if number == SETTLED:
            settled = megabytes(os.getpid())
    print(megabytes(os.getpid()) - settled)


if __name__ == "__main__":
    main()
