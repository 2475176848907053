#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws cases, asks PyTorch, and writes inputs, results and gradients as safetensors.

    python make_cases.py --cases 300 --seed 1 --small cases.safetensors
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.dont_write_bytecode = True

import torch  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

import elementwise  # noqa: E402
import gates  # noqa: E402
import grouped  # noqa: E402
import learnable  # noqa: E402
import rows  # noqa: E402
from drawing import Draw, Tensor  # noqa: E402
from reference import Case, describe, evaluate, out_layout, precise_values  # noqa: E402

FAMILIES = {"elementwise": elementwise.groups(), "rows": rows.groups(), "gates": gates.groups(),
            "grouped": grouped.groups(), **learnable.families()}
Make = Callable[[Draw], Case]


def make_case(draw: Draw, make: Make, prefix: str, tensors: dict[str, Tensor]) -> dict[str, Any]:
    """The description; its tensors are added to `tensors`."""
    case = make(draw)
    results = evaluate(case, draw.dtype)
    precise = precise_values(case, results, draw.dtype)
    text = describe(case, draw.dtype) | {"id": prefix}
    text["by_element"] = draw.special and case.results is None
    text |= {"in": {}, "out": {}, "precise": list(precise)}
    for name, one in case.inputs.items():
        tensors[f"{prefix}.{name}"] = one.buffer
        text["in"][name] = one.layout.as_json()
    for name, value in results.items():
        tensors[f"{prefix}.{name}"] = value.flatten()
        text["out"][name] = out_layout(draw, case, name, value).as_json()
        if name in precise:
            tensors[f"{prefix}.{name}.precise"] = precise[name].flatten()
    return text


def write(path: Path, cases: list[dict[str, Any]], tensors: dict[str, Tensor]) -> None:
    about = {"torch": torch.__version__, "cpu": torch.backends.cpu.get_cpu_capability()}
    text = json.dumps({"about": about, "cases": cases}, separators=(",", ":"))
    save_file(tensors, path, {"actfn": text})


def make_file(path: Path, groups: list[Make], first: int, count: int, seed: int,
              small: bool) -> None:
    cases: list[dict[str, Any]] = []
    tensors: dict[str, Tensor] = {}
    for i in range(first, first + count):
        draw = Draw(seed * 1_000_003 + i, small)
        cases.append(make_case(draw, groups[i % len(groups)], str(i), tensors))
    write(path, cases, tensors)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="a file, or with --split the start of its name")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--small", action="store_true", help="at most 24 elements a tensor")
    parser.add_argument("--split", type=int, default=0, help="so many cases a file")
    given = parser.parse_args()
    torch.set_num_threads(1)
    groups = [make for family in given.families for make in FAMILIES[family].values()]
    each = given.split or given.cases
    for first in range(0, given.cases, each):
        path = given.path
        if given.split:
            path = path.with_name(f"{path.name}{first:06}.safetensors")
        make_file(path, groups, first, min(each, given.cases - first), given.seed,
                  given.small)


if __name__ == "__main__":
    main()
