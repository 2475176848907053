# SPDX-License-Identifier: Apache-2.0
"""Compare attention with PyTorch's scaled_dot_product_attention and ONNX Runtime's Attention.

All take turns, --rounds times, and the least time counts. Of PyTorch's back ends for CPUs, flash
and math, the faster one counts, separately for forward and backward. ONNX Runtime has no backward.
"""

from __future__ import annotations

import argparse
import ctypes
import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import geometric_mean
from typing import NamedTuple

os.environ["CUDA_VISIBLE_DEVICES"] = ""

import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch.nn.attention import SDPBackend, sdpa_kernel  # noqa: E402

BIN = Path(__file__).resolve().parents[3] / "build" / "release" / "bin"
WIDTH = 64
TOTAL_S = 0.5
MOST_SCORES = 2**28  # of the math back end, which keeps them all
BACKENDS = {"flash": SDPBackend.FLASH_ATTENTION, "math": SDPBackend.MATH}
PEERS = (*BACKENDS, "onnxruntime")


class Setting(NamedTuple):
    """One line of the table."""

    heads: int
    length: int
    causal: bool
    threads: int

    def fits(self, peer: str) -> bool:
        """Say whether the peer's memory is worth it."""
        return peer != "math" or self.heads * self.length**2 <= MOST_SCORES

    def cells(self) -> str:
        """Give the first columns."""
        return (f"| {self.heads} | {self.length} | {'yes' if self.causal else 'no'} | "
                f"{self.threads} |")


class Tensors:
    """What attention reads, and the gradient of its result."""

    def __init__(self, s: Setting) -> None:
        torch.set_num_threads(s.threads)
        torch.manual_seed(1)
        self.q, self.k, self.v = (torch.randn(1, s.heads, s.length, WIDTH, requires_grad=True)
                                  for _ in range(3))
        self.dout = torch.randn(1, s.heads, s.length, WIDTH)


def onnx_session(s: Setting) -> Callable[[Tensors], object]:
    """Make a model of one Attention."""
    import onnxruntime  # noqa: PLC0415
    from onnx import TensorProto, helper  # noqa: PLC0415

    shape = [1, s.heads, s.length, WIDTH]
    node = helper.make_node("Attention", ["q", "k", "v"], ["y"], is_causal=int(s.causal))
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in "qkvy"]
    graph = helper.make_graph([node], "attention", values[:3], values[3:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 23)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = s.threads
    session = onnxruntime.InferenceSession(model.SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])
    return lambda t: session.run(None, {name: getattr(t, name).detach().numpy() for name in "qkv"})


def turns(peer: str, s: Setting) -> Iterator[tuple[float, float]]:
    """Give the nanoseconds of a forward and of a backward pass, again and again."""
    t = Tensors(s)
    session = onnx_session(s) if peer == "onnxruntime" else None
    while True:
        start = time.perf_counter_ns()
        if session is not None:
            session(t)
            yield time.perf_counter_ns() - start, float("inf")
            continue
        with sdpa_kernel([BACKENDS[peer]]):
            out = F.scaled_dot_product_attention(t.q, t.k, t.v, is_causal=s.causal)
            middle = time.perf_counter_ns()
            torch.autograd.grad(out, (t.q, t.k, t.v), t.dout)
            took = middle - start, time.perf_counter_ns() - middle
        yield took


def time_peer(peer: str, s: Setting) -> tuple[float, float]:
    """Give the least nanoseconds of a forward and of a backward pass."""
    least, begin = (float("inf"), float("inf")), time.perf_counter()
    for turn, (forward, backward) in enumerate(turns(peer, s)):
        least = min(least[0], forward), min(least[1], backward)
        if turn >= 2 and time.perf_counter() - begin > TOTAL_S:
            break
    return least


def run_ours(folder: Path, s: Setting) -> list[float]:
    """Give the nanoseconds of both passes and the bytes that they take, of a process of its own."""
    line = f"{s.heads} {s.length} {WIDTH} {int(s.causal)} {s.threads}\n"
    done = subprocess.run([folder / "attention_bench"], input=line, capture_output=True, text=True,
                          check=True)
    return [float(number) for number in done.stdout.split()]


