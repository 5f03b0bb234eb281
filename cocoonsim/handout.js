// Plays the film that lies in the page: a policy, a step, and the pictures of that moment. Nothing is fetched.
"use strict";
const film = JSON.parse(document.getElementById("film").textContent);
const finger = window.matchMedia("(pointer: coarse)").matches;
const narrow = window.matchMedia("(max-width: 40rem)").matches;
const colours = film.look.template.layout.colorway;
const dashes = ["solid", "dot", "dashdot", "longdash", "longdashdot"];
const state = { arm: 0, frame: 0, measure: 0, timer: 0 };
const find = (name) => document.getElementById(name);

function layout(more) {
  const own = Object.assign(structuredClone(film.look), more);
  if (finger) own.dragmode = false; // a finger on a figure scrolls the page
  if (narrow) own.font = { size: 12 };
  return own;
}

function draw(name, traces, more, sentence) {
  Plotly.react(find("picture-" + name), traces, layout(more), { responsive: true, displayModeBar: false });
  find("says-" + name).querySelector(".now").textContent = sentence;
}

// An arm that ended earlier keeps its last frame.
const frameOf = (arm) => Math.min(state.frame, arm.steps.length - 1);
const upTo = (line, step) => line.step.filter((at) => at <= step).length;

function drawLines() {
  const measure = film.measures[state.measure];
  const step = film.steps[state.frame];
  const everything = measure.lines.flatMap((line) => line.value.concat(line.null)).filter((value) => value !== null);
  const high = Math.max(...everything);
  const low = Math.min(0, ...everything);
  const edge = (high - low || 1) * 0.06;
  const traces = [];
  film.arms.forEach(function (arm, at) {
    const line = measure.lines[at];
    const n = upTo(line, step);
    const chosen = at === state.arm;
    traces.push({
      x: line.step.slice(0, n), y: line.value.slice(0, n), name: arm.plain, mode: n > 1 ? "lines" : "markers",
      opacity: chosen ? 1 : 0.55, hovertemplate: "%{y:.3g}",
      line: { color: colours[at % colours.length], width: chosen ? 5 : 1.8, dash: dashes[at % dashes.length] },
    });
  });
  const mine = measure.lines[state.arm];
  const n = upTo(mine, step);
  if (measure.null) {
    traces.push({
      x: mine.step.slice(0, n), y: mine.null.slice(0, n), name: "By chance: " + measure.null, mode: n > 1 ? "lines" : "markers",
      line: { color: "#767676", width: 2, dash: "dash" }, hovertemplate: "%{y:.3g}",
    });
  }
  const axes = film.look.template.layout;
  let sentence = "Nothing was measured yet.";
  if (n) {
    sentence = "In step " + step + " the measure is " + mine.words[n - 1];
    const chance = mine.null.length ? mine.null[n - 1] : null;
    sentence += chance === null ? "." : "; by chance it would be " + Number(chance.toPrecision(3)) + ".";
  }
  draw("lines", traces, {
    hovermode: "x unified", height: narrow ? 440 : 400,
    xaxis: { ...axes.xaxis, title: { text: "Step" }, range: [-0.5, Math.max(film.steps[film.steps.length - 1], 1) + 0.5] },
    yaxis: { ...axes.yaxis, title: { text: measure.axis }, range: [low < 0 ? low - edge : 0, high + edge] },
  }, sentence);
  return n ? measure.title + ": " + mine.words[n - 1] : "";
}

