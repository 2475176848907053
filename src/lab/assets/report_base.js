// SPDX-License-Identifier: Apache-2.0
// What the scripts of the page share: elements, the data, and what the reader has chosen.
"use strict";
const root = document.documentElement;
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const make = (tag, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
};
const svg = (tag, attributes = {}, ...children) => {
  const node = document.createElementNS(document.querySelector("svg").namespaceURI, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};
const minus = (text) => text.replace(/-(?=[\d.])/g, "−");

// Data of the page by the id of their element, read once.
const data = (id) => {
  data.read ??= new Map();
  if (!data.read.has(id)) data.read.set(id, JSON.parse(document.getElementById(id).textContent));
  return data.read.get(id);
};

// The fields of a line of CSV: only names have quotes, and no line breaks.
const fields = (line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1] ?? m[2]);

// The rows of a CSV as objects.
const objects = (text) => {
  const [heading, ...lines] = text.trimEnd().split("\n");
  const names = heading.split(",");
  return lines.map((line) => {
    const values = fields(line);
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]));
  });
};

// Those of results.csv. What was not measured is "", what is not finite a word.
const rows = () => {
  rows.read ??= objects(data("data-rows"));
  return rows.read;
};

// What the reader chose is kept in the address: #scale=own&hide=relu. Functions of `restoring` put
// it into effect.
const restoring = [];
const choices = {
  all: new URLSearchParams(),
  read() {
    this.all = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
  },
  get(name) {
    return this.all.get(name);
  },
  list(name) {
    return this.all.getAll(name);
  },
  // null: as it was at first
  set(name, value) {
    this.all.delete(name);
    for (const one of [value ?? []].flat()) this.all.append(name, one);
    const text = this.all.toString();
    try {
      history.replaceState(null, "", text === "" ? location.href.split("#")[0] : `#${text}`);
    } catch {
      location.hash = text;
    }
  },
};
choices.read();
addEventListener("hashchange", () => {
  choices.read();
  restoring.forEach((restore) => restore());
});

// Buttons of which one is pressed. `pick` is called with the value of the one that is.
const switcher = (label, name, values, usual, pick) => {
  const group = make("div", { className: "switch" });
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  const current = () => (choices.get(name) in values ? choices.get(name) : usual);
  const buttons = Object.entries(values).map(([value, text]) => {
    const button = make("button", { type: "button", textContent: text });
    button.addEventListener("click", () => {
      choices.set(name, value === usual ? null : value);
      press();
    });
    return [value, button];
  });
  const press = () => {
    for (const [value, button] of buttons) {
      button.setAttribute("aria-pressed", String(value === current()));
    }
    pick(current());
  };
  group.append(make("span", { textContent: label }), ...buttons.map(([, button]) => button));
  restoring.push(press);
  return { group, press };
};
