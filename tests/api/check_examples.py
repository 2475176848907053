#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles the examples in the comments of the public headers.

    check_examples.py --include DIR --generated DIR COMPILER [FLAGS…]

An example is a run of lines that begin with '///' and five or more spaces. Each becomes the body of
a function, after PREAMBLE; a #line directive lets the compiler name the header and the line. Every
header but those of NO_EXAMPLE must have one. The examples of c.h are compiled as C. Last, one
example of each language is spoilt, and must be refused.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

# What examples may use without declaring it.
PREAMBLE = """\
#include <actfn/actfn.h>
#include <actfn/nn/nn.h>

#include <cstdint>
#include <iostream>
#include <span>
#include <string>
#include <vector>

namespace {
std::vector<float> x(24), y(24), dydx(24), d2ydx2(24);        // input, output, derivatives
std::vector<float> dy(24), dx(24), v(24), for_dy(24), for_x(24);  // gradients, once and twice
std::vector<float> a(24), b(24), da(24), db(24);              // operands of gates
std::vector<float> bias(4), z(24), weight(4), dweight(4);
std::vector<float> images(32 * 784);                          // a batch for a network
std::vector<std::uint32_t> labels(32);
}  // namespace
"""
C_PREAMBLE = """\
#include <actfn/c.h>
#include <stdio.h>

static float x[24], y[24], dy[24], dx[24], a[24], b[24], da[24], db[24];
"""
C_HEADERS = {"c.h"}
NO_EXAMPLE = {"actfn.h", "nn/nn.h"}  # these only include others
EXAMPLE = re.compile(r"\s*///     (.*)")


def examples_of(header: pathlib.Path) -> list[tuple[int, list[str]]]:
    """The line on which each example begins, and its lines."""
    found, before = [], False
    for number, line in enumerate(header.read_text().splitlines(), 1):
        match = EXAMPLE.fullmatch(line)
        if match and not before:
            found.append((number, []))
        if match:
            found[-1][1].append(match[1])
        before = match is not None
    return found


def function(name: str, shown: str, line: int, body: list[str], is_c: bool) -> str:
    head = f"static void {name}(void) {{" if is_c else f"void {name}() {{"
    return "\n".join([head, f'#line {line} "{shown}"', *body, "}", ""])


def compile_all(functions: list[str], is_c: bool, arguments) -> str:
    """What the compiler says, empty where it is content."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "examples.txt"
        source.write_text((C_PREAMBLE if is_c else PREAMBLE) + "\n".join(functions))
        language = ["-x", "c", "-std=c99", "-Wpedantic"] if is_c else ["-x", "c++", "-std=c++20"]
        done = subprocess.run(
            [*arguments.compiler, *language, "-fsyntax-only", "-Wall", "-Wextra", "-Werror",
             "-Wno-unused", f"-I{arguments.include}", f"-I{arguments.generated}", source],
            capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stderr or "the compiler failed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--include", type=pathlib.Path, required=True)
    parser.add_argument("--generated", type=pathlib.Path, required=True)
    parser.add_argument("compiler", nargs="+")
    arguments = parser.parse_args()

    folder = arguments.include / "actfn"
    functions, missing, spoilt = {True: [], False: []}, [], {}
    for header in sorted(folder.rglob("*.h")):
        name = str(header.relative_to(folder))
        shown = f"include/actfn/{name}"
        examples = examples_of(header)
        if not examples and name not in NO_EXAMPLE:
            missing.append(shown)
        is_c = name in C_HEADERS
        for line, body in examples:
            of_language = functions[is_c]
            of_language.append(function(f"example_{len(of_language)}", shown, line, body, is_c))
            call = "actfn_no_such_function();" if is_c else "actfn::no_such_function();"
            spoilt[is_c] = function("spoilt", shown, line, [call], is_c)

    for header in missing:
        print(f"{header} has no example")
    said = "".join(compile_all(functions[is_c], is_c, arguments) for is_c in functions)
    for header in sorted(set(re.findall(r"^(include/actfn/[^:]+:\d+):\d+: error", said, re.M))):
        print(f"{header}: this example does not compile")
    print(said, end="")
    refused = all("no_such_function" in compile_all([text], is_c, arguments)
                  for is_c, text in spoilt.items())
    if not refused:
        print("a spoilt example is not refused")
    print(f"{sum(map(len, functions.values()))} examples in the headers")
    return 1 if missing or said or not refused else 0


if __name__ == "__main__":
    sys.exit(main())
