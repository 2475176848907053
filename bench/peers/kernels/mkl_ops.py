# SPDX-License-Identifier: Apache-2.0
"""oneMKL's vector mathematics in one of its three modes: HA, LA or EP; one thread, float32."""

from __future__ import annotations

import ctypes
import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy
import worker

os.environ["MKL_THREADING_LAYER"] = "SEQUENTIAL"

MODES = {"LA": 1, "HA": 2, "EP": 3}
NAMES = {"exp": "vmsExp", "tanh": "vmsTanh", "arctan": "vmsAtan", "sine": "vmsSin"}
OPTIONS = worker.options()


def library() -> Any:
    """Load the library of the package mkl."""
    found = sorted(Path(sys.prefix, "lib").glob("libmkl_rt.so*"))
    if not found:
        raise SystemExit("mkl_ops.py: no libmkl_rt.so: pip install mkl")
    return ctypes.CDLL(str(found[0]))


def make(order: str, spec: str, n: int) -> worker.Call | None:
    """Give the call, or None."""
    if spec not in NAMES or order != "0":
        return None
    x, y = (place.view(numpy.float32) for place in worker.places(2, n * 4))
    x[:] = worker.numbers(n, 0)
    function = getattr(MKL, NAMES[spec])
    count, mode = ctypes.c_int(n), ctypes.c_longlong(MODES[OPTIONS.mode])
    of_x, of_y = ctypes.c_void_p(x.ctypes.data), ctypes.c_void_p(y.ctypes.data)
    return lambda keep=(x, y): function(count, of_x, of_y, mode)


MKL = library() if OPTIONS.dtype == "float32" else None
VERSION = f"oneMKL {metadata.version('mkl')} {OPTIONS.mode}" if MKL else ""
worker.serve(VERSION, make, OPTIONS.n)
