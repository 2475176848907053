# SPDX-License-Identifier: Apache-2.0
"""Compare a training step of LeNet with eager PyTorch: forward, loss, backward and update.

Both take turns, --rounds times, and the least time counts.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import geometric_mean
from typing import NamedTuple

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

BIN = Path(__file__).resolve().parents[3] / "build" / "release" / "bin"
TOTAL_S = 0.5
ACTIVATIONS = {"relu": nn.ReLU, "gelu": nn.GELU}


class Setting(NamedTuple):
    """One line of the table."""

    activation: str
    rule: str
    batch: int
    threads: int


def network(activation: str) -> nn.Sequential:
    """Build LeNet-5 with max pooling."""
    f = ACTIVATIONS[activation]
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), f(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), f(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), f(), nn.Linear(120, 84), f(),
        nn.Linear(84, 10))


def optimizer(rule: str, model: nn.Module) -> torch.optim.Optimizer:
    """Take the fused update, which is PyTorch's fastest."""
    if rule == "adam":
        return torch.optim.Adam(model.parameters(), fused=True)
    return torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)


def time_pytorch(s: Setting) -> float:
    """Give the least nanoseconds of a step."""
    torch.set_num_threads(s.threads)
    torch.manual_seed(1)
    model = network(s.activation)
    update = optimizer(s.rule, model)
    images, labels = torch.randn(s.batch, 1, 28, 28), torch.randint(10, (s.batch,))
    least, begin = float("inf"), time.perf_counter()
    for turn in itertools.count():
        start = time.perf_counter_ns()
        update.zero_grad()
        functional.cross_entropy(model(images), labels).backward()
        update.step()
        least = min(least, time.perf_counter_ns() - start)
        if turn >= 4 and time.perf_counter() - begin > TOTAL_S:
            break
    return least


def time_ours(program: subprocess.Popen[str], s: Setting, *, reproducible: bool = False) -> float:
    """Ask our program."""
    assert program.stdin and program.stdout
    program.stdin.write(f"{s.activation} {s.rule} {s.batch} {s.threads} {int(reproducible)}\n")
    program.stdin.flush()
    return float(program.stdout.readline())


def measure(program: subprocess.Popen[str], s: Setting, rounds: int) -> tuple[float, float]:
    """Print a line of the table and give both ratios."""
    turns = [(time_ours(program, s), time_ours(program, s, reproducible=True), time_pytorch(s))
             for _ in range(rounds)]
    ours, same, theirs = (min(times) / 1e3 for times in zip(*turns, strict=True))
    print(f"| {s.activation} | {s.rule} | {s.batch} | {s.threads} | {ours:.0f} | {same:.0f} | "
          f"{theirs:.0f} | {theirs / ours:.2f} | {theirs / same:.2f} |", flush=True)
    return theirs / ours, theirs / same


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activations", default="relu,gelu", metavar="LIST")
    parser.add_argument("--rules", default="sgd,adam", metavar="LIST")
    parser.add_argument("--batches", default="32,128", metavar="LIST")
    parser.add_argument("--threads", default="1,2", metavar="LIST")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our programs")
    given = parser.parse_args()
    batches, threads = ([int(n) for n in text.split(",")]
                        for text in (given.batches, given.threads))
    settings = itertools.product(given.activations.split(","), given.rules.split(","), batches,
                                 threads)
    with subprocess.Popen([given.bin / "lenet_bench"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as program:
        print(f"PyTorch {torch.__version__}; µs a step\n\n"
              "| activation | rule | batch | threads | actfn | reproducible | PyTorch | "
              "PyTorch / actfn | PyTorch / reproducible |\n|---|---|" + "---:|" * 7)
        ratios = [measure(program, Setting(*s), given.rounds) for s in settings]
        assert program.stdin
        program.stdin.close()
    means = [geometric_mean(column) for column in zip(*ratios, strict=True)]
    print(f"\nGeometric mean, theirs / ours: {means[0]:.2f}, reproducible {means[1]:.2f}")


if __name__ == "__main__":
    sys.exit(main())
