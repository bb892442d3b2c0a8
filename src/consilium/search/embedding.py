"""The language model: texts to vectors whose cosine says how alike their meanings are.

all-MiniLM-L6-v2 as int8 ONNX (model_build.py makes it), run on one thread: about 2 ms for a short question.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from consilium.search.model_files import GRAPH, VOCABULARY, NoModel

LONGEST: Final = 128
"""Pieces of words that are read of a text, as when the model was trained; with 256 less was found, at twice the cost."""
_BATCH: Final = 8


class Model:
    """A loaded model; may be used by several threads at once."""

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.enable_cpu_mem_arena = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(folder / GRAPH), options, providers=["CPUExecutionProvider"])
            self._reader = _reader(folder / VOCABULARY)
            self.vectors(["one"])
        except Exception as error:
            # onnxruntime and tokenizers raise their own kinds for missing and damaged files, numpy for other dimensions.
            raise NoModel(f"The language model cannot be loaded ({error}). Run `consilium model build`.") from error

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of length 1 per text. Texts of like length go together: a batch costs what its longest does."""
        pieces = [self._reader.encode(text).ids for text in texts]
        order = sorted(range(len(pieces)), key=lambda row: len(pieces[row]))
        found = np.zeros((len(pieces), 384), np.float32)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            found[rows] = self._run([pieces[row] for row in rows])
        return found

    def _run(self, pieces: Sequence[Sequence[int]]) -> Any:
        longest = max(map(len, pieces))
        ids = np.zeros((len(pieces), longest), np.int64)
        mask = np.zeros_like(ids)
        for row, one in enumerate(pieces):
            ids[row, : len(one)], mask[row, : len(one)] = one, 1
        return self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]


def _reader(path: Path) -> Tokenizer:
    reader = Tokenizer.from_file(str(path))
    reader.enable_truncation(LONGEST)
    reader.no_padding()
    return reader
