#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Parses files of functions by themselves, as editors do.

    check_standalone.py --source ROOT [--all] -- COMPILER [FLAGS…]

A file takes seconds. So only one file in 16 is parsed of src/activations, one in 4 of the other
folders, always with the first of a folder; --all parses all.
"""

import argparse
import pathlib
import subprocess
import sys

# Folder: one in how many files is parsed.
FOLDERS = {"activations": 16, "rows": 4, "gated": 4, "random": 4, "learned": 4, "grouped": 4}


def errors_of(file: pathlib.Path, source: pathlib.Path, compiler: list[str]) -> str:
    """What the compiler says, empty where it is content."""
    command = [*compiler, "-std=c++20", "-fsyntax-only", "-x", "c++", str(file),
               f"-I{source}/include", f"-I{source}/src"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr or "the compiler failed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("compiler", nargs="+")
    arguments = parser.parse_args()
    failures = parsed = 0
    for folder, every in FOLDERS.items():
        files = sorted((arguments.source / "src" / folder).glob("*.h"))
        if not files:
            print(f"src/{folder} has no files")
            failures += 1
        for file in files if arguments.all else files[::every]:
            parsed += 1
            said = errors_of(file, arguments.source, arguments.compiler)
            if said:
                failures += 1
                print(f"{file.relative_to(arguments.source)} cannot be parsed by itself:\n"
                      f"{said[:2000]}")
    print(f"{parsed} files, {failures} of them with errors")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
