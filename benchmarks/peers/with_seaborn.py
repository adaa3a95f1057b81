"""The heatmap of sixty schools and 27 sub-themes in seaborn, with a number in every cell, as a PNG of the same size."""

from __future__ import annotations

import io
import sys
import time

import pandas as pd  # type: ignore[import-not-found, import-untyped, unused-ignore]
import seaborn as sns  # type: ignore[import-not-found, import-untyped, unused-ignore]
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

SCHOOLS, SUBTHEMES = 60, 27
PIXELS = 1024


def scores() -> pd.DataFrame:
    name = "St Bartholomew's and Our Lady of Perpetual Succour Catholic Primary School, Long Lane"
    schools = [f"{number:02} {name}"[:80] for number in range(SCHOOLS)]
    subthemes = [f"Sub-theme {number // 3}.{number % 3} with some words" for number in range(SUBTHEMES)]
    values = [[1 + (school + 3 * place) % 7 / 2 for place in range(SUBTHEMES)] for school in range(SCHOOLS)]
    return pd.DataFrame(values, index=schools, columns=subthemes)


def draw(frame: pd.DataFrame) -> bytes:
    figure = Figure(figsize=(PIXELS / 72, PIXELS / 72), dpi=72)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.4, 0.02, 0.58, 0.76))
    sns.heatmap(
        frame,
        ax=axes,
        annot=True,
        fmt=".1f",
        annot_kws={"size": 9},
        cmap="Blues",
        vmin=1,
        vmax=4,
        linewidths=1,
        cbar=False,
        xticklabels=True,
        yticklabels=True,
    )
    axes.tick_params(labelsize=8)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", rotation=90)
    figure.suptitle("Trust is strong in most schools; the difference we make is the next step", fontsize=25)
    written = io.BytesIO()
    figure.savefig(written, format="png", dpi=72)
    return written.getvalue()


def main() -> None:
    frame = scores()
    for _ in sys.stdin:
        begun = time.perf_counter()
        drawn = draw(frame)
        print(time.perf_counter() - begun, flush=True)
        assert drawn.startswith(b"\x89PNG")


if __name__ == "__main__":
    main()
