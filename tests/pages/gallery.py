# SPDX-License-Identifier: Apache-2.0
"""Pages of `actfn gallery`."""
import subprocess

from common import check, check_widths, open_page

# A function of each kind, and those with the longest names, formulas and tables.
EXHIBITS = ("gelu", "rational", "softmax", "logmeanexp", "swiglu", "clamped_swiglu", "rrelu",
            "gumbel_softmax", "prelu", "learnable", "crelu", "maxout", "softplus_inverse")


def check_filters(browser, index):
    """By keys: a search and filters leave what fits, the address keeps them, a reset ends them."""
    name = "gallery filters"
    page = open_page(browser, index, 900, "light", name)

    def shown():
        return page.locator(".card:visible a span").all_inner_texts()

    everything = len(shown())
    page.locator('[name="find"]').focus()
    page.keyboard.type("gelu_new")  # an alias
    check(shown() == ["gelu"], f"{name}: gelu_new finds {shown()}")
    check("find=gelu_new" in page.url, f"{name}: no search in {page.url}")
    page.locator('[name="find"]').fill("")
    page.locator('[name="has"][value="bounded"]').focus()
    page.keyboard.press("Space")
    page.locator('[name="has"][value="smooth"]').press("Space")
    found = shown()
    check("tanh" in found and "relu" not in found and "hardtanh" not in found,
          f"{name}: bounded and smooth: {found}")
    page.reload()
    check(shown() == found, f"{name}: the address does not keep the filters")
    page.locator('[name="kind"]').select_option("gate")
    check(page.locator("output").inner_text().startswith(str(len(shown())) + " of ")
          or not shown(), f"{name}: the count of functions")
    page.locator('button[type="reset"]').press("Enter")
    page.wait_for_timeout(50)
    check(len(shown()) == everything, f"{name}: a reset leaves {len(shown())} of {everything}")
    page.close()


def check_without_scripts(browser, index):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(index.as_uri())
    check(page.locator(".card:visible").count() > 80, "gallery: not all functions without scripts")
    check(not page.locator(".filters").is_visible(), "gallery: filters that need scripts")
    context.close()


def check_gallery(browser, folder, options):
    subprocess.run([options.program, "gallery", "--out", folder], check=True,
                   stdout=subprocess.DEVNULL)
    for name in ("index", *EXHIBITS):
        check_widths(browser, folder / f"{name}.html", f"gallery {name}", options)
    check_filters(browser, folder / "index.html")
    check_without_scripts(browser, folder / "index.html")
    print("looked at the gallery", flush=True)
