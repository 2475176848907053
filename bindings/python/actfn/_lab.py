# SPDX-License-Identifier: Apache-2.0
"""The lab: the program's comparisons, experiments and choices from Python."""
from __future__ import annotations

import datetime
import functools
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from actfn import _run
from actfn._actfn import Function
from actfn._arrays import as_numpy
from actfn._results import Choice, Comparison, Experiments, Inspection, Result

DATA = "data.npz"

R = TypeVar("R", bound=Result)


# Options of the program.

def text_of(name: str, value: Any) -> str:
    if isinstance(value, Function):
        return value.spec
    if isinstance(value, (list, tuple, range, np.ndarray)):
        joined = ",".join(text_of(name, one) for one in value)
        return joined + "," if name == "seeds" else joined  # 7, is the seed 7; 7 is seven seeds
    return str(value)


def options_of(options: dict[str, Any]) -> list[str]:
    """label_smoothing=0.1 is --label-smoothing 0.1."""
    texts = []
    for name, value in options.items():
        if value is None or value is False:
            continue
        texts.append("--" + name.replace("_", "-"))
        if value is not True:
            texts.append(text_of(name, value))
    return texts


# Data.

def array_of(command: str, name: str, given: Any) -> np.ndarray[Any, Any]:
    a = as_numpy(command, name, given, None)
    if a.dtype.name == "bfloat16":
        return a.astype(np.float32)
    if a.dtype.kind == "O" and name.startswith("X"):
        try:
            return a.astype(np.float64)
        except (TypeError, ValueError):
            raise TypeError(f"[{command}] {name} has entries that are no numbers: write a table as "
                            "a .csv file and name it by data=") from None
    return a


