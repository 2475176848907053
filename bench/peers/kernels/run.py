# SPDX-License-Identifier: Apache-2.0
"""Compare the kernels of actfn with PyTorch's, JAX's and those of C++ libraries in one run."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

# Set before the imports below: the checkout stays free of __pycache__.
sys.dont_write_bytecode = True

import report  # noqa: E402
import specs  # noqa: E402

HERE = Path(__file__).resolve().parent
BIN = HERE.parents[2] / "build" / "release" / "bin"
PYTHON = {
    "pytorch": ["pytorch_ops.py"],
    "jax": ["jax_ops.py"],
    "mkl_ha": ["mkl_ops.py", "HA"],
    "mkl_la": ["mkl_ops.py", "LA"],
    "mkl_ep": ["mkl_ops.py", "EP"],
}
LIBRARIES = ("onednn", "eigen", "highway", "sleef")
Row = dict[str, Any]


def parser() -> argparse.ArgumentParser:
    """Give the options."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--peers", default=",".join([*PYTHON, *LIBRARIES]), metavar="LIST")
    made.add_argument("--dtypes", default=",".join(specs.DTYPES), metavar="LIST")
    made.add_argument("--n", type=int, default=65536, help="elements (default 65536: in L2)")
    made.add_argument("--rounds", type=int, default=5, help="turns of each peer (default 5)")
    made.add_argument("--only", metavar="SPEC", help="one activation in place of all")
    made.add_argument("--core", type=int, help="the core to pin all to (default: the last)")
    made.add_argument("--bin", type=Path, default=BIN, metavar="DIR", help="our programs")
    made.add_argument("--json", type=Path, metavar="FILE")
    made.add_argument("--markdown", type=Path, metavar="FILE")
    return made


def fail(reason: str) -> NoReturn:
    """End with one line."""
    raise SystemExit(f"run.py: {reason}")


def say(text: str) -> None:
    """Tell the progress."""
    print(f"run.py: {text}", file=sys.stderr, flush=True)


def parse() -> argparse.Namespace:
    """Read the command line and check it before anything runs for minutes."""
    options = parser().parse_args()
    options.peers = [peer for peer in options.peers.split(",") if peer]
    options.dtypes = options.dtypes.split(",")
    for peer in options.peers:
        if peer not in PYTHON and peer not in LIBRARIES:
            fail(f"unknown peer '{peer}' (known: {', '.join([*PYTHON, *LIBRARIES])})")
    if options.rounds < 1 or options.n < 16 or options.n % 16:
        fail("--rounds must be positive, and --n a multiple of 16")
    if options.only and options.only not in specs.SPECS:
        fail(f"unknown activation '{options.only}' (known: {', '.join(specs.SPECS)})")
    needed = ["actfn"] + ["kernel_peers"] * any(p in LIBRARIES for p in options.peers)
    for name in needed:
        if not os.access(options.bin / name, os.X_OK):
            fail(f"no program {name} in '{options.bin}': see README.md")
    return options


