# SPDX-License-Identifier: Apache-2.0
"""What all pages have to hold."""
from pathlib import Path

WIDTHS = (360, 900, 1600)
THEMES = ("light", "dark")
MOST_TEXT_SIZES = 6
SMALLEST_TARGET = 24
CONTROLS = "a[href], button, input, select, summary, [tabindex='0']"

failures = []


def check(condition, message):
    if not condition:
        failures.append(message)
        print("FAILED", message, flush=True)


def open_page(browser, report, width, theme, name, fragment=""):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme,
                            accept_downloads=True)
    page.on("pageerror", lambda error: check(False, f"{name}: {error}"))
    page.on("console", lambda message: check(message.type != "error", f"{name}: {message.text}"))
    page.goto(report.as_uri() + fragment)
    return page


def check_layout(page, name):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    check(wide <= 0, f"{name}: the page is {wide} px wider than the window")
    sizes = page.evaluate("""() => {
      const sizes = new Set();
      for (const node of document.querySelectorAll("body *")) {
        if (node.closest("script, .shapes") || !node.checkVisibility()) continue;
        const own = [...node.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
        if (own) sizes.add(getComputedStyle(node).fontSize);
      }
      return [...sizes];
    }""")
    check(len(sizes) <= MOST_TEXT_SIZES, f"{name}: sizes of text: {', '.join(sorted(sizes))}")
    small = page.evaluate("""(least) => [...document.querySelectorAll("button, summary, a, .plot")]
      .filter((node) => node.checkVisibility())
      .map((node) => [node.textContent.slice(0, 30), node.getBoundingClientRect()])
      .filter(([, box]) => box.width < least || box.height < least)
      .map(([text, box]) => `${text} ${box.width}x${box.height}`)""", SMALLEST_TARGET)
    check(not small, f"{name}: too small to touch: {small}")


def check_access(page, axe, name):
    page.evaluate(axe)
    found = page.evaluate("axe.run().then((result) => result.violations)")
    for violation in found:
        places = [node["html"][:120] for node in violation["nodes"][:3]]
        check(False, f"{name}: axe: {violation['help']}: {places}")


def check_page(browser, page_path, width, theme, name, options):
    page = open_page(browser, page_path, width, theme, name)
    check_layout(page, name)
    if options.axe:
        check_access(page, options.axe.read_text(), name)
    if options.shots:
        page.screenshot(path=options.shots / f"{name}.png".replace(" ", "-"), full_page=True)
    page.close()


def check_widths(browser, page_path, name, options):
    for theme in THEMES:
        for width in WIDTHS:
            check_page(browser, page_path, width, theme, f"{name} {theme} {width}", options)


def check_keyboard(page, name):
    """Tab leads to every control."""
    page.evaluate("""(selector) => {
      const all = [...document.querySelectorAll(selector)].filter((n) => n.checkVisibility());
      all.forEach((node, i) => node.dataset.control = i);
      document.activeElement.blur();
    }""", CONTROLS)
    count = page.locator("[data-control]").count()
    reached = set()
    for _ in range(count + 1):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement?.dataset.control"))
    missing = [page.locator(f"[data-control='{i}']").inner_text()[:30]
               for i in range(count) if str(i) not in reached]
    check(count > 0 and not missing, f"{name}: Tab does not lead to {missing} of {count} controls")
