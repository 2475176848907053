# SPDX-License-Identifier: Apache-2.0
"""nn::MultiheadAttention beside torch.nn.MultiheadAttention."""

from __future__ import annotations

import torch

from case import Case, Draw, Tensor, gradients, set_parameters

CASES = 500
RULES = {"fully masked rows are zeros": "PyTorch's may be NaN, and make NaN of gradients"}


def draw_masks(draw: Draw, batch: int | None, heads: int, queries: int,
               keys: int) -> dict[str, Tensor]:
    masks = {}
    kind = draw.choice(["none", "bool", "float"])
    padding = draw.choice(["none", "bool", "float"])
    n = 1 if batch is None else batch
    shape = draw.choice([(queries, keys), (n * heads, queries, keys)])
    if kind == "bool":
        masks["attn_mask"] = draw.mask(shape, 0.25)
    elif kind == "float":
        numbers = draw.normal(shape)
        masks["attn_mask"] = numbers.masked_fill(draw.mask(shape, 0.2), -torch.inf)
    padded = (keys,) if batch is None else (n, keys)
    if padding == "bool":
        masks["key_padding_mask"] = draw.mask(padded, 0.25)
    elif padding == "float":
        masks["key_padding_mask"] = draw.normal(padded)
    return masks


def settings_of(draw: Draw) -> dict[str, object]:
    heads = draw.choice([1, 2, 3, 4])
    embed_dim = heads * draw.choice([1, 3, 4, 8, 16])
    settings: dict[str, object] = {"embed_dim": embed_dim, "num_heads": heads}
    settings["bias"] = draw.flag(0.7)
    settings["add_bias_kv"] = draw.flag(0.3)
    settings["add_zero_attn"] = draw.flag(0.3)
    settings["kdim"] = draw.choice([None, None, embed_dim, 5])
    settings["vdim"] = draw.choice([None, None, embed_dim, 7])
    settings["batch_first"] = draw.flag()
    settings["dropout"] = draw.choice([0.0, 0.0, 0.3])
    return settings


def scales_of(expected: dict[str, Tensor]) -> dict[str, float]:
    """Those of gradients, which may cancel: with one key some are 0."""
    names = [name for name in expected if name not in ("output", "weights")]
    largest = {name: float(expected[name].nan_to_num(nan=0).abs().max()) for name in names}
    return {name: max(n, 0.1 * max(largest.values()), 0.01) for name, n in largest.items()}


def make(draw: Draw, index: int) -> Case:
    settings = settings_of(draw)
    heads, embed_dim = settings["num_heads"], settings["embed_dim"]
    batch = draw.choice([None, 1, 2, 3])
    queries, keys = draw.choice([1, 2, 5, 17, 40]), draw.choice([1, 2, 5, 17, 40])
    module = torch.nn.MultiheadAttention(**settings)
    parameters = set_parameters(draw, module)
    module = module.double()
    if settings["dropout"] > 0:  # noise differs: only evaluation is the same
        module.eval()

    def sequence(length: int, width: int) -> Tensor:
        if batch is None:
            return draw.normal((length, width))
        return draw.normal((batch, length, width) if settings["batch_first"]
                           else (length, batch, width))

    inputs = {"query": sequence(queries, embed_dim),
              "key": sequence(keys, settings["kdim"] or embed_dim),
              "value": sequence(keys, settings["vdim"] or embed_dim)}
    masks = draw_masks(draw, batch, heads, queries, keys)
    call = {"need_weights": draw.flag(0.7), "average_attn_weights": draw.flag()}
    is_causal = not masks and draw.flag(0.4)
    tensors = {name: t.double().requires_grad_() for name, t in inputs.items()}
    theirs = {name: t if t.dtype == torch.bool else t.double() for name, t in masks.items()}
    if is_causal:
        theirs["attn_mask"] = torch.ones(queries, keys, dtype=torch.bool).triu(1)
    # Where no weights are needed, PyTorch applies the hint in the place of the mask, also to the
    # keys that the module adds, which the mask does not hide.
    added = settings["add_bias_kv"] or settings["add_zero_attn"]
    hint = is_causal and (call["need_weights"] or not added)
    output, weights = module(**tensors, **theirs, is_causal=hint, **call)
    inputs["dy"] = draw.normal(output.shape)
    output.backward(inputs["dy"].double())
    expected = {"output": output.detach()} | gradients(module)
    expected |= {"d" + name: t.grad for name, t in tensors.items()}
    if weights is not None:
        expected["weights"] = weights.detach()
    arguments = settings | call | {"is_causal": is_causal, "training": module.training}
    return Case(arguments, inputs | parameters | masks, expected, scales=scales_of(expected))


def hidden_rows(case: Case) -> bool:
    """Whether some row may be fully masked."""
    return "attn_mask" in case.inputs or "key_padding_mask" in case.inputs


def explain(case: Case, name: str, ours: Tensor, theirs: Tensor | None) -> str | None:
    if theirs is None or not hidden_rows(case) or not ours.isfinite().all():
        return None
    both = ~theirs.isnan()
    scale = max(case.scales.get(name, 0), float(theirs[both].abs().max()) if both.any() else 0)
    agree = ((ours.double() - theirs.double()).abs()[both] <= 1e-5 * scale).all()
    return "fully masked rows are zeros" if agree and not both.all() else None
