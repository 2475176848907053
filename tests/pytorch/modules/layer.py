# SPDX-License-Identifier: Apache-2.0
"""Each layer of nn::Sequential beside PyTorch's, 100 cases of each.

A Linear comes first, whose gradients tell the gradient by the layer's input. The library reads the
network as text, with values as Python writes them.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from case import Case, Draw, Tensor, gradients, set_parameters

RULES = {"float32": "PyTorch's own results in float32 differ from those in float64 by half as much "
                    "or more: the case is ill-conditioned"}
MISFIT = 0.05  # of the cases that have a kernel are such that both refuse


class Rnn(nn.RNN):
    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x)[0]


class SelfAttention(nn.MultiheadAttention):
    def __init__(self, embed_dim: int, num_heads: int, bias: bool = True,
                 is_causal: bool = False) -> None:
        super().__init__(embed_dim, num_heads, bias=bias, batch_first=True)
        self.is_causal = is_causal

    def forward(self, x: Tensor) -> Tensor:
        length = x.shape[1]
        mask = torch.ones(length, length, dtype=torch.bool).triu(1) if self.is_causal else None
        return super().forward(x, x, x, attn_mask=mask, need_weights=False)[0]


class PositionalEncoding(nn.Module):
    """Vaswani et al. 2017."""

    def forward(self, x: Tensor) -> Tensor:
        length, features = x.shape[1:]
        position = torch.arange(length, dtype=torch.float64)[:, None]
        pair = torch.arange(features) // 2 * 2
        angle = position * torch.exp(-math.log(10000) * pair.double() / features)
        even = torch.arange(features) % 2 == 0
        return x + torch.where(even, angle.sin(), angle.cos()).to(x.dtype)


class LearnedPositionalEncoding(nn.Module):
    def __init__(self, d_model: int, max_len: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(max_len, d_model))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.weight[:x.shape[1]]


class Residual(nn.Sequential):
    def forward(self, x: Tensor) -> Tensor:
        return x + super().forward(x)


class Parallel(nn.ModuleList):
    def forward(self, x: Tensor) -> Tensor:
        all_results = [branch(x) for branch in self]
        return torch.cat(all_results, 1 if all_results[0].ndim == 4 else -1)


def text_of(name: str, arguments: dict[str, Any]) -> str:
    return name + "(" + ", ".join(f"{key}={value}" for key, value in arguments.items()) + ")"


# The layer as text, PyTorch's module, and the shape of a sample.
Made = tuple[str, nn.Module, tuple[int, ...]]


def some(draw: Draw, options: dict[str, list[Any]]) -> dict[str, Any]:
    """A few of the arguments; others keep their defaults."""
    return {name: draw.choice(values) for name, values in options.items() if draw.flag()}


def made(kind: type[nn.Module], name: str, arguments: dict[str, Any],
         sample: tuple[int, ...]) -> Made:
    return text_of(name, arguments), kind(**arguments), sample


def size(draw: Draw, low: int, high: int) -> Any:
    if draw.flag():
        return draw.integer(low, high)
    return draw.integer(low, high), draw.integer(low, high)


def image(draw: Draw, channels: int, low: int = 7, high: int = 14) -> tuple[int, int, int]:
    return channels, draw.integer(low, high), draw.integer(low, high)


def make_linear(draw: Draw) -> Made:
    inputs = draw.choice([1, 5, 33, 300])
    sample = draw.choice([(inputs,), (3, inputs)])
    arguments = {"in_features": inputs, "out_features": draw.choice([1, 7, 64])}
    return made(nn.Linear, "linear", arguments, sample)


def make_flatten(draw: Draw) -> Made:
    ends = draw.choice([{}, {"start_dim": 2}, {"end_dim": 2}, {"start_dim": -2, "end_dim": 3}])
    return made(nn.Flatten, "flatten", ends, image(draw, 3, 1, 4))


def channels(draw: Draw) -> dict[str, int]:
    groups = draw.choice([1, 1, 2, 3])
    all_channels = {"in_channels": groups * draw.integer(1, 3),
                    "out_channels": groups * draw.integer(1, 4)}
    return all_channels if groups == 1 else all_channels | {"groups": groups}


def make_conv1d(draw: Draw) -> Made:
    arguments = channels(draw) | {"kernel_size": draw.integer(1, 4)}
    arguments |= some(draw, {"stride": [1, 2, 3], "padding": [1, 2, 4], "dilation": [2, 3],
                             "bias": [False]})
    if draw.flag(MISFIT):
        arguments["kernel_size"] = 50
    return made(nn.Conv1d, "conv1d", arguments, (arguments["in_channels"], draw.integer(10, 30)))


def make_conv2d(draw: Draw) -> Made:
    arguments = channels(draw) | {"kernel_size": size(draw, 1, 3)}
    arguments |= some(draw, {"stride": [2, (1, 3)], "padding": [1, (0, 2)], "dilation": [2, (3, 1)],
                             "bias": [False]})
    if draw.flag(MISFIT):
        arguments["kernel_size"] = 50
    return made(nn.Conv2d, "conv2d", arguments, image(draw, arguments["in_channels"]))


def make_conv_transpose2d(draw: Draw) -> Made:
    arguments = channels(draw) | {"kernel_size": size(draw, 2, 4)}
    arguments |= some(draw, {"stride": [2, (3, 2)], "padding": [1, (0, 1)], "dilation": [2],
                             "bias": [False]})
    if draw.flag(0.3) and "stride" in arguments:
        arguments["output_padding"] = draw.choice([1, (1, 0)])
    if draw.flag(MISFIT):
        arguments["output_padding"] = 5
    return made(nn.ConvTranspose2d, "conv_transpose2d", arguments,
                image(draw, arguments["in_channels"], 3, 7))


def pool(draw: Draw, more: dict[str, list[Any]]) -> dict[str, Any]:
    arguments: dict[str, Any] = {"kernel_size": size(draw, 2, 3)}
    arguments |= some(draw, {"stride": [1, 2, (3, 1)], "padding": [1], "ceil_mode": [True]} | more)
    if draw.flag(MISFIT):
        arguments["padding"] = 3
    return arguments


def make_max_pool2d(draw: Draw) -> Made:
    arguments = pool(draw, {"dilation": [2, (1, 3)]})
    return made(nn.MaxPool2d, "max_pool2d", arguments, image(draw, draw.integer(1, 3)))


def make_avg_pool2d(draw: Draw) -> Made:
    arguments = pool(draw, {"count_include_pad": [False], "divisor_override": [1, 5]})
    return made(nn.AvgPool2d, "avg_pool2d", arguments, image(draw, draw.integer(1, 3)))


def make_adaptive_avg_pool2d(draw: Draw) -> Made:
    return made(nn.AdaptiveAvgPool2d, "adaptive_avg_pool2d", {"output_size": size(draw, 1, 9)},
                image(draw, draw.integer(1, 3)))


def batch_norm(draw: Draw, width: int) -> dict[str, Any]:
    return {"num_features": width} | some(draw, {"eps": [1e-3, 0.1], "momentum": [0.3, 1.0, None],
                                                 "affine": [False]})


def make_batch_norm1d(draw: Draw) -> Made:
    width = draw.integer(1, 9)
    sample = draw.choice([(width,), (width, draw.integer(2, 7))])
    return made(nn.BatchNorm1d, "batch_norm1d", batch_norm(draw, width), sample)


def make_batch_norm2d(draw: Draw) -> Made:
    width = draw.integer(1, 4)
    return made(nn.BatchNorm2d, "batch_norm2d", batch_norm(draw, width), image(draw, width, 2, 6))


def row_norm(draw: Draw) -> tuple[dict[str, Any], tuple[int, ...]]:
    sample = draw.choice([(8,), (33,), (3, 17), (2, 3, 5)])
    kept = draw.integer(1, len(sample))
    arguments: dict[str, Any] = {"normalized_shape": sample[len(sample) - kept:]}
    return arguments | some(draw, {"eps": [1e-3, 0.1], "elementwise_affine": [False]}), sample


def make_layer_norm(draw: Draw) -> Made:
    arguments, sample = row_norm(draw)
    return made(nn.LayerNorm, "layer_norm", arguments | some(draw, {"bias": [False]}), sample)


def make_rms_norm(draw: Draw) -> Made:
    arguments, sample = row_norm(draw)
    module = nn.RMSNorm(**({"eps": 2.0**-23} | arguments))  # that of float32
    return text_of("rms_norm", arguments), module, sample


def make_embedding(draw: Draw) -> Made:
    count = draw.integer(2, 20)
    arguments = {"num_embeddings": count, "embedding_dim": draw.choice([1, 8, 70])}
    arguments |= some(draw, {"padding_idx": [0, -1, count - 1]})
    return made(nn.Embedding, "embedding", arguments, draw.choice([(5,), (2, 3)]))


def make_positional_encoding(draw: Draw) -> Made:
    width = draw.integer(1, 40)
    text = text_of("positional_encoding", {"d_model": width})
    return text, PositionalEncoding(), (draw.choice([1, 7, 200]), width)


def make_learned_positional_encoding(draw: Draw) -> Made:
    width, length = draw.integer(1, 40), draw.integer(1, 20)
    arguments = {"d_model": width, "max_len": length + draw.integer(0, 3)}
    return made(LearnedPositionalEncoding, "learned_positional_encoding", arguments,
                (length, width))


def make_rnn(draw: Draw) -> Made:
    arguments: dict[str, Any] = {"input_size": draw.integer(1, 9), "hidden_size": draw.integer(1, 9)}
    arguments |= some(draw, {"nonlinearity": ["relu"], "bias": [False]})
    return (text_of("rnn", arguments), Rnn(**arguments, batch_first=True),
            (draw.choice([1, 2, 12]), arguments["input_size"]))


def make_self_attention(draw: Draw) -> Made:
    heads = draw.integer(1, 4)
    arguments: dict[str, Any] = {"embed_dim": heads * draw.integer(1, 8), "num_heads": heads}
    arguments |= some(draw, {"bias": [False], "is_causal": [True]})
    return made(SelfAttention, "self_attention", arguments,
                (draw.choice([1, 2, 17]), arguments["embed_dim"]))


def make_residual(draw: Draw) -> Made:
    width = draw.integer(2, 12)
    text = f"residual(layer_norm({width})+linear({width}, 9)+gelu+linear(9, {width}))"
    module = Residual(nn.LayerNorm(width), nn.Linear(width, 9), nn.GELU(), nn.Linear(9, width))
    return text, module, draw.choice([(width,), (4, width)])


def make_parallel(draw: Draw) -> Made:
    width = draw.integer(2, 6)
    if draw.flag():
        text = f"parallel(linear({width}, 4), linear({width}, 3)+tanh+linear(3, 5))"
        second = nn.Sequential(nn.Linear(width, 3), nn.Tanh(), nn.Linear(3, 5))
        module = Parallel([nn.Sequential(nn.Linear(width, 4)), second])
        return text, module, draw.choice([(width,), (4, width)])
    text = f"parallel(conv2d({width}, 2, 1), residual(silu+batch_norm2d({width})))"
    inner = Residual(nn.SiLU(), nn.BatchNorm2d(width))
    module = Parallel([nn.Sequential(nn.Conv2d(width, 2, 1)), nn.Sequential(inner)])
    return text, module, image(draw, width, 3, 6)


MAKERS: list[Callable[[Draw], Made]] = [
    make_linear, make_flatten, make_conv1d, make_conv2d, make_conv_transpose2d, make_max_pool2d,
    make_avg_pool2d, make_adaptive_avg_pool2d, make_batch_norm1d, make_batch_norm2d,
    make_layer_norm, make_rms_norm, make_embedding, make_positional_encoding,
    make_learned_positional_encoding, make_rnn, make_self_attention, make_residual,
    make_parallel]
CASES = 100 * len(MAKERS)


def draw_buffers(draw: Draw, module: nn.Module) -> dict[str, Tensor]:
    inputs = {}
    for name, buffer in module.named_buffers():
        if name.endswith("num_batches_tracked"):
            values = torch.tensor(float(draw.integer(0, 5)))
        else:
            values = 1 + 0.5 * torch.tanh(draw.normal(buffer.shape))
        buffer.copy_(values)
        inputs["buffers." + name] = values
    return inputs


def results(module: nn.Module, x: Tensor, dy: Tensor) -> dict[str, Tensor | None]:
    y = module(x)
    y.backward(dy)
    buffers = {"buffers." + name: b.detach() for name, b in module.named_buffers()}
    return {"y": y.detach()} | gradients(module) | buffers


def scales_of(expected: dict[str, Tensor | None]) -> dict[str, float]:
    """Gradients may cancel: by what a norm subtracts they are 0."""
    largest = {name: float(t.abs().max()) for name, t in expected.items()
               if name.startswith("gradients.") and t is not None}
    most = max(largest.values(), default=0.0)
    return {name: max(n, 0.1 * most) for name, n in largest.items()}


def make(draw: Draw, index: int) -> Case:
    text, layer, sample = MAKERS[index % len(MAKERS)](draw)
    rows = draw.integer(3, 40)
    if isinstance(layer, nn.Embedding):
        network = nn.Sequential(layer)
        x = draw.integers((rows, *sample), 0, layer.num_embeddings - 1).float()
    else:
        network = nn.Sequential(nn.Linear(sample[-1], sample[-1]), layer)
        text = f"linear({sample[-1]}, {sample[-1]})+{text}"
        x = draw.normal((rows, *sample))
    inputs = {"x": x} | set_parameters(draw, network) | draw_buffers(draw, network)
    network.train(draw.flag(0.7))
    arguments = {"network": text, "training": network.training}
    single = copy.deepcopy(network)
    network.double()
    theirs = x.long() if isinstance(layer, nn.Embedding) else x.double()
    try:
        with torch.no_grad():
            shape = copy.deepcopy(network)(theirs).shape
    except (RuntimeError, ValueError):
        error = "more than the padded image" if "kernel_size=50" in text else "must be"
        return Case(arguments, inputs | {"dy": torch.zeros(1)}, error=error)
    inputs["dy"] = draw.normal(shape)
    expected = results(network, theirs, inputs["dy"].double())
    given = theirs if isinstance(layer, nn.Embedding) else x
    return Case(arguments, inputs, expected, scales=scales_of(expected),
                single=lambda: results(copy.deepcopy(single), given, inputs["dy"]))


def explain(case: Case, name: str, ours: Tensor, theirs: Tensor | None) -> str | None:
    if theirs is None or case.single is None:
        return None
    single = case.single()[name].double()
    theirs = theirs.double()
    gap = float((ours.double() - theirs).abs().max())
    return "float32" if gap <= 2 * float((single - theirs).abs().max()) else None
