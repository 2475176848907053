# SPDX-License-Identifier: Apache-2.0
"""Compare actfn's gated linear units with PyTorch's."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from statistics import geometric_mean
from typing import Any

HERE = Path(__file__).resolve().parent
BIN = HERE.parents[2] / "build" / "release" / "bin"
GATES = ("glu", "bilinear", "reglu", "geglu", "geglu(approximate=tanh)", "swiglu")
ORDERS = ("forward", "backward")
SIZES = ("3072x2048", "64x2048")  # results below 32 MiB: see environment()
Row = dict[str, Any]


def parse() -> argparse.Namespace:
    """Read the command line."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--dtypes", default="float32", metavar="LIST")
    made.add_argument("--sizes", default=",".join(SIZES), metavar="LIST", help="of packed tensors")
    made.add_argument("--threads", default="1,2", metavar="LIST")
    made.add_argument("--packings", default="halves", metavar="LIST", help="halves,interleaved")
    made.add_argument("--gates", default=" ".join(GATES), metavar="LIST", help="between spaces")
    made.add_argument("--rounds", type=int, default=3, help="turns of each (default 3)")
    made.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our programs")
    made.add_argument("--json", type=Path, metavar="FILE")
    return made.parse_args()


def environment() -> dict[str, str]:
    """Give PyTorch's environment: freed memory is kept for the next result."""
    # The C library takes no higher first number.
    kept = {"MALLOC_MMAP_THRESHOLD_": str(1 << 25), "MALLOC_TRIM_THRESHOLD_": str(1 << 31)}
    return os.environ | kept | {"PYTHONDONTWRITEBYTECODE": "1"}


class Side:
    """A process that answers questions, one a line."""

    def __init__(self, command: list[str]) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment()
        )

    def read(self) -> str:
        """Wait for a line."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"run.py: a program ended with status {self.process.wait()}")
        return line.strip()

    def ask(self, question: str) -> float:
        """Measure once."""
        assert self.process.stdin
        self.process.stdin.write(question + "\n")
        self.process.stdin.flush()
        return float(self.read())


def measure(ours: Side, theirs: Side, options: argparse.Namespace) -> list[Row]:
    """Ask both, in turns."""
    rows = []
    lists = (options.dtypes, options.sizes, options.packings, options.threads)
    for dtype, size, packing, threads in product(*(text.split(",") for text in lists)):
        for order, gate in product(ORDERS, options.gates.split()):
            question = f"{gate} {order} {dtype} {size.replace('x', ' ')} {packing} {threads}"
            both = [(ours.ask(question), theirs.ask(question)) for _ in range(options.rounds)]
            best = [min(times) for times in zip(*both, strict=True)]
            row: Row = {"gate": gate, "order": order, "dtype": dtype, "size": size}
            row |= {"packing": packing, "threads": int(threads), "ours_us": best[0] / 1000}
            row |= {"theirs_us": best[1] / 1000, "ratio": best[1] / best[0]}
            rows.append(row)
            print(f"run.py: {question}: {row['ratio']:.2f}", file=sys.stderr, flush=True)
    return rows


def table(rows: list[Row], version: str) -> str:
    """Give a Markdown table."""
    head = f"| | order | type | tensor | packing | threads | actfn, us | PyTorch {version}, us | |"
    lines = [head, "|---" * 6 + "|---:" * 3 + "|"]
    for row in rows:
        cells = [row["gate"], row["order"], row["dtype"], row["size"], row["packing"]]
        cells += [str(row["threads"]), f"{row['ours_us']:.1f}", f"{row['theirs_us']:.1f}"]
        lines.append("| " + " | ".join([*cells, f"{row['ratio']:.2f}"]) + " |")
    mean = geometric_mean(row["ratio"] for row in rows)
    return "\n".join([*lines, f"\nGeometric mean, theirs / ours: {mean:.2f}"])


def main() -> None:
    """Measure, then print and write the result."""
    options = parse()
    ours = Side([str(options.bin / "gated_bench")])
    theirs = Side([sys.executable, str(HERE / "pytorch_gates.py")])
    version = theirs.read()
    rows = measure(ours, theirs, options)
    print(table(rows, version))
    if options.json:
        result = {"pytorch": version, "rounds": options.rounds, "rows": rows}
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
