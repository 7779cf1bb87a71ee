"""Rows of 4-bit numbers with one scale a row, and the file that keeps them.

A row is rounded to 16 evenly spaced levels, (code - 7.5) * scale with codes 0 to 15, two codes a
byte. Reading maps the file into memory, so only the rows that are asked for are touched.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_CENTRE = 7.5
_BYTES = np.arange(256)
_LEVELS = (np.stack([_BYTES & 15, _BYTES >> 4], axis=1) - _CENTRE).astype(np.float32)
_PAIRS = _LEVELS.view(np.complex64).ravel()
"""The two numbers of each byte, before they are scaled, in one: both are looked up at once."""

# Candidates for the clipping point, as a share of the largest magnitude of the row.
_CLIPPING = np.linspace(0.5, 1.0, 21, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class PackedRows:
    """A matrix at 4 bits a number.

    Attributes:
        codes: Two codes a byte, low half first; shape (n, dim / 2), uint8.
        scales: Distance between two levels; shape (n,), float16. 0 for a row of zeros.
    """

    codes: NDArray[np.uint8]
    scales: NDArray[np.float16]

    @property
    def dim(self) -> int:
        """Numbers in a row."""
        return 2 * int(self.codes.shape[1])

    def take(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the rows with these numbers as float32, shape (len(rows), dim)."""
        taken: NDArray[np.float32] = _PAIRS[self.codes[rows]].view(np.float32)
        taken *= self.scales[rows].astype(np.float32)[:, None]
        return taken


def pack(matrix: NDArray[np.float32]) -> PackedRows:
    """Return the matrix at 4 bits a number, each row scaled for the smallest squared error.

    Args:
        matrix: Shape (n, dim) with an even dim.
    """
    if matrix.ndim != 2 or matrix.shape[1] % 2:
        raise ValueError(f"expected a matrix with an even number of columns, got {matrix.shape}")
    parts = [_pack_block(matrix[at : at + 4096]) for at in range(0, len(matrix), 4096)]
    return PackedRows(
        codes=np.concatenate([part.codes for part in parts]),
        scales=np.concatenate([part.scales for part in parts]),
    )


def _pack_block(block: NDArray[np.float32]) -> PackedRows:
    """Return one block packed, trying every clipping point for every row."""
    largest = np.abs(block).max(axis=1)
    best_error = np.full(len(block), np.inf)
    best_codes = np.zeros(block.shape, dtype=np.uint8)
    best_scales = np.zeros(len(block), dtype=np.float16)
    for share in _CLIPPING:
        scales = (largest * share / _CENTRE).astype(np.float16)
        used = scales.astype(np.float32)[:, None]
        levels = np.divide(block, used, out=np.zeros_like(block), where=used > 0)
        codes = np.clip(np.rint(levels + _CENTRE), 0, 15).astype(np.uint8)
        errors = (((codes - np.float32(_CENTRE)) * used - block) ** 2).sum(axis=1)
        better = errors < best_error
        best_error[better] = errors[better]
        best_codes[better] = codes[better]
        best_scales[better] = scales[better]
    high = best_codes[:, 1::2] << np.uint8(4)
    return PackedRows(codes=best_codes[:, 0::2] | high, scales=best_scales)


def save_arrays(
    path: Path, arrays: Mapping[str, NDArray[np.generic]], metadata: dict[str, str]
) -> None:
    """Write the arrays and the metadata as one safetensors file."""
    from safetensors.numpy import save

    path.write_bytes(
        save({key: np.ascontiguousarray(value) for key, value in arrays.items()}, metadata)
    )


def map_arrays(path: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, str]]:
    """Return the arrays of a safetensors file, mapped and read-only, and its metadata.

    Raises:
        OSError: If the file cannot be read.
        ValueError: If it is not a whole safetensors file of number arrays.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as checked:
            metadata: dict[str, str] = checked.metadata() or {}
    except SafetensorError as exc:
        raise ValueError(f"not a whole safetensors file ({exc})") from exc
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    types = {"U8": np.uint8, "F16": np.float16, "I32": np.int32, "F32": np.float32}
    arrays: dict[str, NDArray[np.generic]] = {}
    for key, entry in header.items():
        if key == "__metadata__":
            continue
        if entry["dtype"] not in types:
            raise ValueError(f"array {key!r} has the unexpected type {entry['dtype']!r}")
        mapped = np.memmap(
            path,
            dtype=types[entry["dtype"]],
            mode="r",
            offset=8 + length + entry["data_offsets"][0],
            shape=tuple(entry["shape"]),
        )
        arrays[key] = np.asarray(mapped)  # a plain view, which is read from faster
    return arrays, metadata
