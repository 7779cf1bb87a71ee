from __future__ import annotations

from collections import defaultdict

import pytest

from qa.fitting.align import learn, terms_in

PAIRS = [
    (["british", "army"], ["英", "军", "英军"]),
    (["british", "museum"], ["英", "博物馆"]),
    (["museum"], ["博物馆"]),
    (["army", "army"], ["军"]),
]


def model_1(
    pairs: list[tuple[list[str], list[str]]], *, iterations: int = 8, by_nothing: float = 0.1
) -> dict[tuple[str, str], float]:
    """Return p(made | maker) word by word, written from the formulas of Brown et al. (1993)."""
    texts = [(list(dict.fromkeys(left)), list(dict.fromkeys(right))) for left, right in pairs]
    words = [word for _, right in texts for word in right]
    found: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for round_ in range(iterations):
        counts: dict[tuple[str, str], float] = defaultdict(float)
        for left, right in texts:
            for made in right:
                alone = by_nothing * words.count(made) / len(words) if round_ else 0.0
                whole = alone + sum(found[maker, made] for maker in left)
                for maker in left:
                    counts[maker, made] += found[maker, made] / whole
        totals: dict[str, float] = defaultdict(float)
        for (maker, _), count in counts.items():
            totals[maker] += count
        found = defaultdict(float, {p: count / totals[p[0]] for p, count in counts.items()})
    return found


def test_worth_is_the_geometric_mean_of_both_directions() -> None:
    forward = model_1(PAIRS)
    backward = model_1([(right, left) for left, right in PAIRS])
    for word in ("british", "army", "museum"):
        for term, worth in learn(PAIRS).of(word, k=9):
            expected = (forward[word, term] * backward[term, word]) ** 0.5
            assert worth == pytest.approx(expected, rel=1e-9)


def test_a_word_turns_into_what_it_stands_beside_most() -> None:
    found = learn(PAIRS)
    assert [found.of(word, k=1)[0][0] for word in ("british", "museum")] == ["英", "博物馆"]
    assert found.of("navy", k=3) == []
    assert len(found.of("british", k=2)) == 2
    assert set(found.words()) == {"british", "army", "museum"}


def test_the_best_come_first() -> None:
    worths = [worth for _, worth in learn(PAIRS).of("british", k=9)]
    assert worths == sorted(worths, reverse=True)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("英军", ["英", "军", "英军"]),
        ("英a军", ["英", "军"]),
        ("", []),
        ("abc", []),
    ],
)
def test_terms_overlap_but_never_reach_over_other_signs(text: str, terms: list[str]) -> None:
    assert terms_in(text, {"英军"}) == terms
