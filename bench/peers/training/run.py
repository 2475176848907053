# SPDX-License-Identifier: Apache-2.0
"""Compare the training of `actfn compare` with Keras, PyTorch and JAX in one run."""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

# Set before the imports below: the checkout stays free of __pycache__.
sys.dont_write_bytecode = True

import common  # noqa: E402
import report  # noqa: E402
import specs  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
ACTFN = ROOT / "build" / "release" / "bin" / "actfn"
MODULES = {"pytorch": ["torch"], "jax": ["jax"], "keras": ["keras", "tensorflow"]}
KEYS = ["activation", "seed", "epoch"]
VALUES = ["train_loss", "train_accuracy", "test_loss", "test_accuracy", "seconds"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One peer's training of one activation with all its seeds."""

    name: str
    script: str
    arguments: tuple[str, ...]
    seeds: int


def parser() -> argparse.ArgumentParser:
    """Give the options."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--seeds", type=positive, default=5, help="seeds 1..N (default 5)")
    made.add_argument("--keras-seeds", type=positive, help="fewer seeds for Keras, which is slow")
    made.add_argument("--epochs", type=positive, default=5)
    made.add_argument("--activations", default=specs.DEFAULT, metavar="SPECS")
    made.add_argument("--threads", type=positive, default=2, help="cores to pin all to")
    made.add_argument("--jobs", type=positive, default=1, help="passed to actfn compare")
    made.add_argument("--frameworks", default="keras,pytorch,jax", metavar="LIST")
    made.add_argument("--actfn", type=Path, default=ACTFN, metavar="PATH")
    made.add_argument("--data", default=common.DATA, metavar="DIR")
    made.add_argument("--json", type=Path, metavar="FILE")
    made.add_argument("--markdown", type=Path, metavar="FILE")
    return made


def positive(text: str) -> int:
    """Read a whole number above zero."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above zero")
    return value


def parse() -> argparse.Namespace:
    """Read the command line and check it before anything runs for minutes."""
    options = parser().parse_args()
    options.activations = specs.split(options.activations)
    options.frameworks = specs.split(options.frameworks)
    options.keras_seeds = options.keras_seeds or options.seeds
    try:
        for spec in options.activations:
            specs.parse(spec)
    except ValueError as error:
        fail(str(error))
    check_frameworks(options.frameworks)
    if not options.actfn.is_file() or not os.access(options.actfn, os.X_OK):
        fail(f"no program '{shown(options.actfn)}': build the release, or give --actfn PATH")
    if not Path(options.data).is_dir():
        fail(f"no folder '{options.data}': install dataset-fashion-mnist, or give --data DIR")
    return options


def check_frameworks(names: list[str]) -> None:
    """Refuse unknown frameworks and those that are not installed."""
    for name in names:
        if name not in MODULES:
            fail(f"unknown framework '{name}' (known: {', '.join(MODULES)})")
        for module in MODULES[name]:
            if not importlib.util.find_spec(module):
                fail(f"{module} is not installed: pip install -r requirements.txt")


def shown(path: Path) -> str:
    """Give a path relative to the checkout where it lies in it."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def fail(reason: str) -> NoReturn:
    """End with one line."""
    raise SystemExit(f"run.py: {reason}")


def say(text: str) -> None:
    """Tell the progress."""
    print(f"run.py: {text}", file=sys.stderr, flush=True)


def seed_list(count: int) -> str:
    """Give the seeds 1..count, separated by commas."""
    return ",".join(str(seed) for seed in range(1, count + 1))


def environment(threads: int) -> dict[str, str]:
    """Give the environment of a peer: its threads, and no __pycache__."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
    return os.environ | dict.fromkeys(names, str(threads)) | {"PYTHONDONTWRITEBYTECODE": "1"}


