"""How sure an answer is: the model, its evidence, the pairs it is fitted on, and its figures."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from corpus.archive import Archive
from corpus.errors import ModelError
from qa.answer import Answerer
from qa.fitting import calibrate
from qa.fitting.calibrate import (
    auc,
    confidences,
    fit,
    is_answered,
    load_pairs,
    main,
    save_pairs,
    threshold,
)
from qa.fitting.pairs import Pair, of_issues, of_sets
from qa.fitting.plots import bins_of, calibration_error, reliability
from qa.query import Lang
from qa.quoting.confidence import (
    EVIDENCE,
    SHIPPED_CONFIDENCE,
    Judge,
    read_judge,
    shipped_judge,
    write_judges,
)
from qa.rank import Finder
from tests.conftest import DATA, issue_of


@pytest.fixture(scope="module")
def own() -> list[Pair]:
    return list(of_issues(DATA, share=0.25, seed=1))


def made_up(n: int) -> list[Pair]:
    """Return pairs whose rightness is drawn with a known probability."""
    rng = np.random.default_rng(1)
    told = rng.normal(size=(n, len(EVIDENCE)))
    chance = 1 / (1 + np.exp(-2 * told[:, 0] + told[:, 1] - 0.5))
    return [
        Pair(str(at), "zh", "set", "matched" if right else "foreign", 12, row, bool(right))
        for at, (row, right) in enumerate(zip(told, rng.random(n) < chance, strict=True))
    ]


def test_fitting_finds_the_weights_that_the_pairs_were_drawn_with() -> None:
    judge = fit(made_up(20_000), "zh")
    assert judge.weights[:2] == pytest.approx([2, -1], abs=0.1)
    assert judge.weights[2:] == pytest.approx(np.zeros(len(EVIDENCE) - 2), abs=0.1)
    assert judge.bias == pytest.approx(0.5, abs=0.1)


def test_what_is_fitted_is_as_often_right_as_it_is_sure() -> None:
    pairs = made_up(20_000)
    sure = confidences(fit(pairs, "zh"), pairs)
    assert calibration_error(bins_of(sure, np.array([pair.right for pair in pairs]))) < 0.02


def test_evidence_that_is_left_out_has_no_weight() -> None:
    assert fit(made_up(500), "zh", without=("beside it has",)).weights[1] == 0


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    judge = Judge(np.arange(len(EVIDENCE), dtype=np.float64), -1.5)
    write_judges({"zh": judge}, tmp_path / "told.json", told={"seed": 3})
    found = read_judge(tmp_path / "told.json", "zh")
    assert found.weights.tolist() == judge.weights.tolist()
    assert found.bias == judge.bias
    assert json.loads((tmp_path / "told.json").read_text("utf-8"))["seed"] == 3


def test_weights_of_other_evidence_are_refused(tmp_path: Path) -> None:
    told = json.loads(SHIPPED_CONFIDENCE.read_text(encoding="utf-8"))
    told["judges"]["zh"]["weights"]["luck"] = 1.0
    (tmp_path / "told.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ModelError, match="luck"):
        read_judge(tmp_path / "told.json", "zh")


def test_auc_counts_the_pairs_in_the_right_order() -> None:
    rng = np.random.default_rng(2)
    sure, right = rng.integers(0, 9, size=60) / 8, rng.random(60) < 0.4
    ahead = [(s > o) + (s == o) / 2 for s in sure[right] for o in sure[~right]]
    assert auc(sure, right) == pytest.approx(np.mean(ahead))


def test_a_threshold_declines_no_more_than_is_allowed() -> None:
    sure = np.random.default_rng(3).random(997)
    assert (sure < threshold(sure, declined=0.03)).mean() == pytest.approx(0.03, abs=0.001)


def test_bins_hold_all_answers_in_equal_counts() -> None:
    sure = np.linspace(0, 1, 100)
    bins = bins_of(sure, sure > 0.5, n_bins=10)
    assert [one.n for one in bins] == [10] * 10
    assert [one.right for one in bins] == [0.0] * 5 + [1.0] * 5
    assert all(one.low <= one.right + 1e-9 and one.right - 1e-9 <= one.high for one in bins)


def test_the_diagram_is_an_svg_with_a_point_for_each_bin() -> None:
    bins = bins_of(np.linspace(0, 1, 50), np.arange(50) > 20, n_bins=5)
    root = ElementTree.fromstring(reliability({"zh": bins, "en": bins}))
    assert len(root.findall("{http://www.w3.org/2000/svg}circle")) == 10


def test_a_passage_printed_twice_does_not_make_its_answer_less_sure() -> None:
    told = ("全区有公交线路12条。", "区医院新增床位300张。", "小学生参观了科技馆。")
    once = Archive.in_memory([issue_of(*told)])
    twice = Archive.in_memory([issue_of(*told), issue_of(*told, name="2021-01.txt")])
    sure = [
        Answerer(Finder.open(archive)).answer("区医院新增床位多少张？").confidence
        for archive in (once, twice)
    ]
    assert sure[1] == pytest.approx(sure[0], abs=0.1)


def test_an_answer_is_given_from_the_least_confidence_that_is_asked_for(
    invented_finder: Finder,
) -> None:
    question = "2023年一季度高新区完成地区生产总值多少？"
    sure = Answerer(invented_finder).answer(question).confidence
    assert 0 < sure < 1
    given, declined = (
        Answerer(invented_finder, min_confidence=least).answer(question)
        for least in (sure - 0.001, sure + 0.001)
    )
    assert (given.status, declined.status) == ("answered", "no_answer")
    assert declined.confidence == given.confidence == sure


def test_a_question_is_asked_of_archives_that_answer_it_and_that_do_not(tmp_path: Path) -> None:
    write_set(
        tmp_path / "roads", {"p1": "新路全长3公里。", "p2": "旧桥宽5米。", "p3": "隧道长2公里。"}
    )
    write_set(tmp_path / "fruit", {"f1": "苹果产量8吨。", "f2": "梨树有9棵。", "f3": "桃子卖6元。"})
    pairs = list(of_sets(tmp_path, share=0.01, seed=1))
    assert {(pair.where, pair.kind) for pair in pairs} >= {
        (where, kind) for where in ("roads", "fruit") for kind in ("matched", "removed", "foreign")
    }
    assert not any(pair.right for pair in pairs if pair.kind != "matched")
    assert all(
        "p" in pair.question for pair in pairs if pair.kind == "removed" and pair.where == "roads"
    )


def write_set(folder: Path, passages: dict[str, str]) -> None:
    folder.mkdir()
    for name, key in (("corpus", "{}"), ("queries", "q{}")):
        rows = [
            {
                "_id": key.format(one),
                "text": text if name == "corpus" else f"{one}：{text[:2]}怎么样？",
            }
            for one, text in passages.items()
        ]
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    judged = "".join(f"q{one}\t{one}\t1\n" for one in passages)
    (folder / "qrels.tsv").write_text(judged, encoding="utf-8")


def test_pairs_are_read_as_they_were_kept(own: list[Pair], tmp_path: Path) -> None:
    save_pairs([*own[:3], replace(own[0], evidence=None)], tmp_path / "pairs.jsonl")
    found = load_pairs(tmp_path / "pairs.jsonl")
    assert found[3].evidence is None
    for one, other in zip(found[:3], own, strict=False):
        assert one.evidence == pytest.approx(other.evidence, abs=1e-4)
        assert replace(one, evidence=None) == replace(other, evidence=None)


def test_the_command_writes_weights_a_diagram_and_the_worth_of_evidence(
    own: list[Pair],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    monkeypatch.setattr(calibrate, "_GROUPS", {"cosine": ("cosine",)})
    kept, out, plot = (tmp_path / name for name in ("pairs.jsonl", "told.json", "plot.svg"))
    save_pairs([*own, *(replace(pair, where="set") for pair in own)], kept)
    command = ["--data", str(tmp_path), "--own", str(DATA), "--pairs", str(kept)]
    assert main([*command, "--out", str(out), "--plot", str(plot), "--ablate"]) == 0
    assert read_judge(out, "en").weights.shape == (len(EVIDENCE),)
    assert "<svg" in plot.read_text(encoding="utf-8")
    assert any(line.startswith("| cosine |") for line in caplog.messages)


@pytest.mark.parametrize(("lang", "least"), [("zh", 0.75), ("en", 0.75)])
def test_readers_own_words_are_told_from_questions_on_other_issues(
    own: list[Pair], lang: Lang, least: float
) -> None:
    judged = [p for p in own if p.lang == lang and p.kind in ("matched", "foreign")]
    sure = confidences(shipped_judge(lang), judged)
    assert auc(sure, np.array([pair.kind == "matched" for pair in judged])) >= least


@pytest.mark.parametrize(("lang", "answered", "declined"), [("zh", 0.33, 0.9), ("en", 0.65, 0.65)])
def test_many_readers_own_words_are_answered_and_few_on_other_issues(
    own: list[Pair], lang: Lang, answered: float, declined: float
) -> None:
    def share(kind: str) -> float:
        some = [pair for pair in own if pair.lang == lang and pair.kind == kind]
        return sum(is_answered(shipped_judge(lang), pair) for pair in some) / len(some)

    assert share("matched") >= answered
    assert share("foreign") <= 1 - declined


@pytest.mark.parametrize(
    ("question", "text", "unmet"),
    [
        ("明天有多少人报名？", "今年共有120人报名参加长跑。", True),
        ("明天有多少人报名？", "预计明天还有120人报名参加长跑。", False),
        ("How many people sign up tomorrow?", "今年共有120人报名参加长跑。", True),
        ("今年有多少人报名？", "今年共有120人报名参加长跑。", False),
    ],
)
def test_a_day_seen_from_now_is_to_be_in_the_passage(question: str, text: str, unmet: bool) -> None:
    assert bool(evidence(question, text)["figure unmet"]) is unmet


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        ("今年种树成活的比例是多少？", "今年种树，已有六成成活。", True),
        ("今年种树成活的比例是多少？", "今年种树，已陆续成活。", False),
        ("足球赛的最终比分是多少？", "足球赛上红队以3∶2胜了蓝队。", True),
        ("足球赛的最终比分是多少？", "足球赛上红队胜了蓝队。", False),
        ("新车站的名称是什么？", "新车站被称为北站。", True),
        ("新车站的名称是什么？", "新车站建好了。", False),
    ],
)
def test_what_is_asked_may_be_told_without_its_name(question: str, text: str, told: bool) -> None:
    assert (evidence(question, text)["asked near"] == 1.0) is told


def evidence(question: str, text: str) -> dict[str, float]:
    """Return what speaks for the answer that an archive of two passages gives."""
    archive = Archive.in_memory([issue_of(text, "小学生参观了科技馆。")])
    read = Answerer(Finder.open(archive)).read(question)
    assert read.evidence is not None
    return dict(zip(EVIDENCE, read.evidence.tolist(), strict=True))
