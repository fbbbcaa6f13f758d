// The whole place beside the map: who feels at home, charts that grow, all neighbourhoods, and the numbers.
import { fillCharts } from "./charts.js";
import { signedValue, valueText } from "./files.js";
import { areaRange, band, sure } from "./range.js";
import { measures } from "./scales.js";
import { column, shown, state, tooFew, total } from "./state.js";
import { byId, language, make, number, signed, t, when } from "./text.js";

const months = () => Math.max(state.month, 0) + 1;
function series(run, name) { return Array.from({ length: months() }, (_, m) => total(run, name, m)); }
function areaSeries(run, name, j) { return Array.from({ length: months() }, (_, m) => column(run, name, m)?.[j] ?? NaN); }
function line(values, style, label, extra = {}) { return { values, style, label, ...extra }; }
const minus = (other, one) => other.map((value, m) => value - one[m]);

// ---- key figures: of 100 adults how many feel at home, all and the two groups
const tiles = [["everyone", "at_home"], ["newcomers_line", "at_home_newcomers"], ["established", "at_home_established"]];
export function showTiles() {
  const [a, b] = state.runs, box = byId("tiles"), of100 = (value) => (Number.isFinite(value) ? number(100 * value, 0) : "–");
  if (box.children.length !== tiles.length) box.replaceChildren(...tiles.map(() => make("div", {}, make("dt"), make("dd", {}, make("span"), " ", make("small")))));
  tiles.forEach(([word, name], n) => {
    const [title, figure] = box.children[n].children, one = total(a, name), two = b ? total(b, name) : one;
    title.textContent = t(word);
    figure.children[0].textContent = of100(two);
    figure.children[1].textContent = b ? t("tile_from", { a: of100(one) }) : t("tile_of");
  });
}

// ---- charts
export function showCharts() {
  const [a, b] = state.runs, { measure } = state, { digits, axis, steps } = measures[measure], charts = [];
  const name = t(`m_${measure}`), points = digits === "%" ? "pp" : digits;
  charts.push({ title: name, digits, axis, lines: [line(series(a, measure), b ? "quiet" : "ink", t(b ? "today_line" : "everyone"), { width: b ? 1.8 : 2.4 }), ...(b ? [line(series(b, measure), "accent", t("policy_line"), { width: 2.4 })] : [])] });
  if (b) {
    const known = band();
    charts.push({ title: t("chart_difference", { measure: name }), digits: points, zero: true, least: 2 * steps[1], band: known, lines: [line(minus(series(b, measure), series(a, measure)), "purple-ink", t(known ? "difference_band" : "view_diff"), { width: 2.4 })] });
    if (measure === "at_home") charts.push({ title: t("chart_groups"), digits: points, zero: true, least: 2 * steps[1], lines: [line(minus(series(b, "at_home_established"), series(a, "at_home_established")), "blue", t("established")), line(minus(series(b, "at_home_newcomers"), series(a, "at_home_newcomers")), "orange-ink", t("newcomers_line"))] });
    charts.push({ title: t("chart_cost"), digits: 1, zero: true, least: 0.1, lines: [line(minus(series(b, "spent"), series(a, "spent")).map((euros) => euros / 1e6), "green-ink", t("cost_line"))] });
  } else if (measure === "at_home") {
    charts.push({ title: t("chart_groups_level"), digits, axis, lines: [line(series(a, "at_home_established"), "blue", t("established")), line(series(a, "at_home_newcomers"), "orange-ink", t("newcomers_line"))] });
  }
  fillCharts(byId("charts"), charts);
}
// The chosen neighbourhood beside everyone.
export function showOneChart() {
  const j = state.pick, [a, b] = state.runs, { digits, axis } = measures[state.measure];
  if (j === null || tooFew(j)) { fillCharts(byId("one-charts"), []); return; }
  fillCharts(byId("one-charts"), [{ title: t(`m_${state.measure}`), digits, axis, lines: [
    line(areaSeries(a, state.measure, j), b ? "quiet" : "green-ink", b ? t("today_line") : state.world.names[j], { width: b ? 1.8 : 2.4 }), ...(b ? [line(areaSeries(b, state.measure, j), "accent", t("policy_line"), { width: 2.4 })] : []),
    line(series(b ?? a, state.measure), "ink", t("everyone"), { width: 1.2, dash: true }),
  ] }]);
}

