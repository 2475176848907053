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
        head = ["", "ours", *(result["versions"][p] for p in peers)]
        parts.append(f"### {dtype}, {ORDERS[order]}\n")
        parts.append(line(head) + "\n" + line(["---"] + ["---:"] * (len(head) - 1)))
        parts[-1] += "".join("\n" + line(cells(row, peers)) for row in rows)
        means = [f"**{geometric_mean(ratios(rows, p)):.2f}**" for p in peers]
        parts[-1] += "\n" + line(["**geometric mean, theirs / ours**", "", *means]) + "\n"
    return "\n".join(parts).rstrip("\n")


def cells(row: Row, peers: list[str]) -> list[str]:
    """Give one function's row."""
    made = [row["activation"], f"{row['ours']:.3f}"]
    for peer in peers:
        ns = row["peers"].get(peer, {}).get("ns")
        made.append(f"{ns:.3f} ({ns / row['ours']:.2f})" if ns is not None else "")
    return made


def line(row: list[str]) -> str:
    """Join the cells of a Markdown row."""
    return "| " + " | ".join(row) + " |"
