// SPDX-License-Identifier: Apache-2.0
// Adds to a page that is complete without it: the theme switch, sorting, copying, and opened tables
// on paper; and starts the rest.
const THEME = "actfn-report-theme";

// Storage is refused to some pages opened from a file.
const storedTheme = () => {
  try {
    return localStorage.getItem(THEME);
  } catch {
    return null;
  }
};
const storeTheme = (theme) => {
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // The choice then lasts as long as the page.
  }
};
const useTheme = () => {
  const theme = choices.get("theme") ?? storedTheme();
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;
};
useTheme();

const addThemeSwitch = () => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const button = make("button", { type: "button", className: "theme" });
  const label = () => {
    button.textContent = dark() ? "Light theme" : "Dark theme";
  };
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    storeTheme(root.dataset.theme);
    choices.set("theme", root.dataset.theme);
    label();
  });
  system.addEventListener("change", label);
  restoring.push(() => {
    useTheme();
    label();
  });
  label();
  document.querySelector("header").prepend(button);
};

// Empty cells stay at the bottom whichever way the rest is sorted.
const order = (column, sign) => (a, b) => {
  const [x, y] = [a, b].map((row) => row.cells[column].dataset.v);
  if (x === "" || y === "") return (x === "") - (y === "");
  const byNumber = Number(x) - Number(y);
  return sign * (Number.isNaN(byNumber) ? x.localeCompare(y) : byNumber);
};
const sortBy = (table, column, direction) => {
  const head = table.tHead.rows[0].cells[column];
  const body = table.tBodies[0];
  for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", direction);
  body.append(...[...body.rows].sort(order(column, direction === "ascending" ? 1 : -1)));
};

// The first press puts the best first, the next one the worst.
const addSorting = () => {
  for (const table of all(".sortable")) {
    const { name } = table.dataset;
    const heads = [...table.tHead.rows[0].cells];
    const usual = [...table.tBodies[0].rows];
    const first = heads.findIndex((head) => head.hasAttribute("aria-sort"));
    const firstWay = first < 0 ? null : heads[first].getAttribute("aria-sort");
    heads.forEach((head, column) => {
      const button = make("button", { type: "button" });
      button.append(make("span", {}, ...head.childNodes), make("i", { ariaHidden: "true" }));
      button.addEventListener("click", () => {
        const ways = ["ascending", "descending"];
        if (head.dataset.best === "high") ways.reverse();
        const way = head.getAttribute("aria-sort") === ways[0] ? ways[1] : ways[0];
        sortBy(table, column, way);
        choices.set(`sort-${name}`, `${column}-${way}`);
      });
      head.append(button);
    });
    const restore = () => {
      const [column, way] = (choices.get(`sort-${name}`) ?? "").split("-");
      if (heads[column] && ["ascending", "descending"].includes(way)) {
        sortBy(table, Number(column), way);
      } else {
        heads.forEach((head) => head.removeAttribute("aria-sort"));
        if (firstWay) heads[first].setAttribute("aria-sort", firstWay);
        table.tBodies[0].append(...usual);
      }
    };
    restoring.push(restore);
    restore();
  }
};

const addCopying = () => {
  const command = document.querySelector(".command");
  const text = command.textContent;
  const button = make("button", { type: "button", textContent: "Copy" });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(command.querySelector("code"));
      button.textContent = "Selected";
    }
  });
  command.after(button);
  button.className = "copy";
};

// Tables that do not fit get their hint.
const watchTables = () => {
  const mark = () => {
    for (const place of all(".scroll")) {
      place.classList.toggle("cut", place.scrollWidth > place.clientWidth + 1);
    }
  };
  addEventListener("resize", mark);
  document.addEventListener("toggle", mark, true);
  mark();
};

const openOnPaper = () => {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details:not([open], .save)");
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
  });
};

document.addEventListener("DOMContentLoaded", () => {
  root.classList.add("script");
  addThemeSwitch();
  curves.start();
  startFunctions();
  addSorting();
  startSaving();
  addCopying();
  watchTables();
  openOnPaper();
});
