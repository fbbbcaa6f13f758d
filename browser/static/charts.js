// Line charts over the months, drawn by uPlot; a click goes to that month.
import { theme } from "./colours.js";
import { state } from "./state.js";
import { decimals, make, number, t } from "./text.js";

const tall = 150, font = "12px system-ui, sans-serif";
let goTo = () => {};
export function listenCharts(go) { goTo = go; }

// chart: { title, digits (decimals, "%", or "pp" for a difference of shares), lines: [{ values (one per month), label, style, dash, width, fill }], band: { low, high }, axis: [low, high], zero, from }
export function fillCharts(box, charts) {
  while (box.children.length > charts.length) { box.lastChild.plot?.destroy(); box.lastChild.remove(); }
  while (box.children.length < charts.length) box.append(make("div", { class: "chart" }, make("h3"), make("div", { class: "plot", role: "img" }), make("ul", { class: "legend" })));
  charts.forEach((chart, n) => fillChart(box.children[n], chart));
}
function fillChart(box, chart) {
  const [title, plot, legend] = box.children, wide = plot.clientWidth;
  const key = [chart.title, document.documentElement.lang, document.documentElement.dataset.theme, ...chart.lines.map((one) => `${one.label} ${one.style}`), !!chart.band].join("|");
  if (title.textContent !== chart.title) title.textContent = chart.title;
  box.chart = chart;
  if (wide < 40) return;
  const data = columnsOf(chart);
  if (box.dataset.key !== key) {
    box.dataset.key = key;
    legend.replaceChildren(...chart.lines.filter((one) => !one.mute).map((one) => make("li", { class: `${one.style}${one.dash ? " dash" : ""}${one.fill ? " block" : ""}` }, make("span", { text: one.label }))));
    box.plot?.destroy();
    box.plot = new globalThis.uPlot(options(box, wide), data, plot);
  } else {
    if (Math.abs(box.plot.width - wide) > 1) box.plot.setSize({ width: wide, height: box.chart.tall ?? tall });
    box.plot.setData(data);
  }
  plot.setAttribute("role", chart.events ? "group" : "img");
  if (!state.playing) plot.setAttribute("aria-label", t("aria_chart", { title: chart.title, values: chart.lines.filter((one) => !one.bare).map((one) => `${one.label} ${number(one.values[at(chart)], 3)}`).join(", ") }));
}
function at(chart) { return Math.min(state.month, chart.lines[0].values.length - 1 + (chart.from ?? 0)) - (chart.from ?? 0); }
function columnsOf(chart) {
  const most = Math.max(...chart.lines.map((one) => one.values.length), chart.band?.low.length ?? 0), from = chart.from ?? 0;
  const whole = (values) => Array.from({ length: most }, (_, m) => (Number.isFinite(values[m]) ? values[m] : null));
  const band = chart.band ? [whole(chart.band.high), whole(chart.band.low)] : [];
  return [Array.from({ length: most }, (_, m) => (m + from) / 12), ...chart.lines.map((one) => whole(one.values)), ...band];
}
function yRange(box, low, high) {
  const { axis, zero } = box.chart;
  if (axis) return [Math.min(axis[0], low ?? axis[0]), Math.max(axis[1], high ?? axis[1])];
  let [a, b] = [low ?? 0, high ?? 1];
  if (zero) { a = Math.min(a, 0); b = Math.max(b, 0); }
  const least = box.chart.least ?? 1e-3, room = Math.max(0.08 * (b - a), (least - (b - a)) / 2, 0);
  return [a - (zero && a === 0 ? 0 : room), b + room];
}
function options(box, width) {
  const { chart } = box, lines = chart.lines.length, grid = { stroke: theme("--line"), width: 1 };
  const series = chart.lines.map((one) => ({ stroke: one.bare ? "transparent" : theme(`--${one.style}`), width: one.bare ? 0 : one.width ?? 2, dash: one.dash ? [6, 4] : undefined, points: { show: false } }));
  const clear = { stroke: "transparent", points: { show: false } };
  return {
    width, height: chart.tall ?? tall, legend: { show: false }, cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
    series: [{}, ...series, ...(chart.band ? [clear, clear] : [])],
    bands: [...(chart.band ? [{ series: [lines + 1, lines + 2], fill: `${theme("--purple-ink")}38` }] : []), ...(chart.bands ?? []).map((one) => ({ series: one.series, fill: theme(`--${one.style}`) }))],
    scales: { x: { time: false, range: () => { const from = (box.chart.from ?? 0) / 12; return [from, Math.max(from + 2, Math.ceil((Math.max(state.month, ...box.chart.lines.map((one) => one.values.length - 1 + (box.chart.from ?? 0)))) / 12))]; } }, y: { range: (_, low, high) => yRange(box, low, high) } },
    axes: [
      { font, stroke: theme("--quiet"), grid: { show: false }, ticks: { show: false }, size: 28, gap: 8, incrs: [1, 2, 5, 10], values: (_, years) => years.map((year, n) => (n === years.length - 1 ? t("year_unit", { year: number(year) }) : number(year))) },
      { font, stroke: theme("--quiet"), grid, ticks: { show: false }, size: chart.digits === "pp" ? 56 : 46, gap: 4, values: (_, ticks) => ticks.map((tick) => tickText(tick, ticks, box.chart.digits)) },
    ],
    hooks: { draw: [(plot) => { now(plot); if (box.chart.events) placeEvents(plot, box.chart.events); }], ready: [(plot) => plot.over.addEventListener("click", () => { const year = plot.posToVal(plot.cursor.left, "x"); if (year >= 0) goTo(Math.round(12 * year)); })] },
  };
}
function tickText(tick, ticks, digits) {
  const share = digits === "%" || digits === "pp", step = (ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 1) * (share ? 100 : 1), needed = decimals(step);
  if (share) return `${number(100 * tick, needed)}${digits === "%" ? "%" : ` ${t("points")}`}`;
  return number(tick, needed);
}
// What happened, as signs over the chart in the months in which it did; those of one month below each other.
function placeEvents(plot, events) {
  const { over } = plot, rows = {}, across = events.map((event) => plot.valToPos(event.month / 12, "x"));
  const key = JSON.stringify([document.documentElement.lang, events, across.map(Math.round)]);
  if (over.dataset.events === key) return; // who stands on one of them with the keyboard stays there
  over.dataset.events = key;
  over.querySelectorAll("button").forEach((one) => one.remove());
  over.append(...events.map((event, n) => {
    const button = make("button", { type: "button", class: `sign ${event.kind}`, text: event.sign, title: event.text, "aria-label": `${t("month_short", { month: event.month })}: ${event.text}`, onclick: () => goTo(event.month) });
    const slot = Math.round(across[n] / 18);
    rows[slot] = (rows[slot] ?? -1) + 1;
    button.style.left = `${across[n] - 9}px`; button.style.top = `${Math.min(rows[slot], 6) * 19}px`;
    return button;
  }));
}
// The month on the page, as a line.
function now(plot) {
  const c = plot.ctx, x = Math.round(plot.valToPos(state.month / 12, "x", true)), { top, height } = plot.bbox;
  c.save(); c.strokeStyle = theme("--quiet"); c.setLineDash([3, 4]); c.lineWidth = 1;
  c.beginPath(); c.moveTo(x, top); c.lineTo(x, top + height); c.stroke(); c.restore();
}
