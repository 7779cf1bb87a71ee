"""The tokenizer of the shipped model, built once at training time.

Everything the text goes through before the vectors lives in one `tokenizer.json`, so that both
runtimes see the same tokens: width and letter case, accents, traditional to simplified (single
characters), then forward longest match over a dictionary. Chinese runs are matched into words;
a Latin word is matched whole or not at all (it carries a leading "▁" that no other entry has), so
an unknown name is never cut into unrelated pieces. Digits and punctuation only separate.
"""

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

UNKNOWN = "[UNK]"
LATIN_MARK = "▁"
MAX_HAN_RUN = 24
MAX_LATIN_RUN = 40

_FOLDED_RANGES = (
    (0x41, 0x5B), (0xA0, 0x250), (0x1E00, 0x1F00), (0x2100, 0x2150), (0x2160, 0x2180),
    (0x2E80, 0x2FE0), (0x3007, 0x3008), (0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB07),
    (0xFF21, 0xFF5B), (0x1D400, 0x1D800), (0x20000, 0x2A6E0), (0x2F800, 0x2FA20),
)  # fmt: skip
_DROPPED_RANGES = (
    (0xAD, 0xAE), (0x300, 0x370), (0x200B, 0x2010), (0xFE00, 0xFE10), (0xFEFF, 0xFF00),
    (0xE0100, 0xE01F0),
)  # fmt: skip
_HAN = "一-鿿"
# Numbers of the fields in sentencepiece_model.proto, and wire types of protocol buffers.
_NORMALIZER_SPEC = 3
_CHARSMAP = 2
_VARINT = 0
_DELIMITED = 2
_FIXED = {1: 8, 5: 4}


def simplify_all(words: Iterable[str]) -> list[str]:
    """Return the distinct words in simplified characters, converted one by one, sorted.

    >>> simplify_all(["乾隆", "漢語", "汉语"])
    ['干隆', '汉语']
    """
    from opencc import OpenCC

    listed = list(words)
    simplified = OpenCC("t2s").convert
    table = {ord(char): simplified(char) for char in set("".join(listed))}
    return sorted({word.translate(table) for word in listed})


def folding_rules(known: Collection[str]) -> dict[str, str]:
    """Return what every character that changes is replaced by.

    Args:
        known: The Chinese characters that have a vector, simplified. Others of the main block
            become a space, so that they cannot void the words beside them.
    """
    from opencc import OpenCC

    simplified = OpenCC("t2s").convert
    kept = set(known)

    def folded(char: str) -> str:
        if char == "〇":
            return "零"
        letters = unicodedata.normalize("NFKD", char)
        bare = "".join(c for c in letters if unicodedata.category(c) != "Mn").casefold()
        chars = "".join(simplified(c) for c in unicodedata.normalize("NFKC", bare))
        return "".join(c if c in kept or "a" <= c <= "z" else " " for c in chars)

    rules = {chr(code): "" for start, end in _DROPPED_RANGES for code in range(start, end)}
    for start, end in _FOLDED_RANGES:
        for char in map(chr, range(start, end)):
            new = folded(char)
            if new != char and (new.strip() or "一" <= char <= "鿿"):
                rules[char] = new
    return rules


def compile_rules(rules: dict[str, str]) -> bytes:
    """Return the rules as the character map that SentencePiece and tokenizers share."""
    from sentencepiece import SentencePieceTrainer

    def codes(text: str) -> str:
        return " ".join(f"{ord(char):X}" for char in text)

    written = io.BytesIO()
    with TemporaryDirectory() as folder:
        table = Path(folder) / "rules.tsv"
        lines = (f"{codes(old)}\t{codes(new)}\n" for old, new in sorted(rules.items()))
        table.write_text("".join(lines), encoding="utf-8")
        SentencePieceTrainer.train(
            sentence_iterator=iter(["a b c"]),
            model_writer=written,
            model_type="char",
            vocab_size=8,
            hard_vocab_limit=False,
            normalization_rule_tsv=str(table),
            minloglevel=2,
        )
    return proto_field(proto_field(written.getvalue(), _NORMALIZER_SPEC), _CHARSMAP)


def proto_field(message: bytes, wanted: int) -> bytes:
    """Return a field of a protocol buffer message that is text, bytes or a message itself.

    Enough to read one field of a SentencePiece model without the protobuf package.

    >>> proto_field(bytes.fromhex("08960112026869"), 2)
    b'hi'

    Raises:
        ValueError: If the message has no such field.

    Source: protobuf.dev/programming-guides/encoding.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
            continue
        length, at = _varint(message, at) if kind == _DELIMITED else (_FIXED[kind], at)
        if number == wanted:
            return message[at : at + length]
        at += length
    raise ValueError(f"no field {wanted} in the message")


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return the number that starts at `at`, seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at


def build_tokenizer(tokens: Sequence[str], charsmap: bytes) -> "Tokenizer":
    """Return a tokenizer whose token ids are the positions in `tokens`.

    Args:
        tokens: `UNKNOWN` first, then `LATIN_MARK`, every single Chinese character that can occur
            after folding, Chinese words, and Latin words with the mark in front.
        charsmap: From `compile_rules`.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    model = models.WordPiece(
        {token: row for row, token in enumerate(tokens)},
        unk_token=UNKNOWN,
        continuing_subword_prefix="",
        max_input_chars_per_word=MAX_HAN_RUN + MAX_LATIN_RUN,
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Precompiled(charsmap)
    runs = Regex(f"[{_HAN}]{{1,{MAX_HAN_RUN}}}|[a-z]{{1,{MAX_LATIN_RUN}}}")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(runs, behavior="removed", invert=True),
            pre_tokenizers.Metaspace(prepend_scheme="always", split=False),
        ]
    )
    return tokenizer


def latin_words(texts: Iterable[str], rules: dict[str, str]) -> dict[str, int]:
    """Return how often each Latin word occurs in the folded texts, most frequent first."""
    table = str.maketrans(rules)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(re.findall(r"[a-z]+", text.translate(table)))
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
