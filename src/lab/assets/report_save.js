// SPDX-License-Identifier: Apache-2.0
// Pictures and tables as files, made of what is in the page: nothing is fetched.
const save = (name, type, parts) => {
  const blob = parts instanceof Blob ? parts : new Blob([parts], { type });
  const link = make("a", { href: URL.createObjectURL(blob), download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};
const fileName = (text) =>
  text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");

// A picture of a part of the page: its SVGs where they stand, and its words line by line. All
// styles are written into it, those of the light theme.
const picture = {
  margin: 20,
  shape: ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "opacity"],
  words: ["fill", "font-family", "font-size", "font-weight", "text-anchor"],

  // A copy with styles of the original, without what is not seen.
  styled(node) {
    const style = getComputedStyle(node);
    if (style.display === "none" || style.visibility === "hidden") return null;
    const copy = node.cloneNode(false);
    for (const name of ["class", "data-s"]) copy.removeAttribute(name);
    const inside = ["svg", "g", "defs"].includes(node.localName);
    const names = node.localName === "text" ? this.words : inside ? ["opacity"] : this.shape;
    for (const name of names) {
      const value = style.getPropertyValue(name);
      const drawn = value !== "none" || name === "fill" || name === "stroke";
      if (drawn && !(name === "opacity" && value === "1")) copy.style.setProperty(name, value);
    }
    for (const child of node.childNodes) {
      const inner = child.nodeType === Node.TEXT_NODE ? child.cloneNode() : this.styled(child);
      if (inner) copy.append(inner);
    }
    return node.getAttribute("preserveAspectRatio") === "none" ? this.even(node, copy) : copy;
  },

  // What the page stretches, stretched for good: so that strokes may grow with the picture.
  even(node, copy) {
    const factor = node.getBoundingClientRect().width / node.viewBox.baseVal.width;
    for (const path of all("path", copy)) {
      const wider = (_, letter, x) => `${letter}${px(factor * Number(x))} `;
      path.setAttribute("d", path.getAttribute("d").replace(/([ML])([-\d.]+) /g, wider));
    }
    copy.removeAttribute("viewBox");
    copy.setAttribute("overflow", "visible");
    return copy;
  },

  // Words of a text node that stand on one line, with their place.
  lines(text) {
    const range = document.createRange();
    const found = [];
    for (const word of text.data.matchAll(/\S+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const box = range.getBoundingClientRect();
      if (box.width === 0) continue;
      const before = found[found.length - 1];
      if (before && Math.abs(before.box.top - box.top) < 2) before.words += ` ${word[0]}`;
      else found.push({ words: word[0], box });
    }
    return found;
  },

  texts(part, origin) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const nodes = [];
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const parent = text.parentElement;
      if (parent.closest("svg, script, details, .save, .readout, .unseen")) continue;
      const style = getComputedStyle(parent);
      for (const { words, box } of this.lines(text)) {
        const line = svg("text", { x: px(box.left - origin.x) }, words);
        line.setAttribute("y", px((box.top + box.bottom) / 2 - origin.y));
        line.setAttribute("dominant-baseline", "central");
        line.style.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        line.style.letterSpacing = style.letterSpacing;
        line.style.fill = style.color;
        nodes.push(line);
      }
    }
    return nodes;
  },

  pictures(part, origin) {
    const outer = all("svg", part).filter((node) => !node.parentElement.closest("svg"));
    return outer.filter((node) => !node.closest(".readout, details")).map((node) => {
      const box = node.getBoundingClientRect();
      const copy = this.styled(node);
      const place = { x: px(box.left - origin.x), y: px(box.top - origin.y), width: px(box.width) };
      for (const [name, value] of Object.entries(place)) copy.setAttribute(name, value);
      copy.setAttribute("height", px(box.height));
      copy.setAttribute("overflow", "visible");
      return copy;
    });
  },

  of(part, title) {
    const box = part.getBoundingClientRect();
    const bottom = part.querySelector(":scope > details:not(.save)")?.getBoundingClientRect().top;
    const size = {
      width: Math.ceil(box.width) + 2 * this.margin,
      height: Math.ceil((bottom ?? box.bottom) - box.top) + 2 * this.margin,
    };
    const origin = { x: box.left - this.margin, y: box.top - this.margin };
    const keys = this.keys(part, size);
    const shapes = document.querySelector(".shapes defs").cloneNode(true);
    return svg("svg", { xmlns: root.querySelector("svg").namespaceURI, ...size,
      viewBox: `0 0 ${size.width} ${size.height}` },
    svg("title", {}, title), shapes, svg("rect", { width: "100%", height: "100%", fill: "#fff" }),
    ...this.pictures(part, origin), ...this.texts(part, origin), ...keys);
  },

  // The names of a chart's lines, where they are elsewhere in the page: below it.
  keys(part, size) {
    const list = document.querySelector(`.${part.dataset.keys ?? "none"}`);
    if (!list) return [];
    const box = list.getBoundingClientRect();
    const right = Math.max(...all("li", list).map((one) => one.getBoundingClientRect().right));
    const origin = { x: box.left - this.margin, y: box.top - size.height + this.margin / 2 };
    size.width = Math.max(size.width, Math.ceil(right - box.left) + 2 * this.margin);
    size.height += Math.ceil(box.height) + this.margin / 2;
    return [...this.pictures(list, origin), ...this.texts(list, origin)];
  },

  // In the light theme, and with nothing lit.
  text(part, title) {
    const { theme } = root.dataset;
    root.classList.add("still");
    curves.light(null);
    root.dataset.theme = "light";
    const text = new XMLSerializer().serializeToString(this.of(part, title));
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    root.classList.remove("still");
    return `<?xml version="1.0" encoding="UTF-8"?>\n${text}\n`;
  },

  async png(text) {
    const image = new Image();
    image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = make("canvas", { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((resolve) => {
      canvas.toBlob(resolve, "image/png");
    });
  },
};

// Tables as text. Cells have what they show and, in data-v, the number behind it.
const tables = {
  shown: (cell) => {
    const parts = [];
    const copy = cell.cloneNode(true);
    all("small", copy).forEach((small) => {
      parts.push(small.textContent);
      small.remove();
    });
    const main = copy.textContent.trim();
    return parts.length > 0 ? `${main} (${parts.join("; ")})` : main;
  },
  raw: (cell) => cell.dataset.v ?? cell.textContent.trim(),

  // Of tables that go on in the next one: the columns of all, with the names once.
  grid(parts, cell) {
    const grid = [];
    parts.forEach((table, part) => {
      [...table.rows].forEach((row, i) => {
        grid[i] ??= [];
        const cells = [...row.cells].slice(part === 0 ? 0 : 1);
        grid[i].push(...cells.flatMap((one) => cell(one, table)));
      });
    });
    return grid;
  },

  // Intervals become columns of their own.
  csv(parts) {
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const grid = this.grid(parts, (cell, table) => {
      const column = [...table.tBodies[0].rows].map((row) => row.cells[cell.cellIndex]);
      if (!column.some((one) => one.dataset.low !== undefined)) return [this.raw(cell)];
      if (cell.parentNode.parentNode.localName === "thead") {
        return ["", " low", " high"].map((end) => cell.textContent.trim() + end);
      }
      return [this.raw(cell), cell.dataset.low ?? "", cell.dataset.high ?? ""];
    });
    return grid.map((row) => `${row.map(quoted).join(",")}\n`).join("");
  },

  markdown(parts) {
    const grid = this.grid(parts, (cell) => [this.shown(cell).replaceAll("|", "\\|")]);
    const line = (cells) => `| ${cells.join(" | ")} |\n`;
    const [head, ...body] = grid;
    const rule = head.map((_, i) => (i === 0 ? ":--" : "--:"));
    return [head, rule, ...body].map(line).join("");
  },
};

// results.json, as it is in the folder of the page: its epochs are the rows of results.csv, its
// probes those of probes.csv.
const resultsJson = () => {
  const number = (text) => (Number.isFinite(Number(text)) ? Number(text) : null);
  const numbers = (row, needed, measured) => {
    const found = { activation: row.activation };
    for (const name of needed) found[name] = Number(row[name]);
    for (const name of measured) if (row[name] !== "") found[name] = number(row[name]);
    return found;
  };
  const names = ["train", "validation", "test"].flatMap((part) =>
    [`${part}_loss`, `${part}_accuracy`]);
  const epochs = rows().map((row) => ({
    ...numbers(row, ["seed", "lr", "epoch"], names), seconds: Number(row.seconds),
  }));
  const probes = document.getElementById("data-probes") ? objects(data("data-probes")) : [];
  const layers = probes.map((row) => {
    const layer = numbers(row, ["seed", "lr", "epoch", "layer", "units"],
      ["gradient_norm", "dead", "saturated", "mean", "deviation"]);
    if (row.histogram) layer.histogram = row.histogram.split(";").map(Number);
    return layer;
  });
  return `${JSON.stringify({ ...data("data-run"), epochs, probes: layers }, null, 2)}\n`;
};

// A small menu: "Save" opens it.
const saveMenu = (what, entries) => {
  const menu = make("details", { className: "save" });
  const buttons = Object.entries(entries).map(([name, act]) => {
    const button = make("button", { type: "button", textContent: name });
    button.setAttribute("aria-label", `Save ${what} as ${name}`);
    button.addEventListener("click", () => {
      menu.open = false;
      act();
    });
    return button;
  });
  const summary = make("summary", { textContent: "Save" });
  summary.setAttribute("aria-label", `Save ${what}`);
  menu.append(summary, make("div", {}, ...buttons));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    summary.focus();
  });
  return menu;
};

