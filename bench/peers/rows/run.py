# SPDX-License-Identifier: Apache-2.0
"""Compare softmax and log_softmax of actfn with PyTorch's and oneDNN's, and entmax15 with that of
the package entmax, where it is installed."""

from __future__ import annotations

import argparse
import ctypes
import json
import time
from collections.abc import Callable
from pathlib import Path

import torch

BIN = Path(__file__).resolve().parents[3] / "build" / "release" / "bin"
SHAPES = [(4096, 1024), (64, 50257), (8, 1000000), (64, 1024), (64, 2048)]
ENTMAX_SHAPES = [(4096, 1024), (64, 50257)]
SPREAD = 3
LIBRARIES = ("actfn", "pytorch", "onednn")
Call = Callable[[], object]


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each library (default 5)")
    parser.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our library")
    parser.add_argument("--json", type=Path, metavar="FILE")
    return parser.parse_args()


def load(folder: Path) -> ctypes.CDLL:
    """Open the C++ side."""
    path = folder / "librows_peers.so"
    if not path.exists():
        raise SystemExit(f"run.py: no {path}: see README.md")
    library = ctypes.CDLL(str(path))
    library.onednn_rows_prepare.restype = ctypes.c_void_p
    return library


class Case:
    """One function, direction, shape and number of threads, by all libraries."""

    def __init__(self, library: ctypes.CDLL, task: tuple[str, str, int, int, int]) -> None:
        """Make the inputs and the calls."""
        self.function, self.direction, self.rows, self.columns, self.threads = task
        torch.manual_seed(1)
        self.log = self.function == "log_softmax"
        self.x = torch.randn(self.rows, self.columns) * SPREAD
        self.dy = torch.randn(self.rows, self.columns)
        forward = torch.log_softmax if self.log else torch.softmax
        self.y = forward(self.x, 1)
        self.out = {name: torch.zeros_like(self.x) for name in LIBRARIES}
        self.calls: dict[str, Call] = {"pytorch": self.pytorch()}
        self.calls |= {"actfn": self.actfn(library), "onednn": self.onednn(library)}

    def pytorch(self) -> Call:
        """Give PyTorch's call."""
        out = self.out["pytorch"]
        aten = torch.ops.aten
        if self.direction == "forward":
            operation = torch.log_softmax if self.log else torch.softmax
            return lambda: operation(self.x, 1, out=out)
        args = (self.dy, self.y, 1, torch.float32)
        if self.log:
            return lambda: aten._log_softmax_backward_data.out(*args, out=out)
        return lambda: aten._softmax_backward_data.out(*args, grad_input=out)

    def pointers(self, name: str) -> list[ctypes.c_void_p]:
        """Give the arrays in the order of the C functions: input, dy, output."""
        source = self.x if self.direction == "forward" else self.y
        return [ctypes.c_void_p(t.data_ptr()) for t in (source, self.dy, self.out[name])]

    def actfn(self, library: ctypes.CDLL) -> Call:
        """Give our call."""
        source, dy, out = self.pointers("actfn")
        shape = (ctypes.c_size_t(self.rows), ctypes.c_size_t(self.columns), self.threads)
        if self.direction == "forward":
            return lambda: library.actfn_rows_forward(self.log, source, out, *shape)
        return lambda: library.actfn_rows_backward(self.log, source, dy, out, *shape)

    def onednn(self, library: ctypes.CDLL) -> Call:
        """Give oneDNN's call."""
        shape = (ctypes.c_size_t(self.rows), ctypes.c_size_t(self.columns), self.threads)
        backward = self.direction == "backward"
        made = library.onednn_rows_prepare(self.log, backward, *self.pointers("onednn"), *shape)
        handle = ctypes.c_void_p(made)
        self.end = lambda: library.onednn_rows_end(handle)
        return lambda: library.onednn_rows_run(handle, self.threads)

    def exact(self) -> torch.Tensor:
        """Give the result in float64."""
        forward = torch.log_softmax if self.log else torch.softmax
        if self.direction == "forward":
            return forward(self.x.double(), 1)
        y, dy = self.y.double(), self.dy.double()
        if self.log:
            return dy - y.exp() * dy.sum(1, keepdim=True)
        return y * (dy - (y * dy).sum(1, keepdim=True))

    def check(self) -> None:
        """See that we compute the function; leave out others whose errors are larger."""
        exact = self.exact()
        for name, call in list(self.calls.items()):
            call()
            if torch.allclose(self.out[name].double(), exact, rtol=1e-4, atol=1e-5):
                continue
            if name == "actfn":
                raise SystemExit(f"run.py: {name} computes another {self.function}")
            del self.calls[name]

    def measure(self, rounds: int) -> dict[str, float]:
        """Take turns; give the least time of each, in ns an element."""
        torch.set_num_threads(self.threads)
        self.check()
        best = dict.fromkeys(self.calls, float("inf"))
        for _ in range(rounds):
            for name, call in self.calls.items():
                best[name] = min(best[name], least(call))
        self.end()
        return {name: t / self.x.numel() * 1e9 for name, t in best.items()}