function drawFeeds() {
  const arm = film.arms[state.arm];
  const last = frameOf(arm);
  const people = arm.people;
  const places = Math.max(1, ...arm.shown.flat().map((feed) => feed.length));
  const count = film.feeds.colours.length;
  const scale = film.feeds.colours.flatMap((colour, at) => [[at / count, colour], [(at + 1) / count, colour]]);
  const rows = [], dots = { x: [], y: [] }, ticks = { values: [], texts: [] };
  people.forEach(function (user, at) {
    const top = at * (places + 1);
    ticks.values.push(top + (places - 1) / 2);
    ticks.texts.push("Person " + user);
    for (let place = 0; place <= places; place++) rows.push(arm.steps.map(() => null));
    for (let frame = 0; frame <= last; frame++) {
      arm.shown[at][frame].forEach((topic, place) => { rows[top + place][frame] = topic; });
      arm.clicked[at][frame].forEach(function (rank) { dots.x.push(arm.steps[frame]); dots.y.push(top + rank - 1); });
    }
  });
  const traces = [
    { type: "heatmap", x: arm.steps, z: rows, zmin: -0.5, zmax: count - 0.5, colorscale: scale, showscale: false, hoverinfo: "skip",
      xgap: 1, ygap: 1 },
    { x: dots.x, y: dots.y, mode: "markers", marker: { color: "#222222", size: narrow ? 3 : 5, line: { color: "#FFFFFF", width: 1 } },
      name: "clicked", hoverinfo: "skip" },
  ];
  [...film.feeds.topics, "other topics"].slice(0, count).forEach(function (topic, at) {
    const name = at === count - 1 ? "other topics" : topic;
    traces.push({ x: [null], y: [null], mode: "markers", name: name, marker: { color: film.feeds.colours[at], size: 11, symbol: "square" } });
  });
  const axes = film.look.template.layout;
  draw("feeds", traces, {
    height: 400,
    xaxis: { ...axes.xaxis, title: { text: "Step" }, showgrid: false, range: [arm.steps[0] - 0.5, film.steps[film.steps.length - 1] + 0.5] },
    yaxis: { ...axes.yaxis, showgrid: false, autorange: "reversed", tickvals: ticks.values, ticktext: ticks.texts, ticks: "" },
  }, "In this step they see " + people.map((user, at) => arm.seen[at][last] + " (person " + user + ")").join(", ") + " different topics.");
}

function tiesAt(arm, frame) {
  const ties = new Set(arm.ties.first);
  for (let at = 1; at <= frame; at++) {
    arm.ties.changes[at][1].forEach((tie) => ties.delete(tie));
    arm.ties.changes[at][0].forEach((tie) => ties.add(tie));
  }
  return [...ties].map((tie) => [Math.floor(tie / 100000), tie % 100000]);
}

function drawNetwork() {
  const arm = film.arms[state.arm];
  const frame = frameOf(arm);
  const spots = film.layouts[arm.layout];
  const opinion = arm.opinion[frame];
  const ties = tiesAt(arm, frame);
  const inside = { x: [], y: [] }, across = { x: [], y: [] };
  let crossing = 0;
  ties.forEach(function ([a, b]) {
    const cross = opinion[a] * opinion[b] < 0;
    crossing += cross;
    const into = cross ? across : inside;
    into.x.push(spots[a][0], spots[b][0], null);
    into.y.push(spots[a][1], spots[b][1], null);
  });
  const faint = Math.min(0.5, Math.max(0.12, 250 / Math.max(ties.length, 1)));
  const reach = Math.max(25, 100 * film.reach * 0.8);
  const line = (part, colour) => ({ x: part.x, y: part.y, mode: "lines", hoverinfo: "skip", line: { width: 0.8, color: colour } });
  const hidden = { visible: false, showgrid: false };
  draw("network", [
    line(inside, "rgba(90,90,90," + faint + ")"),
    line(across, "rgba(230,159,0," + Math.min(0.9, faint * 2.2) + ")"),
    { x: spots.map((spot) => spot[0]), y: spots.map((spot) => spot[1]), mode: "markers", customdata: opinion.map((one) => one / 100),
      hovertemplate: "opinion %{customdata:.2f}<extra></extra>",
      marker: { size: narrow ? 6 : 8, color: opinion, cmin: -reach, cmax: reach, colorscale: film.opposed, line: { color: "#555555", width: 0.6 } } },
  ], { height: 440, showlegend: false, margin: { l: 4, r: 4, t: 6, b: 4 }, xaxis: hidden, yaxis: { ...hidden, scaleanchor: "x" } },
  "In this step " + (ties.length ? Math.round(100 * crossing / ties.length) : 0) + " % of the ties drawn join the two sides.");
}

