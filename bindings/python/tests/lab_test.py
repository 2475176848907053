# SPDX-License-Identifier: Apache-2.0
"""The lab from Python: arrays in, tables and pages out, and runs that are stopped."""
import _thread
import importlib.util
import json
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import actfn
from actfn import _lab, _program, _run

pytestmark = pytest.mark.skipif(not _program.PLACE.exists(), reason="built without the program")


def arrays(count=300, seed=0):
    x = np.random.default_rng(seed).normal(size=(count, 3)).astype(np.float32)
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    x, y = arrays()
    out = tmp_path_factory.mktemp("lab") / "compare"
    return actfn.compare(["relu", actfn.tanh], x, y, out=out, seeds=2, epochs=3, hidden=[8, 8],
                         progress=False)


def test_compare(comparison):
    rows = comparison.rows()
    assert len(rows) == 2 * 2 * 4  # epoch 0 is the network before training
    assert {row["activation"] for row in rows} == {"relu", "tanh"}
    assert {row["seed"] for row in rows} == {1, 2} and rows[0]["test_loss"] is None
    assert all(isinstance(row["train_loss"], float) for row in rows)
    assert {row["layer"] for row in comparison.rows("probes")} == {1, 2}
    assert comparison.details["settings"]["hidden"] == [8, 8] and not comparison.interrupted
    assert "relu" in str(comparison) and str(comparison.directory) in repr(comparison)


def test_report(comparison):
    html = comparison._repr_html_()
    assert html.startswith("<iframe") and "&lt;!DOCTYPE html&gt;" in html
    assert comparison.page.name == "report.html" and comparison.page.exists()


def test_to_pandas(comparison):
    pandas = pytest.importorskip("pandas")
    frame = comparison.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and len(frame) == 16
    assert frame["train_loss"].dtype == float and frame["test_loss"].isna().any()
    with pytest.raises(ValueError, match=r"\[compare\] the table must be one of results, probes"):
        comparison.to_pandas("ranking")


def test_plot(comparison):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    ax = comparison.plot()
    assert ax.get_ylabel() == "validation loss" and len(ax.lines) == 2
    assert list(ax.lines[0].get_xdata()) == [0, 1, 2, 3]
    assert comparison.plot(ax, metric="train_accuracy") is ax
    with pytest.raises(ValueError, match=r"\[compare\] metric must be a column"):
        comparison.plot(metric="beauty")


def test_without_packages(comparison, monkeypatch):
    for name in ("pandas", "matplotlib", "matplotlib.pyplot"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=r"\[compare\] pandas is missing"):
        comparison.to_pandas()
    with pytest.raises(ImportError, match=r"\[compare\] matplotlib is missing"):
        comparison.plot()


def test_same_numbers_as_the_program(comparison, tmp_path):
    """Arrays come to the program as they are."""
    x, y = arrays()
    np.savez(tmp_path / "same.npz", X=x, y=y)
    subprocess.run([_program.path(), "compare", "--activations", "relu,tanh", "--data",
                    tmp_path / "same.npz", "--seeds", "2", "--epochs", "3", "--hidden", "8,8",
                    "--out", tmp_path / "out"], check=True, capture_output=True)
    theirs = (tmp_path / "out" / "results.csv").read_text().splitlines()
    ours = (comparison.directory / "results.csv").read_text().splitlines()
    seconds = theirs[0].split(",").index("seconds")
    for a, b in zip(ours, theirs, strict=True):
        a, b = a.split(","), b.split(",")
        del a[seconds], b[seconds]
        assert a == b


def test_add(tmp_path):
    x, y = arrays()
    first = actfn.compare("relu", x, y, out=tmp_path / "out", epochs=1, hidden=4, progress=False)
    more = first.add(activations="gelu", seeds=[1, 5], progress=False)
    found = {(row["activation"], row["seed"]) for row in more.rows()}
    assert found == {(name, seed) for name in ("relu", "gelu") for seed in (1, 5)}