const startSaving = () => {
  for (const part of all("figure, [data-title]")) {
    const title = part.dataset.title ?? part.querySelector("h3")?.textContent;
    if (!title) continue;
    const text = () => picture.text(part, title);
    const name = fileName(title);
    part.prepend(saveMenu(title, {
      SVG: () => save(`${name}.svg`, "image/svg+xml", text()),
      PNG: async () => save(`${name}.png`, "image/png", await picture.png(text())),
    }));
  }
  for (const place of all(".scroll")) {
    const parts = all("table", place);
    const name = `${parts[0].dataset.name.replaceAll("_", "-")}-table`;
    place.before(saveMenu(place.getAttribute("aria-label"), {
      CSV: () => save(`${name}.csv`, "text/csv", tables.csv(parts)),
      Markdown: () => save(`${name}.md`, "text/markdown", tables.markdown(parts)),
    }));
  }
  const files = {
    "results.csv": () => data("data-rows"),
    "results.json": resultsJson,
    "probes.csv": () => data("data-probes"),
  };
  for (const link of all("a[download]")) {
    const content = files[link.textContent];
    if (content === resultsJson && !document.getElementById("data-run")) continue;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      save(link.textContent, "text/plain", content());
    });
  }
  document.addEventListener("pointerdown", (event) => {
    for (const menu of all(".save[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
};
