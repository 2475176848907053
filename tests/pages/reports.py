# SPDX-License-Identifier: Apache-2.0
"""Pages of `actfn compare`."""
import csv
import io
import json
import random
import re
import shutil
import subprocess
import xml.etree.ElementTree
from pathlib import Path

from common import THEMES, WIDTHS, check, check_access, check_layout, open_page

USUAL = ["gelu", "relu", "sigmoid", "leaky_relu(negative_slope=0.3)", "silu", "tanh", "elu", "mish",
         "swish(beta=1.5)", "selu", "softplus", "hardswish", "relu6", "hardtanh", "softsign",
         "celu(alpha=0.5)", "gelu(approximate=tanh)", "softshrink", "sine(omega=2)", "identity"]
COUNTS = (1, 2, 4, 20)


def write_data(path):
    """Three classes that overlap: quick to learn, with differences between seeds."""
    draw = random.Random(3)
    centres = [(1, 0, .5, 0), (0, 1, 0, .5), (.4, .4, -.6, -.4)]
    lines = ["a,b,c,d,label"]
    for i in range(900):
        values = [f"{v + draw.gauss(0, .7):.4f}" for v in centres[i % 3]]
        lines.append(",".join(values) + "," + "xyz"[i % 3])
    path.write_text("\n".join(lines) + "\n")


