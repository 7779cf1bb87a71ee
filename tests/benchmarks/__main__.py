"""`python -m tests.benchmarks`: what a cold command costs, and how fast reading and encoding are.

Machines are noisy, so commands are run in turn with their reference and medians are printed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median

ROUNDS = 9
BULLETIN = Path(sys.executable).with_name("bulletin")
REFERENCE = 'python -c "import numpy"'
QUESTION = "全区有多少个重点项目？"


@dataclass(frozen=True)
class Run:
    """One finished process: seconds of wall time, MB of memory at its peak."""

    wall_s: float
    peak_mb: float


def run(command: Sequence[str]) -> Run:
    """Run a command to its end and return what it took."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return Run(time.perf_counter() - started, usage.ru_maxrss / 1000)


def commands(archive: Path) -> None:
    """Print wall time and memory of cold commands."""
    python, bulletin = sys.executable, str(BULLETIN)
    without_archive = ["env", "-u", "BULLETIN_ARCHIVE", f"XDG_DATA_HOME={archive}-none"]
    wanted = {
        REFERENCE: [python, "-c", "import numpy"],
        "bulletin --help": [bulletin, "--help"],
        "bulletin ask, built archive": [bulletin, "ask", QUESTION, "--archive", str(archive)],
        "bulletin ask, no archive yet": [*without_archive, bulletin, "ask", QUESTION],
    }
    runs: dict[str, list[Run]] = {name: [] for name in wanted}
    for command in wanted.values():
        run(command)
    for _ in range(ROUNDS):
        for name, command in wanted.items():
            runs[name].append(run(command))
    base = median(one.wall_s for one in runs[REFERENCE])
    print(f"{'cold process':32} {'median s':>9} {'ratio':>6} {'peak MB':>8}")
    for name, done in runs.items():
        wall = median(one.wall_s for one in done)
        peak = median(one.peak_mb for one in done)
        print(f"{name:32} {wall:9.3f} {wall / base:6.2f} {peak:8.0f}")


def timed(work: Callable[[], object]) -> float:
    """Return the median seconds of five runs."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def reading() -> None:
    """Print the reading speed beside mere decoding and splitting."""
    from api.service import sample_issue
    from corpus.reader import read_text

    issue = sample_issue()
    source = issue.source
    read_s = timed(lambda: read_text(source))
    split_s = timed(lambda: source.text.splitlines())
    size = len(source.data) / 1e6
    print(f"\n{'reading':32} {'MB/s':>9}")
    print(f"{'bytes.decode().splitlines()':32} {size / split_s:9.1f}")
    print(f"{'read_text':32} {size / read_s:9.2f}")


def encoding(folder: Path) -> None:
    """Print passages a second for both runtimes of the shipped model, from the same texts."""
    from api.service import sample_issue
    from embeddings.encoder import StaticEncoder, load_encoder

    texts = [passage.text for passage in sample_issue().passages] * 10
    print(f"\n{'encoding':32} {'passages/s':>10}")
    light = StaticEncoder.load()
    light_s = timed(lambda: light.encode_passages(texts))
    print(f"{'tokenizers + numpy':32} {len(texts) / light_s:10.0f}")
    if find_spec("sentence_transformers") is None:
        print("sentence-transformers is not installed: no second figure")
        return
    from embeddings.export import export_model

    export_model(folder)
    heavy = load_encoder(str(folder))
    heavy_s = timed(lambda: heavy.encode_passages(texts))
    print(f"{'sentence-transformers':32} {len(texts) / heavy_s:10.0f}")


def main() -> None:
    """Print all tables; commands first, while this process is small.

    A child's peak memory is never below what its parent held when it was started.
    """
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        sample = Path(__file__).parents[2] / "corpus" / "data" / "issue_2021-10.txt"
        run([str(BULLETIN), "add", str(sample), "--archive", str(archive)])
        commands(archive)
        reading()
        encoding(Path(folder) / "model")


if __name__ == "__main__":
    main()