def lines(script: str, arguments: list[str], options: argparse.Namespace) -> list[Row]:
    """Run one peer and give the JSON lines that it printed."""
    command = [sys.executable, str(HERE / script), "--data", options.data]
    command += ["--threads", str(options.threads), *arguments]
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(options.threads),
    )
    if done.returncode:
        fail(f"{script} failed with exit status {done.returncode}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def ours(spec: str, options: argparse.Namespace) -> list[Row]:
    """Run `actfn compare` for one activation and read its table."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(options.actfn.resolve()), "compare", "--activations", spec]
        command += ["--seeds", seed_list(options.seeds), "--epochs", str(options.epochs)]
        command += ["--jobs", str(options.jobs), "--threads", str(options.threads)]
        command += ["--validation", "0", "--out", f"{folder}/out"]
        if options.data != common.DATA:
            command += ["--data", options.data]
        # Its words join the progress: standard output carries the tables.
        done = subprocess.run(command, check=False, stdout=sys.stderr)
        if done.returncode:
            fail(f"actfn failed with exit status {done.returncode}")
        return table(Path(folder) / "out/results.csv", spec, options)


def table(path: Path, spec: str, options: argparse.Namespace) -> list[Row]:
    """Read results.csv and check that it holds what was asked for."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            # Epoch 0 is the network before training, which the peers do not show.
            rows = [row for row in reader if row["epoch"] != "0"]
    except OSError as error:
        fail(f"actfn wrote no results.csv: {error.strerror}")
    if not set(KEYS + VALUES) <= set(reader.fieldnames or []):
        fail(f"results.csv has other columns: {reader.fieldnames}")
    found = [(row["activation"], int(row["seed"]), int(row["epoch"])) for row in rows]
    seeds, epochs = range(1, options.seeds + 1), range(1, options.epochs + 1)
    if sorted(found) != [(spec, seed, epoch) for seed in seeds for epoch in epochs]:
        fail(f"results.csv lacks rows of {spec}, or has others")
    return [numbers(row) for row in rows]


def numbers(row: dict[str, str]) -> Row:
    """Turn a row of results.csv into one like the peers'."""
    made: Row = {"framework": "ours", "activation": row["activation"]}
    made |= {key: int(row[key]) for key in ("seed", "epoch")}
    return made | {key: float(row[key]) for key in VALUES}


def tasks(options: argparse.Namespace, adam: Row | None) -> list[Task]:
    """Give the peers in the order in which they run for each activation."""
    made = []
    if adam:
        chosen = ("--adam", adam["adam"], "--torch-threads", str(adam["threads"]))
        made.append(Task("pytorch", "pytorch_eager.py", chosen, options.seeds))
        compiled = ("--compile", *chosen)
        made.append(Task("pytorch-compile", "pytorch_eager.py", compiled, options.seeds))
    if "jax" in options.frameworks:
        made.append(Task("jax", "jax_jit.py", (), options.seeds))
        made.append(Task("jax-scan", "jax_jit.py", ("--scan",), options.seeds))
    if "keras" in options.frameworks:
        made.append(Task("keras", "keras_fit.py", (), options.keras_seeds))
    return made


def train(options: argparse.Namespace, peers: list[Task]) -> tuple[list[Row], list[Row]]:
    """Train everything; give the epochs, and the wall and user time of each process."""
    rows, walls = [], []
    # One activation after the other, all peers in each: a drift of the machine hits all.
    for spec in options.activations:
        for task in [None, *peers]:
            name = task.name if task else "ours"
            say(f"{spec}: {name}")
            start, before = time.perf_counter(), user_seconds()
            new = peer(task, spec, options) if task else ours(spec, options)
            made = {"framework": name, "activation": spec, "epochs": len(new)}
            made |= {"seconds": time.perf_counter() - start, "user": user_seconds() - before}
            rows += new
            walls.append(made)
    return rows, walls


def user_seconds() -> float:
    """Give the processor time of all processes that have ended, in user mode."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def peer(task: Task, spec: str, options: argparse.Namespace) -> list[Row]:
    """Train one activation with one peer."""
    arguments = ["--activation", spec, "--seeds", seed_list(task.seeds)]
    arguments += ["--epochs", str(options.epochs), *task.arguments]
    return lines(task.script, arguments, options)


def machine(cores: list[int]) -> Row:
    """Tell what this ran on."""
    found = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "cpu": found[0] if found else platform.machine(),
        "cores": cores,
        "system": platform.system(),
        "python": platform.python_version(),
    }


def actfn_version(path: Path) -> str:
    """Give the program's own word on its version, where it has one."""
    command = [str(path.resolve()), "--version"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    words = done.stdout.split() if done.returncode == 0 else []
    return words[-1] if words else "unknown"


def main() -> None:
    """Train, then print and write the tables."""
    options = parse()
    cores = common.pin(options.threads)
    variants = []
    if "pytorch" in options.frameworks:
        say("choosing PyTorch's fastest Adam and number of threads")
        variants = lines("pytorch_eager.py", ["--measure"], options)
    rows, walls = train(options, tasks(options, variants[0] if variants else None))
    for row in rows:
        if row["framework"] == "ours":
            row["version"] = actfn_version(options.actfn)
    settings = {key: getattr(options, key) for key in report.SETTINGS}
    result = report.summary(machine(cores), settings, variants, rows, walls)
    text = report.markdown(result)
    print(text)
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
