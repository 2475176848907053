# SPDX-License-Identifier: Apache-2.0
"""Sum up the epochs of all peers and lay them out as tables."""

from __future__ import annotations

from statistics import mean, median, quantiles, stdev
from typing import Any

SETTINGS = ("activations", "seeds", "keras_seeds", "epochs", "threads", "jobs")
LABELS = {
    "ours": "actfn compare",
    "pytorch": "PyTorch eager",
    "pytorch-compile": "PyTorch, torch.compile",
    "jax": "JAX jit",
    "jax-scan": "JAX jit, lax.scan over the epoch",
    "keras": "Keras model.fit",
}
LOSS_LIMIT = 0.01
POINTS_LIMIT = 0.7
Row = dict[str, Any]


def summary(
    machine: Row, settings: Row, variants: list[Row], rows: list[Row], walls: list[Row]
) -> Row:
    """Give everything that --json writes."""
    found = {row["framework"] for row in rows}
    order = [name for name in LABELS if name in found]
    versions = {row["framework"]: row["version"] for row in rows}
    return {
        "machine": machine,
        "settings": settings,
        "versions": {name: versions[name] for name in order},
        "pytorch_variants": variants,
        "speed": speed(order, rows, walls),
        "accuracy": [
            accuracy(spec, order, of(rows, activation=spec, epoch=settings["epochs"]))
            for spec in settings["activations"]
        ],
        "rows": rows,
    }


def of(rows: list[Row], **wanted: Any) -> list[Row]:
    """Give the rows that have these values."""
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def speed(order: list[str], rows: list[Row], walls: list[Row]) -> list[Row]:
    """Sum up the seconds of an epoch for each framework."""
    made = []
    for name in order:
        seconds = epoch_seconds(of(rows, framework=name))
        whole = of(walls, framework=name)
        low, middle, high = quartiles(seconds)
        made.append(
            {
                "framework": name,
                "epochs": len(seconds),
                "seconds_per_epoch": middle,
                "lower_quartile": low,
                "upper_quartile": high,
                "ratio": middle / (made[0]["seconds_per_epoch"] if made else middle),
                "whole_run_per_epoch": sum(wall["seconds"] for wall in whole)
                / sum(wall["epochs"] for wall in whole),
                "user_per_epoch": sum(wall["user"] for wall in whole)
                / sum(wall["epochs"] for wall in whole),
            }
        )
    return made


def epoch_seconds(rows: list[Row]) -> list[float]:
    """Give the seconds of the epochs after each first one, which compiles and warms up."""
    later = [row["seconds"] for row in rows if row["epoch"] > 1]
    return later or [row["seconds"] for row in rows]


def quartiles(values: list[float]) -> tuple[float, float, float]:
    """Give the lower quartile, the median and the upper quartile."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, median(values), high


def accuracy(spec: str, order: list[str], rows: list[Row]) -> Row:
    """Sum up the last epoch of one activation for each framework."""
    made: list[Row] = []
    # They do the same arithmetic as the jitted and the eager step: a row of their own says nothing.
    for name in [name for name in order if name not in ("jax-scan", "pytorch-compile")]:
        last = of(rows, framework=name)
        row = {"framework": name, "seeds": len(last)}
        row |= spread("train_loss", [one["train_loss"] for one in last])
        row |= spread("test_accuracy", [one["test_accuracy"] for one in last])
        if made:
            row["loss_difference"] = made[0]["train_loss"] - row["train_loss"]
            row["points_difference"] = 100 * (made[0]["test_accuracy"] - row["test_accuracy"])
        made.append(row)
    return {"activation": spec, "frameworks": made, "verdict": verdict(made)}


def spread(name: str, values: list[float]) -> Row:
    """Give mean and standard deviation over the seeds."""
    deviation = stdev(values) if len(values) > 1 else None
    return {name: mean(values), f"{name}_sd": deviation}


def verdict(rows: list[Row]) -> Row | None:
    """Say whether loss and accuracy agree with PyTorch's."""
    for row in rows:
        if row["framework"] == "pytorch":
            return {
                "loss_holds": abs(row["loss_difference"]) <= LOSS_LIMIT,
                "accuracy_holds": abs(row["points_difference"]) <= POINTS_LIMIT,
            }
    return None


