// SPDX-License-Identifier: Apache-2.0
// What a reader can do with the learning curves: scales, series, single seeds, the readout.
const NEAR = 14; // pixels within which the pointer means a line
const LONG = 12; // readings from which two columns are needed
const NARROW = 500; // pixels below which the readout goes under its chart

// The values of each seed by epoch.
const seedLines = (one, metric) => {
  const name = `${metric} of ${one.name}`;
  seedLines.found ??= new Map();
  if (seedLines.found.has(name)) return seedLines.found.get(name);
  const lines = new Map(one.seeds.map((seed) => [String(seed), []]));
  for (const row of rows()) {
    const line = row.activation === one.name && lines.get(row.seed);
    if (!line || Number(row.lr) !== one.lr || row[metric] === "") continue;
    line[Number(row.epoch)] = Number(row[metric]);
  }
  // Epochs that are missing are holes.
  const found = [...lines.values()].map((line) => Array.from(line, (v) => v ?? NaN));
  seedLines.found.set(name, found);
  return found;
};

class Chart {
  constructor(figure, curves) {
    this.curves = curves;
    this.figure = figure;
    this.plot = figure.querySelector(".plot");
    this.canvas = figure.querySelector(".canvas");
    this.note = figure.querySelector(".axis-note");
    this.title = figure.querySelector("h3").textContent;
    this.data = JSON.parse(figure.querySelector("script").textContent);
    this.epoch = this.data.epochs;
    this.cursor = svg("line", { class: "cursor" });
    this.dots = svg("g", { class: "dots" });
    this.readout = make("div", { className: "readout", hidden: true });
    this.plot.after(make("div", { className: "readout-place" }, this.readout));
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
  }

  listen() {
    const track = (event) => {
      const box = this.canvas.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
      this.epoch = Math.round(this.first() + share * (this.data.epochs - this.first()));
      this.show(event.clientY - box.top);
    };
    this.plot.addEventListener("pointermove", track);
    this.plot.addEventListener("pointerdown", track);
    this.plot.addEventListener("pointerleave", () => {
      // Under the chart it stays: to take it away would move the page under the finger.
      if (document.activeElement !== this.plot && !this.narrow()) this.hide();
      this.curves.light(null);
    });
    this.plot.addEventListener("focus", () => this.show());
    this.plot.addEventListener("blur", () => this.hide());
    this.plot.addEventListener("keydown", (event) => this.step(event));
  }

