#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/tour sees what goes wrong: small documents, and a program that is a shell script.

    check_tour.py TOUR
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOUR = sys.argv.pop()
PROGRAM = """#!/bin/sh
[ "$1" = fail ] && { echo "[fail] on purpose" >&2; exit 3; }
mkdir -p tour
printf '<svg>%s</svg>' "$2" > tour/one.svg
printf '\\nNAME  SCORE  SECONDS\\nrelu  0.98   %s\\n\\nrelu is best, by 0.25.\\nmore\\n' "$$"
"""
PAGE = """# Tour

## 1. What is it?

```console
$ actfn draw \\
    red
NAME  SCORE  …
relu  0.98   …
relu is best, by 0.25.
…
```

![a picture](images/tour/one.svg)
"""


class Tour(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.docs = Path(self.folder.name)
        self.program = self.docs / "program"
        self.program.write_text(PROGRAM)
        self.program.chmod(0o755)
        self.write(PAGE, PAGE)
        self.picture = self.docs / "images/tour/one.svg"
        self.picture.parent.mkdir(parents=True)
        self.picture.write_text("<svg>red</svg>")

    def tearDown(self):
        self.folder.cleanup()

    def write(self, english, korean):
        (self.docs / "tour.md").write_text(english, encoding="utf-8")
        (self.docs / "tour.ko.md").write_text(korean, encoding="utf-8")

    def take(self, *options):
        return subprocess.run([sys.executable, TOUR, "--docs", self.docs, *options, self.program],
                              capture_output=True, text=True, check=False)

    def fails(self, *texts, options=()):
        done = self.take(*options)
        self.assertEqual(done.returncode, 1, done)
        for text in texts:
            self.assertIn(text, done.stderr)

    def test_right_documents_pass(self):
        done = self.take()
        self.assertEqual(done.returncode, 0, done)
        self.assertIn("1 commands, 1 pictures", done.stdout)

    def test_a_command_fails(self):
        page = PAGE.replace("$ actfn draw", "$ actfn fail", 1)
        self.write(page, page)
        self.fails("ended with 3", "[fail] on purpose", "actfn fail")

    def test_another_number_is_printed(self):
        page = PAGE.replace("0.25", "0.26")
        self.write(page, page)
        self.fails("this line is not there:\n  relu is best, by 0.26.", "relu is best, by 0.25.")

    def test_more_is_printed(self):
        page = PAGE.replace("0.25.\n…\n", "0.25.\n")
        self.write(page, page)
        self.fails("it prints more at the end")

    def test_lines_between_are_missing(self):
        page = PAGE.replace("relu  0.98   …\n", "")
        self.write(page, page)
        self.fails("this line is not there:\n  relu is best")

    def test_the_documents_differ(self):
        self.write(PAGE, PAGE.replace("red", "blue"))
        self.fails("tour.ko.md has the command\n  actfn draw \\\n    blue")
        self.write(PAGE, PAGE.replace("0.98", "0.99"))
        self.fails("tour.ko.md quotes other output")
        self.write(PAGE, PAGE + "\n![](images/tour/two.svg)\n")
        self.fails("tour.ko.md has one.svg two.svg")
        self.write(PAGE, PAGE + "\n```console\n$ true\n```\n")
        self.fails("tour.md has 1 commands, tour.ko.md has 2")

    def test_a_chapter_lacks_something(self):
        self.write(PAGE.replace("![a", "[a").replace("images/tour", "images"), PAGE)
        self.fails("tour.md: '1. What is it?' has no picture")
        self.write(PAGE, PAGE.replace("$ actfn", "$ echo"))
        self.fails("tour.ko.md: '1. What is it?' has no command of actfn")

    def test_pictures(self):
        self.picture.write_text("<svg>blue</svg>")
        self.fails("images/tour/one.svg is not what is drawn now")
        self.picture.write_text("<svg>Produced by GNUPLOT</svg>")
        self.fails("images/tour/one.svg is not what is drawn now")
        self.picture.unlink()
        self.fails("images/tour/one.svg is missing")
        self.picture.write_text("<svg>red</svg>")
        (self.picture.parent / "old.svg").write_text("")
        self.fails("no chapter shows", "old.svg")
        page = PAGE.replace("tour/one", "tour/two")
        self.write(page, page)
        self.fails("no command has written tour/two.svg")

    def test_update_writes_numbers_and_pictures(self):
        old = PAGE.replace("0.25", "0.1").replace("0.98", "1e-7")
        self.write(old, old.replace("What", "Welches").replace("1e-7", "7"))
        self.picture.write_text("old")
        (self.picture.parent / "old.svg").write_text("")
        done = self.take("--update")
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual((self.docs / "tour.md").read_text(encoding="utf-8"), PAGE)
        self.assertEqual((self.docs / "tour.ko.md").read_text(encoding="utf-8"),
                         PAGE.replace("What", "Welches"))
        self.assertEqual(self.picture.read_text(), "<svg>red</svg>")
        self.assertFalse((self.picture.parent / "old.svg").exists())
        self.assertEqual(self.take().returncode, 0)

    def test_update_leaves_other_words_to_people(self):
        page = PAGE.replace("is best", "is good")
        self.write(page, page)
        self.fails("edit it by hand:\n  relu is good", options=["--update"])
        self.assertEqual((self.docs / "tour.md").read_text(encoding="utf-8"), page)

    def test_out_keeps_what_was_written(self):
        out = self.docs / "kept"
        self.assertEqual(self.take("--out", out).returncode, 0)
        self.assertEqual((out / "tour/one.svg").read_text(), "<svg>red</svg>")
        self.fails("must be a new or an empty directory", options=["--out", out])

    def test_there_is_no_program(self):
        self.program = self.docs / "none"
        self.fails("there is no program")


if __name__ == "__main__":
    unittest.main()
