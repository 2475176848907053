# SPDX-License-Identifier: Apache-2.0
"""python -m actfn: the program, in the place of Python."""
from __future__ import annotations

import os
import sys
from typing import NoReturn

from actfn import _program


def main() -> NoReturn:
    try:
        program = _program.path()
    except RuntimeError as error:
        sys.exit(f"actfn: {error}")
    os.execv(program, ["actfn", *sys.argv[1:]])


if __name__ == "__main__":
    main()
