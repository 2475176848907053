# SPDX-License-Identifier: Apache-2.0
"""The examples of all docstrings give what they say.

Results are those that the stubs have recorded: a docstring of a function computes its own.
"""
import doctest
import importlib.util
import re
from pathlib import Path

import pytest
from support import FUNCTIONS, NAMES

import actfn
from actfn import _function

STUBS = Path(__file__).resolve().parents[1] / "actfn" / "__init__.pyi"
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "python.md"


def failures_of(text, name):
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    assert test.examples, f"{name} has no example"
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    report = []
    runner.run(test, out=report.append)
    return "".join(report)


def recorded(f):
    found = re.search(rf'^class \w+\(Function\):\n    r"""{f.name}\(.*?\n    """$',
                      STUBS.read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"{f.name} is missing: scripts/python --stubs"
    return found[0].replace('r"""', "").replace('"""', "")


@pytest.mark.parametrize("f", FUNCTIONS, ids=NAMES)
def test_functions(f):
    assert failures_of(recorded(f), f.name) == ""
    assert failures_of(f.__doc__, f.name) == ""


MODULE = [one for one in (getattr(actfn, name) for name in actfn.__all__)
          if getattr(one, "__module__", "") == "actfn._function" and not isinstance(one, type)]


@pytest.mark.parametrize("function", MODULE, ids=lambda function: function.__name__)
def test_operations(function):
    assert failures_of(function.__doc__, function.__name__) == ""


def test_package():
    assert failures_of(actfn.__doc__, "actfn") == ""
    assert len(MODULE) >= 7


def test_guide():
    if GUIDE.exists():
        text = re.sub(r"^```\w*$", "", GUIDE.read_text(encoding="utf-8"), flags=re.M)
        if importlib.util.find_spec("torch") is None:
            text = re.sub(r"^## PyTorch\n.*?^## ", "", text, flags=re.M | re.S)
        assert failures_of(text, "docs/python.md") == ""


def test_torch():
    pytest.importorskip("torch", "2.5")
    import actfn.torch as ours

    for one in (ours, ours.functional, ours.replace):
        assert failures_of(one.__doc__, one.__name__) == ""
