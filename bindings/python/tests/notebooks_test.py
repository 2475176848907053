# SPDX-License-Identifier: Apache-2.0
"""The notebooks of docs/notebooks run, cell by cell, and each shows what its last line has."""
import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from actfn import _program

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells_of(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def program_of(cells):
    """One program of all cells; a last line that is an expression is shown, as Jupyter does."""
    lines = ["import matplotlib", "matplotlib.use('Agg')", "def show(value):",
             "    for name in ('_repr_html_', '__repr__'):",
             "        if hasattr(value, name):",
             "            assert value is None or getattr(value, name)()", "            return"]
    for cell in cells:
        tree = ast.parse(cell)
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = tree.body.pop()
            tree.body.append(ast.parse(f"show({ast.unparse(last.value)})").body[0])
        lines.append(ast.unparse(tree))
    return "\n".join(lines)


@pytest.mark.skipif(not FOLDER.exists(), reason="the tests are away from the sources")
def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 6


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_notebook(notebook, tmp_path):
    metadata = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["actfn"]
    for package in ("matplotlib", *metadata["needs"]):
        if package == "program":
            if not _program.PLACE.exists():
                pytest.skip("built without the program")
        elif importlib.util.find_spec(package) is None:
            pytest.skip(f"{package} is not installed")
    source = program_of(cells_of(notebook))
    run = subprocess.run([sys.executable, "-c", source], cwd=tmp_path, capture_output=True,
                         text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda notebook: notebook.stem)
def test_notebook_has_no_results(notebook):
    """They are as long as what they show: git has the text alone."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        assert cell["cell_type"] == "markdown" or (
            cell["outputs"] == [] and cell["execution_count"] is None)
