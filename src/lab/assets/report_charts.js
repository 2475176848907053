// SPDX-License-Identifier: Apache-2.0
// The learning curves: drawn anew from the data for what the reader wants to see.
const WIDTH = 1000; // of the inner picture, which is stretched
const HEIGHT = 260;
const GAP = 15; // pixels between labels
const MANY = 8; // series from which marks are thinner
const SHORT = 8; // characters of a name that a narrow plot has room for
const ROOM = 0.04;

const niceStep = (rough) => {
  const decade = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / decade;
  if (lead < Math.SQRT2) return decade;
  return (lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10) * decade;
};
const evenTicks = (low, high) => {
  const step = niceStep((high - low) / 5);
  const ticks = [];
  for (let i = Math.ceil(low / step); i * step <= high; i += 1) ticks.push(i * step);
  return ticks;
};
const decadeTicks = (low, high) => {
  if (high / low < 4) return evenTicks(low, high);
  const decades = Math.log10(high / low);
  const leads = decades < 1.5 ? [1, 1.5, 2, 3, 5, 7] : decades < 3 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil(decades / 5));
  const first = Math.floor(Math.log10(low));
  const ticks = [];
  for (let i = 0; i <= 5; i += 1) {
    for (const lead of leads) ticks.push(lead * 10 ** (first + i * stride));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
};
const epochTicks = (last) => {
  if (last <= 0) return [0];
  const step = Math.max(1, Math.trunc(niceStep(last / 8)));
  const ticks = [0];
  for (let epoch = step; epoch < last; epoch += step) {
    if (last - epoch >= Math.trunc((step + 1) / 2)) ticks.push(epoch);
  }
  return [...ticks, last];
};

// From values to pixels. On a logarithmic axis an accuracy has its share of errors, upside down.
const scaleOf = (values, loss, wishesLog, height) => {
  const ends = values.map((v) => (wishesLog && !loss ? 1 - v : v));
  let low = Math.max(-1e30, Math.min(...ends));
  let high = Math.min(1e30, Math.max(...ends));
  const log = wishesLog && low > 0;
  if (wishesLog && !log && !loss) return scaleOf(values, loss, false, height);
  if (log) {
    high = Math.max(high, 1.001 * low);
    const room = (high / low) ** ROOM;
    [low, high] = [low / room, high * room];
  } else {
    const shortest = (high > low ? 1e-3 : 0.1) * Math.abs(high);
    const reach = Math.max(high - low, shortest, 1e-6) * (0.5 + ROOM);
    const middle = low + (high - low) / 2;
    [low, high] = [middle - reach, middle + reach];
  }
  const flip = log && !loss;
  const share = (v) =>
    log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
  const y = (v) => height * (flip ? share(1 - v) : 1 - share(v));
  const ticks = log ? decadeTicks(low, high) : evenTicks(low, high);
  return { log, height, y, ticks: ticks.map((tick) => (flip ? 1 - tick : tick)) };
};

// Moves labels apart, each as little as it takes.
const spreadLabels = (wishes, height) => {
  const order = wishes.map((_, i) => i).sort((a, b) => wishes[a] - wishes[b]);
  const half = (c) => (GAP * (c.members.length - 1)) / 2;
  const inside = (c) => {
    c.centre = Math.max(half(c), Math.min(height - half(c), c.centre));
    return c;
  };
  const clusters = [];
  for (const i of order) {
    let next = inside({ centre: wishes[i], members: [i] });
    while (clusters.length > 0) {
      const before = clusters[clusters.length - 1];
      if (next.centre - half(next) - before.centre - half(before) >= GAP) break;
      const [m, n] = [before.members.length, next.members.length];
      const centre =
        (m * (before.centre + (GAP * n) / 2) + n * (next.centre - (GAP * m) / 2)) / (m + n);
      next = inside({ centre, members: [...before.members, ...next.members] });
      clusters.pop();
    }
    clusters.push(next);
  }
  const places = [];
  for (const c of clusters) {
    c.members.forEach((i, k) => {
      places[i] = c.centre - half(c) + GAP * k;
    });
  }
  return places;
};