def resident_bytes(which: str) -> int:
    """Read a line of /proc/self/status: VmRSS, or VmHWM, the most there was."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(rf"{which}:\s*(\d+)", status)
    assert found
    return int(found[1]) * 1024


def peak_of(peer: str, s: Setting) -> int:
    """Give the bytes that one pass, or both, take on top of their inputs and results."""
    next(turns(peer, s._replace(heads=1, length=128)))  # loads what is loaded once
    passes = turns(peer, s)
    results = s.heads * s.length * WIDTH * 4 * (1 if peer == "onnxruntime" else 4)
    Tensors(s)  # the same memory again
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    inputs = s.heads * s.length * WIDTH * 4 * 4
    before = resident_bytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    next(passes)
    return max(0, resident_bytes("VmHWM") - before - inputs - results)


def ask_peak(peer: str, s: Setting) -> float:
    """Ask a process of its own."""
    if not s.fits(peer):
        return float("nan")
    done = subprocess.run([sys.executable, __file__, "--peak", json.dumps([peer, *s])],
                          capture_output=True, text=True, check=True)
    return float(done.stdout)


def ratio_of(ours: float, theirs: float) -> str:
    """Write a time and the ratio of both."""
    return f"{theirs / 1e6:.3f} | {theirs / ours:.2f}"


def measure(folder: Path, s: Setting, rounds: int) -> tuple[float, float, float]:
    """Print a line of the table and give the ratios of the least times."""
    peers = [peer for peer in PEERS if s.fits(peer)]
    all_turns = [(run_ours(folder, s), [time_peer(peer, s) for peer in peers])
                 for _ in range(rounds)]
    forward, backward = (min(ours[i] for ours, _ in all_turns) for i in range(2))
    times = {peer: [min(theirs[i][k] for _, theirs in all_turns) for k in range(2)]
             for i, peer in enumerate(peers)}
    pytorch = [min(times[peer][k] for peer in peers if peer in BACKENDS) for k in range(2)]
    onnx = times["onnxruntime"][0]
    print(f"{s.cells()} {forward / 1e6:.3f} | {ratio_of(forward, pytorch[0])} | "
          f"{ratio_of(forward, onnx)} | {backward / 1e6:.3f} | {ratio_of(backward, pytorch[1])} |",
          flush=True)
    return pytorch[0] / forward, onnx / forward, pytorch[1] / backward


def print_times(given: argparse.Namespace, settings: list[Setting]) -> None:
    """Print the table of times."""
    print("Milliseconds, and theirs / ours\n\n"
          "| heads | length | causal | threads | forward | PyTorch | | ONNX Runtime | | backward | "
          "PyTorch | |\n|" + "---:|" * 12)
    ratios = [measure(given.bin, s, given.rounds) for s in settings]
    means = [geometric_mean(column) for column in zip(*ratios, strict=True)]
    print(f"\nGeometric mean, theirs / ours: forward {means[0]:.2f}, of ONNX Runtime "
          f"{means[1]:.2f}, backward {means[2]:.2f}; least: {min(r[0] for r in ratios):.2f}, "
          f"{min(r[1] for r in ratios):.2f}, {min(r[2] for r in ratios):.2f}")


def print_memory(given: argparse.Namespace, settings: list[Setting]) -> None:
    """Print the table of memory."""
    print("MiB on top of inputs and results: forward and backward, of ONNX Runtime forward\n\n"
          "| heads | length | causal | threads | actfn forward | backward | flash | math | "
          "ONNX Runtime |\n|" + "---:|" * 9)
    for s in settings:
        peaks = run_ours(given.bin, s)[2:] + [ask_peak(peer, s) for peer in PEERS]
        print(s.cells(), " | ".join(f"{peak / 2**20:.1f}" for peak in peaks), "|", flush=True)


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--heads", default="1,8,32", metavar="LIST", help="batch times heads")
    parser.add_argument("--lengths", default="128,1024,4096", metavar="LIST")
    parser.add_argument("--causal", default="0,1", metavar="LIST")
    parser.add_argument("--threads", default="1,2", metavar="LIST")
    parser.add_argument("--memory", action="store_true", help="measure memory in place of time")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our programs")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        peer, *numbers = json.loads(given.peak)
        print(peak_of(peer, Setting(*numbers)))
        return
    lists = [[int(n) for n in text.split(",")]
             for text in (given.heads, given.lengths, given.causal, given.threads)]
    settings = [Setting(h, n, bool(c), t) for h, n, c, t in itertools.product(*lists)]
    print(f"PyTorch {torch.__version__}")
    (print_memory if given.memory else print_times)(given, settings)


if __name__ == "__main__":
    sys.exit(main())