  narrow() {
    return this.plot.clientWidth < NARROW;
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
      Home: 0, // or the first that is shown
      End: last,
    }[event.key];
    if (event.key === "Escape") this.hide();
    if (to === undefined) return;
    event.preventDefault();
    this.epoch = Math.min(last, Math.max(this.first(), to));
    this.show();
  }

  first() {
    return this.data.epochs > 1 && this.curves.from === "1" ? 1 : 0;
  }

  place(epoch) {
    const first = this.first();
    return this.data.epochs === first ? 0.5 : (epoch - first) / (this.data.epochs - first);
  }

  tickText(tick) {
    const number = Number((this.data.loss ? tick : 100 * tick).toPrecision(4));
    return minus(this.data.loss ? String(number) : `${number} %`);
  }

  text(value) {
    if (!this.data.loss) return `${(100 * value).toFixed(2)} %`;
    return value >= 0.01 && value < 100 ? value.toFixed(4) : String(Number(value.toPrecision(4)));
  }

  // The series that are shown, with their epochs: null where there is nothing to show.
  shown() {
    const seen = (at, epoch) => (epoch < this.first() ? null : at);
    return Object.entries(this.data.series)
      .map(([index, epochs]) => [this.curves.series[index], epochs.map(seen)])
      .filter(([one]) => !this.curves.hidden.has(one.name));
  }

  values() {
    const found = this.shown().flatMap(([, epochs]) => epochs.filter(Boolean));
    return found.flatMap(([, low, high]) => [low, high]).filter(Number.isFinite);
  }

  draw() {
    this.epoch = Math.max(this.epoch, this.first());
    const shown = this.shown().filter(([, epochs]) => epochs.some(Boolean));
    this.crowded = shown.length > MANY;
    this.lead = this.crowded ? 47 : 30;
    const { scale, axis, band } = this.curves;
    const together = this.curves.charts.filter((c) => c.data.loss === this.data.loss);
    const values = (scale === "same" ? together : [this]).flatMap((chart) => chart.values());
    const height = Math.max(HEIGHT, GAP * shown.length);
    this.scale = scaleOf(values.length ? values : [0, 1], this.data.loss, axis === "log", height);
    const logNote = this.data.loss ? "; logarithmic" : "; logarithmic in the errors";
    this.note.textContent = this.scale.log ? logNote : "";
    this.setRoom(shown);
    const lines = svg("svg", {
      class: "lines",
      width: "100%",
      height,
      viewBox: `0 0 ${WIDTH} ${height}`,
      preserveAspectRatio: "none",
    });
    const wishes = shown.map(([, epochs]) => this.scale.y(epochs.findLast(Boolean)[0]));
    const places = spreadLabels(wishes, height);
    this.seeds = new Map();
    const ends = shown.map(([one, epochs], i) => {
      const parts = [drawing.band(this, epochs, band === "range"), svg("g", { class: "single" })];
      this.seeds.set(one.index, parts[1]);
      parts.push(drawing.line(this, epochs.map((at) => (at ? at[0] : NaN))));
      lines.append(this.group(one, parts));
      const label = drawing.label(this, one, epochs, places[i]);
      return this.group(one, [...drawing.markers(this, one, epochs), ...label]);
    });
    this.canvas.setAttribute("height", height);
    this.cursor.setAttribute("y2", height);
    this.canvas.replaceChildren(
      ...drawing.axes(this), lines, ...ends, this.cursor, this.dots);
    this.announce();
  }

  group(one, children) {
    return svg("g", { class: `series ${one.look}`, "data-s": one.index }, ...children);
  }

  setRoom(shown) {
    const longest = Math.max(0, ...shown.map(([one]) => one.short.length));
    this.plot.classList.toggle("crowded", this.crowded);
    this.plot.classList.toggle("long", longest > SHORT);
    this.plot.style.setProperty("--name", longest);
    this.plot.style.setProperty("--lead", `${this.lead}px`);
  }

  // The single seeds of the series that is lit.
  showSeeds(index) {
    for (const [i, place] of this.seeds ?? []) {
      const wanted = i === index ? seedLines(this.curves.series[i], this.data.metric) : [];
      const many = wanted.length > 1 ? wanted : [];
      const seen = (v, epoch) => (epoch < this.first() ? NaN : v);
      place.replaceChildren(...many.map((values) => drawing.line(this, values.map(seen))));
    }
  }

  // What there is at the epoch, the best first.
  readings() {
    const found = [];
    for (const [one, epochs] of this.shown()) {
      const at = epochs[this.epoch];
      if (at) found.push({ one, mean: at[0], low: at[1], high: at[2] });
    }
    return found.sort((a, b) => (this.data.loss ? a.mean - b.mean : b.mean - a.mean));
  }

  announce() {
    const words = this.readings().map((r) => `${r.one.name} ${this.text(r.mean)}`);
    this.plot.setAttribute("aria-valuemin", this.first());
    this.plot.setAttribute("aria-valuenow", this.epoch);
    this.plot.setAttribute("aria-valuetext", `Epoch ${this.epoch}: ${words.join(", ")}`);
  }

  show(pointer = null) {
    const readings = this.readings();
    for (const chart of this.curves.charts) {
      if (chart !== this && !this.narrow()) chart.readout.hidden = true;
      chart.mark(this.epoch);
    }
    let near = null;
    let least = NEAR;
    for (const r of pointer === null ? [] : readings) {
      const distance = Math.abs(this.scale.y(r.mean) - pointer);
      if (distance < least) [least, near] = [distance, r.one.index];
    }
    if (pointer !== null) this.curves.light(near);
    this.fill(readings, near);
    this.readout.hidden = false;
    this.settle();
    this.announce();
  }

  hide() {
    this.readout.hidden = true;
    for (const chart of this.curves.charts) chart.unmark();
  }

  // Also called on the other charts, so that the epoch is marked in all of them.
  mark(epoch) {
    if (epoch > this.data.epochs) return this.unmark();
    const x = `${100 * this.place(epoch)}%`;
    this.cursor.setAttribute("x1", x);
    this.cursor.setAttribute("x2", x);
    this.plot.classList.add("reading");
    const at = this.shown().filter(([, epochs]) => epochs[epoch]);
    this.dots.replaceChildren(...at.map(([one, epochs]) => {
      const cy = px(this.scale.y(epochs[epoch][0]));
      return svg("circle", { class: one.look.split(" ")[0], cx: x, cy, r: 4 });
    }));
  }

  unmark() {
    this.plot.classList.remove("reading");
    this.dots.replaceChildren();
  }

  fill(readings, near) {
    const list = make("ol");
    for (const r of readings) {
      const range = r.high > r.low ? `${this.text(r.low)} to ${this.text(r.high)}` : "";
      list.append(
        make("li", { className: r.one.index === near ? "near" : "" },
          r.one.key.cloneNode(true), make("span", { textContent: r.one.short }),
          make("span", { textContent: this.text(r.mean) }), make("i", { textContent: range })),
      );
    }
    this.readout.classList.toggle("many", readings.length > LONG);
    this.readout.classList.toggle("narrow", this.narrow());
    this.readout.replaceChildren(make("b", { textContent: `Epoch ${this.epoch}` }), list);
  }

  // Beside the cursor where there is room, and never beyond the window.
  settle() {
    const style = this.readout.style;
    style.left = style.top = "";
    if (this.narrow()) return;
    const box = this.figure.getBoundingClientRect();
    const canvas = this.canvas.getBoundingClientRect();
    style.left = "0px";
    const width = this.readout.offsetWidth;
    style.top = `${canvas.top - box.top}px`;
    const at = canvas.left - box.left + this.place(this.epoch) * canvas.width;
    const beside = at + 18 + width < innerWidth - box.left - 12 ? at + 18 : at - 18 - width;
    const most = root.clientWidth - 8 - box.left - width;
    style.left = `${Math.max(8 - box.left, Math.min(most, beside))}px`;
  }
}

