// Line charts that grow as months pass; a click goes to that month.
import { theme } from "./colours.js";
import { state } from "./state.js";
import { number, t } from "./text.js";

function niceStep(span) {
  const rough = span / 4, ten = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((n) => n * ten).find((step) => step >= rough) ?? ten * 10;
}
function rangeOf(lines) {
  let low = Infinity, high = -Infinity;
  for (const line of lines) for (const value of line.values) if (Number.isFinite(value)) { low = Math.min(low, value); high = Math.max(high, value); }
  if (!(low <= high)) return [0, 1];
  const pad = Math.max((high - low) * 0.08, Math.abs(high) * 0.004, 1e-4);
  return [low - pad, high + pad];
}
// lines: [{ values (one per month), colour (css variable), dash, width, label }]
export function drawChart(canvas, lines, digits, zero = false) {
  const pixel = window.devicePixelRatio || 1, box = canvas.getBoundingClientRect(), wide = box.width, tall = box.height;
  if (wide < 10) return;
  const c = canvas.getContext("2d"), across = Math.round(wide * pixel), down = Math.round(tall * pixel);
  if (canvas.width !== across || canvas.height !== down) { canvas.width = across; canvas.height = down; }
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  c.clearRect(0, 0, wide, tall);
  let [low, high] = rangeOf(lines);
  if (zero) { low = Math.min(low, 0); high = Math.max(high, 0); }
  const step = niceStep(high - low), shownDigits = Math.max(digits, Math.min(5, Math.ceil(-Math.log10(step) - 1e-9) + (String(step).includes("25") ? 1 : 0)));
  c.font = "12px system-ui, sans-serif";
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + 1e-12; tick += step) ticks.push(tick);
  const room = Math.max(...ticks.map((tick) => c.measureText(number(tick, shownDigits)).width), 20) + 10;
  const years = Math.max(Math.ceil(Math.max(state.month, ...lines.map((line) => line.values.length - 1)) / 12), 2);
  const x = (month) => room + (month / (12 * years)) * (wide - room - 12), y = (value) => 8 + (1 - (value - low) / (high - low)) * (tall - 34);
  c.fillStyle = theme("--quiet"); c.strokeStyle = theme("--line"); c.lineWidth = 1; c.textBaseline = "middle"; c.textAlign = "right";
  for (const tick of ticks) { c.beginPath(); c.moveTo(room, y(tick)); c.lineTo(wide - 12, y(tick)); c.stroke(); c.fillText(number(tick, shownDigits), room - 6, y(tick)); }
  c.textBaseline = "alphabetic"; c.textAlign = "center";
  const every = Math.ceil(years / 8);
  for (let year = 0; year <= years; year += every) {
    const last = year + every > years; // the last one says the unit, and ends where the chart does
    const text = last ? t("year_unit", { year }) : String(year), half = c.measureText(text).width / 2;
    c.fillText(text, Math.min(x(12 * year), wide - 4 - half), tall - 10);
  }
  c.strokeStyle = theme("--quiet"); c.setLineDash([2, 3]); c.beginPath(); c.moveTo(x(state.month), 6); c.lineTo(x(state.month), tall - 24); c.stroke();
  for (const line of lines) {
    c.strokeStyle = theme(line.colour); c.lineWidth = line.width ?? 2; c.setLineDash(line.dash ? [6, 4] : []); c.beginPath();
    let down = false;
    line.values.forEach((value, month) => {
      if (!Number.isFinite(value)) { down = false; return; }
      if (down) c.lineTo(x(month), y(value)); else c.moveTo(x(month), y(value));
      down = true;
    });
    c.stroke();
    const now = line.values[state.month];
    if (Number.isFinite(now)) { c.setLineDash([]); c.fillStyle = theme(line.colour); c.beginPath(); c.arc(x(state.month), y(now), 3.2, 0, 6.3); c.fill(); }
  }
  c.setLineDash([]);
  canvas.monthAt = (px) => Math.round(((px - room) / (wide - room - 12)) * 12 * years);
}