def markdown(result: Row) -> str:
    """Lay the whole result out as Markdown, readable as plain text too."""
    parts = [heading(result), "", "## Seconds per epoch", "", *speed_table(result)]
    parts += ["", "## Loss and accuracy after the last epoch", ""]
    parts.append(
        "Mean training loss of the last epoch and mean test accuracy after it, over the"
        " seeds, ± the standard deviation of one seed. Differences are ours less theirs."
    )
    for block in result["accuracy"]:
        parts += ["", f"### {block['activation']}", "", *accuracy_table(block)]
    return "\n".join(parts)


def heading(result: Row) -> str:
    """Give the conditions of the run."""
    machine, settings = result["machine"], result["settings"]
    versions = [f"{LABELS[name]} {text}" for name, text in result["versions"].items()]
    text = [
        "# Training: actfn compare and its peers",
        "",
        f"- CPU: {machine['cpu']}, pinned to {len(machine['cores'])} cores",
        f"- Versions: {'; '.join(versions)}; Python {machine['python']}",
        f"- Seeds: {settings['seeds']}; epochs: {settings['epochs']}",
        f"- actfn compare --jobs {settings['jobs']}",
    ]
    if "keras" in result["versions"] and settings["keras_seeds"] != settings["seeds"]:
        text.append(f"- Seeds of Keras, which is slow: {settings['keras_seeds']} only")
    if result["pytorch_variants"]:
        steps = [
            f"{row['adam']} ({row['threads']}) {row['step_us']:.0f} µs"
            for row in result["pytorch_variants"]
        ]
        text.append(
            f"- PyTorch's Adam (threads), a step's time, the first was used: {', '.join(steps)}"
        )
    return "\n".join(text)


def speed_table(result: Row) -> list[str]:
    """Lay out the seconds per epoch."""
    later = result["settings"]["epochs"] > 1
    which = "epochs after each first one" if later else "first epochs, as there are no others"
    head = ["", "epochs", "s/epoch", "quartiles", "theirs/ours"]
    rows = [[*head, "whole run, s/epoch", "user, s/epoch"]]
    for row in result["speed"]:
        rows.append(
            [
                LABELS[row["framework"]],
                str(row["epochs"]),
                f"{row['seconds_per_epoch']:.3f}",
                f"{row['lower_quartile']:.3f}–{row['upper_quartile']:.3f}",
                f"{row['ratio']:.2f}",
                f"{row['whole_run_per_epoch']:.3f}",
                f"{row['user_per_epoch']:.3f}",
            ]
        )
    note = (
        f"Median over the {which}, over activations and seeds, without the evaluation."
        " The whole run divides each process' wall time, and its processor time in user mode,"
        " with start, data, compilation and evaluation, by all its epochs."
    )
    return [note, "", *grid(rows)]


def accuracy_table(block: Row) -> list[str]:
    """Lay out one activation."""
    rows = [["", "seeds", "training loss", "test accuracy, %", "Δ loss", "Δ points"]]
    for row in block["frameworks"]:
        theirs = "loss_difference" in row
        rows.append(
            [
                LABELS[row["framework"]],
                str(row["seeds"]),
                plus_minus(row, "train_loss", 1, 4),
                plus_minus(row, "test_accuracy", 100, 2),
                f"{row['loss_difference']:+.4f}" if theirs else "",
                f"{row['points_difference']:+.2f}" if theirs else "",
            ]
        )
    return [*grid(rows), *verdict_line(block["verdict"])]


def plus_minus(row: Row, name: str, scale: int, digits: int) -> str:
    """Give a mean, with its deviation where there is one."""
    text = f"{scale * row[name]:.{digits}f}"
    deviation = row[f"{name}_sd"]
    return text if deviation is None else f"{text} ± {scale * deviation:.{digits}f}"


def verdict_line(found: Row | None) -> list[str]:
    """Say whether the limits hold."""
    if not found:
        return []
    loss, points = (
        "holds" if found[key] else "DOES NOT HOLD" for key in ("loss_holds", "accuracy_holds")
    )
    text = f"Against PyTorch: |Δ loss| ≤ {LOSS_LIMIT} {loss}; "
    return ["", f"{text}|Δ accuracy| ≤ {POINTS_LIMIT} points {points}."]


def grid(rows: list[list[str]]) -> list[str]:
    """Lay out a Markdown table with aligned columns; the first row is its heading."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    laid = []
    for row in [rows[0], rule, *rows[1:]]:
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        laid.append(f"| {' | '.join(cells)} |")
    return laid
