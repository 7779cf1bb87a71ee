"""A reliability diagram as SVG: how sure answers were, beside how often they were right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIDE, _LEFT, _TOP, _GAP = 300, 56, 40, 70
_BINS = 12


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about the same confidence.

    Attributes:
        sure: Their mean confidence.
        right: The share of them that was right.
        low: Lower end of its 95 % interval.
        high: Upper end.
        n: How many.
    """

    sure: float
    right: float
    low: float
    high: float
    n: int


def bins_of(
    sure: NDArray[np.float64], right: NDArray[np.bool_], *, n_bins: int = _BINS
) -> list[Bin]:
    """Return the answers in bins of equal counts, the least sure first.

    The interval is Wilson's.

    Source: E. B. Wilson, Probable inference, JASA 1927.

    Args:
        sure: Shape (n,), 0 to 1.
        right: Shape (n,).
        n_bins: How many bins, at most.
    """
    order = np.argsort(sure, kind="stable")
    return [
        _bin(sure[part], right[part]) for part in np.array_split(order, n_bins) if len(part) > 0
    ]


def _bin(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> Bin:
    n, share, z = len(sure), float(right.mean()), 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Bin(float(sure.mean()), share, float(middle - reach), float(middle + reach), n)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: the mean gap of a bin, weighted by its count.

    Source: Guo et al., On calibration of modern neural networks, ICML 2017.

    >>> calibration_error([Bin(0.1, 0.2, 0, 1, 10), Bin(0.9, 0.9, 0, 1, 10)])
    0.05
    """
    return sum(one.n * abs(one.sure - one.right) for one in bins) / sum(one.n for one in bins)


def reliability(panels: Mapping[str, Sequence[Bin]]) -> str:
    """Return an SVG with one panel a title; a point on the diagonal was as sure as it was right."""
    width = _LEFT + len(panels) * (_SIDE + _GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_TOP + _SIDE + 60}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for n, (title, bins) in enumerate(panels.items()):
        parts += _panel(title, bins, left=_LEFT + n * (_SIDE + _GAP))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(title: str, bins: Sequence[Bin], *, left: int) -> list[str]:
    def at(x: float, y: float) -> tuple[str, str]:
        return f"{left + _SIDE * x:.1f}", f"{_TOP + _SIDE * (1 - y):.1f}"

    def line(start: tuple[float, float], end: tuple[float, float], style: str) -> str:
        (x1, y1), (x2, y2) = at(*start), at(*end)
        return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" {style}/>'

    def text(x: float, y: float, said: str, style: str = "") -> str:
        across, down = at(x, y)
        return (
            f'<text x="{across}" y="{down}" text-anchor="middle" fill="#333" {style}>{said}</text>'
        )

    parts = [text(0.5, 1.05, title, 'font-size="14"')]
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            line((tick, 0), (tick, 1), 'stroke="#e5e5e5"'),
            line((0, tick), (1, tick), 'stroke="#e5e5e5"'),
            text(tick, -0.06, f"{tick:g}"),
            text(-0.07, tick - 0.01, f"{tick:g}"),
        ]
    parts.append(line((0, 0), (1, 1), 'stroke="#999" stroke-dasharray="4 4"'))
    for one in bins:
        x, y = at(one.sure, one.right)
        parts.append(line((one.sure, one.low), (one.sure, one.high), 'stroke="#1f6feb"'))
        parts.append(f'<circle cx="{x}" cy="{y}" r="4" fill="#1f6feb"/>')
    middle = _TOP + _SIDE / 2
    side = left - 40
    parts.append(text(0.5, -0.13, "confidence"))
    parts.append(
        f'<text x="{side}" y="{middle}" transform="rotate(-90 {side} {middle})" '
        'text-anchor="middle" fill="#333">quoted passage is right</text>'
    )
    return parts
