// SPDX-License-Identifier: Apache-2.0
// The index of the gallery: a search and filters, kept in the address. The page has all functions
// without it.
const filtering = {
  start() {
    this.form = document.querySelector(".filters");
    this.cards = all(".card").map((node) => ({
      node,
      kind: node.dataset.kind,
      has: node.dataset.tags.split(" "),
      words: node.dataset.words.toLowerCase(),
    }));
    this.restore();
    this.form.hidden = false;
    this.form.addEventListener("input", () => this.keep());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("reset", () => setTimeout(() => this.keep()));
    restoring.push(() => this.restore());
  },

  boxes() {
    return all('[name="has"]', this.form);
  },

  wanted() {
    const { find, kind } = this.form.elements;
    return {
      words: find.value.toLowerCase().split(" ").filter(Boolean),
      kind: kind.value,
      has: this.boxes().filter((box) => box.checked).map((box) => box.value),
    };
  },

  keep() {
    const { find, kind } = this.form.elements;
    choices.set("find", find.value || null);
    choices.set("kind", kind.value || null);
    choices.set("has", this.wanted().has);
    this.show();
  },

  restore() {
    const { find, kind } = this.form.elements;
    find.value = choices.get("find") ?? "";
    kind.value = choices.get("kind") ?? "";
    if (kind.selectedIndex < 0) kind.value = "";
    for (const box of this.boxes()) box.checked = choices.list("has").includes(box.value);
    this.show();
  },

  show() {
    const { words, kind, has } = this.wanted();
    let count = 0;
    for (const card of this.cards) {
      const fits =
        (kind === "" || card.kind === kind) &&
        has.every((tag) => card.has.includes(tag)) &&
        words.every((word) => card.words.includes(word));
      card.node.hidden = !fits;
      count += fits;
    }
    for (const part of all(".kind")) part.hidden = !part.querySelector(".card:not([hidden])");
    this.form.elements.count.value =
      count === 0 ? "No function is like that" : `${count} of ${this.cards.length} functions`;
  },
};

document.addEventListener("DOMContentLoaded", () => filtering.start());
