// SPDX-License-Identifier: Apache-2.0
// The functions: x, f, f' and f'' by pointer and by arrow keys.
class Graph {
  constructor(figure) {
    this.graph = figure.querySelector(".graph");
    this.picture = this.graph.querySelector("svg");
    this.ranges = figure.querySelector(".ranges");
    this.usual = [...this.ranges.childNodes];
    this.name = figure.querySelector("code").textContent;
    this.data = JSON.parse(figure.querySelector("script").textContent);
    this.last = this.data.f.length - 1;
    this.at = this.last / 2;
    this.marks = svg("g", { class: "at" });
    this.picture.append(this.marks);
    this.makeSlider();
    this.listen();
  }

  makeSlider() {
    const { graph, data: { reach } } = this;
    graph.tabIndex = 0;
    const attributes = {
      role: "slider",
      "aria-label": `${this.name} at x`,
      "aria-valuemin": -reach,
      "aria-valuemax": reach,
    };
    for (const [name, value] of Object.entries(attributes)) graph.setAttribute(name, value);
    this.announce();
  }

  listen() {
    const track = (event) => {
      const { left, width } = this.picture.getBoundingClientRect();
      const box = this.picture.viewBox.baseVal;
      const x = box.x + ((event.clientX - left) / width) * box.width;
      const share = x / (2 * this.data.reach * this.data.unit);
      this.show(Math.round(share * this.last));
    };
    this.graph.addEventListener("pointermove", track);
    this.graph.addEventListener("pointerdown", track);
    this.graph.addEventListener("pointerleave", () => {
      if (document.activeElement !== this.graph) this.hide();
    });
    this.graph.addEventListener("focus", () => this.show(this.at));
    this.graph.addEventListener("blur", () => this.hide());
    this.graph.addEventListener("keydown", (event) => {
      const one = Math.round(this.last / (2 * this.data.reach));
      const to = {
        ArrowLeft: this.at - 1,
        ArrowDown: this.at - 1,
        ArrowRight: this.at + 1,
        ArrowUp: this.at + 1,
        PageDown: this.at - one,
        PageUp: this.at + one,
        Home: 0,
        End: this.last,
      }[event.key];
      if (event.key === "Escape") this.hide();
      if (to === undefined) return;
      event.preventDefault();
      this.show(to);
    });
  }

  x() {
    return (2 * this.data.reach * this.at) / this.last - this.data.reach;
  }

  text(name) {
    const v = this.data[name][this.at];
    return v === null ? "not finite" : minus(String(Number(v.toPrecision(4))));
  }

  announce() {
    const [f, d, s] = ["f", "d", "s"].map((name) => this.text(name));
    const text = `x ${this.x()}, f ${f}, f′ ${d}, f″ ${s}`;
    this.graph.setAttribute("aria-valuenow", this.x());
    this.graph.setAttribute("aria-valuetext", minus(text));
  }

  show(at) {
    this.at = Math.max(0, Math.min(this.last, at));
    const { reach, unit, high, low } = this.data;
    const x = px((this.x() + reach) * unit);
    const bottom = px((high - low) * unit);
    const marks = [svg("line", { x1: x, x2: x, y1: 0, y2: bottom })];
    for (const [name, kind] of [["d", "slope-dot"], ["f", "value-dot"]]) {
      const v = this.data[name][this.at];
      if (v === null || v > high + 0.25 || v < low - 0.25) continue;
      marks.push(svg("circle", { class: kind, cx: x, cy: px((high - v) * unit), r: 4 }));
    }
    this.marks.replaceChildren(...marks);
    const one = (name, text) => make("span", {}, make("b", { textContent: name }), ` ${text}`);
    this.ranges.replaceChildren(one("x", minus(String(this.x()))), one("f", this.text("f")),
      one("f′", this.text("d")), one("f″", this.text("s")));
    this.ranges.classList.add("reading");
    this.announce();
  }

  hide() {
    this.marks.replaceChildren();
    this.ranges.replaceChildren(...this.usual);
    this.ranges.classList.remove("reading");
  }
}
const startFunctions = () => all(".function").forEach((figure) => new Graph(figure));