// ---- all neighbourhoods by name, with bars that begin at nothing: what the map shows, in words
let choose = () => {};
export function listenPanels(pick) { choose = pick; byId("areas-part").addEventListener("toggle", showAreas); byId("numbers-part").addEventListener("toggle", showNumbers); }
export function showAreas() {
  const box = byId("areas"), values = state.world && shown(), { world } = state;
  if (!byId("areas-part").open || !values) return;
  const difference = state.view === "diff", towns = new Set(world.towns).size > 1, bare = (j) => world.names[j].replace(/^(Wijk|Buurt) \d+ /, "") + (towns ? ` (${world.towns[j]})` : "");
  const order = world.codes.map((_, j) => j).sort((p, q) => bare(p).localeCompare(bare(q), language(), { numeric: true })).slice(0, 400);
  box.replaceChildren(make("ol", {}, ...order.map((j) => {
    const few = tooFew(j) || Number.isNaN(values[j]), range = difference && !few ? areaRange(j, values[j]) : null;
    const text = few ? t("too_few_short") : difference ? signedValue(values[j]) + (sure(range) ? "" : " ?") : valueText(values[j]);
    return make("li", {}, make("button", { type: "button", onclick: () => choose(j), title: range ? t("tip_range", { low: signedValue(range.low), high: signedValue(range.high), count: range.count }) : null },
      make("span", { text: bare(j) }), few ? make("span") : meter(values[j], difference), make("span", { text })));
  })));
}
function meter(value, difference) {
  const { whole, steps } = measures[state.measure], bar = make("i"), share = Math.min(Math.abs(value) / (difference ? 2 * steps.at(-1) : whole), 1) * (difference ? 50 : 100);
  bar.style.left = difference ? `${value < 0 ? 50 - share : 50}%` : "0";
  bar.style.width = `${share}%`;
  if (value < 0) bar.className = "neg";
  const middle = make("b");
  middle.style.left = difference ? "50%" : "0";
  return make("span", { class: "meter" }, bar, middle);
}

// ---- numbers
const names = [["at_home", "%"], ["belonging", 4], ["cohesion", 3], ["belonging_established", 4], ["belonging_newcomers", 4], ["diversity", 4], ["turnover", "%"], ["newcomers", "%"], ["withdrawn", "%"], ["residents", 0], ["arrived_abroad", 0], ["left_abroad", 0], ["spent", 0]];
export function showNumbers() {
  if (!byId("numbers-part").open || !state.world) return;
  const [a, b] = state.runs, text = (value, digits) => (digits === "%" ? `${number(100 * value, 2)}%` : number(value, digits));
  const rows = names.map(([name, digits]) => {
    const values = [total(a, name), ...(b ? [total(b, name)] : [])];
    const cells = values.map((value) => make("td", { class: "n", "data-total": name, "data-value": String(value), text: text(value, digits) }));
    if (b) cells.push(make("td", { class: "n", text: digits === "%" ? `${signed(100 * (values[1] - values[0]), 2)} ${t("points")}` : signed(values[1] - values[0], digits) }));
    return make("tr", {}, make("th", { scope: "row", text: t(`m_${name}`) === `m_${name}` ? t(`n_${name}`) : t(`m_${name}`) }), ...cells);
  });
  const head = make("tr", {}, make("th", { scope: "col", text: when(state.month) }), ...(b ? [t("view_a"), t("view_b"), t("view_diff")] : [state.world.title[language()]]).map((label) => make("th", { scope: "col", class: "n", text: label })));
  byId("numbers").replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
}
