"""`python -m tests.fuzzing --minutes 12`: feeds every reader altered files, guided by coverage.

Each reader has its share of the time, in a process of its own, from small files of its kind on.
Any error but one clear refusal is a find, and so is a file that takes more than 5 seconds or 2 GB;
the file is then left in the folder. Needs the extra `fuzz` (atheris, libFuzzer's Python).
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from corpus.errors import BulletinError

_DATA = Path(__file__).parent / "data"
_STORY = "路通了\n\n　　本报讯（记者张三）3月1日，新路通车。\n　　全长3公里。\n"
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R"
    b"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 42>>stream\nBT /F1 12 Tf 20 200 Td (Road 2021-10) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_DOCX = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>路通了</w:t></w:r></w:p>'
    "<w:p><w:r><w:t>新路通车。</w:t></w:r></w:p></w:body></w:document>"
)
_HTML = (
    '<html><head><meta charset="utf-8"><meta property="og:title" content="路通了">'
    f"<title>路</title></head><body><article><h1>路通了</h1><p>{_STORY}</p></article></body></html>"
)
_TOML = (
    'id = "2021-10"\ndate = "2021-10-01"\n[[line]]\nnumber = 1\ntext = "路通了"\nis = "headline"\n'
)


def _zip(members: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


SEEDS: Mapping[str, Sequence[bytes]] = {
    "issue.txt": [_STORY.encode(), _STORY.encode("gb18030"), _STORY.encode("utf-16")],
    "page.html": [_HTML.encode(), _HTML.encode("gb18030")],
    "page.md": [f"---\ndate: 2021-10-01\n---\n# 路通了\n{_STORY}\n* [一](x) **二**\n".encode()],
    "page.docx": [_zip({"word/document.xml": _DOCX})],
    "page.pdf": [_PDF],
    "issue.zip": [_zip({"2021-10-01-1.txt": _STORY, "a/2021-10-01-2.html": _HTML})],
    "issue.toml": [_TOML.encode()],
}
"""Small files of each kind; the name tells the reader."""


def target(name: str) -> Callable[[bytes], None]:
    """Return what reads a file of some bytes under a name, to its articles."""
    from corpus.reader import read_bytes
    from corpus.sidecar import parsed

    def read(data: bytes) -> None:
        try:
            if name.endswith(".toml"):
                parsed(data, name=name)
            else:
                read_bytes(data, name=name)
        except BulletinError:
            pass  # refused with a clear word

    return read


def fuzz(name: str, folder: Path, seconds: float) -> None:
    """Feed one reader until the time is over; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["corpus"]):
        read = target(name)
    seeds = folder / f"seeds-{name}"
    seeds.mkdir(parents=True, exist_ok=True)
    for n, data in enumerate(SEEDS[name]):
        (seeds / str(n)).write_bytes(data)
    options = [f"-max_total_time={seconds:.0f}", "-timeout=5", "-rss_limit_mb=2048"]
    options += ["-max_len=20000", f"-artifact_prefix={folder}/{name}-", "-verbosity=1"]
    atheris.Setup([sys.argv[0], *options, str(seeds)], read)
    atheris.Fuzz()


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz all readers, or one; 1 where something was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--minutes", type=float, default=12.0, help="for all readers together")
    parser.add_argument("--reader", choices=SEEDS, help="only this one")
    parser.add_argument("--folder", type=Path, help="where finds are left")
    parser.add_argument("--seconds", type=float, help=argparse.SUPPRESS)
    told = parser.parse_args(arguments)
    folder = told.folder or Path(tempfile.mkdtemp(prefix="fuzzing-"))
    if told.seconds:
        fuzz(told.reader, folder, told.seconds)
        return 0
    names = [told.reader] if told.reader else list(SEEDS)
    found = False
    for name in names:
        command = [sys.executable, "-m", "tests.fuzzing", "--reader", name]
        command += ["--folder", str(folder), "--seconds", str(60 * told.minutes / len(names))]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        runs = [line for line in done.stderr.splitlines() if line.startswith(("Done", "#"))]
        print(f"{name:12} {runs[-1] if runs else ''}", flush=True)
        if done.returncode:
            found = True
            print(done.stderr[-3000:], flush=True)
    print(f"finds are in {folder}" if found else "nothing found")
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