const px = (v) => (Number.isFinite(v) ? Math.max(-1e6, Math.min(1e6, v)).toFixed(1) : "0");

// The pictures of a chart for its values and a scale.
const drawing = {
  point: (chart, epoch, v) => `${px(WIDTH * chart.place(epoch))} ${px(chart.scale.y(v))}`,

  line(chart, values) {
    let d = "";
    values.forEach((v, epoch) => {
      if (!Number.isFinite(v)) return;
      d += (Number.isFinite(values[epoch - 1]) ? "L" : "M") + drawing.point(chart, epoch, v);
    });
    return svg("path", { class: "line", d });
  },

  band(chart, epochs, range) {
    const bounds = (at) => (range ? [at[1], at[2]] : [at[3], at[4]]);
    const whole = (at) => at && bounds(at).every(Number.isFinite);
    let d = "";
    for (let first = 0; first < epochs.length; first += 1) {
      let last = first;
      while (last < epochs.length && whole(epochs[last])) last += 1;
      for (let e = first; e < last; e += 1) {
        d += (e === first ? "M" : "L") + drawing.point(chart, e, bounds(epochs[e])[1]);
      }
      for (let e = last - 1; e >= first; e -= 1) {
        d += `L${drawing.point(chart, e, bounds(epochs[e])[0])}`;
      }
      if (last > first) d += "Z";
      first = last;
    }
    return svg("path", { class: "band", d });
  },

  marker: (one, x, y) => svg("use", { href: `#m${one.marker}`, x, y: px(y) }),

  markers(chart, one, epochs) {
    const step = Math.trunc(chart.data.epochs / (chart.crowded ? 3 : 7)) + 1;
    const until = epochs.findLastIndex(Boolean);
    const nodes = [];
    epochs.forEach((at, epoch) => {
      const mine = epoch % step === one.index % step || epoch === until;
      if (!at || !mine) return;
      nodes.push(drawing.marker(one, `${100 * chart.place(epoch)}%`, chart.scale.y(at[0])));
    });
    return nodes;
  },

  label(chart, one, epochs, y) {
    const until = epochs.findLastIndex(Boolean);
    const end = chart.scale.y(epochs[until][0]);
    const reach = chart.lead - 17;
    const nodes = [];
    if (chart.place(until) < 1) {
      const x1 = `${100 * chart.place(until)}%`;
      nodes.push(svg("line", { class: "guide", x1, x2: "100%", y1: px(end), y2: px(end) }));
    }
    const leader = svg("path", { class: "leader", d: `M6 ${px(end)}L${reach} ${px(y)}` });
    const text = svg("text", { x: reach + 14, y: px(y + 4) }, one.short);
    nodes.push(
      svg("svg", { class: "end", x: "100%" }, leader, drawing.marker(one, reach + 6, y), text),
    );
    return nodes;
  },

  axes(chart) {
    const { height, ticks, y } = chart.scale;
    const nodes = [];
    for (const tick of ticks) {
      const at = px(y(tick));
      nodes.push(
        svg("line", { class: "grid", x2: "100%", y1: at, y2: at }),
        svg("text", { class: "tick y", x: -9, y: at, dy: 4 }, chart.tickText(tick)),
      );
    }
    const epochs = epochTicks(chart.data.epochs);
    epochs[0] = chart.first();
    if (epochs[1] === epochs[0]) epochs.shift();
    epochs.forEach((epoch, i) => {
      const x = `${100 * chart.place(epoch)}%`;
      const spare = i % 2 === 1 && i + 1 < epochs.length ? " spare" : "";
      nodes.push(
        svg("line", { class: "mark", x1: x, x2: x, y1: height + 8, y2: height + 13 }),
        svg("text", { class: `tick${spare}`, x, y: height + 27 }, String(epoch)),
      );
    });
    nodes.push(svg("text", { class: "tick", x: "50%", y: height + 44 }, "epoch"));
    return nodes;
  },
};
