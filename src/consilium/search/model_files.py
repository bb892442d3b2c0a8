"""Which language model there is, and of which files it consists. Nothing heavy is imported here."""

from typing import Final

MODEL: Final = "all-MiniLM-L6-v2/int8/2"
"""What the vectors in the database are kept under; another name makes the worker compute all of them anew."""
GRAPH: Final = "model.onnx"
VOCABULARY: Final = "tokenizer.json"


class NoModel(Exception):
    """The model is not there or cannot be loaded; the message says what to do."""
