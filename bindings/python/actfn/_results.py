# SPDX-License-Identifier: Apache-2.0
"""What the lab has found: files of the program, as tables and pictures."""
from __future__ import annotations

import csv
import html
import json
from pathlib import Path
from typing import Any

from actfn import _charts

Rows = list[dict[str, Any]]


def value_of(text: str) -> Any:
    """A cell of a table: None, a whole number, a number, or the text."""
    if text == "":
        return None
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def rows_of(file: Path) -> Rows:
    with open(file, encoding="utf-8", newline="") as lines:
        return [{name: value_of(text) for name, text in row.items()}
                for row in csv.DictReader(lines)]


class Result:
    """The results of a run in a directory.

    Attributes
    ----------
    directory : pathlib.Path
        Where they are.
    interrupted : bool
        Whether the run was stopped; ``resume()`` goes on with it.
    text : str
        What was found, in words; ``print(result)`` shows it.
    """

    command = ""
    page_name = "index.html"
    tables: dict[str, str] = {}  # the first one is what to_pandas() gives
    asked: tuple[str, ...] = ()  # what of a command the directory does not have

    def __init__(self, directory: Path, text: str, interrupted: bool) -> None:
        self.directory, self.text, self.interrupted = directory, text, interrupted

    @property
    def page(self) -> Path:
        """The report, which a browser shows."""
        return self.directory / self.page_name

    def table(self, name: str | None) -> Path:
        names = list(self.tables)
        if name is not None and name not in names:
            raise ValueError(f"[{self.command}] the table must be one of {', '.join(names)}, got "
                             f"{name!r}")
        name = names[0] if name is None else name
        return self.file(self.tables[name], name)

    def file(self, name: str, what: str) -> Path:
        found = self.directory / name
        if not found.exists():
            raise RuntimeError(f"[{self.command}] {self.directory} has no {what}: a run that was "
                               "stopped goes on by resume()")
        return found

    def read_json(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.file(name, name).read_text(encoding="utf-8"))
        return found

    def rows(self, table: str | None = None) -> Rows:
        """A table as a list of rows, each by the names of its columns."""
        return rows_of(self.table(table))

    def to_pandas(self, table: str | None = None) -> Any:
        """A table as a pandas.DataFrame.

        Parameters
        ----------
        table : str, optional
            One of ``tables``; the first one without it.
        """
        try:
            import pandas
        except ImportError:
            raise ImportError(f"[{self.command}] pandas is missing; rows() needs nothing") from None
        return pandas.DataFrame(self.rows(table))

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """The main picture by matplotlib, on ``ax`` or a new figure; returns the axes."""
        return getattr(_charts, self.command)(self, _charts.axes(self.command, ax), **options)

    def _repr_html_(self) -> str:
        if not self.page.exists():
            return f"<pre>{html.escape(str(self))}</pre>"
        report = html.escape(self.page.read_text(encoding="utf-8"))
        return (f'<iframe title="The report of {self.command}" sandbox="allow-scripts" '
                f'style="width:100%;height:640px;border:0" srcdoc="{report}"></iframe>')

    def __str__(self) -> str:
        note = "\nThe run was stopped: resume() goes on with it." if self.interrupted else ""
        return self.text.strip() + note

    def __repr__(self) -> str:
        return f"<{self.command} in {self.directory}>\n{self}"

    def resume(self, progress: bool = True) -> Any:
        """Goes on with a run that was stopped, and returns its results."""
        from actfn import _lab

        return _lab.again(self, ["--resume"], progress)


class Comparison(Result):
    """What ``actfn.compare()`` has found: networks with each activation, some seeds each.

    ``rows()``, ``to_pandas()``: "results" has a row for each epoch, "probes" one for each hidden
    layer and epoch. ``plot(metric="validation_loss")`` draws a column of results by epoch.
    """

    command = "compare"
    page_name = "report.html"
    tables = {"results": "results.csv", "probes": "probes.csv"}

    @property
    def details(self) -> dict[str, Any]:
        """results.json: settings, machine, parameters, differences with intervals."""
        return self.read_json("results.json")

    def add(self, activations: Any = None, seeds: Any = None, progress: bool = True) -> Any:
        """Trains more activations or seeds, and returns the results of all."""
        from actfn import _lab

        more = _lab.options_of({"activations": activations, "seeds": seeds})
        return _lab.again(self, ["--add", *more], progress)


class Inspection(Comparison):
    """What ``actfn.inspect()`` has found inside the networks, layer by layer.

    ``rows()``, ``to_pandas()``: "probes" has a row for each hidden layer and look, "results" one
    for each epoch. ``plot(metric="gradient_norm")`` draws a column of probes by layer.
    """

    command = "inspect"
    page_name = "index.html"
    tables = {"probes": "probes.csv", "results": "results.csv"}


class Choice(Result):
    """What ``actfn.choose()`` has found: which activation to take.

    ``rows()``, ``to_pandas()``: "ranking" has a row for each activation, "results" one for each
    epoch of every training. ``plot()`` draws the ranking with its intervals.
    """

    command = "choose"
    tables = {"ranking": "ranking.csv", "results": "results.csv"}

    @property
    def details(self) -> dict[str, Any]:
        """ranking.json: headline, recommendation, groups, ranking."""
        return self.read_json("ranking.json")


class Experiments(Result):
    """What ``actfn.experiment()`` has found.

    ``rows()``, ``to_pandas()``: "verdicts" has a row for each experiment; the names of experiments
    give their measurements. ``plot()`` shows the figures.
    """

    command = "experiment"
    @property
    def names(self) -> list[str]:
        """The experiments that are finished."""
        return sorted(file.parent.name for file in self.directory.glob("*/verdict.json"))

    @property
    def tables(self) -> dict[str, str]:  # type: ignore[override]
        return {"verdicts": "", **{name: f"{name}/data.csv" for name in self.names}}

    def verdict(self, name: str) -> dict[str, Any]:
        """Claim, source, and whether it holds."""
        self.table(name)
        return self.read_json(str(Path(self.tables[name]).with_name("verdict.json")))

    def rows(self, table: str | None = None) -> Rows:
        if table in (None, "verdicts"):
            return [self.verdict(name) for name in self.names]
        return super().rows(table)