def labels_of(command: str, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    """Names of classes become whole numbers, in the order of the names."""
    names = [name for name in ("y", "y_test") if name in arrays]
    if not any(arrays[name].dtype.kind in "OUS" for name in names):
        return
    texts = [arrays[name].astype(str) for name in names]
    codes = np.unique(np.concatenate(texts), return_inverse=True)[1].reshape(-1)
    for name, text in zip(names, texts):
        arrays[name], codes = codes[:text.size].reshape(text.shape), codes[text.size:]


def store(command: str, given: dict[str, Any], directory: Path) -> Path:
    """The arrays as a file that the program reads."""
    arrays = {name: array_of(command, name, a) for name, a in given.items() if a is not None}
    for x, y in (("X", "y"), ("X_test", "y_test")):
        if (x in arrays) != (y in arrays):
            raise TypeError(f"[{command}] {x} and {y} go together")
    if "X" not in arrays:
        raise TypeError(f"[{command}] X_test needs X")
    labels_of(command, arrays)
    if "X_test" in arrays:
        arrays = {"X_train": arrays["X"], "y_train": arrays["y"], "X_test": arrays["X_test"],
                  "y_test": arrays["y_test"]}
    directory.mkdir(parents=True, exist_ok=True)
    np.savez(directory / DATA, **arrays)  # type: ignore[arg-type, unused-ignore]
    return directory / DATA


def new_directory(command: str) -> Path:
    date = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    for number in ("", *(f"-{i}" for i in range(2, 1000))):
        directory = Path(f"actfn-{command}-{date}{number}")
        if not directory.exists():
            break
    return directory


# Runs.

def kept_in(directory: Path) -> bool:
    """Whether a run has left anything."""
    return any(file.name != DATA and not file.name.startswith(".") for file in directory.iterdir())


def finished(kind: type[R], directory: Path, run: _run.Finished) -> R:
    if run.interrupted and not (directory.exists() and kept_in(directory)):
        raise KeyboardInterrupt
    return kind(directory, run.text, run.interrupted)


def count_of(command: str, directory: Path, asked: Sequence[str] = ()) -> _run.Count:
    if command == "experiment":
        names = set(itertools.takewhile(lambda text: not text.startswith("-"), asked))
        return functools.partial(_run.experiments, directory,
                                 None if "all" in names else len(names))
    return functools.partial(_run.trainings if command == "choose" else _run.epochs, directory)


def trained(kind: type[R], given: dict[str, Any], data: Any, out: Any, progress: bool,
            options: dict[str, Any]) -> R:
    command = kind.command
    directory = new_directory(command) if out is None else Path(out)
    is_new, stored = not directory.exists(), None
    if any(a is not None for a in given.values()):
        if data is not None:
            raise TypeError(f"[{command}] X and data are given: one is enough")
        if (directory / DATA).exists():
            raise ValueError(f"[{command}] {directory} has the data of another run: take another "
                             "directory")
        data = stored = store(command, given, directory)
    arguments = [command, "--out", str(directory), *options_of({"data": data, **options})]
    try:
        run = _run.run(arguments, count_of(command, directory), progress)
        return finished(kind, directory, run)
    except (ValueError, RuntimeError, KeyboardInterrupt):
        if stored is not None and not kept_in(directory):
            stored.unlink()
            if is_new:
                directory.rmdir()
        raise


def again(result: R, options: list[str], progress: bool) -> R:
    """The command once more, in the same directory."""
    command, directory = result.command, result.directory
    count = count_of(command, directory, result.asked)
    arguments = [command, *result.asked, *options, "--out", str(directory)]
    again = finished(type(result), directory, _run.run(arguments, count, progress))
    again.asked = result.asked
    return again


def compare(activations: Any = None, X: Any = None, y: Any = None, *, X_test: Any = None,
            y_test: Any = None, data: Any = None, out: Any = None, progress: bool = True,
            **options: Any) -> Comparison:
    """Trains the same network with several activations, and says which differences there are.

    Parameters
    ----------
    activations : str, Function or a list of them, optional
        Functions of any kind: ``"relu,gelu"`` or ``["relu", actfn.gelu]``.
    X, y : array_like, optional
        Samples and what is to be learned of them. X is [samples, features], or images.
    X_test, y_test : array_like, optional
        For the test; without them a part of X is.
    data : path, optional
        A table, arrays or images in files, in the place of X and y. Without both it is
        Fashion-MNIST, where that is installed.
    out : path, optional
        The directory of the results; by default a new one, actfn-compare-DATE-TIME.
    progress : bool
        Whether a bar is shown.
    **options
        Those of ``python -m actfn compare --help``: ``seeds=5``, ``hidden=[64, 64]``,
        ``network="cnn"``, ``lr=[0.001, 0.01]``, ``epochs=10``, ``save=True`` and so on.

    Returns
    -------
    Comparison
        Its report is what a notebook shows. Ctrl-C stops the run; what is finished is kept.

    Raises
    ------
    ValueError
        An option, a function or data that the program does not take.
    TypeError
        Arrays that are no numbers.
    RuntimeError
        The package was built without the program; a file cannot be written.

    Examples
    --------
    >>> import actfn
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(200, 3))
    >>> y = X[:, 0] * X[:, 1] > 0
    >>> result = actfn.compare("relu,tanh", X, y, seeds=3, epochs=10, hidden=16, progress=False)
    >>> sorted({row["activation"] for row in result.rows() if row["test_accuracy"]})
    ['relu', 'tanh']
    """
    given = {"X": X, "y": y, "X_test": X_test, "y_test": y_test}
    return trained(Comparison, given, data, out, progress, {"activations": activations, **options})


def inspect(activations: Any = None, X: Any = None, y: Any = None, *, X_test: Any = None,
            y_test: Any = None, data: Any = None, out: Any = None, progress: bool = True,
            **options: Any) -> Inspection:
    """Looks inside networks while they are trained, layer by layer; or inside a saved one.

    Parameters
    ----------
    activations, X, y, X_test, y_test, data, out, progress
        As in ``actfn.compare()``.
    **options
        Those of ``python -m actfn inspect --help``; ``weights="file.safetensors"`` looks into a
        network that was saved.

    Returns
    -------
    Inspection

    Raises
    ------
    ValueError, TypeError, RuntimeError
        As ``actfn.compare()``.

    Examples
    --------
    >>> import actfn
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(200, 3))
    >>> y = X[:, 0] * X[:, 1] > 0
    >>> result = actfn.inspect("sigmoid", X, y, hidden=[8, 8, 8], epochs=2, progress=False)
    >>> [row["layer"] for row in result.rows() if row["epoch"] == 2]
    [1, 2, 3]
    """
    given = {"X": X, "y": y, "X_test": X_test, "y_test": y_test}
    return trained(Inspection, given, data, out, progress, {"activations": activations, **options})


def choose(X: Any = None, y: Any = None, *, X_test: Any = None, y_test: Any = None,
           data: Any = None, out: Any = None, progress: bool = True,
           **options: Any) -> Choice:
    """Finds the activation for your data: a ranking, and which one to take.

    Parameters
    ----------
    X, y, X_test, y_test, data, out, progress
        As in ``actfn.compare()``.
    **options
        Those of ``python -m actfn choose --help``: ``activations=["relu", "gelu"]``, ``budget=2``
        (minutes), ``lr=[0.001, 0.01]`` and so on.

    Returns
    -------
    Choice

    Raises
    ------
    ValueError, TypeError, RuntimeError
        As ``actfn.compare()``.

    Examples
    --------
    >>> import actfn
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(300, 2))
    >>> y = X[:, 0] * X[:, 1] > 0
    >>> choice = actfn.choose(X, y, activations="identity,tanh", budget=0.05, progress=False)
    >>> choice.rows()[0]["activation"]
    'tanh'
    """
    given = {"X": X, "y": y, "X_test": X_test, "y_test": y_test}
    return trained(Choice, given, data, out, progress, options)


def experiment(*names: str, out: Any = None, progress: bool = True,
               **options: Any) -> Experiments:
    """Measures what is said of activations.

    Parameters
    ----------
    *names : str
        Experiments, as ``python -m actfn experiment list`` names them; or "all".
    out, progress
        As in ``actfn.compare()``.
    **options
        ``seeds=5``, ``quick=True``, ``jobs=2``.

    Returns
    -------
    Experiments

    Raises
    ------
    ValueError, RuntimeError
        As ``actfn.compare()``.

    Examples
    --------
    >>> import actfn
    >>> result = actfn.experiment("sigmoid-slope", quick=True, progress=False)
    >>> result.verdict("sigmoid-slope")["holds"]
    'yes'
    """
    directory = new_directory("experiment") if out is None else Path(out)
    first = Experiments(directory, "", False)
    first.asked = (*names, *options_of(options))
    return again(first, [], progress)
