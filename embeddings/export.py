"""The shipped model as a sentence-transformers folder, which gives the same vectors."""

from __future__ import annotations

import shutil
from pathlib import Path

from corpus.errors import MissingExtraError
from embeddings.encoder import SHIPPED_MODEL, TOKENIZER_FILE, StaticEncoder
from embeddings.transformer import EXTRA

_CARD_FILE = "README.md"


def export_model(folder: Path) -> None:
    """Write the shipped model as a folder that `SentenceTransformer(folder)` loads.

    The vectors are those of `StaticEncoder`. The folder is about ten times as large as the
    shipped one, because every token gets its own row of float32.

    Raises:
        MissingExtraError: If sentence-transformers is not installed.
        ModelError: If the shipped model cannot be read.
    """
    export_folder(SHIPPED_MODEL, folder)


def export_folder(source: Path, folder: Path) -> None:
    """Write the light model in `source` as a sentence-transformers folder; see `export_model`."""
    try:
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    except ImportError as exc:
        raise MissingExtraError(EXTRA) from exc
    from tokenizers import Tokenizer

    encoder = StaticEncoder.load(source)
    _, row_of_token = encoder.vocabulary()
    tokenizer = Tokenizer.from_file(str(source / TOKENIZER_FILE))
    table = StaticEmbedding(tokenizer, embedding_weights=encoder.matrix()[row_of_token])
    model = SentenceTransformer(modules=[table, Normalize()], device="cpu")
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder), create_model_card=False)
    if (source / _CARD_FILE).exists():
        shutil.copyfile(source / _CARD_FILE, folder / _CARD_FILE)