// The colour of an opinion; a bar takes no colour scale without warning of it.
function shade(opinion) {
  const [end, , other] = film.opposed.map((stop) => stop[1].match(/\w\w/g).map((part) => parseInt(part, 16)));
  const pale = 239, strength = Math.min(1, Math.abs(opinion) / (0.8 * film.reach));
  const mixed = (opinion < 0 ? end : other).map((part) => Math.round(pale + (part - pale) * strength));
  return "rgb(" + mixed.join(",") + ")";
}

function drawOpinions() {
  const arm = film.arms[state.arm];
  const frame = frameOf(arm);
  const shares = arm.bins[frame];
  const width = 2 * film.reach / shares.length;
  const top = Math.max(...film.arms.flatMap((one) => one.bins).flat()) * 1.05;
  const middles = shares.map((share, at) => -film.reach + (at + 0.5) * width);
  const axes = film.look.template.layout;
  draw("opinions", [{
    type: "bar", x: middles, y: shares, width: width * 0.92, hovertemplate: "about %{x:.2f}: %{y:.1f} %<extra></extra>",
    marker: { color: middles.map(shade), line: { color: "#767676", width: 1 } },
  }], {
    height: 440, showlegend: false, margin: { l: 10, r: 12, t: 10, b: 10 },
    xaxis: { ...axes.xaxis, title: { text: "Opinion" }, range: [-film.reach, film.reach], showgrid: false },
    yaxis: { ...axes.yaxis, title: { text: "People (%)" }, range: [0, top] },
  }, "Their standard deviation is " + arm.spread[frame] + " in this step, " + arm.spread[0] + " in the first.");
}

const drawers = { lines: drawLines, feeds: drawFeeds, network: drawNetwork, opinions: drawOpinions };

function show() {
  const arm = film.arms[state.arm];
  const step = film.steps[state.frame];
  let main = "";
  for (const name of Object.keys(drawers)) if (find("picture-" + name)) main = drawers[name]() || main;
  const over = frameOf(arm) < state.frame ? " (ended in step " + arm.steps[arm.steps.length - 1] + ": " + arm.stopped + ")" : "";
  find("step").value = state.frame;
  find("step").setAttribute("aria-valuetext", "step " + step);
  find("at").textContent = step;
  // while it plays a screen reader would be flooded
  find("now").setAttribute("aria-live", state.timer ? "off" : "polite");
  find("now").textContent = "Step " + step + ", " + arm.name + over + (main ? ". " + main : "") + ".";
}

function pause() {
  window.clearInterval(state.timer);
  state.timer = 0;
  find("play").textContent = "Play";
}

function goTo(frame) {
  state.frame = Math.max(0, Math.min(film.steps.length - 1, frame));
  if (state.timer && state.frame === film.steps.length - 1) pause();
  show();
}

function play() {
  if (state.frame === film.steps.length - 1) state.frame = 0;
  state.timer = window.setInterval(() => goTo(state.frame + 1), Number(find("speed").value));
  find("play").textContent = "Pause";
  show();
}

find("play").addEventListener("click", () => (state.timer ? (pause(), show()) : play()));
find("back").addEventListener("click", function () { pause(); goTo(state.frame - 1); });
find("on").addEventListener("click", function () { pause(); goTo(state.frame + 1); });
find("step").addEventListener("input", function (event) { pause(); goTo(Number(event.target.value)); });
find("speed").addEventListener("change", function () { if (state.timer) { pause(); play(); } });
document.querySelectorAll("input[name=arm]").forEach((input) =>
  input.addEventListener("change", function () { state.arm = Number(input.value); show(); }));
if (find("measure")) find("measure").addEventListener("change", function (event) { state.measure = Number(event.target.value); show(); });
show();
