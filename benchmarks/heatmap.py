"""The heatmap of sixty schools and 27 sub-themes, with a number in every cell.

A contender of ``benchmarks.peer``: it does one round for each line it reads.
"""

from __future__ import annotations

import sys
import time

from core.charts.pool import draw_picture
from tests.support.pictures import heatmap, many_areas, many_schools


def main() -> None:
    picture = heatmap(many_areas(9, 3), many_schools(60))
    for _ in sys.stdin:
        begun = time.perf_counter()
        drawn = draw_picture(picture)
        print(time.perf_counter() - begun, flush=True)
        assert drawn.startswith(b"\x89PNG")


if __name__ == "__main__":
    main()