def make_report(program, folder, count):
    data = folder / "data.csv"
    if not data.exists():
        write_data(data)
    out = folder / str(count)
    subprocess.run([program, "compare", "--activations", ",".join(USUAL[:count]), "--seeds", "5",
                    "--epochs", "3", "--hidden", "32", "--data", data, "--out", out],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return out


def check_readout(page, name):
    """Keys move the slider, and on a narrow page the readout covers no heading."""
    plot = page.locator(".plot").first
    plot.focus()
    page.keyboard.press("Home")
    check(plot.get_attribute("aria-valuenow") == "0", f"{name}: Home does not lead to epoch 0")
    page.keyboard.press("ArrowRight")
    check(plot.get_attribute("aria-valuetext").startswith("Epoch 1: "),
          f"{name}: an arrow does not lead to epoch 1")
    check(page.locator(".readout").first.is_visible(), f"{name}: no readout")
    if page.viewport_size["width"] > 500:
        return
    readout = page.locator(".readout").first.bounding_box()
    heading = page.locator(".chart h3").nth(1).bounding_box()
    check(readout["y"] + readout["height"] <= heading["y"], f"{name}: the readout hides a heading")


def check_functions(page, name):
    graph = page.locator(".graph").first
    graph.focus()
    page.keyboard.press("End")
    check(graph.get_attribute("aria-valuenow") == "4", f"{name}: End does not lead to x = 4")
    text = page.locator(".ranges").first.inner_text()
    check("f′" in text and "f″" in text, f"{name}: the readout of a function: {text}")


def check_sorting(page, name, count):
    """The first press puts the best first, the second one the worst; the address keeps it."""
    head = page.locator(".results th", has_text="Training loss")

    def order():
        column = "[...document.querySelectorAll('.results tbody tr')].map((r) => "
        return page.evaluate(column + "Number(r.cells[4].dataset.v))")

    for wanted, reverse in (("ascending", False), ("descending", True)):
        head.locator("button").focus()
        page.keyboard.press("Enter")
        check(head.get_attribute("aria-sort") == wanted, f"{name}: sorted {wanted}")
        check(order() == sorted(order(), reverse=reverse), f"{name}: the order of rows {wanted}")
    check(len(order()) == count, f"{name}: rows of the table")
    check("sort-results=4-descending" in page.url, f"{name}: no order in {page.url}")
    page.reload()
    check(head.get_attribute("aria-sort") == "descending", f"{name}: the order is not restored")


def check_legend(page, name):
    """A press hides a series, and the axes follow; the address keeps it."""
    button = page.locator(".legend button").first
    lines = page.locator(".chart").first.locator(".lines > .series")
    before = lines.count()
    button.focus()
    check(page.locator(".single .line").count() >= 5, f"{name}: no lines of single seeds")
    page.keyboard.press("Enter")
    check(lines.count() == before - 1, f"{name}: the series is still there")
    check("hide=" in page.url, f"{name}: no hidden series in {page.url}")
    page.reload()
    check(lines.count() == before - 1, f"{name}: the hidden series came back")
    page.locator(".legend button").first.click()
    check(lines.count() == before, f"{name}: the series does not come back")


def check_switches(page, name):
    """Each switch draws other curves, and the second press restores the first."""
    page.mouse.click(5, 5)  # what has the focus is lit
    for label in ("Axes", "Values", "Bands", "Epochs"):
        pressed = page.locator(f'.switch[aria-label="{label}"] [aria-pressed="true"]')
        other = page.locator(f'.switch[aria-label="{label}"] [aria-pressed="false"]')
        usual = pressed.inner_text()
        before = page.locator(".charts").inner_html()
        other.click()
        check(page.locator(".charts").inner_html() != before, f"{name}: {label} changes nothing")
        page.locator(f'.switch[aria-label="{label}"] button', has_text=usual).click()
        check(page.locator(".charts").inner_html() == before, f"{name}: {label} does not go back")


def saved(page, press):
    with page.expect_download() as download:
        press()
    text = Path(download.value.path()).read_bytes()
    page.wait_for_timeout(150)  # Chromium drops downloads beyond ten in about a second
    return text


def saved_from_menu(page, menu, entry):
    def press():
        menu.locator("summary").press("Enter")
        menu.get_by_text(entry, exact=True).press("Enter")

    return saved(page, press)


def check_picture(page, menu, name):
    text = saved_from_menu(page, menu, "SVG").decode()
    tree = xml.etree.ElementTree.fromstring(text)
    title = tree.find("{http://www.w3.org/2000/svg}title")
    check(title is not None and title.text, f"{name}: an SVG without a title")
    check("var(" not in text and "class=" not in text, f"{name}: an SVG needs the page's styles")
    png = saved_from_menu(page, menu, "PNG")
    check(png.startswith(b"\x89PNG") and len(png) > 2000, f"{name}: a PNG of {len(png)} bytes")
    return text, png


def check_table(page, menu, name):
    rows = list(csv.reader(io.StringIO(saved_from_menu(page, menu, "CSV").decode())))
    check(len({len(row) for row in rows}) == 1 and len(rows) > 1, f"{name}: a ragged CSV")
    lines = saved_from_menu(page, menu, "Markdown").decode().splitlines()
    check(len(lines) == len(rows) + 1, f"{name}: lines of Markdown")
    check(len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1,
          f"{name}: ragged Markdown")


def same(a, b):
    """Equal, but for the seconds, of which the page has four decimals."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b or (isinstance(a, float) and abs(a - b) <= 5.1e-5)


def check_files(page, folder, name):
    table = saved(page, lambda: page.get_by_text("results.csv", exact=True).click())
    check(table == (folder / "results.csv").read_bytes(), f"{name}: another results.csv")
    probes = saved(page, lambda: page.get_by_text("probes.csv", exact=True).click())
    check(probes == (folder / "probes.csv").read_bytes(), f"{name}: another probes.csv")
    run = json.loads(saved(page, lambda: page.get_by_text("results.json", exact=True).click()))
    check(same(run, json.loads((folder / "results.json").read_text())),
          f"{name}: another results.json")


def check_saving(page, folder, name, shots):
    figures = page.locator("figure > .save, [data-title] > .save")
    for i in range(figures.count()):
        text, png = check_picture(page, figures.nth(i), f"{name} picture {i}")
        if shots:
            (shots / f"{name} picture {i}.svg".replace(" ", "-")).write_text(text)
            (shots / f"{name} picture {i}.png".replace(" ", "-")).write_bytes(png)
    page.evaluate("document.querySelectorAll('details:not(.save)').forEach((d) => d.open = true)")
    menus = page.locator(".save:has(+ .scroll)")
    for i in range(menus.count()):
        check_table(page, menus.nth(i), f"{name} table {i}")
    check_files(page, folder, name)


def check_looks(browser, folder, options):
    for theme in THEMES:
        for width in WIDTHS:
            name = f"{folder.name} {theme} {width}"
            page = open_page(browser, folder / "report.html", width, theme, name)
            check_layout(page, name)
            if options.shots:
                picture = options.shots / f"{name}.png".replace(" ", "-")
                page.screenshot(path=picture, full_page=True)
            check_readout(page, name)
            page.keyboard.press("Escape")
            if options.axe:
                check_access(page, options.axe.read_text(), name)
            page.close()


def check_acts(browser, folder, count, options):
    # A copy alone: as a page that was mailed.
    alone = folder / "alone"
    alone.mkdir()
    report = Path(shutil.copy(folder / "report.html", alone))
    page = open_page(browser, report, 1600, "light", str(count))
    name = str(count)
    check_functions(page, name)
    check_switches(page, name)
    check_sorting(page, name, count)
    if count > 1:
        check_legend(page, name)
    check_saving(page, folder, name, options.shots)
    page.close()


def check_reports(browser, temporary, options):
    for count in COUNTS:
        folder = make_report(options.program, temporary, count)
        check_looks(browser, folder, options)
        check_acts(browser, folder, count, options)
        print(f"looked at a report of {count}", flush=True)
