"""What a network's partnerships need most, term by term, computed by pandas from their answers.

Its arguments are how to read, the database URL, and the result file. It reads ``rows``, as pandas usually does, or by
``arrow``, its fastest way; only the relevant answers (submitted, scored, about the partnership); and works by column.
It is spared the costlier parts: several leaders per school, sub-themes with too few answers, disclosure, and withheld
votes.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import adbc_driver_postgresql.dbapi  # type: ignore[import-not-found, unused-ignore]
import adbc_driver_sqlite.dbapi  # type: ignore[import-not-found, unused-ignore]
import numpy as np  # type: ignore[import-not-found, unused-ignore]
import pandas as pd  # type: ignore[import-not-found, import-untyped, unused-ignore]
from sqlalchemy import create_engine

ESTABLISHED = 3
FIRST = 3

_REPORTS = """
    SELECT response.id AS response, response.cycle_id AS cycle, cycle.closed_at AS closed
    FROM response JOIN cycle ON cycle.id = response.cycle_id
    JOIN network_partnership AS member ON member.partnership_id = cycle.partnership_id
    WHERE response.submitted_at IS NOT NULL AND member.network_id = 'all' AND member.joined
"""
_ANSWERS = """
    SELECT response_id AS response, criterion, level FROM answer
    WHERE perspective = 'partnership' AND level IS NOT NULL
"""
_VOTES = "SELECT response_id AS response, subtheme FROM priority_vote"


Read: TypeAlias = Callable[[str], dict[str, Any]]
"""Runs a query; returns its columns by name."""


def by_rows(url: str) -> Read:
    connection = sqlite3.connect(url.removeprefix("sqlite:///")) if is_sqlite(url) else create_engine(url).connect()
    return lambda query: columns(pd.read_sql(query, connection))


def by_arrow(url: str) -> Read:
    if is_sqlite(url):
        connection = adbc_driver_sqlite.dbapi.connect(url.removeprefix("sqlite:///"))
    else:
        connection = adbc_driver_postgresql.dbapi.connect(url.replace("+psycopg", ""))
    return lambda query: columns(pd.read_sql(query, connection, dtype_backend="pyarrow"))


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite:")


def columns(frame: pd.DataFrame) -> dict[str, Any]:
    return {name: frame[name] for name in frame.columns}


def summed_up(read: Read) -> pd.DataFrame:
    """By term and sub-theme: how many partnerships have a figure, the median of the figures, and in how many it is
    among the first priorities.
    """
    reports, answers, votes = (read(query) for query in (_REPORTS, _ANSWERS, _VOTES))
    cycles = np.full(int(reports["response"].max()) + 1, -1)
    cycles[reports["response"].to_numpy(dtype=int)] = reports["cycle"].to_numpy(dtype=int)
    scores = school_scores(answers, cycles)
    figures = scores.groupby(["cycle", "subtheme"], sort=False)["score"].median().reset_index()
    figures["tenths"] = np.floor(figures["score"] * 10 + 0.5).astype(int)
    figures["first"] = first_priorities(figures, votes, cycles)
    figures["term"] = figures["cycle"].map(terms(reports))
    by_subtheme = figures.groupby(["term", "subtheme"])
    return by_subtheme.agg(asked=("tenths", "size"), tenths=("tenths", "median"), first=("first", "sum")).reset_index()


def school_scores(answers: dict[str, Any], cycles: Any) -> pd.DataFrame:
    codes, criteria = pd.factorize(answers["criterion"])
    subthemes = pd.Series([str(each).rpartition(".")[0] for each in criteria])
    frame = pd.DataFrame(
        {
            "response": answers["response"].to_numpy(dtype=int),
            "subtheme": subthemes.astype("category").cat.codes.to_numpy()[codes],
            "level": answers["level"].to_numpy(dtype=float),
        }
    )
    scores = frame.groupby(["response", "subtheme"], sort=False)["level"].mean().reset_index(name="score")
    scores["cycle"] = cycles[scores["response"].to_numpy()]
    scores["subtheme"] = np.sort(subthemes.unique())[scores["subtheme"].to_numpy()]
    return scores[scores["cycle"] >= 0]


def first_priorities(figures: pd.DataFrame, votes: dict[str, Any], cycles: Any) -> Any:
    voting = pd.DataFrame(
        {"cycle": cycles[votes["response"].to_numpy(dtype=int)], "subtheme": votes["subtheme"].to_numpy(dtype=object)}
    )
    cast = voting.groupby(["cycle", "subtheme"]).size().rename("votes").reset_index()
    schools = pd.Series(np.bincount(cycles[cycles >= 0]), name="schools")
    together = figures.merge(cast, how="left", on=["cycle", "subtheme"])
    share = together["votes"].fillna(0) / together["cycle"].map(schools)
    need = (ESTABLISHED - together["tenths"] / 10).clip(lower=0) / (ESTABLISHED - 1)
    weight = need * (1 + share)
    ranks = weight.groupby(together["cycle"]).rank(method="min", ascending=False)
    return ((ranks <= FIRST) & (weight > 0)).to_numpy()


def terms(reports: dict[str, Any]) -> pd.Series:
    """The first day of the term in which each cycle closed."""
    closed = pd.DataFrame({"cycle": reports["cycle"].to_numpy(dtype=int), "closed": reports["closed"]})
    closed = closed.drop_duplicates("cycle")
    days = pd.to_datetime(closed["closed"].astype(str).str.slice(0, 10))
    months = np.select([days.dt.month >= 9, days.dt.month >= 5], [9, 5], 1)
    return pd.Series(
        [f"{year}-{month:02}-01" for year, month in zip(days.dt.year, months, strict=True)], index=closed["cycle"]
    )


def main() -> None:
    way, url, result = sys.argv[1:]
    read = by_arrow(url) if way == "arrow" else by_rows(url)
    for _ in sys.stdin:
        begun = time.perf_counter()
        found = summed_up(read)
        print(time.perf_counter() - begun, flush=True)
        Path(result).write_text(found.to_json(orient="records"), encoding="utf-8")


if __name__ == "__main__":
    main()
