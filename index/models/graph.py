"""The network of all-MiniLM-L6-v2, as encoder and as reader, as an ONNX graph with 8-bit weights.

Built here, operator by operator, and not traced by torch, because the graph that is wanted is not the one that
torch runs: it reads one text, or one pair, and so needs no padding and no mask; the encoder needs no token types;
query, key and value are one multiplication; and torch is not needed to build it. The same weights give the same bytes.

How the integer arithmetic is kept close to the original:

- Weights are symmetric, with a scale for each output channel (word vectors: for each word), and those of a product
  use 7 of the 8 bits. With all 8, processors without VNNI overflow the 16 bits into which they add two products of a
  weight and an activation: 2 · 255 · 64 = 32,640 fits, 2 · 255 · 127 does not.
- The operator scales activations by the largest value in the text. A few tokens have values near 30 inside the
  feed-forward blocks where most stay below 4, which would leave most a handful of steps. So each token's row is first
  divided by its own largest value. In front of the other two multiplications that gains nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray

LAYERS: Final = 6
HEADS: Final = 12
WIDTH: Final = 384
STEPS: Final = 64  # on each side of zero, of a weight in a product
WORD_STEPS: Final = 127  # of a word vector, which is only looked up
EPSILON: Final = 1e-12  # of the published network's normalisation
OPSET: Final = 18
CONTRIB: Final = "com.microsoft"  # onnxruntime's own operators

Weights = Mapping[str, NDArray[np.float32]]


def build(weights: Weights, *, max_tokens: int) -> onnx.ModelProto:
    """The encoder: `input_ids` (1, n), n <= `max_tokens`, to `pooled` (1, width), their mean, and `tokens`."""
    graph = _Graph()
    rows = _network(graph, weights, max_tokens, pairs=False)
    graph.add("Identity", [rows], "tokens")
    graph.add("ReduceMean", [rows, graph.constant("of_tokens", np.array([1]))], "pooled", keepdims=0)
    return graph.model(["input_ids"], {"pooled": [1, WIDTH], "tokens": [1, "n", WIDTH]})


def build_reader(weights: Weights, *, max_tokens: int) -> onnx.ModelProto:
    """The reader: `input_ids` and `token_types` (1, n) of a question and a passage to `logits` (1, n, heads)."""
    graph = _Graph()
    rows = _network(graph, weights, max_tokens, pairs=True)
    plain = graph.add("MatMul", [rows, graph.constant("heads.weight", weights["heads.weight"].T)], "plain_logits")
    graph.add("Add", [plain, graph.constant("heads.bias", weights["heads.bias"])], "logits")
    return graph.model(["input_ids", "token_types"], {"logits": [1, "n", len(weights["heads.bias"])]})


def reader_weights(model: onnx.ModelProto) -> dict[str, NDArray[np.float32]]:
    """What `build_reader` made a reader of, as near as its 8 bits tell; the embeddings, which are as published, left
    out."""
    stored = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    kept = re.compile(r"heads\.bias|encoder\..*\.LayerNorm\..*")
    found = {name: value for name, value in stored.items() if kept.fullmatch(name)}
    found["heads.weight"] = stored["heads.weight"].T
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        joint = _product(stored, f"{at}attention.self.joint"), stored[f"{at}attention.self.joint.bias"]
        for kind, value in zip(("weight", "bias"), joint, strict=True):
            for part, third in zip(("query", "key", "value"), np.split(value, 3), strict=True):
                found[f"{at}attention.self.{part}.{kind}"] = third
        for name, product in (
            ("attention.output.dense", ""), ("intermediate.dense", ".product"), ("output.dense", ".product")
        ):  # fmt: skip
            found[f"{at}{name}.weight"] = _product(stored, f"{at}{name}{product}")
            found[f"{at}{name}.bias"] = stored[f"{at}{name}.bias"]
    return {name: np.array(value, np.float32, order="C") for name, value in found.items()}


def _product(stored: Mapping[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    """A weight (outputs, inputs) from its steps."""
    weight: NDArray[np.float32] = (stored[f"{name}.steps"] * stored[f"{name}.scales"]).T
    return weight


def _network(graph: _Graph, weights: Weights, max_tokens: int, *, pairs: bool) -> str:
    rows = _embed(graph, weights, max_tokens, pairs=pairs)
    for layer in range(LAYERS):
        rows = _layer(graph, weights, f"encoder.layer.{layer}.", rows)
    return rows


class _Graph:
    """Nodes and constants in the order in which they were added; every node is named after its one output."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[Any]) -> str:
        self._constants.append(onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **attributes: Any) -> str:
        self.split(operator, inputs, [output], domain, **attributes)
        return output

    def split(
        self, operator: str, inputs: Sequence[str], outputs: Sequence[str], domain: str = "", **attributes: Any
    ) -> Sequence[str]:
        node = onnx.helper.make_node(operator, inputs, outputs, name=outputs[0], domain=domain, **attributes)
        self._nodes.append(node)
        return outputs

    def model(self, inputs: Sequence[str], outputs: Mapping[str, Sequence[int | str]]) -> onnx.ModelProto:
        declare, real = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
        graph = onnx.helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [declare(name, onnx.TensorProto.INT64, [1, "n"]) for name in inputs],
            [declare(name, real, list(shape)) for name, shape in outputs.items()],
            self._constants,
        )
        opsets = [onnx.helper.make_opsetid("", OPSET), onnx.helper.make_opsetid(CONTRIB, 1)]
        return onnx.helper.make_model(graph, opset_imports=opsets, ir_version=9, producer_name="foedus")


