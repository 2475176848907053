#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws cases, has PyTorch and the library compute them, and compares the results.

    scripts/check-pytorch [MODULE ...] [--cases N] [--seed S] [--only INDEX]

Prints a table and exits with 1 where a difference has no explanation. `worst` is the largest
difference that no rule explains, in parts of what is allowed.

A module has two files in tests/pytorch/modules. NAME.py has
    CASES                             how many cases a run has
    make(draw, index) -> Case         a case and what PyTorch makes of it (case.py)
    RULES                             rules by name: why some results differ; may be left out
    explain(case, name, ours, theirs) the name of the rule that explains a difference, or None;
                                      may be left out
NAME.cc has `Outputs run(const Case&)`, which computes the same by the library, and
`const Module known("NAME", run);` (case.h). CMake and this program find both files.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.dont_write_bytecode = True

import torch  # noqa: E402
from safetensors import safe_open  # noqa: E402
from safetensors.torch import save_file  # noqa: E402

from case import Case, Draw, Tensor  # noqa: E402
from compare import Report, check  # noqa: E402

FOLDER = Path(__file__).resolve().parent
MODULES = sorted(path.stem for path in (FOLDER / "modules").glob("*.py"))
BATCH = 50  # cases a file
SHOWN = 5  # failures of a module

Results = dict[int, dict[str, Tensor]]


def write(path: Path, module: str, cases: dict[int, Case]) -> None:
    tensors = {f"{i}.{name}": tensor.detach().contiguous().clone()
               for i, case in cases.items() for name, tensor in case.inputs.items()}
    about = {str(i): {"arguments": case.arguments, "inputs": list(case.inputs)}
             for i, case in cases.items()}
    save_file(tensors, path, {"actfn": json.dumps({"module": module, "cases": about})})


def read(path: Path) -> tuple[Results, dict[int, str]]:
    """Outputs and errors by case."""
    results: Results = {}
    with safe_open(path, "pt") as file:
        errors = json.loads(file.metadata()["errors"])
        for key in file.keys():
            index, name = key.split(".", 1)
            results.setdefault(int(index), {})[name] = file.get_tensor(key)
    return results, {int(index): text for index, text in errors.items()}


def compute(driver: Path, module: str, cases: dict[int, Case]) -> tuple[Results, dict[int, str]]:
    """By the library. Where the driver crashes, it runs each case by itself."""
    with tempfile.TemporaryDirectory() as folder:
        given, results = Path(folder) / "cases", Path(folder) / "results"
        write(given, module, cases)
        done = subprocess.run([driver, given, results], capture_output=True, text=True)
        if done.returncode == 0:
            return read(results)
    if len(cases) == 1:
        text = f"the driver ended with {done.returncode}: {done.stderr.strip()}"
        return {}, dict.fromkeys(cases, text)
    all_results: Results = {}
    all_errors: dict[int, str] = {}
    for index, case in cases.items():
        found, errors = compute(driver, module, {index: case})
        all_results |= found
        all_errors |= errors
    return all_results, all_errors


def run(name: str, module: ModuleType, indices: list[int], given: argparse.Namespace) -> Report:
    report = Report()
    explain = getattr(module, "explain", lambda *_: None)
    for first in range(0, len(indices), BATCH):
        cases = {i: module.make(Draw(f"{given.seed} {name} {i}"), i)
                 for i in indices[first:first + BATCH]}
        results, errors = compute(given.driver, name, cases)
        for i, case in cases.items():
            check(report, f"{name} {i}", case, results.get(i, {}), errors.get(i), explain)
    return report


def row(name: str, report: Report) -> str:
    explained = ", ".join(f"{rule} {n:,}" for rule, n in sorted(report.explained.items()))
    return (f"| {name} | {report.cases:,} | {report.errors:,} | {report.tensors:,} | "
            f"{report.elements:,} | {report.worst:.2g} | {explained} | {len(report.failures):,} |")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="check-pytorch", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=", ".join(MODULES))
    parser.add_argument("--driver", type=Path, required=True, help="the program pytorch_driver")
    parser.add_argument("--cases", type=int, help="cases of each module, in place of its CASES")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, metavar="INDEX", help="one case")
    given = parser.parse_args()
    for name in given.modules:
        if name not in MODULES:
            parser.error(f"there is no module {name}; there are {', '.join(MODULES)}")
    return given


def main() -> None:
    given = parse()
    sys.path.insert(0, str(FOLDER / "modules"))
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}, seed {given.seed}\n")
    print("| module | cases | refused by both | tensors | elements | worst | explained | "
          "unexplained |\n|---|---:|---:|---:|---:|---:|---|---:|", flush=True)
    rules: dict[str, str] = {}
    failures: list[str] = []
    for name in given.modules or MODULES:
        module = importlib.import_module(name)
        count = module.CASES if given.cases is None else given.cases
        indices = list(range(count)) if given.only is None else [given.only]
        report = run(name, module, indices, given)
        print(row(name, report), flush=True)
        rules |= {rule: module.RULES[rule] for rule in report.explained}
        failures += report.failures[:SHOWN]
    print("".join(f"\n- **{rule}**: {why}" for rule, why in rules.items()))
    print("".join(f"\nUNEXPLAINED {failure}" for failure in failures))
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