def least(call: Call, repeats: int = 7) -> float:
    """Give the least time of some calls, the first one apart."""
    call()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def entmax_rows(library: ctypes.CDLL, rounds: int) -> list[dict[str, object]]:
    """Measure entmax15, forward and backward, one thread; nothing without the package."""
    try:
        from entmax.activations import Entmax15Function
    except ImportError:
        return []
    torch.set_num_threads(1)
    results = []
    for rows, columns in ENTMAX_SHAPES:
        torch.manual_seed(1)
        x, dy = torch.randn(rows, columns) * SPREAD, torch.randn(rows, columns)
        z = x.clone().requires_grad_()
        y = Entmax15Function.apply(z, 1)
        ours, gradient = torch.zeros_like(x), torch.zeros_like(x)
        shape = (ctypes.c_size_t(rows), ctypes.c_size_t(columns))
        a, b, c, d = (ctypes.c_void_p(t.data_ptr()) for t in (x, ours, dy, gradient))
        calls = {
            ("forward", "actfn"): lambda: library.actfn_entmax15_forward(a, b, *shape),
            ("forward", "entmax"): lambda: Entmax15Function.apply(x, 1),
            ("backward", "actfn"): lambda: library.actfn_entmax15_backward(b, c, d, *shape),
            ("backward", "entmax"): lambda: torch.autograd.grad(y, z, dy, retain_graph=True),
        }
        best = dict.fromkeys(calls, float("inf"))
        for _ in range(rounds):
            for key, call in calls.items():
                best[key] = min(best[key], least(call))
        theirs = torch.autograd.grad(y, z, dy)[0]
        if not (torch.allclose(ours, y, atol=1e-5) and torch.allclose(gradient, theirs, atol=1e-4)):
            raise SystemExit("run.py: entmax computes another entmax15")
        for direction in ("forward", "backward"):
            ns = {n: best[direction, n] / x.numel() * 1e9 for n in ("actfn", "entmax")}
            results.append({"task": ("entmax15", direction, rows, columns, 1), "ns": ns})
            print(f"{rows}x{columns} entmax15 {direction}: {ns['actfn']:.3f}, package "
                  f"{ns['entmax']:.3f}, {ns['entmax'] / ns['actfn']:.2f}", flush=True)
    return results


def main() -> None:
    """Measure and print a table."""
    options = parse()
    library = load(options.bin)
    results = entmax_rows(library, options.rounds)
    print(f"PyTorch {torch.__version__}; ns an element")
    print(f"{'':38} {'actfn':>8} {'pytorch':>8} {'onednn':>8} {'pytorch/actfn':>14}")
    for rows, columns in SHAPES:
        for threads in (1, 2):
            for function in ("softmax", "log_softmax"):
                for direction in ("forward", "backward"):
                    task = (function, direction, rows, columns, threads)
                    times = Case(library, task).measure(options.rounds)
                    results.append({"task": task, "ns": times})
                    label = f"{rows}x{columns} {function} {direction}, {threads} thr."
                    cells = [f"{times[k]:.3f}" if k in times else "-" for k in LIBRARIES]
                    ratio = times.get("pytorch", float("nan")) / times["actfn"]
                    print(f"{label:38} {' '.join(f'{c:>8}' for c in cells)} {ratio:14.2f}",
                          flush=True)
    if options.json:
        result = {"pytorch": torch.__version__, "rounds": options.rounds, "rows": results}
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