def test_inspect(tmp_path):
    x, y = arrays()
    result = actfn.inspect("sigmoid", x, y, out=tmp_path / "out", hidden=[6] * 4, epochs=2,
                           progress=False)
    assert [row["layer"] for row in result.rows() if row["epoch"] == 2] == [1, 2, 3, 4]
    assert result.page.name == "index.html" and "iframe" in result._repr_html_()
    if importlib.util.find_spec("matplotlib"):
        assert len(result.plot().lines) == 1 and result.plot(metric="dead").get_yscale() == "linear"
    saved = actfn.compare("relu", x, y, out=tmp_path / "saved", hidden=4, epochs=1, save=True,
                          progress=False)
    weights = next((saved.directory / "weights").glob("*.safetensors"))
    inside = actfn.inspect(X=x, y=y, weights=weights, out=tmp_path / "inside", progress=False)
    assert inside.rows()[0]["layer"] == 1


def test_choose(tmp_path):
    x, y = arrays(400)
    choice = actfn.choose(x, y, activations=["identity", "tanh"], budget=0.05, lr=[0.003, 0.01],
                          out=tmp_path / "out", progress=False)
    assert choice.rows()[0]["activation"] == "tanh" and choice.rows("results")[0]["stage"] == 1
    assert choice.details["headline"] in str(choice).replace("\n  ", " ")
    done, total = _run.trainings(choice.directory)
    assert done == total > 0
    if importlib.util.find_spec("matplotlib"):
        assert choice.plot().get_xlabel() == choice.details["metric"]


def test_experiment(tmp_path):
    result = actfn.experiment("sigmoid-slope", "sigmoid-rounding", quick=True,
                              out=tmp_path / "out", progress=False)
    assert result.names == ["sigmoid-rounding", "sigmoid-slope"] and result.page.exists()
    assert [row["name"] for row in result.rows()] == result.names
    assert result.rows("sigmoid-rounding")[0]["trial"]
    assert result.verdict("sigmoid-slope")["holds"] == "yes"
    if importlib.util.find_spec("matplotlib"):
        assert len(result.plot()) >= 1
    assert _lab.count_of("experiment", result.directory, result.asked)() == (2, 2)
    again = result.resume(progress=False)  # there is nothing left to do
    assert again.names == result.names and not again.interrupted


LONG = {"seeds": 40, "epochs": 30, "hidden": [64, 64], "jobs": 1, "progress": False}


@pytest.fixture
def interruptible():
    """Whoever runs the tests in the background may have SIGINT ignored."""
    earlier = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, earlier)


def interrupt_when(condition):
    """Does what Ctrl-C does, once something has happened."""
    def wait():
        for _ in range(6000):
            if condition():
                _thread.interrupt_main()
                return
            time.sleep(0.01)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_interrupted(tmp_path, interruptible):
    x, y = arrays(4000)
    out = tmp_path / "out"
    thread = interrupt_when(lambda: _run.epochs(out)[0] > 5)
    result = actfn.compare("relu,tanh", x, y, out=out, **LONG)
    thread.join()
    rows = len(result.rows())
    assert result.interrupted and 5 < rows < 2 * 40 * 31 and result.page.exists()
    assert "resume() goes on with it" in str(result)
    thread = interrupt_when(lambda: _run.epochs(out)[0] > 0)
    again = result.resume(progress=False)
    thread.join()
    assert again.interrupted


def test_interrupted_before_the_first_epoch(tmp_path, monkeypatch, interruptible):
    x, y = arrays(100)
    def stop(process, bar):
        process.send_signal(signal.SIGINT)
        process.wait()
        return True

    monkeypatch.setattr(_run, "wait", stop)
    with pytest.raises(KeyboardInterrupt):
        actfn.compare("relu", x, y, out=tmp_path / "out", **{**LONG, "hidden": [4000, 4000]})
    assert not (tmp_path / "out").exists()


def test_counts(tmp_path):
    unfinished = tmp_path / "unfinished"
    assert _run.epochs(tmp_path) == (0, None) and _run.trainings(tmp_path) == (0, None)
    unfinished.mkdir()
    settings = {"activations": ["a", "b"], "seeds": [1, 2, 3], "lr": [0.1, 0.2], "epochs": 4}
    (unfinished / "settings.json").write_text(json.dumps(settings))
    (unfinished / "results.csv").write_text("activation\na\na\na\n")
    assert _run.epochs(tmp_path) == (3, 2 * (3 + 1) * 5)
    (unfinished / "settings.json").write_text("{")
    assert _run.epochs(tmp_path) == (0, None)