def _embed(graph: _Graph, weights: Weights, max_tokens: int, *, pairs: bool) -> str:
    """Words, 8 bits with a scale for each, plus positions and types; all normalised together."""
    steps, scales = _quantize(weights["embeddings.word_embeddings.weight"], WORD_STEPS, axis=1)
    words = graph.add("Gather", [graph.constant("words", steps), "input_ids"], "word_steps")
    scale = graph.add("Gather", [graph.constant("word_scales", scales), "input_ids"], "word_scale")
    real = graph.add("Cast", [words], "word_reals", to=onnx.TensorProto.FLOAT)
    word = graph.add("Mul", [real, scale], "word")
    types = weights["embeddings.token_type_embeddings.weight"]
    places = weights["embeddings.position_embeddings.weight"][:max_tokens]
    if pairs:
        kind = graph.add("Gather", [graph.constant("types", types), "token_types"], "type")
        word = graph.add("Add", [word, kind], "typed_word")
    else:
        places = places + types[0]
    length = graph.add("Shape", ["input_ids"], "length", start=1, end=2)
    ends = [graph.constant("first", np.array([0])), length, graph.constant("along_tokens", np.array([1]))]
    place = graph.add("Slice", [graph.constant("places", places[None]), *ends], "place")
    return _normalize(graph, weights, "embeddings.LayerNorm", word, place)


def _layer(graph: _Graph, weights: Weights, layer: str, rows: str) -> str:
    own = f"{layer}attention.self."
    joint = [
        np.concatenate([weights[f"{own}{part}.{kind}"] for part in ("query", "key", "value")])
        for kind in ("weight", "bias")
    ]
    mixed = _multiply(graph, f"{own}joint", rows, *joint)
    parts = graph.split("Split", [mixed], [f"{own}{part}" for part in "qkv"], axis=-1, num_outputs=3)
    heads = graph.add("MultiHeadAttention", parts, f"{own}heads", CONTRIB, num_heads=HEADS)
    seen = _dense(graph, weights, f"{layer}attention.output.dense", heads)
    rows = _normalize(graph, weights, f"{layer}attention.output.LayerNorm", seen, rows)
    wide = _dense_by_row(graph, weights, f"{layer}intermediate.dense", rows)
    active = graph.add("Gelu", [wide], f"{layer}active", CONTRIB)
    narrow = _dense_by_row(graph, weights, f"{layer}output.dense", active)
    return _normalize(graph, weights, f"{layer}output.LayerNorm", narrow, rows)


def _normalize(graph: _Graph, weights: Weights, name: str, rows: str, others: str) -> str:
    """Layer normalisation of the sum of both."""
    learned = [graph.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
    return graph.add("SkipLayerNormalization", [rows, others, *learned], name, CONTRIB, epsilon=EPSILON)


def _dense(graph: _Graph, weights: Weights, name: str, rows: str) -> str:
    return _multiply(graph, name, rows, weights[f"{name}.weight"], weights[f"{name}.bias"])


def _dense_by_row(graph: _Graph, weights: Weights, name: str, rows: str) -> str:
    """The same, each row divided by its largest absolute value first and multiplied by it afterwards."""
    size = graph.add("Abs", [rows], f"{name}.size")
    over = graph.constant(f"{name}.over_columns", np.array([2]))
    largest = graph.add("ReduceMax", [size, over], f"{name}.largest", keepdims=1)
    even = graph.add("Div", [rows, largest], f"{name}.even")
    product = _multiply(graph, f"{name}.product", even, weights[f"{name}.weight"])
    restored = graph.add("Mul", [product, largest], f"{name}.restored")
    return graph.add("Add", [restored, graph.constant(f"{name}.bias", weights[f"{name}.bias"])], name)


def _multiply(
    graph: _Graph, name: str, rows: str, weight: NDArray[np.float32], bias: NDArray[np.float32] | None = None
) -> str:
    """Rows times `weight` (outputs, inputs) in 8-bit integers, plus `bias`."""
    steps, scales = _quantize(weight.T, STEPS, axis=0)
    inputs = [
        rows,
        graph.constant(f"{name}.steps", steps),
        graph.constant(f"{name}.scales", scales[0]),
        graph.constant(f"{name}.zeros", np.zeros_like(scales[0], np.int8)),
    ]
    if bias is not None:
        inputs.append(graph.constant(f"{name}.bias", bias))
    return graph.add("DynamicQuantizeMatMul", inputs, name, CONTRIB)


def _quantize(weight: NDArray[np.float32], most: int, *, axis: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole steps and the size of a step, one for each line along `axis`: `steps * scales` is near `weight`."""
    scales = np.abs(weight).max(axis=axis, keepdims=True) / np.float32(most)
    return np.rint(weight / scales).astype(np.int8), scales
