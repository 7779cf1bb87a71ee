"""`python -m tests.benchmarks.growth`: what one issue costs to add, by the size of the archive.

An issue of 45 passages is kept and indexed, in a process whose model is loaded, so that nothing
else is counted: the archive is opened, the issue added, all indexes brought up to date, and the
archive closed. It is done for a new archive and for archives of 1,000, 10,000 and 100,000 passages
(`made_up`) in turn, round after round, so that a busy moment of the machine meets all of them
alike. Medians and the worst round are printed; `cpu` is processor time of all threads.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median

from corpus.archive import Archive
from corpus.types import Issue
from qa.rank import Finder
from tests.benchmarks.made_up import FURTHER, fill, further

ROUNDS = 20


def add(folder: Path, issue: Issue) -> tuple[float, float]:
    """Return the seconds of wall and of processor time that it takes to keep and index an issue."""
    wall, cpu = time.perf_counter(), time.process_time()
    with Archive.open(folder, create=True) as archive:
        archive.add(issue)
        Finder.open(archive)
    return time.perf_counter() - wall, time.process_time() - cpu


def reopen(folder: Path) -> float:
    """Return the seconds that it takes to open an archive with all its indexes."""
    started = time.perf_counter()
    with Archive.open(folder) as archive:
        Finder.open(archive)
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="passages, by commas")
    parser.add_argument("--folder", type=Path, help="keep the archives here, and use them again")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory() as parent:
        measure(Path(parent), told.folder or Path(parent), [int(n) for n in told.sizes.split(",")])


def build(folder: Path, size: int) -> None:
    """Make an archive of so many passages unless it is there."""
    started = time.perf_counter()
    with Archive.open(folder, create=True) as archive:
        if not archive.n_passages():
            fill(archive, size)
        kept = time.perf_counter()
        Finder.open(archive)
    print(
        f"{size:,} passages: kept in {kept - started:.1f} s, "
        f"indexed in {time.perf_counter() - kept:.1f} s",
        flush=True,
    )


def n_further(folder: Path) -> int:
    """Return how many of the issues that `further` makes may have been added before."""
    with Archive.open(folder) as archive:
        last = max(row.id for row in archive.issues())
    if last < FURTHER:
        return 0
    return (date.fromisoformat(last) - date.fromisoformat(FURTHER)).days + 1


def measure(scratch: Path, folder: Path, sizes: list[int]) -> None:
    """Build the archives, add to them in turn, and print what it took."""
    for size in sizes:
        build(folder / str(size), size)
    first = max(n_further(folder / str(size)) for size in sizes)
    issues = further(first + ROUNDS)[first:]
    taken: dict[int, list[tuple[float, float]]] = {size: [] for size in (0, *sizes)}
    add(scratch / "warm", issues[0])
    for n, issue in enumerate(issues):
        for size, rows in taken.items():
            rows.append(add(folder / str(size) if size else scratch / f"empty-{n}", issue))
    base = [median(column) for column in zip(*taken[0], strict=True)]
    print(" passages  wall ms  ratio  worst  cpu ms  ratio open ms")
    for size, rows in taken.items():
        wall, cpu = (median(column) for column in zip(*rows, strict=True))
        worst = max(wall for wall, _ in rows)
        opened = median(reopen(folder / str(size) if size else scratch / "warm") for _ in range(5))
        print(
            f"{size:9,} {1000 * wall:8.0f} {wall / base[0]:6.2f} {1000 * worst:6.0f} "
            f"{1000 * cpu:7.0f} {cpu / base[1]:6.2f} {1000 * opened:7.1f}"
        )


if __name__ == "__main__":
    main()
