"""A plot with logarithmic axes, as SVG: what grows with what, and how steeply."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

_WIDTH, _HEIGHT, _LEFT, _TOP, _LEGEND = 440, 320, 64, 20, 230
_COLOURS = ("#1f6feb", "#bc4c00", "#1a7f37", "#8250df", "#6e7781", "#bf3989")

Points = Sequence[tuple[float, float]]


def drawn(series: Mapping[str, Points], *, across: str, up: str) -> str:
    """Return an SVG with a line for each series that has points, all of them above zero.

    Args:
        series: Name to points.
        across: What the horizontal axis is.
        up: What the vertical axis is.
    """
    there = {name: points for name, points in series.items() if points}
    every = [point for points in there.values() for point in points]
    x0, x1 = _decades([x for x, _ in every])
    y0, y1 = _decades([y for _, y in every])

    def at(x: float, y: float) -> tuple[float, float]:
        return (
            _LEFT + _WIDTH * (math.log10(x) - x0) / (x1 - x0),
            _TOP + _HEIGHT * (y1 - math.log10(y)) / (y1 - y0),
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + _LEGEND}" '
        f'height="{_TOP + _HEIGHT + 50}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for decade in range(x0, x1 + 1):
        x, bottom = at(10.0**decade, 10.0**y0)
        parts.append(_line(x, _TOP, x, bottom, "#e5e5e5"))
        parts.append(_text(x, bottom + 18, f"{10**decade:,}"))
    for decade in range(y0, y1 + 1):
        left, y = at(10.0**x0, 10.0**decade)
        parts.append(_line(left, y, left + _WIDTH, y, "#e5e5e5"))
        parts.append(_text(left - 8, y + 4, f"{10.0**decade:g}", anchor="end"))
    for n, (name, points) in enumerate(there.items()):
        colour = _COLOURS[n % len(_COLOURS)]
        places = [at(*point) for point in sorted(points)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]
        parts.append(_text(_LEFT + _WIDTH + 16, _TOP + 14 + 20 * n, name, colour, anchor="start"))
    middle = _TOP + _HEIGHT / 2
    parts.append(_text(_LEFT + _WIDTH / 2, _TOP + _HEIGHT + 40, across))
    parts.append(
        f'<text x="14" y="{middle}" transform="rotate(-90 14 {middle})" text-anchor="middle" '
        f'fill="#333">{up}</text>'
    )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Return the powers of ten that values lie between, at least one apart.

    >>> _decades([20.0, 3000.0])
    (1, 4)
    """
    low = math.floor(math.log10(min(values)))
    return low, max(low + 1, math.ceil(math.log10(max(values))))


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, said: str, colour: str = "#333", *, anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{said}</text>'
