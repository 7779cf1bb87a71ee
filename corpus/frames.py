"""What the lines and frames drawn on a page tell: which stories are boxed, where bands part.

Frames drawn as four lines are not put together.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.columns import HEAD, Rule
from corpus.glyphs import Edges
from corpus.runs import Run

_THIN = 4.0  # points up to which a path is a line
_SLACK = 2.0  # points that type may reach out of its frame
_LEAST_CHARS = 20  # of a story in a frame, its headline included


def turned(paths: Sequence[Edges], width: float) -> list[Edges]:
    """Return paths as they lie on a page of this width that is turned as its runs are.

    >>> turned([(10, 20, 30, 90)], 100)
    [(20, 70, 90, 90)]
    """
    return [(top, width - right, bottom, width - left) for left, top, right, bottom in paths]


def rules_of(paths: Sequence[Edges]) -> list[Rule]:
    """Return the lines that run across.

    >>> rules_of([(10, 20, 300, 21), (10, 20, 11, 300)])
    [Rule(left=10, right=300, height=20.5)]
    """
    return [
        Rule(left, right, (top + bottom) / 2)
        for left, top, right, bottom in paths
        if bottom - top < _THIN < right - left
    ]


def boxed(runs: Sequence[Run], paths: Sequence[Edges], *, body: float) -> list[list[Run]]:
    """Return the runs of each frame that holds a story of its own: it begins with a headline.

    They stand top to bottom, left to right; a frame within another is one more.

    Args:
        runs: All of the page.
        paths: What is drawn on it.
        body: The size of running text, points.
    """
    frames = [path for path in paths if min(path[2] - path[0], path[3] - path[1]) >= _THIN]
    left = list(runs)
    found: list[list[Run]] = []
    for frame in sorted(frames, key=lambda edges: (edges[2] - edges[0]) * (edges[3] - edges[1])):
        inside = [run for run in left if _is_in(run, frame)]
        if len(inside) < len(left) and _is_story(inside, body):
            found.append(inside)
            left = [run for run in left if not _is_in(run, frame)]
    return sorted(found, key=lambda box: min((run.top, run.left) for run in box))


def _is_in(run: Run, frame: Edges) -> bool:
    left, top, right, bottom = frame
    across = left - _SLACK <= run.left and run.right <= right + _SLACK
    return across and top - _SLACK <= (run.top + run.bottom) / 2 <= bottom + _SLACK


def _is_story(runs: Sequence[Run], body: float) -> bool:
    return (
        sum(len(run.cells) for run in runs) >= _LEAST_CHARS
        and min(runs, key=lambda run: run.top).size >= HEAD * body
        and any(run.size < HEAD * body for run in runs)
    )
