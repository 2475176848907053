# SPDX-License-Identifier: Apache-2.0
"""Pages of `actfn experiment`, `choose` and `inspect`."""
import subprocess

from common import check, check_keyboard, check_widths, open_page
from reports import write_data

# The page of each command, with the least number of figures that it has to have.
RUNS = {
    "experiment": (["all", "--quick"], 50),
    "choose": (["--activations", "relu,tanh,gelu,selu,softplus,identity", "--budget", "0.1",
                "--hidden", "32"], 1),
    "inspect": (["--activations", "sigmoid,relu", "--hidden", ",".join(["32"] * 20), "--epochs",
                 "3"], 4),
}


def check_figures(page, least, name):
    """Each is a picture with a name for those who do not see it, and has its numbers as a table.

    The numbers of histograms are in a file of the run.
    """
    figures = page.locator("figure:has(svg[role='img'])")
    check(figures.count() >= least, f"{name}: {figures.count()} figures")
    for i in range(figures.count()):
        figure = figures.nth(i)
        label = figure.locator("svg[role='img']").first.evaluate(
            "(svg) => svg.getAttribute('aria-label') || svg.querySelector('title')?.textContent")
        check(label, f"{name}: figure {i} has no name")
        is_histogram = "histogram" in (figure.get_attribute("class") or "")
        check(is_histogram or figure.locator("table").count() > 0,
              f"{name}: figure {i} has no table")


def check_run(browser, folder, command, options):
    arguments, least = RUNS[command]
    data = folder / "data.csv"
    if not data.exists():
        write_data(data)
    out = folder / command
    own = [] if command == "experiment" else ["--data", data]
    subprocess.run([options.program, command, *arguments, *own, "--out", out], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    check_widths(browser, out / "index.html", command, options)
    page = open_page(browser, out / "index.html", 900, "light", command)
    check_figures(page, least, command)
    check_keyboard(page, command)
    page.close()


def check_runs(browser, temporary, options):
    for command in RUNS:
        check_run(browser, temporary, command, options)
        print(f"looked at the page of {command}", flush=True)
