# SPDX-License-Identifier: Apache-2.0
"""Pictures of results by matplotlib."""
from __future__ import annotations

from collections import defaultdict
from statistics import fmean
from typing import Any

Points = dict[str, dict[float, list[float]]]  # by series and place: the values of all seeds


def axes(command: str, ax: Any) -> Any:
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError(f"[{command}] matplotlib is missing; the report has pictures of its "
                          "own") from None
    return plt.subplots()[1] if ax is None else ax


def points_of(result: Any, table: str, place: str, metric: str) -> Points:
    rows = result.rows(table)
    if rows and metric not in rows[0]:
        raise ValueError(f"[{result.command}] metric must be a column of {table}, got {metric!r}")
    chosen = {a["activation"]: a["lr"] for a in result.details["activations"]}
    points: Points = defaultdict(lambda: defaultdict(list))
    for row in rows:
        value = row[metric]
        if isinstance(value, (int, float)) and row["lr"] == chosen[row["activation"]]:
            points[row["activation"]][row[place]].append(value)
    return points


def lines(ax: Any, points: Points) -> None:
    """Means over the seeds, and how far apart these are."""
    for name, places in points.items():
        x = sorted(places)
        line, = ax.plot(x, [fmean(places[at]) for at in x], label=name)
        if any(len(places[at]) > 1 for at in x):
            ax.fill_between(x, [min(places[at]) for at in x], [max(places[at]) for at in x],
                            color=line.get_color(), alpha=0.15, linewidth=0)
    if points:
        ax.legend()


def compare(result: Any, ax: Any, metric: str | None = None) -> Any:
    if metric is None:
        held_out = any(row["validation_loss"] is not None for row in result.rows("results"))
        metric = "validation_loss" if held_out else "test_loss"
    lines(ax, points_of(result, "results", "epoch", metric))
    ax.set_xlabel("epoch")
    ax.set_ylabel(metric.replace("_", " "))
    return ax


def inspect(result: Any, ax: Any, metric: str = "gradient_norm") -> Any:
    """At the last look."""
    last = max((row["epoch"] for row in result.rows("probes")), default=0)
    points = points_of(LastLook(result, last), "probes", "layer", metric)
    lines(ax, points)
    values = [v for places in points.values() for all_seeds in places.values() for v in all_seeds]
    if metric == "gradient_norm" and values and min(values) > 0:
        ax.set_yscale("log")
    ax.set_xlabel("hidden layer")
    ax.set_ylabel(metric.replace("_", " "))
    return ax


class LastLook:
    """A result with the rows of its last epoch alone."""

    def __init__(self, result: Any, epoch: int) -> None:
        self.result, self.epoch = result, epoch
        self.command, self.details = result.command, result.details

    def rows(self, table: str) -> Any:
        return [row for row in self.result.rows(table) if row["epoch"] == self.epoch]


def choose(result: Any, ax: Any) -> Any:
    ranked = [row for row in result.rows("ranking") if row["rank"] is not None]
    for row in reversed(ranked):
        name = f"{row['activation']}, lr {row['lr']}"
        if row["low"] is not None:
            ax.plot([row["low"], row["high"]], [name, name], color="C0")
        ax.plot([row["mean"]], [name], "o", color="C0")
    ax.set_xlabel(result.details["metric"])
    return ax


def experiment(result: Any, ax: Any) -> Any:
    """One below the other."""
    import matplotlib.image
    import matplotlib.pyplot as plt

    files = sorted(result.directory.glob("*/*.png"))
    if len(files) > 1:
        figure = ax.figure
        ax.remove()
        all_axes = figure.subplots(len(files), 1)
        figure.set_size_inches(6.4, 4.8 * len(files))
    else:
        all_axes = [ax] * len(files)
    for one, file in zip(all_axes, files):
        one.imshow(matplotlib.image.imread(file))
        one.set_axis_off()
    plt.tight_layout()
    return all_axes
