"""`bulletin eval`: how good retrieval is on question sets."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import (
    MISMATCH,
    OK,
    JsonOption,
    ModelOption,
    app,
    print_json,
    usage,
)
from api.settings import settings_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluate import Collection, System

_SYSTEMS = ("lexical", "dense", "full")
_ALIASES = {"recall": "r", "mrr": "rr"}


@app.command(name="eval")
def evaluate(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR…", readable=False, help="BEIR folders.")
    ],
    model: ModelOption = None,
    system: Annotated[
        str, typer.Option("--system", help="full, lexical (BM25 alone) or dense (vectors alone).")
    ] = "full",
    table: Annotated[
        bool, typer.Option("--table", help="Print a Markdown table of all three systems.")
    ] = False,
    run_file: Annotated[
        Path | None, typer.Option("--run", metavar="FILE", help="Write a TREC run file.")
    ] = None,
    compare_to: Annotated[
        Path | None, typer.Option("--compare", metavar="FILE", help="Compare with a run file.")
    ] = None,
    least: Annotated[
        list[str] | None,
        typer.Option("--min", metavar="MEASURE=X", help="Exit 8 below this, as ndcg@10=0.97."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval on BEIR folders: nDCG, recall and MRR with 95 % intervals."""
    from qa.evaluate import load_collection

    if system not in _SYSTEMS:
        usage(f"--system is {system!r}, expected {', '.join(_SYSTEMS)}")
    if (run_file or compare_to) and (len(folders) != 1 or table):
        usage("--run and --compare go with one folder and one system")
    bars = _bars(least or [])
    name = settings_from(model=model).model
    rows: list[dict[str, Any]] = []
    for folder in folders:
        collection = load_collection(folder)
        wanted: Sequence[str] = _SYSTEMS if table else (system,)
        rows += _measured(collection, wanted, model=name, run_file=run_file, compare_to=compare_to)
    if as_json:
        print_json({"results": rows})
    elif table:
        _print_table(rows)
    else:
        _print_rows(rows)
    below = [row for row in rows if row["system"] == system and _misses(row, bars)]
    raise typer.Exit(MISMATCH if below else OK)


def _measured(
    collection: Collection,
    systems: Sequence[str],
    *,
    model: str | None,
    run_file: Path | None,
    compare_to: Path | None,
) -> list[dict[str, Any]]:
    from qa.evaluate import (
        archive_of,
        compare,
        figures,
        per_query,
        read_run,
        run_queries,
        write_run,
    )
    from qa.rank import Finder

    rows = []
    with archive_of(collection) as archive:
        finder = Finder.open(archive, model=model)
        for system in systems:
            chosen: System = "lexical" if system == "lexical" else "dense"
            run, seconds = run_queries(
                finder, collection.queries, system="full" if system == "full" else chosen
            )
            values = per_query(run, collection.qrels)
            row = {
                "set": collection.name,
                "system": system,
                "n_queries": len(collection.qrels),
                "n_passages": len(collection.documents),
                "figures": [asdict(figure) for figure in figures(values)],
                "median_ms": round(1000 * median(seconds), 2) if seconds else None,
            }
            if run_file:
                write_run(run, run_file, tag=f"bulletin-{system}")
            if compare_to:
                theirs = per_query(read_run(compare_to), collection.qrels)
                row["differences"] = [
                    asdict(compare(values[name], theirs[name], measure=name)) for name in values
                ]
            rows.append(row)
    return rows


def _bars(least: Sequence[str]) -> dict[str, float]:
    """Return measure name to the least value, both as ndcg@10=0.97 and as R@1=0.9."""
    bars = {}
    for told in least:
        match = re.fullmatch(r"([A-Za-z]+)@(\d+)=(\d*\.?\d+)", told)
        if not match:
            usage(f"--min is {told!r}, expected something like ndcg@10=0.97")
        kind = match[1].lower()
        bars[f"{_ALIASES.get(kind, kind)}@{match[2]}"] = float(match[3])
    return bars


def _misses(row: dict[str, Any], bars: dict[str, float]) -> bool:
    found = {figure["measure"].lower(): figure["mean"] for figure in row["figures"]}
    unknown = sorted(set(bars) - set(found))
    if unknown:
        usage(f"--min names {unknown[0]!r}, expected one of {', '.join(found)}")
    return any(found[name] < bar for name, bar in bars.items())


def _print_rows(rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        size = f"{row['n_queries']} queries, {row['n_passages']} passages"
        print(f"{row['set']} ({row['system']}): {size}, median {row['median_ms']} ms a query")
        for figure in row["figures"]:
            interval = f"[{figure['low']:.3f}, {figure['high']:.3f}]"
            print(f"  {figure['measure']:8} {figure['mean']:.4f}  {interval}")
        for gap in row.get("differences", []):
            told = f"{gap['better']} better, {gap['worse']} worse, p = {gap['p_value']:.4f}"
            print(f"  {gap['measure']:8} {gap['mean']:+.4f}  against the run given: {told}")


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    print("| set | system | nDCG@10 | R@1 | R@5 | ms a query |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        by_name = {figure["measure"]: figure["mean"] for figure in row["figures"]}
        told = " | ".join(f"{by_name[name]:.3f}" for name in ("nDCG@10", "R@1", "R@5"))
        print(f"| `{row['set']}` | {row['system']} | {told} | {row['median_ms']:.1f} |")
