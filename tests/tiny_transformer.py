"""A small transformer with random weights, made here because no hub can be reached.

What it says of texts means nothing; what it costs, and that it gives the same in one process and in
several, does.
"""

from __future__ import annotations

from pathlib import Path

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_CHARACTERS = [chr(code) for code in (*range(0x21, 0x7F), *range(0x4E00, 0x9FA6))]


def make(folder: Path, *, layers: int = 2, width: int = 64) -> Path:
    """Write a BERT of so many layers as a sentence-transformers model; return its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = {word: at for at, word in enumerate((*_SPECIAL, *_CHARACTERS))}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", behavior="isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]"}
    wrapped = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # theirs
        tokenizer_object=tokenizer, sep_token="[SEP]", mask_token="[MASK]", **names
    )
    torch.manual_seed(7)
    bert = BertModel(
        BertConfig(
            vocab_size=len(words),
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=max(1, width // 32),
            intermediate_size=4 * width,
            max_position_embeddings=256,
        )
    )
    inner = folder / "bert"
    bert.save_pretrained(inner)
    wrapped.save_pretrained(inner)
    transformer = Transformer(str(inner), max_seq_length=256)
    model = SentenceTransformer(modules=[transformer, Pooling(width)], device="cpu")
    model.save_pretrained(str(folder / "model"), create_model_card=False)
    return folder / "model"