def test_bar(tmp_path, capsys):
    x, y = arrays()
    given = {"epochs": 2, "hidden": 4, "seeds": 2}
    actfn.compare("relu", x, y, out=tmp_path / "a", progress=False, **given)
    assert capsys.readouterr().err == ""
    actfn.compare("relu", x, y, out=tmp_path / "b", **given)
    err = capsys.readouterr().err
    assert ("6/6" in err) if importlib.util.find_spec("tqdm") else ("Epoch 2/2" in err)


def test_lines_without_tqdm(tmp_path, capsys, monkeypatch):
    for name in ("tqdm", "tqdm.auto"):
        monkeypatch.setitem(sys.modules, name, None)
    x, y = arrays()
    actfn.compare("relu", x, y, out=tmp_path / "a", epochs=2, hidden=4)
    assert "Epoch 2/2" in capsys.readouterr().err


def test_data(tmp_path):
    x, y = arrays()
    store = _lab.store
    words = np.array(["rose", "iris"])[y]
    saved = np.load(store("compare", {"X": x, "y": words}, tmp_path / "a"))
    assert saved["X"].dtype == np.float32
    assert saved["y"].tolist() == (words == "rose").astype(int).tolist()
    given = {"X": x, "y": words, "X_test": x[:5], "y_test": words[:5]}
    saved = np.load(store("compare", given, tmp_path / "b"))
    assert saved["y_test"].tolist() == saved["y_train"][:5].tolist()
    assert set(saved) == {"X_train", "y_train", "X_test", "y_test"}
    saved = np.load(store("compare", {"X": x.astype(object), "y": y}, tmp_path / "c"))
    assert saved["X"].dtype == np.float64
    if importlib.util.find_spec("pandas"):
        import pandas

        frame = pandas.DataFrame(x, columns=["a", "b", "c"])
        saved = np.load(store("choose", {"X": frame, "y": pandas.Series(words)}, tmp_path / "d"))
        assert (saved["X"] == x).all() and set(saved["y"].tolist()) == {0, 1}


def test_options():
    given = {"label_smoothing": 0.1, "save": True, "probe": None, "tensorboard": False,
             "hidden": [64, 32], "seeds": [7], "lr": (0.1, 0.2), "activations": [actfn.relu, "elu"]}
    assert _lab.options_of(given) == [
        "--label-smoothing", "0.1", "--save", "--hidden", "64,32", "--seeds", "7,", "--lr",
        "0.1,0.2", "--activations", "relu,elu"]


def test_errors(tmp_path):
    x, y = arrays(50)
    out = tmp_path / "out"
    for call, error, text in [
            (lambda: actfn.compare("nothing", x, y, out=out), ValueError, "unknown"),
            (lambda: actfn.compare("relu", x, y, out=out, epochs=0), ValueError, "epochs"),
            (lambda: actfn.compare("relu", x, y, out=out, colour=1), ValueError,
             r"\[compare\] unknown option '--colour'"),
            (lambda: actfn.compare("relu", x, y[:-1], out=out), (ValueError, RuntimeError), "50"),
            (lambda: actfn.compare("relu", x, out=out), TypeError, "X and y go together"),
            (lambda: actfn.compare("relu", x, y, data="a", out=out), TypeError, "one is enough"),
            (lambda: actfn.compare("relu", [["a"]], [1], out=out), (TypeError, RuntimeError), "X"),
            (lambda: actfn.choose(data=tmp_path / "none.csv", out=out), RuntimeError, "none.csv"),
            (lambda: actfn.experiment("nothing", out=out), ValueError, "nothing"),
            (lambda: actfn.experiment(out=out), ValueError, "name experiments")]:
        with pytest.raises(error, match=text):
            call()
        assert not out.exists()


def test_directory_with_results(comparison):
    x, y = arrays()
    with pytest.raises(ValueError, match=r"\[compare\] .* has the data of another run"):
        actfn.compare("relu", x, y, out=comparison.directory, progress=False)


def test_without_the_program(monkeypatch, tmp_path):
    monkeypatch.setattr(_program, "PLACE", tmp_path / "none")
    with pytest.raises(RuntimeError, match="built without the program"):
        actfn.experiment("sigmoid-slope", out=tmp_path / "out")
    run = subprocess.run([sys.executable, "-m", "actfn", "--version"], capture_output=True,
                         text=True)
    assert run.stdout == f"actfn {actfn.__version__}\n" and run.returncode == 0
