// SPDX-License-Identifier: Apache-2.0
// Adds to a page that is complete without it: the theme switch, highlighting, the readout of the
// charts by pointer and keyboard, sorting, copying, and opened tables on paper.
"use strict";
(() => {
  const root = document.documentElement;
  const THEME = "actfn-report-theme";
  const NEAR = 14; // pixels within which the pointer means a line
  const MANY = 12; // readings from which two columns are needed
  const NARROW = 500; // pixels below which the readout goes under its chart

  // Storage is refused to some pages opened from a file.
  const stored = () => {
    try {
      return localStorage.getItem(THEME);
    } catch {
      return null;
    }
  };
  const store = (theme) => {
    try {
      localStorage.setItem(THEME, theme);
    } catch {
      // The choice then lasts as long as the page.
    }
  };
  if (stored() === "dark" || stored() === "light") root.dataset.theme = stored();

  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const make = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);
  const svg = (tag, attributes) => {
    const node = document.createElementNS(document.querySelector("svg").namespaceURI, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    return node;
  };

  const addThemeSwitch = () => {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
    const button = make("button", { type: "button", className: "theme" });
    const label = () => {
      button.textContent = dark() ? "Light theme" : "Dark theme";
    };
    button.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      store(root.dataset.theme);
      label();
    });
    system.addEventListener("change", label);
    label();
    document.querySelector("header").prepend(button);
  };

  // Series are lit while the pointer rests on them and as long as they are pinned in the legend.
  const pinned = new Set();
  let hovered = null;
  const light = () => {
    const lit = new Set(pinned);
    if (hovered !== null) lit.add(hovered);
    root.classList.toggle("dimming", lit.size > 0);
    for (const node of all("[data-s]")) node.classList.toggle("hot", lit.has(node.dataset.s));
  };
  const hover = (node) => {
    node.addEventListener("pointerenter", () => {
      hovered = node.dataset.s;
      light();
    });
    node.addEventListener("pointerleave", () => {
      hovered = null;
      light();
    });
  };

  const addHighlighting = () => {
    const buttons = [];
    for (const item of all(".legend li")) {
      const button = make("button", { type: "button" });
      button.append(...item.childNodes);
      button.setAttribute("aria-pressed", "false");
      button.title = "Click to keep highlighted";
      button.addEventListener("click", () => {
        const series = item.dataset.s;
        if (!pinned.delete(series)) pinned.add(series);
        button.setAttribute("aria-pressed", String(pinned.has(series)));
        light();
      });
      item.append(button);
      buttons.push(button);
    }
    all(".legend li, .function, tbody tr[data-s]").forEach(hover);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || pinned.size === 0) return;
      pinned.clear();
      buttons.forEach((button) => button.setAttribute("aria-pressed", "false"));
      light();
    });
  };

  class Chart {
    constructor(figure, names, everyone) {
      this.names = names;
      this.everyone = everyone;
      this.plot = figure.querySelector(".plot");
      this.canvas = figure.querySelector(".canvas");
      this.cursor = figure.querySelector(".cursor");
      this.title = figure.querySelector("h3").textContent;
      this.data = JSON.parse(figure.querySelector("script").textContent);
      this.epoch = this.data.epochs;
      this.dots = svg("g", { class: "dots" });
      this.canvas.append(this.dots);
      this.readout = make("div", { className: "readout", hidden: true });
      this.plot.append(this.readout);
      this.makeSlider();
      this.listen();
    }

    // A slider over the epochs: arrow keys reach it in every screen reader, which speaks the text.
    makeSlider() {
      this.plot.tabIndex = 0;
      const attributes = {
        role: "slider",
        "aria-label": `${this.title} by epoch`,
        "aria-valuemin": 0,
        "aria-valuemax": this.data.epochs,
        "aria-orientation": "horizontal",
      };
      for (const [name, value] of Object.entries(attributes)) this.plot.setAttribute(name, value);
      this.announce();
    }

    listen() {
      const track = (event) => {
        const box = this.canvas.getBoundingClientRect();
        const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
        this.epoch = Math.round(share * this.data.epochs);
        this.show(event.clientY - box.top);
      };
      this.plot.addEventListener("pointermove", track);
      this.plot.addEventListener("pointerdown", track);
      this.plot.addEventListener("pointerleave", () => this.hide());
      this.plot.addEventListener("focus", () => this.show());
      this.plot.addEventListener("blur", () => this.hide());
      this.plot.addEventListener("keydown", (event) => this.step(event));
    }

    step(event) {
      const last = this.data.epochs;
      const to = {
        ArrowLeft: this.epoch - 1,
        ArrowDown: this.epoch - 1,
        ArrowRight: this.epoch + 1,
        ArrowUp: this.epoch + 1,
        PageDown: this.epoch - 10,
        PageUp: this.epoch + 10,
        Home: 0,
        End: last,
      }[event.key];
      if (event.key === "Escape") this.hide();
      if (to === undefined) return;
      event.preventDefault();
      this.epoch = Math.min(last, Math.max(0, to));
      this.show();
    }

    y(value) {
      const { low, high, log, height } = this.data;
      const share = log
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
      return height * (1 - share);
    }

    text(value) {
      if (!this.data.loss) return `${(100 * value).toFixed(2)} %`;
      return value >= 0.01 && value < 100 ? value.toFixed(4) : String(Number(value.toPrecision(4)));
    }

    // What there is at the epoch, the best first.
    readings() {
      const found = [];
      for (const [series, epochs] of Object.entries(this.data.series)) {
        const at = epochs[this.epoch];
        if (at) found.push({ series, mean: at[0], low: at[1], high: at[2] });
      }
      return found.sort((a, b) => (this.data.loss ? a.mean - b.mean : b.mean - a.mean));
    }

    announce() {
      const name = (r) => this.names.get(r.series).name;
      const words = this.readings().map((r) => `${name(r)} ${this.text(r.mean)}`);
      this.plot.setAttribute("aria-valuenow", this.epoch);
      this.plot.setAttribute("aria-valuetext", `Epoch ${this.epoch}: ${words.join(", ")}`);
    }

    show(pointer = null) {
      const readings = this.readings();
      for (const chart of this.everyone) chart.mark(this.epoch);
      this.markNearest(readings, pointer);
      this.fill(readings);
      this.readout.hidden = false;
      this.settle();
      this.announce();
    }

    hide() {
      this.readout.hidden = true;
      for (const chart of this.everyone) chart.unmark();
    }

    // Also called on the other charts, so that the epoch is marked in all of them.
    mark(epoch) {
      if (epoch > this.data.epochs) return this.unmark();
      this.x = this.data.epochs > 0 ? (100 * epoch) / this.data.epochs : 50;
      this.cursor.setAttribute("x1", `${this.x}%`);
      this.cursor.setAttribute("x2", `${this.x}%`);
      this.plot.classList.add("reading");
      this.dots.replaceChildren();
      for (const [series, epochs] of Object.entries(this.data.series)) {
        const at = epochs[epoch];
        if (!at) continue;
        const { colour } = this.names.get(series);
        const dot = { class: colour, cx: `${this.x}%`, cy: this.y(at[0]), r: 4 };
        this.dots.append(svg("circle", dot));
      }
    }

    unmark() {
      this.plot.classList.remove("reading");
      this.dots.replaceChildren();
      this.nearest = null;
      this.thicken();
    }

    markNearest(readings, pointer) {
      this.nearest = null;
      let least = NEAR;
      for (const r of pointer === null ? [] : readings) {
        const distance = Math.abs(this.y(r.mean) - pointer);
        if (distance < least) [least, this.nearest] = [distance, r.series];
      }
      this.thicken();
    }

    thicken() {
      for (const node of all(".series", this.canvas)) {
        node.classList.toggle("near", node.dataset.s === this.nearest);
      }
    }

    fill(readings) {
      const list = make("ol");
      for (const r of readings) {
        const { short, key } = this.names.get(r.series);
        const item = make("li", { className: r.series === this.nearest ? "near" : "" });
        item.append(key.cloneNode(true), make("span", { textContent: short }),
          make("span", { textContent: this.text(r.mean) }));
        const range = r.high > r.low ? `${this.text(r.low)} to ${this.text(r.high)}` : "";
        item.append(make("i", { textContent: range }));
        list.append(item);
      }
      this.readout.classList.toggle("many", readings.length > MANY);
      this.readout.classList.toggle("narrow", this.plot.clientWidth < NARROW);
      this.readout.replaceChildren(make("b", { textContent: `Epoch ${this.epoch}` }), list);
    }

    // Beside the cursor where there is room, and never beyond the window.
    settle() {
      const box = this.plot.getBoundingClientRect();
      const style = this.readout.style;
      style.left = "0px";
      const width = this.readout.offsetWidth;
      const narrow = box.width < NARROW;
      style.top = narrow ? "calc(100% - 2px)" : "0";
      const at = this.canvas.getBoundingClientRect().left - box.left +
        (this.x / 100) * this.canvas.getBoundingClientRect().width;
      const beside = at + 18 + width < innerWidth - box.left - 12 ? at + 18 : at - 18 - width;
      const least = 8 - box.left;
      const most = root.clientWidth - 8 - box.left - width;
      style.left = `${Math.max(least, Math.min(most, narrow ? 0 : beside))}px`;
    }
  }

  const addReadouts = () => {
    const names = new Map();
    for (const item of all(".legend li")) {
      const key = item.querySelector(".key");
      const colour = [...key.classList].find((name) => /^c\d$/.test(name));
      const name = item.querySelector("code").textContent;
      names.set(item.dataset.s, { name, short: item.dataset.short, key, colour });
    }
    const legend = document.querySelector(".legend");
    if (!legend) return;
    const hint = "Point at a chart to read its values, or reach it by Tab and step with the " +
      "arrow keys. Point at a name to light it up; press it to keep it lit.";
    legend.before(make("p", { className: "hint how", textContent: hint }));
    const charts = [];
    for (const figure of all(".chart")) charts.push(new Chart(figure, names, charts));
  };

  // Empty cells stay at the bottom whichever way the rest is sorted.
  const compare = (column, sign) => (a, b) => {
    const [x, y] = [a, b].map((row) => row.cells[column].dataset.v);
    if (x === "" || y === "") return (x === "") - (y === "");
    const byNumber = Number(x) - Number(y);
    return sign * (Number.isNaN(byNumber) ? x.localeCompare(y) : byNumber);
  };
  const sortBy = (head, column) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    const body = head.closest("table").tBodies[0];
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    body.append(...[...body.rows].sort(compare(column, up ? 1 : -1)));
  };
  const addSorting = () => {
    for (const head of all(".sortable thead th")) {
      const button = make("button", { type: "button" });
      button.append(...head.childNodes);
      button.addEventListener("click", () => sortBy(head, head.cellIndex));
      head.append(button);
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
    command.append(button);
  };

  const openOnPaper = () => {
    let opened = [];
    addEventListener("beforeprint", () => {
      opened = all("details:not([open])");
      for (const details of opened) details.open = true;
    });
    addEventListener("afterprint", () => {
      for (const details of opened) details.open = false;
    });
  };

  document.addEventListener("DOMContentLoaded", () => {
    addThemeSwitch();
    addHighlighting();
    addReadouts();
    addSorting();
    addCopying();
    openOnPaper();
  });
})();
