# SPDX-License-Identifier: Apache-2.0
"""Compare the adaptive softmax with PyTorch's: forward and backward of one batch.

Both take turns, --rounds times, and the least time counts. Targets follow Zipf's law.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import geometric_mean

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import numpy as np  # noqa: E402
import torch  # noqa: E402

BIN = Path(__file__).resolve().parents[3] / "build" / "release" / "bin"
TOTAL_NS = 2e9


@dataclass
class Setting:
    """One line of the table."""

    in_features: int
    classes: int
    cutoffs: tuple[int, ...]
    rows: int
    div_value: float = 4

    def targets(self) -> np.ndarray:
        """Draw classes with frequencies of 1 / (class + 1)."""
        weights = 1 / np.arange(1.0, self.classes + 1)
        draw = np.random.default_rng(1)
        chosen = draw.choice(self.classes, self.rows, p=weights / weights.sum())
        return chosen.astype(np.uint32)


SETTINGS = (
    Setting(1024, 100000, (2000, 10000), 1024),
    Setting(1024, 100000, (2000, 10000, 50000), 1024),
    Setting(512, 267735, (20000, 40000, 200000), 256),  # WikiText-103 in Transformer-XL
    Setting(256, 33278, (2000, 10000), 700),  # WikiText-2
)


def time_pytorch(s: Setting, targets: np.ndarray, threads: int) -> float:
    """Give the least nanoseconds of forward and backward."""
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    module = torch.nn.AdaptiveLogSoftmaxWithLoss(s.in_features, s.classes, list(s.cutoffs),
                                                 div_value=s.div_value)
    x = torch.randn(s.rows, s.in_features, requires_grad=True)
    aims = torch.from_numpy(targets.astype(np.int64))
    best, total = float("inf"), 0.0
    for turn in range(1000):
        start = time.perf_counter_ns()
        module.zero_grad()
        x.grad = None
        module(x, aims).loss.backward()
        took = time.perf_counter_ns() - start
        best, total = min(best, took), total + took
        if turn >= 2 and total > TOTAL_NS:
            break
    return best


def time_ours(program: subprocess.Popen[str], s: Setting, threads: int, file: str) -> float:
    """Ask our program."""
    assert program.stdin and program.stdout
    cutoffs = ",".join(map(str, s.cutoffs))
    program.stdin.write(f"{s.in_features} {s.classes} {cutoffs} {s.div_value} {s.rows} {threads} "
                        f"{file}\n")
    program.stdin.flush()
    return float(program.stdout.readline())


def measure(program: subprocess.Popen[str], s: Setting, threads: int, rounds: int) -> float:
    """Print a line of the table and give the ratio."""
    targets = s.targets()
    with tempfile.NamedTemporaryFile() as file:
        file.write(targets.tobytes())
        file.flush()
        both = [(time_ours(program, s, threads, file.name), time_pytorch(s, targets, threads))
                for _ in range(rounds)]
    ours, theirs = (min(times) / 1e6 for times in zip(*both, strict=True))
    print(f"| {s.in_features} | {s.classes:,} | {', '.join(map(str, s.cutoffs))} | {s.rows} | "
          f"{threads} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.2f} |", flush=True)
    return theirs / ours


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", default="1,2", metavar="LIST")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settings", type=int, default=len(SETTINGS), help="the first so many")
    parser.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our programs")
    given = parser.parse_args()
    with subprocess.Popen([given.bin / "adaptive_bench"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as program:
        print(f"| features | classes | cutoffs | rows | threads | actfn, ms | "
              f"PyTorch {torch.__version__}, ms | |\n|" + "---|" * 4 + "---:|" * 4)
        ratios = [measure(program, s, int(threads), given.rounds)
                  for s in SETTINGS[:given.settings] for threads in given.threads.split(",")]
        assert program.stdin
        program.stdin.close()
    print(f"\nGeometric mean, theirs / ours: {geometric_mean(ratios):.2f}")


if __name__ == "__main__":
    sys.exit(main())
