#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compare `actfn compare` on tables with scikit-learn's MLPClassifier, by test accuracy.

    python bench/peers/tables/run.py [--splits N] [--actfn PATH]

Needs scikit-learn. Each data set of three classes is split at random, written as CSV, and learned
by both with the same network (32 relu units), Adam, batches and epochs. Exits with 1 where the
means differ by more than two points.
"""

from __future__ import annotations

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from sklearn.datasets import load_iris, load_wine, make_classification
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

ROOT = Path(__file__).resolve().parents[3]
HIDDEN, EPOCHS, BATCH, RATE = 32, 60, 16, 0.01
LIMIT = 2.0


def made():
    """Give 600 samples of 12 features, of which 6 tell something."""
    return make_classification(600, 12, n_informative=6, n_classes=3, random_state=1)


SETS = {
    "iris": lambda: load_iris(return_X_y=True),
    "wine": lambda: load_wine(return_X_y=True),
    "made": made,
}


def write(path: Path, x, y) -> None:
    """Write a table with names of features, and classes as words."""
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([f"feature {i}" for i in range(x.shape[1])] + ["class"])
        out.writerows([*map(repr, map(float, row)), f"class {label}"] for row, label in zip(x, y))


def ours(actfn: Path, x, y, tests, seed: int) -> float:
    """Give the test accuracy after the last epoch, without a validation part."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "train.csv", x, y)
        write(folder / "test.csv", *tests)
        command = [actfn, "compare", "--data", folder, "--activations", "relu", "--validation", "0"]
        command += ["--hidden", str(HIDDEN), "--epochs", str(EPOCHS), "--batch", str(BATCH)]
        command += ["--lr", str(RATE), "--seeds", f"{seed},", "--out", folder / "out"]
        subprocess.run(command, check=True, capture_output=True)
        epochs = json.loads((folder / "out/results.json").read_text(encoding="utf-8"))["epochs"]
        return epochs[-1]["test_accuracy"]


def theirs(x, y, tests, seed: int) -> float:
    """Give the same of scikit-learn."""
    scale = StandardScaler().fit(x)
    network = MLPClassifier(HIDDEN, batch_size=BATCH, learning_rate_init=RATE, max_iter=EPOCHS,
                            alpha=0, n_iter_no_change=EPOCHS, random_state=seed)
    network.fit(scale.transform(x), y)
    return network.score(scale.transform(tests[0]), tests[1])


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--actfn", type=Path, default=ROOT / "build/release/bin/actfn")
    options = parser.parse_args()
    failed = False
    print(f"{'data':8} {'actfn':>8} {'sklearn':>8} {'difference':>11}  (test accuracy, %)")
    for name, load in SETS.items():
        x, y = load()
        both = []
        for seed in range(1, options.splits + 1):
            x1, x2, y1, y2 = train_test_split(x, y, test_size=0.3, stratify=y, random_state=seed)
            both.append((ours(options.actfn.resolve(), x1, y1, (x2, y2), seed),
                         theirs(x1, y1, (x2, y2), seed)))
        mine, other = (100 * statistics.mean(one) for one in zip(*both))
        failed |= abs(mine - other) > LIMIT
        print(f"{name:8} {mine:8.2f} {other:8.2f} {mine - other:+11.2f}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    import warnings
    from sklearn.exceptions import ConvergenceWarning

    warnings.filterwarnings("ignore", category=ConvergenceWarning)
    main()
