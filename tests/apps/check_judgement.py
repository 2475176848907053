#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Computes again, from results.csv alone, what results.json says of differences.

    check_judgement.py --program actfn     trains on made-up images
    check_judgement.py DIRECTORY           reads the results of a comparison
"""
import argparse
import csv
import json
import math
import struct
import subprocess
import sys
import tempfile
from pathlib import Path


def t_density(t, n):
    size = math.lgamma((n + 1) / 2) - math.lgamma(n / 2) - 0.5 * math.log(n * math.pi)
    return math.exp(size - (n + 1) / 2 * math.log1p(t * t / n))


def beyond(t, n, steps=20000):
    """The probability that |T| exceeds t, by Simpson's rule over u = 1 / x."""
    if t == 0:
        return 1.0
    # The integral of the density from t on; x = t / u turns it into one from 0 to 1.
    values = [t_density(t / u, n) * t / (u * u) if u > 0 else 0.0
              for u in (i / steps for i in range(steps + 1))]
    inner = 4 * sum(values[1:-1:2]) + 2 * sum(values[2:-1:2])
    return 2 * (values[0] + inner + values[-1]) / (3 * steps)


def quantile(n):
    """Of 97.5 %, by bisection."""
    low, high = 1e-3, 100.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle, n) > 0.05 else (low, middle)
    return low


def tested(rows):
    """By activation and seed: test accuracy of the epoch with the lowest validation loss."""
    best = {}
    for row in rows:
        if row["epoch"] == "0":
            continue
        key = row["activation"], row["seed"]
        loss = float(row["validation_loss"])
        if key not in best or loss < best[key][0]:
            best[key] = loss, float(row["test_accuracy"] or "nan")
    return {key: accuracy for key, (_, accuracy) in best.items()}


def difference(accuracy, best, other):
    seeds = sorted(seed for name, seed in accuracy if name == best)
    each = [accuracy[best, seed] - accuracy[other, seed] for seed in seeds]
    n = len(each)
    mean = sum(each) / n
    error = math.sqrt(sum((d - mean) ** 2 for d in each) / (n - 1) / n)
    reach = quantile(n - 1) * error
    p = beyond(abs(mean) / error, n - 1) if error > 0 else float(mean == 0)
    return {"pairs": n, "won": sum(d > 0 for d in each), "equal": sum(d == 0 for d in each),
            "mean": mean, "low": mean - reach, "high": mean + reach, "p": p}


def holm(p):
    order = sorted(range(len(p)), key=p.__getitem__)
    adjusted, most = [0.0] * len(p), 0.0
    for rank, i in enumerate(order):
        most = max(most, min(1.0, (len(p) - rank) * p[i]))
        adjusted[i] = most
    return adjusted


def check(directory):
    with (directory / "results.csv").open(newline="", encoding="utf-8") as file:
        accuracy = tested(csv.DictReader(file))
    said = json.loads((directory / "results.json").read_text())["judgement"]
    assert said["metric"] == "test accuracy", said["metric"]
    ours = [difference(accuracy, said["best"], one["activation"]) for one in said["others"]]
    adjusted = holm([one["p"] for one in ours])
    for one, again, p in zip(said["others"], ours, adjusted):
        for name in ("pairs", "won", "equal"):
            assert one[name] == again[name], (one, again)
        for name, got in (("mean", one["difference"]), ("low", one["interval"][0]),
                          ("high", one["interval"][1])):
            assert math.isclose(got, again[name], rel_tol=1e-6, abs_tol=1e-9), (name, one, again)
        assert math.isclose(one["p"], p, rel_tol=1e-4, abs_tol=1e-9), (one, p)
        call = "same" if again["equal"] == again["pairs"] else "apart" if p < 0.05 else "open"
        assert one["call"] == call, (one, call)
        print(f"{said['best']} - {one['activation']}: {100 * again['mean']:.3f} points, "
              f"95 % interval {100 * again['low']:.3f} to {100 * again['high']:.3f}, "
              f"{again['won']} of {again['pairs']} seeds, p = {p:.2g}: {call}")
    assert ours, "there is nothing to compare"


def write_data(folder):
    """Noisy images of ten classes, which differ in the row that is bright."""
    for name, count in (("train", 400), ("t10k", 300)):
        images = bytes((at * 2654435761 >> 7) % 200 +
                       (40 if at // 28 % 28 == at // 784 % 10 else 0) for at in range(784 * count))
        (folder / f"{name}-images-idx3-ubyte").write_bytes(
            struct.pack(">4I", 0x803, count, 28, 28) + images)
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(
            struct.pack(">2I", 0x801, count) + bytes(i % 10 for i in range(count)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path)
    parser.add_argument("--program")
    options = parser.parse_args()
    if options.directory:
        return check(options.directory)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_data(folder)
        for seeds, activations in (("5", "relu,leaky_relu(negative_slope=0),tanh"),
                                   ("3", "sigmoid,relu,gelu,identity")):
            subprocess.run([options.program, "compare", "--data", folder, "--out", folder / seeds,
                            "--activations", activations, "--seeds", seeds, "--hidden", "16",
                            "--epochs", "3"], check=True, capture_output=True)
            check(folder / seeds)
    return None


if __name__ == "__main__":
    sys.exit(main())
