# SPDX-License-Identifier: Apache-2.0
"""The program ``actfn``, which is in the package."""
from __future__ import annotations

from pathlib import Path

PLACE = Path(__file__).absolute().with_name("bin") / "actfn"


def path() -> Path:
    if not PLACE.exists():
        raise RuntimeError("[actfn] this package was built without the program, which needs oneDNN "
                           "and other libraries: scripts/setup --program installs them; then "
                           "install the package again")
    return PLACE
