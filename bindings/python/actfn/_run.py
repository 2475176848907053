# SPDX-License-Identifier: Apache-2.0
"""Runs the program beside Python, with a bar of its progress."""
from __future__ import annotations

import csv
import dataclasses
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any

from actfn import _program

STEP = 0.2  # seconds from one look at the progress to the next
USAGE, SIGNALLED = 2, 128  # what the program returns

# How much is done, and how much there is; its argument says whether the run has ended.
Count = Callable[[bool], "tuple[int, int | None]"]


@dataclasses.dataclass(frozen=True)
class Finished:
    """What a run has printed; a run that was stopped keeps what it has finished."""

    text: str
    interrupted: bool


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        return ""


def settings_of(file: Path) -> dict[str, Any]:
    try:
        settings = json.loads(text_of(file))
    except ValueError:
        return {}
    return settings if isinstance(settings, dict) else {}


def epochs(directory: Path, ended: bool = False) -> tuple[int, int | None]:
    """Of compare and inspect, whose run is in a directory of its own until it ends."""
    if ended:
        rows = text_of(directory / "results.csv").count("\n") - 1
        return max(rows, 0), max(rows, 0)
    for run in sorted(directory.glob("unfinished*"), reverse=True):
        s = settings_of(run / "settings.json")
        if s:
            trainings = len(s["activations"]) * (len(s["seeds"]) + len(s["lr"]) - 1)
            rows = text_of(run / "results.csv").count("\n") - 1
            return max(rows, 0), trainings * (s["epochs"] + 1)
    return 0, None


def trainings(directory: Path, ended: bool = False) -> tuple[int, int | None]:
    """Of choose."""
    plan = settings_of(directory / "settings.json").get("plan")
    if plan is None:
        return 0, None
    stages = [*plan["rungs"], plan["final"]]
    rows = csv.DictReader(text_of(directory / "results.csv").splitlines())
    done = {(row["stage"], row["activation"], row["seed"], row["lr"]) for row in rows}
    return len(done), sum(stage["pairs"] * len(stage["seeds"]) for stage in stages)


def experiments(directory: Path, count: int | None,
                ended: bool = False) -> tuple[int, int | None]:
    return len(list(directory.glob("*/verdict.json"))), count


class Bar:
    """tqdm's, where it is installed; otherwise the lines that the program writes."""

    def __init__(self, title: str, count: Count, wanted: bool) -> None:
        self.count = count
        self.bar: Any = None
        self.lines = wanted
        if not wanted:
            return
        try:
            from tqdm.auto import tqdm
        except ImportError:
            return
        self.bar, self.lines = tqdm(desc=title, total=None), False

    def show(self) -> None:
        if self.bar is None:
            return
        done, total = self.count(False)
        self.bar.total = total
        self.bar.n = done if total is None else min(done, total)
        self.bar.refresh()

    def close(self, complete: bool) -> None:
        if self.bar is None:
            return
        if complete:
            done, self.bar.total = self.count(True)
            self.bar.n = done if self.bar.total is None else self.bar.total
            self.bar.refresh()
        self.bar.close()


def reader(stream: IO[str], lines: list[str], seen: bool) -> threading.Thread:
    """Takes what the program writes, so that it need not wait."""
    def read() -> None:
        for line in stream:
            lines.append(line)
            if seen:
                sys.stderr.write(line)
                sys.stderr.flush()

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def wait(process: subprocess.Popen[str], bar: Bar) -> bool:
    """Whether the user has stopped it: the first time it ends in order, the second at once."""
    interrupted = False
    while process.poll() is None:
        try:
            bar.show()
            process.wait(STEP)
        except subprocess.TimeoutExpired:
            continue
        except KeyboardInterrupt:
            interrupted = True
            process.send_signal(signal.SIGINT)
    return interrupted


def raise_for(code: int, notes: Iterable[str]) -> None:
    said = [line.removeprefix("actfn: ").strip() for line in notes if line.startswith("actfn: ")]
    message = said[-1] if said else f"[actfn] the program has ended with {code}"
    raise ValueError(message) if code == USAGE else RuntimeError(message)


def run(arguments: list[str], count: Count, progress: bool) -> Finished:
    """Raises ValueError for what the program does not take, RuntimeError for what fails."""
    # A session of its own: Ctrl-C comes to Python, which passes it on.
    process = subprocess.Popen([str(_program.path()), *arguments], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               encoding="utf-8", errors="replace", start_new_session=True)
    assert process.stdout is not None and process.stderr is not None
    bar = Bar(arguments[0], count, progress)
    printed: list[str] = []
    notes: list[str] = []
    threads = [reader(process.stdout, printed, False), reader(process.stderr, notes, bar.lines)]
    interrupted = False
    try:
        interrupted = wait(process, bar)
    finally:
        if process.poll() is None:
            process.kill()
        for thread in threads:
            thread.join()
        bar.close(process.returncode == 0)
    code = process.returncode
    stopped = code > SIGNALLED or (code < 0 and interrupted)
    if code != 0 and not stopped:
        raise_for(code, notes)
    return Finished("".join(printed), stopped)
