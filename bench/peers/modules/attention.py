# SPDX-License-Identifier: Apache-2.0
"""Compare attention with PyTorch's scaled_dot_product_attention: forward and backward.

Both take turns, --rounds times, and the least time counts. PyTorch chooses its back end, which is
flash attention where it can be, or has the one of --backend.
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

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402

BIN = Path(__file__).resolve().parents[3] / "build" / "release" / "bin"
WIDTH = 64
TOTAL_S = 0.5
BACKENDS = {"flash": [SDPBackend.FLASH_ATTENTION], "math": [SDPBackend.MATH],
            "any": [SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]}

Setting = tuple[int, int, bool, int]  # heads, length, causal, threads


def time_pytorch(s: Setting, backend: str) -> tuple[float, float]:
    """Give the least nanoseconds of a forward and of a backward pass."""
    heads, length, causal, threads = s
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    q, k, v = (torch.randn(1, heads, length, WIDTH, requires_grad=True) for _ in range(3))
    dout = torch.randn(1, heads, length, WIDTH)
    least, begin = [float("inf")] * 2, time.perf_counter()
    with sdpa_kernel(BACKENDS[backend]):
        for turn in itertools.count():
            start = time.perf_counter_ns()
            out = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
            middle = time.perf_counter_ns()
            torch.autograd.grad(out, (q, k, v), dout)
            took = middle - start, time.perf_counter_ns() - middle
            least = [min(a, b) for a, b in zip(least, took, strict=True)]
            if turn >= 2 and time.perf_counter() - begin > TOTAL_S:
                return least[0], least[1]
    raise AssertionError


def time_ours(program: subprocess.Popen[str], s: Setting) -> tuple[float, float]:
    """Ask our program."""
    heads, length, causal, threads = s
    assert program.stdin and program.stdout
    program.stdin.write(f"{heads} {length} {WIDTH} {int(causal)} {threads}\n")
    program.stdin.flush()
    forward, backward = map(float, program.stdout.readline().split())
    return forward, backward


def measure(program: subprocess.Popen[str], s: Setting, rounds: int,
            backend: str) -> tuple[float, float]:
    """Print a line of the table and give both ratios."""
    pairs = [(time_ours(program, s), time_pytorch(s, backend)) for _ in range(rounds)]
    ours = [min(times) / 1e6 for times in zip(*(p[0] for p in pairs), strict=True)]
    theirs = [min(times) / 1e6 for times in zip(*(p[1] for p in pairs), strict=True)]
    cells = [f"{a:.3f} | {b:.3f} | {b / a:.2f}" for a, b in zip(ours, theirs, strict=True)]
    heads, length, causal, threads = s
    print(f"| {heads} | {length} | {'yes' if causal else 'no'} | {threads} | "
          f"{' | '.join(cells)} |", flush=True)
    return theirs[0] / ours[0], theirs[1] / ours[1]


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", default="1,8,32", metavar="LIST")
    parser.add_argument("--lengths", default="128,1024,4096", metavar="LIST")
    parser.add_argument("--threads", default="1,2", metavar="LIST")
    parser.add_argument("--backend", choices=BACKENDS, default="any")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our programs")
    given = parser.parse_args()
    heads, lengths, threads = ([int(n) for n in text.split(",")]
                               for text in (given.heads, given.lengths, given.threads))
    with subprocess.Popen([given.bin / "attention_bench"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as program:
        print(f"PyTorch {torch.__version__}, {given.backend}; ms\n\n"
              "| heads | length | causal | threads | forward | PyTorch | | backward | PyTorch | |\n"
              "|" + "---:|" * 10)
        ratios = [measure(program, s, given.rounds, given.backend)
                  for s in itertools.product(heads, lengths, (False, True), threads)]
        assert program.stdin
        program.stdin.close()
    means = [geometric_mean(column) for column in zip(*ratios, strict=True)]
    print(f"\nGeometric mean, theirs / ours: forward {means[0]:.2f}, backward {means[1]:.2f}")


if __name__ == "__main__":
    sys.exit(main())
