# SPDX-License-Identifier: Apache-2.0
"""The tables of a comparison of kernels."""

from __future__ import annotations

from statistics import geometric_mean
from typing import Any

Row = dict[str, Any]
ORDERS = {
    "0": "value",
    "backward": "backward",
    "backward_from_output": "backward from the output",
}


def ratios(rows: list[Row], peer: str) -> list[float]:
    """Give theirs / ours of each function that the peer has."""
    return [row["peers"][peer]["ns"] / row["ours"] for row in rows if peer in row["peers"]]


def groups(rows: list[Row]) -> list[tuple[str, str, list[Row]]]:
    """Give the rows of each type and order."""
    keys = dict.fromkeys((row["dtype"], row["order"]) for row in rows)
    return [(d, o, [r for r in rows if (r["dtype"], r["order"]) == (d, o)]) for d, o in keys]


def geometric_means(rows: list[Row], peers: list[str]) -> list[Row]:
    """Give theirs / ours over the functions that the peer has."""
    made = []
    for dtype, order, some in groups(rows):
        for peer in peers:
            if all_ratios := ratios(some, peer):
                one = {"dtype": dtype, "order": order, "peer": peer}
                one |= {"functions": len(all_ratios), "ratio": geometric_mean(all_ratios)}
                one |= {"slower_than": sum(r < 1 for r in all_ratios)}
                made.append(one)
    return made


def markdown(result: Row) -> str:
    """Give a table for each type and order: nanoseconds an element, and theirs / ours."""
    parts = []
    for dtype, order, rows in groups(result["rows"]):
        peers = [p for p in result["versions"] if ratios(rows, p)]
        accuracies = list(rows[0].get("accuracies", {}))
        head = ["", "ours", *(f"ours, {a}" for a in accuracies)]
        head += [result["versions"][p] for p in peers]
        parts.append(f"### {dtype}, {ORDERS[order]}\n")
        parts.append(line(head) + "\n" + line(["---"] + ["---:"] * (len(head) - 1)))
        parts[-1] += "".join("\n" + line(cells(row, accuracies, peers)) for row in rows)
        means = [f"**{geometric_mean(ratios(rows, p)):.2f}**" for p in peers]
        empty = [""] * (1 + len(accuracies))
        parts[-1] += "\n" + line(["**geometric mean, theirs / ours**", *empty, *means]) + "\n"
        if "fast" in accuracies and (best := best_ratios(rows)):
            below = ", ".join(spec for spec, ratio in best.items() if ratio < 1)
            parts[-1] += (
                f"\nThe fastest peer / ours, fast: {geometric_mean(best.values()):.2f} in the "
                f"geometric mean of {len(best)} functions; below 1: {below or 'none'}.\n"
            )
    return "\n".join(parts).rstrip("\n")


def best_ratios(rows: list[Row]) -> dict[str, float]:
    """Give the time of each function's fastest peer, over ours of `fast`."""
    made = {}
    for row in rows:
        times = [peer["ns"] for peer in row["peers"].values()]
        if times:
            made[row["activation"]] = min(times) / row["accuracies"]["fast"]
    return made


def cells(row: Row, accuracies: list[str], peers: list[str]) -> list[str]:
    """Give one function's row."""
    made = [row["activation"], f"{row['ours']:.3f}"]
    made += [f"{row['accuracies'][name]:.3f}" for name in accuracies]
    for peer in peers:
        ns = row["peers"].get(peer, {}).get("ns")
        made.append(f"{ns:.3f} ({ns / row['ours']:.2f})" if ns is not None else "")
    return made


def line(row: list[str]) -> str:
    """Join the cells of a Markdown row."""
    return "| " + " | ".join(row) + " |"