def environment() -> dict[str, str]:
    """Give the environment of a peer: one thread, and freed memory kept for the next result."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    # The C library takes no higher first number.
    kept = {"MALLOC_MMAP_THRESHOLD_": str(1 << 25), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
    return os.environ | dict.fromkeys(names, "1") | kept | {"PYTHONDONTWRITEBYTECODE": "1"}


class Worker:
    """A peer that waits for questions."""

    def __init__(self, peer: str, dtype: str, options: argparse.Namespace) -> None:
        """Start it."""
        if peer in PYTHON:
            script, *mode = PYTHON[peer]
            command = [sys.executable, str(HERE / script), dtype, str(options.n), *mode]
        else:
            command = [str(options.bin / "kernel_peers"), peer, dtype, str(options.n)]
        self.name = peer
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.version = self.read()

    def read(self) -> str:
        """Wait for a line."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line.endswith("\n"):
            fail(f"{self.name} ended with exit status {self.process.wait()}")
        return line.strip()

    def ask(self, order: str, spec: str) -> Row | None:
        """Measure one function."""
        assert self.process.stdin
        self.process.stdin.write(f"{order} {spec}\n")
        self.process.stdin.flush()
        answer: Row | None = json.loads(self.read())
        return answer

    def end(self) -> None:
        """Close it."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def ours(order: str, spec: str, dtype: str, options: argparse.Namespace) -> Row:
    """Run `actfn bench` for one function."""
    command = [str(options.bin / "actfn"), "bench", spec, "--order", order, "--dtype", dtype]
    command += ["--n", str(options.n), "--json"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        fail(f"actfn bench failed: {done.stderr.strip()}")
    row: Row = json.loads(done.stdout)[0]
    return row


def least(best: Row, peer: str, new: Row | None) -> None:
    """Keep the least of each time."""
    if new:
        old = best.get(peer, new)
        best[peer] = {key: min(old[key], new[key]) for key in new}


def accuracies_of(order: str, dtype: str) -> list[str]:
    """Name the accuracies beside the default that have kernels of their own."""
    if dtype != "float32" or order == "backward_from_output":
        return []
    return ["fast", "nearest"] if order == "0" else ["fast"]


def compare(task: tuple[str, str], workers: list[Worker], dtype: str, n: int, options: Any) -> Row:
    """Measure one function with all, in turns."""
    order, spec = task
    best: Row = {}
    mine: list[Row] = []
    others: dict[str, list[float]] = {name: [] for name in accuracies_of(order, dtype)}
    asked = workers
    for _ in range(options.rounds):
        mine.append(ours(order, spec, dtype, options))
        for name, times in others.items():
            times.append(ours(order, f"{spec}@{name}", dtype, options)["ns_per_element"])
        for worker in asked:
            least(best, worker.name, worker.ask(order, spec))
        asked = [worker for worker in asked if worker.name in best]
    first = min(mine, key=lambda row: row["ns_per_element"])
    row = {"activation": spec, "order": order, "dtype": dtype, "ours": first["ns_per_element"]}
    row["ratio_to_floor"] = min(row["ratio_to_floor"] for row in mine)
    row["accuracies"] = {name: min(times) for name, times in others.items()}
    # Less a call's own time: it is Python's as much as the kernel's.
    row["peers"] = {
        peer: {"ns": (b["ns"] - b["call_ns"]) / n, "call_ns": b["call_ns"]}
        for peer, b in best.items()
    }
    return row


def measure(dtype: str, options: argparse.Namespace) -> tuple[list[Row], dict[str, str]]:
    """Compare all functions for one type."""
    workers = [Worker(peer, dtype, options) for peer in options.peers]
    versions = {worker.name: worker.version for worker in workers if worker.version}
    present = [worker for worker in workers if worker.version]
    rows = []
    for order, spec in specs.tasks():
        if options.only not in (None, spec):
            continue
        say(f"{dtype}, order {order}: {spec}")
        rows.append(compare((order, spec), present, dtype, options.n, options))
    for worker in workers:
        worker.end()
    return rows, versions


def commit() -> str:
    """Name what is checked out."""
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=HERE)
    return done.stdout.strip() or "unknown"


def machine(core: int) -> Row:
    """Tell when and on what this ran."""
    found = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    cpu = found[0] if found else platform.machine()
    today = datetime.datetime.now(datetime.UTC).date()
    return {"cpu": cpu, "core": core, "date": str(today), "commit": commit()}


def main() -> None:
    """Measure, then print and write the tables."""
    options = parse()
    core = max(os.sched_getaffinity(0)) if options.core is None else options.core
    os.sched_setaffinity(0, [core])
    rows: list[Row] = []
    versions: dict[str, str] = {}
    for dtype in options.dtypes:
        new, present = measure(dtype, options)
        rows += new
        versions |= present  # some have one type only
    result = {
        "machine": machine(core),
        "versions": versions,
        "settings": {"n": options.n, "rounds": options.rounds},
        "rows": rows,
        "geometric_means": report.geometric_means(rows, list(versions)),
    }
    text = report.markdown(result)
    print(text)
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
