"""`bulletin eval`: how good retrieval is on question sets, and the answers about an archive."""

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
    ArchiveOption,
    JsonOption,
    ModelOption,
    app,
    opened,
    print_json,
    ui_lang,
    usage,
)
from api.settings import Settings, settings_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.evaluate import Collection, System

_SYSTEMS: tuple[System, ...] = ("lexical", "dense", "full")
_ALIASES = {"recall": "r", "mrr": "rr"}
_WRONG = {"wrongly_declined": "answered", "wrongly_answered": "declined"}


@app.command(name="eval")
def evaluate(
    folders: Annotated[
        list[Path] | None, typer.Argument(metavar="DIR…", readable=False, help="BEIR folders.")
    ] = None,
    questions: Annotated[
        Path | None,
        typer.Option(
            "--questions",
            metavar="FILE",
            readable=False,
            help="Ask the archive the questions of a JSON-lines file instead.",
        ),
    ] = None,
    archive: ArchiveOption = None,
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
    """Measure retrieval on BEIR folders, or the answers to questions about an archive."""
    from qa.evaluate import load_collection

    folders = folders or []
    if bool(folders) == bool(questions):
        usage("expected either BEIR folders or --questions FILE")
    if (folders and archive) or (questions and table):
        usage("--archive goes with --questions, --table with folders")
    if (run_file or compare_to) and (len(folders) != 1 or table):
        usage("--run and --compare go with one folder and one system")
    chosen = _system(system)
    bars = _bars(least or [])
    settings = settings_from(archive=archive, model=model)
    rows: list[dict[str, Any]] = []
    for folder in folders:
        rows += _measured(
            load_collection(folder),
            _SYSTEMS if table else (chosen,),
            model=settings.model,
            run_file=run_file,
            compare_to=compare_to,
        )
    if questions:
        rows = _asked(questions, settings, system=chosen)
    if as_json:
        print_json({"results": rows})
    elif table:
        _print_table(rows)
    else:
        _print_rows(rows)
    judged = [row for row in rows if row["system"] == system]
    raise typer.Exit(MISMATCH if _misses(judged, bars) else OK)


def _system(name: str) -> System:
    for system in _SYSTEMS:
        if name == system:
            return system
    usage(f"--system is {name!r}, expected {', '.join(_SYSTEMS)}")


def _asked(file: Path, settings: Settings, *, system: System) -> list[dict[str, Any]]:
    """Return one row for each language of the questions, and one for all of them."""
    from api.service import open_finder
    from qa.evaluate import figures
    from qa.questions import ask_all, load_questions, per_question

    questions = load_questions(file)
    with opened(settings) as kept:
        outcomes = ask_all(questions, open_finder(kept, settings), system=system)
        n_passages = kept.n_passages()
    rows = []
    langs = [lang for lang in ("zh", "en") if any(one.question.lang == lang for one in outcomes)]
    for lang in [*langs, "all"]:
        of_lang = [one for one in outcomes if lang in (one.question.lang, "all")]
        values = per_question(of_lang)
        rows.append(
            {
                "set": f"{file.name} {lang}",
                "system": system,
                "n_queries": len(of_lang),
                "n_passages": n_passages,
                "figures": [asdict(figure) for figure in figures(values)],
                "median_ms": _median_ms([one.seconds for one in of_lang]),
                **{
                    wrong: [question for question, well in values[measure].items() if not well]
                    for wrong, measure in _WRONG.items()
                    if measure in values
                },
            }
        )
    return rows


def _measured(
    collection: Collection,
    systems: Sequence[System],
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
            run, seconds = run_queries(finder, collection.queries, system=system)
            values = per_query(run, collection.qrels)
            row = {
                "set": collection.name,
                "system": system,
                "n_queries": len(collection.qrels),
                "n_passages": len(collection.documents),
                "figures": [asdict(figure) for figure in figures(values)],
                "median_ms": _median_ms(seconds),
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


def _median_ms(seconds: Sequence[float]) -> float | None:
    return round(1000 * median(seconds), 2) if seconds else None


def _bars(least: Sequence[str]) -> dict[str, float]:
    """Return measure name to the least value, both as ndcg@10=0.97 and as R@1=0.9."""
    bars = {}
    for told in least:
        match = re.fullmatch(r"([A-Za-z]+)(@\d+)?=(\d*\.?\d+)", told)
        if not match:
            usage(f"--min is {told!r}, expected something like ndcg@10=0.97")
        kind = match[1].lower()
        bars[f"{_ALIASES.get(kind, kind)}{match[2] or ''}"] = float(match[3])
    return bars


def _misses(rows: Sequence[dict[str, Any]], bars: dict[str, float]) -> bool:
    """Tell whether a figure of any row is below its bar."""
    found = [(one["measure"], one["mean"]) for row in rows for one in row["figures"]]
    known = dict.fromkeys(measure for measure, _ in found)
    unknown = sorted(set(bars) - {measure.lower() for measure in known})
    if unknown:
        usage(f"--min names {unknown[0]!r}, expected one of {', '.join(known)}")
    return any(mean < bars.get(measure.lower(), 0.0) for measure, mean in found)


def _print_rows(rows: Sequence[dict[str, Any]]) -> None:
    from api.words import counted, word

    lang = ui_lang()
    for row in rows:
        facts = {
            "queries": counted(row["n_queries"], "query", lang),
            "passages": counted(row["n_passages"], "passage", lang),
            "ms": row["median_ms"],
        }
        print(word("measured", lang, set=row["set"], system=row["system"], **facts))
        for figure in row["figures"]:
            interval = f"[{figure['low']:.3f}, {figure['high']:.3f}]"
            told = word("figure_of", lang, n=figure["n"])
            print(f"  {figure['measure']:10} {figure['mean']:.4f}  {interval}  {told}")
        for gap in row.get("differences", []):
            better, worse, p_value = gap["better"], gap["worse"], f"{gap['p_value']:.4f}"
            told = word("compared", lang, better=better, worse=worse, p=p_value)
            print(f"  {gap['measure']:10} {gap['mean']:+.4f}  {told}")
        for wrong in _WRONG:
            if wrong in row:
                print(f"  {word(wrong, lang, n=len(row[wrong]))}")


def _print_table(rows: Sequence[dict[str, Any]]) -> None:
    print("| set | system | nDCG@10 | R@1 | R@5 | ms a query |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        by_name = {figure["measure"]: figure["mean"] for figure in row["figures"]}
        told = " | ".join(f"{by_name[name]:.3f}" for name in ("nDCG@10", "R@1", "R@5"))
        print(f"| `{row['set']}` | {row['system']} | {told} | {row['median_ms']:.1f} |")