const curves = {
  charts: [],
  series: [],
  hidden: new Set(),
  lit: null,
  scale: "same",
  axis: "linear",
  band: "interval",
  from: "0",

  draw() {
    for (const chart of this.charts) chart.draw();
    const lit = this.lit;
    this.lit = null;
    this.light(lit);
  },

  light(index) {
    if (index === this.lit) return;
    this.lit = index;
    root.classList.toggle("dimming", index !== null);
    for (const node of all("[data-s]")) {
      node.classList.toggle("hot", node.dataset.s === String(index));
    }
    for (const chart of this.charts) chart.showSeeds(index);
  },

  // Lights a series as long as the pointer or the focus is on the node.
  listenTo(node) {
    const index = Number(node.dataset.s);
    for (const event of ["pointerenter", "focusin"]) {
      node.addEventListener(event, () => this.light(index));
    }
    for (const event of ["pointerleave", "focusout"]) {
      node.addEventListener(event, () => this.light(null));
    }
  },

  addLegend(legend) {
    const show = () => {
      for (const button of all("button", legend)) {
        button.setAttribute("aria-pressed", String(!this.hidden.has(button.name)));
      }
    };
    for (const item of all("li", legend)) {
      const one = this.series[Number(item.dataset.s)];
      const button = make("button", { type: "button", name: one.name, title: "Show or hide" });
      button.append(...item.childNodes);
      button.addEventListener("click", () => {
        if (!this.hidden.delete(one.name)) this.hidden.add(one.name);
        choices.set("hide", [...this.hidden]);
        show();
        this.draw();
      });
      item.append(button);
    }
    const restore = () => {
      this.hidden = new Set(choices.list("hide"));
      show();
    };
    restoring.push(restore);
    restore();
  },

  addSwitches(legend) {
    const first = legend.nextElementSibling.dataset.log === "true" ? "log" : "linear";
    const pick = (name) => (value) => {
      this[name] = value;
      if (this.ready) this.draw();
    };
    const made = [
      switcher("Axes", "scale", { same: "shared", own: "own" }, "same",
        pick("scale")),
      switcher("Values", "axis", { linear: "linear", log: "logarithmic" }, first, pick("axis")),
      switcher("Bands", "band", { interval: "95 % interval", range: "all seeds" }, "interval",
        pick("band")),
      switcher("Epochs", "from", { 0: "from 0", 1: "from 1" }, "0", pick("from")),
    ];
    const hint = "Point at a chart, or step through it by the arrow keys, to read its values. " +
      "Point at a name to see its single seeds; press it to hide it.";
    legend.before(
      make("p", { className: "hint how", textContent: hint }),
      make("div", { className: "switches how" }, ...made.map(({ group }) => group)),
    );
    made.forEach(({ press }) => press());
  },

  start() {
    const legend = document.querySelector(".legend");
    if (!legend) return;
    this.series = data("data-series").map((one, index) => ({ ...one, index, short: one.name }));
    for (const item of all("li", legend)) {
      const key = item.querySelector(".key");
      Object.assign(this.series[Number(item.dataset.s)], { short: item.dataset.short, key });
    }
    for (const figure of all(".chart")) this.charts.push(new Chart(figure, this));
    this.addSwitches(legend);
    this.addLegend(legend);
    all(".legend li, .function, tr[data-s], .blocks li, .contests li[data-s]")
      .forEach((node) => this.listenTo(node));
    this.ready = true;
    restoring.push(() => this.draw());
    this.draw();
  },
};
