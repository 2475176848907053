#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Leaves out each of the three edits that add a function, and sees something fail that says where.

    check_edits.py --source ROOT --generated DIR --documents PROGRAM COMPILER [FLAGS…]

A copy of the headers gets a function more (or less), and src/catalogue/files.cc is compiled against
it; PROGRAM, documents_test, reads a changelog that does not name a function.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Kind: the public header, the list, the folder, the struct of the files.
KINDS = {
    "elementwise": ("activation.h", "Activation", "activations", "Math"),
    "row": ("rows.h", "RowActivation", "rows", "RowMath"),
    "gate": ("gated.h", "Gate", "gated", "GateMath"),
    "random": ("random.h", "RandomActivation", "random", "RandomMath"),
}
NAME, TYPE = "worked_example", "WorkedExample"


class Checkout:
    """A copy of what src/catalogue/files.cc needs."""

    def __init__(self, source: pathlib.Path, folder: pathlib.Path, arguments):
        self.source, self.folder, self.arguments = source, folder, arguments
        for part in ("include", "src/catalogue", "cmake"):
            shutil.copytree(source / part, folder / part)
        for _, _, functions, _ in KINDS.values():
            (folder / "src" / functions).mkdir(parents=True)
            for file in (source / "src" / functions).glob("*.h"):
                shutil.copy(file, folder / "src" / functions)
        for functions in ("learned", "grouped"):
            (folder / "src" / functions).mkdir()
            for file in (source / "src" / functions).glob("*.h"):
                shutil.copy(file, folder / "src" / functions)

    def edit(self, path: str, pattern: str, text: str) -> None:
        file = self.folder / path
        before = file.read_text()
        after = re.sub(pattern, text, before, count=1)
        assert after != before, f"{path} has no {pattern}"
        file.write_text(after)

    def compile(self) -> str:
        """What the compiler says, empty where it is content."""
        generated = self.folder / "generated"
        subprocess.run(["cmake", "-D", f"SOURCE={self.folder}",
                        "-D", f"OUT={generated}/catalogue/files.inc",
                        "-P", self.folder / "cmake/ActfnFileList.cmake"], check=True)
        command = [*self.arguments.compiler, "-std=c++20", "-fsyntax-only",
                   f"-I{self.folder}/include", f"-I{self.folder}/src", f"-I{generated}",
                   f"-I{self.arguments.generated}", self.folder / "src/catalogue/files.cc"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stderr


def add_struct(checkout: Checkout, header: str) -> None:
    checkout.edit(f"include/actfn/{header}", r"// THE list|/// THE list",
                  f"struct {TYPE} {{ bool operator==(const {TYPE}&) const = default; }};\n"
                  r"\g<0>")


def add_to_list(checkout: Checkout, header: str, listed: str) -> None:
    checkout.edit(f"include/actfn/{header}", rf"using {listed} =\s*std::variant<",
                  rf"\g<0>{TYPE}, ")


def add_file(checkout: Checkout, functions: str) -> None:
    (checkout.folder / "src" / functions / f"{NAME}.h").write_text("// The file.\n")


def expect(kind: str, left_out: str, said: str, *words: str) -> int:
    missing = [word for word in words if word not in said]
    if said and not missing:
        print(f"{kind}, without {left_out}: refused, and says {', '.join(words)}")
        return 0
    print(f"{kind}, without {left_out}: "
          f"{'compiles' if not said else f'the message lacks {missing}'}\n{said[:2000]}")
    return 1


def check_kind(kind: str, arguments) -> int:
    header, listed, functions, _ = KINDS[kind]
    failures = 0
    for struct, entry, file in ((1, 1, 1), (0, 0, 1), (1, 0, 1), (1, 1, 0)):
        with tempfile.TemporaryDirectory() as folder:
            checkout = Checkout(arguments.source, pathlib.Path(folder) / "copy", arguments)
            if struct:
                add_struct(checkout, header)
            if entry:
                add_to_list(checkout, header, listed)
            if file:
                add_file(checkout, functions)
            said = checkout.compile()
        path = f"src/{functions}/{NAME}.h"
        if struct and entry and file:
            if said:
                print(f"{kind}: the three edits do not compile\n{said[:2000]}")
                failures += 1
        elif not struct:
            failures += expect(kind, "its struct", said, TYPE, path)
        elif not entry:
            failures += expect(kind, "its place in the list", said, path, "include/actfn")
        else:
            failures += expect(kind, "its file", said, TYPE, f"src/{functions}/")
    return failures


def check_changelog(arguments) -> int:
    failures = 0
    text = (arguments.source / "CHANGELOG.md").read_text()
    for name in ("bent_identity", "log_softmax", "swiglu", "rrelu"):
        with tempfile.TemporaryDirectory() as folder:
            changed = re.sub(rf"\b{name}\b", "something", text)
            (pathlib.Path(folder) / "CHANGELOG.md").write_text(changed)
            environment = dict(os.environ, ACTFN_DOCUMENTS=folder)
            done = subprocess.run([arguments.documents], env=environment, capture_output=True,
                                  text=True, check=False)
        said = done.stdout if done.returncode != 0 else ""
        failures += expect(name, "its line in the changelog", said,
                           f"CHANGELOG.md has no line for {name}")
    return failures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--generated", type=pathlib.Path, required=True)
    parser.add_argument("--documents", type=pathlib.Path, required=True)
    parser.add_argument("compiler", nargs="+")
    arguments = parser.parse_args()
    failures = sum(check_kind(kind, arguments) for kind in KINDS) + check_changelog(arguments)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
