"""Large initials that stand beside the first lines of a story, put at the head of the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.runs import Run

_LARGE = 1.8  # times the size of the lines beside it
_MOST = 50  # single large characters that are looked at on a page; none has more stories
_APART = 1.0  # em of the lines that they are from it at most
_LEAST_LINES = 2


def with_initials(runs: Sequence[Run], *, body: float) -> list[Run]:
    """Return the runs of a page, each initial in the first of the lines that stand beside it.

    These begin where it does, as they would without it.

    Args:
        runs: All of the page.
        body: The size of running text, points.
    """
    single = [run for run in runs if len(run.cells) == 1 and run.size >= _LARGE * body]
    found = {run.order: run for run in runs}
    for initial in single[:_MOST]:
        lines = [run for run in found.values() if _is_beside(run, initial)]
        first = min(lines, key=lambda run: run.top, default=None)
        if (
            first is None
            or len(lines) < _LEAST_LINES
            or first.top - initial.top > first.size
            or any(_is_stacked(initial, other) for other in single)
        ):
            continue
        del found[initial.order]
        for run in lines:
            found[run.order] = _begun(run, initial, holds=run is first)
    return list(found.values())


def _is_beside(run: Run, initial: Run) -> bool:
    """Tell whether a line of smaller type begins right behind an initial, within its height."""
    return (
        _LARGE * run.size <= initial.size
        and abs(run.left - initial.right) < _APART * run.size
        and initial.top - run.size / 2 < run.top
        and run.bottom < initial.bottom + run.size
    )


def _is_stacked(initial: Run, other: Run) -> bool:
    """Tell whether another large character stands right over or below it: a vertical headline."""
    return (
        other is not initial
        and abs(other.left - initial.left) < initial.size / 2
        and abs(other.top - initial.top) < 2 * initial.size
    )


def _begun(run: Run, initial: Run, *, holds: bool) -> Run:
    """Return a line that begins where the initial does, with it or without."""
    first = run.cells[0]
    if not holds:
        return Run((replace(first, left=initial.left), *run.cells[1:]), run.size, run.order)
    letter = replace(initial.cells[0], right=first.left, base=first.base)
    return Run((letter, *run.cells), run.size, run.order)
