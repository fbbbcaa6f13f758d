// The whole place beside the map: key figures, charts that grow, highest and lowest, numbers, and the line that compares.
import { drawChart } from "./charts.js";
import { measureName, signedValue, valueText } from "./files.js";
import { column, ends, lookedAt, measures, runOf, shown, state, total } from "./state.js";
import { byId, euro, language, make, number, signed, t, when } from "./text.js";

const listed = 5, few = 100; // neighbourhoods listed at either end; residents below which a mean says little

function series(run, name) { return run.months.slice(0, Math.max(state.month, 0) + 1).map((_, m) => total(run, name, m)); }
function areaSeries(run, name, j) { return run.months.slice(0, state.month + 1).map((_, m) => column(run, name, m)[j]); }
function digitsOf(measure) { return measures[measure] === "%" ? 2 : measures[measure]; }

// ---- key figures
const gap = (run, month) => total(run, "belonging_established", month) - total(run, "belonging_newcomers", month);
const tiles = [
  ["m_at_home", (run, month) => total(run, "at_home", month), "%"], ["tile_gap", gap, 3],
  ["m_newcomers", (run, month) => total(run, "newcomers", month), "%"], ["m_turnover", (run, month) => total(run, "turnover", month), "%"],
];
export function showTiles() {
  const [a, b] = state.runs, text = (value, digits) => (digits === "%" ? `${number(100 * value, 1)}%` : number(value, digits));
  const change = (value, digits) => (digits === "%" ? `${signed(100 * value, 1)} ${t("points")}` : signed(value, digits));
  const box = byId("tiles");
  if (box.children.length !== tiles.length) box.replaceChildren(...tiles.map(() => make("div", {}, make("dt"), make("dd", {}, make("span"), " ", make("small")))));
  tiles.forEach(([key, value, digits], n) => {
    const [name, figure] = box.children[n].children, now = value(a, state.month);
    name.textContent = t(key);
    figure.children[0].textContent = text(now, digits);
    figure.children[1].textContent = b ? `B ${text(value(b, state.month), digits)}` : state.month ? t("since_start", { change: change(now - value(a, 0), digits) }) : "";
  });
}

// What of the change since the start is no effect of a policy.
export function showDrift() {
  const [a, b] = state.runs, share = (month) => `${number(100 * total(a, "at_home", month), 1)}%`;
  let text = t("drift_none");
  if (b) text = t("drift_both");
  else if (a.events.length) text = t("drift_policy");
  else if (state.month) text = t("drift_today", { start: share(0), now: share(state.month), month: state.month });
  if (byId("drift").textContent !== text) byId("drift").textContent = text;
}

// ---- charts
const whole = { ink: "--ink", a: "--a", b: "--b", c: "--c", d: "--d" };
function line(values, style, label, dash = false, width = 2) { return { values, colour: whole[style], style: dash ? `${style} dash` : style, label, dash, width }; }
export function showCharts() {
  const [a, b] = state.runs, charts = [], suffix = b ? " A" : "";
  charts.push({ title: t("chart_home"), digits: 2, lines: [
    line(series(a, "belonging"), "ink", t("everyone") + suffix, false, 2.6), line(series(a, "belonging_established"), "a", t("established") + suffix), line(series(a, "belonging_newcomers"), "b", t("newcomers_line") + suffix),
    ...(b ? [line(series(b, "belonging"), "ink", t("everyone_b"), true), line(series(b, "belonging_newcomers"), "b", `${t("newcomers_line")} B`, true)] : []),
  ] });
  if (state.measure !== "belonging") {
    charts.push({ title: t(`m_${state.measure}`), digits: digitsOf(state.measure), lines: [
      line(series(a, state.measure), "ink", t("everyone") + suffix, false, 2.6), ...(b ? [line(series(b, state.measure), "ink", t("everyone_b"), true)] : []),
    ] });
  }
  if (b) {
    const one = series(a, state.measure), other = series(b, state.measure), cost = (run) => series(run, "spent").map((euros) => euros / 1e6);
    charts.push({ title: t("chart_difference", { measure: t(`m_${state.measure}`) }), digits: 3, zero: true, lines: [line(one.map((value, m) => other[m] - value), "d", "B − A", false, 2.4)] });
    charts.push({ title: t("chart_cost"), digits: 1, zero: true, lines: [line(cost(a), "ink", "A"), line(cost(b), "ink", "B", true)] });
  }
  fillCharts(byId("charts"), charts);
}
// The chosen neighbourhood beside everyone.
export function showOneChart() {
  const j = state.pick, [a, b] = state.runs;
  if (j === null) { byId("one-charts").replaceChildren(); return; }
  const suffix = b ? " A" : "";
  fillCharts(byId("one-charts"), [{ title: t(`m_${state.measure}`), digits: digitsOf(state.measure), lines: [
    line(areaSeries(a, state.measure, j), "c", state.world.names[j] + suffix, false, 2.6), ...(b ? [line(areaSeries(b, state.measure, j), "c", `${state.world.names[j]} B`, true)] : []),
    line(series(runOf(lookedAt()), state.measure), "ink", t("everyone"), false, 1.4),
  ] }]);
}
let goTo = () => {};
export function listenPanels(go) { goTo = go; }
function fillCharts(box, charts) {
  while (box.children.length > charts.length) box.lastChild.remove();
  while (box.children.length < charts.length) box.append(chartBox());
  charts.forEach((chart, n) => fillChart(box.children[n], chart));
}
function chartBox() {
  const canvas = make("canvas", { role: "img" });
  canvas.addEventListener("click", (event) => { const month = canvas.monthAt?.(event.clientX - canvas.getBoundingClientRect().left); if (month >= 0) goTo(month); });
  return make("div", { class: "chart" }, make("h3"), canvas, make("ul", { class: "legend" }));
}
function fillChart(box, chart) {
  const [title, canvas, legend] = box.children;
  title.textContent = chart.title;
  const key = chart.lines.map((one) => one.label).join("|");
  if (legend.dataset.key !== key) { legend.dataset.key = key; legend.replaceChildren(...chart.lines.map((one) => make("li", { class: one.style }, make("span", { text: one.label })))); }
  drawChart(canvas, chart.lines, chart.digits, chart.zero);
  if (!state.playing) canvas.setAttribute("aria-label", t("aria_chart", { title: chart.title, values: chart.lines.map((one) => `${one.label} ${number(one.values[state.month], 3)}`).join(", ") }));
}

// ---- highest and lowest neighbourhoods of what the map shows
let choose = () => {};
export function listenRanking(pick) { choose = pick; byId("ranking-part").addEventListener("toggle", showRanking); byId("numbers-part").addEventListener("toggle", showNumbers); }
export function showRanking() {
  const box = byId("ranking"), values = state.world && shown(), areas = state.world?.codes.length;
  if (!byId("ranking-part").open || !values) return;
  const people = column(runOf(lookedAt()), "residents"), order = [];
  for (let j = 0; j < areas; j++) if (!Number.isNaN(values[j]) && (people[j] >= few || areas <= 20)) order.push(j);
  order.sort((p, q) => values[q] - values[p]);
  const [low, high] = ends(), towns = new Set(state.world.towns).size > 1;
  const rows = (list) => make("ol", {}, ...list.map((j) => make("li", {}, make("button", { type: "button", onclick: () => choose(j) },
    make("span", { text: state.world.names[j].replace(/^(Wijk|Buurt) \d+ /, "") + (towns ? ` (${state.world.towns[j]})` : "") }), meter(values[j], low, high), make("span", { text: state.view === "diff" ? signedValue(values[j]) : valueText(values[j]) })))));
  const half = Math.min(listed, Math.ceil(order.length / 2));
  box.replaceChildren(make("h3", { text: t("highest") }), rows(order.slice(0, half)), make("h3", { text: t("lowest") }), rows(order.slice(half).slice(-half)));
}
function meter(value, low, high) {
  const bar = make("i"), share = Math.min(Math.max((value - low) / (high - low), 0), 1);
  bar.style.left = "0"; bar.style.width = `${100 * share}%`;
  return make("span", { class: "meter" }, bar);
}

// ---- numbers
const names = [["belonging", 4], ["at_home", "%"], ["cohesion", 3], ["belonging_established", 4], ["belonging_newcomers", 4], ["diversity", 4], ["turnover", "%"], ["newcomers", "%"], ["withdrawn", "%"], ["residents", 0], ["arrived_abroad", 0], ["left_abroad", 0], ["spent", 0]];
export function showNumbers() {
  if (!byId("numbers-part").open || !state.world) return;
  const [a, b] = state.runs, text = (value, digits) => (digits === "%" ? `${number(100 * value, 2)}%` : number(value, digits));
  const rows = names.map(([name, digits]) => {
    const values = [total(a, name), ...(b ? [total(b, name)] : [])];
    const cells = values.map((value) => make("td", { class: "n", "data-total": name, "data-value": String(value), text: text(value, digits) }));
    if (b) cells.push(make("td", { class: "n", text: digits === "%" ? `${signed(100 * (values[1] - values[0]), 2)} ${t("points")}` : signed(values[1] - values[0], digits) }));
    return make("tr", {}, make("th", { scope: "row", text: t(`m_${name}`) === `m_${name}` ? t(`n_${name}`) : t(`m_${name}`) }), ...cells);
  });
  const head = make("tr", {}, make("th", { scope: "col", text: when(state.month) }), ...(b ? ["A", "B", "B − A"] : [state.world.title[language()]]).map((label) => make("th", { scope: "col", class: "n", text: label })));
  byId("numbers").replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
}

// ---- the difference so far and its cost
export function showDifference() {
  const box = byId("difference"), [a, b] = state.runs;
  box.hidden = !b;
  if (!b) return;
  box.setAttribute("aria-live", state.playing ? "off" : "polite");
  const one = total(a, "belonging"), other = total(b, "belonging"), extra = total(b, "spent") - total(a, "spent");
  const cost = extra === 0 ? t("same") : t(extra > 0 ? "more" : "less", { euro: euro(Math.abs(extra)) });
  box.textContent = one === other && extra === 0 ? t("difference_none", { month: state.month }) : t("difference_line", { month: state.month, a: number(one, 4), b: number(other, 4), d: signed(other - one, 4), euro: cost });
}
