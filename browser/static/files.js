// Downloads (data, figure) and uploads (a table of one's own).
import { swatches, theme } from "./colours.js";
import { borders, measures } from "./scales.js";
import { state } from "./state.js";
import { byId, decimals, language, make, number, signed, t, when } from "./text.js";

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
// Text for a spreadsheet, divided as Excel of that language expects it: quoted, and never taken for a formula.
function cell(text) {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
function written(value) {
  if (typeof value === "string") return cell(value);
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return language() === "nl" ? String(value).replace(".", ",") : String(value);
}
const between = () => (language() === "nl" ? ";" : ",");
function line(values) { return `${values.map(written).join(between())}\r\n`; }
// A table as a CSV file: names of the columns, then rows of texts and numbers.
export function saveTable(name, columns, rows) {
  save(new Blob(["\ufeff", `${columns.join(between())}\r\n`, ...rows.map(line)], { type: "text/csv" }), name);
}
export function downloadData() {
  const { world } = state, areas = world.codes.length, rows = [];
  state.runs.forEach((run, n) => run?.months.slice(0, state.month + 1).forEach(({ columns }, month) => {
    for (let j = 0; j < areas; j++) rows.push(["AB"[n], month, world.codes[j], world.names[j], world.towns[j], ...world.columns.map((_, c) => columns[c * areas + j])]);
  }));
  saveTable(`thuis-${state.region}-${state.seed}.csv`, ["policy", "month", "neighbourhood", "name", "municipality", ...world.columns], rows);
}
export function valueText(value, measure = state.measure) {
  const { digits } = measures[measure];
  return digits === "%" ? `${number(100 * value, 1)}%` : number(value, digits);
}
// A difference, as precise as the smallest step of its colours.
export function signedValue(value, measure = state.measure) {
  const { digits, steps } = measures[measure], share = digits === "%", least = steps[0] * (share ? 100 : 1);
  const text = signed(share ? 100 * value : value, Math.max(0, Math.ceil(-Math.log10(least) - 1e-9)) + (share ? (least < 1 ? 0 : 1) : 0));
  return share ? `${text} ${t("points")}` : text;
}
export function measureName() { return (state.view === "diff" ? `${t("view_diff")}: ` : "") + t(`m_${state.measure}`); }
// The borders between colours, as text.
export function borderTexts(measure, difference) {
  const list = borders(measure, difference), share = measures[measure].digits === "%", scale = share ? 100 : 1;
  const digits = Math.max(...list.map((value) => decimals(value * scale)));
  return list.map((value) => (difference ? signed(value * scale, digits) : number(value * scale, digits)));
}
export function unitOf(measure, difference) { return measures[measure].digits === "%" ? t(difference ? "points_long" : "percent_of") : ""; }
// Lines of a text no wider than there is room.
function wrapped(c, text, room) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (lines.at(-1) && c.measureText(longer).width > room) lines.push(word); else lines[lines.length - 1] = longer;
  }
  return lines;
}
export function downloadFigure() {
  const map = byId("map"), charts = [...document.querySelectorAll("#charts .plot canvas")], wide = map.width, pixel = window.devicePixelRatio || 1;
  const scratch = make("canvas").getContext("2d"), across = Math.max(wide, ...charts.map((one) => one.width));
  scratch.font = `${11 * pixel}px system-ui, sans-serif`;
  const below = [state.world.source[language()], t("limits")].flatMap((text) => wrapped(scratch, text, across - 24 * pixel));
  const head = 64 * pixel, foot = (46 + 15 * below.length) * pixel, legendRows = 3, chartTall = Math.max(...charts.map((one) => one.height), 0) + (35 + 17 * legendRows) * pixel;
  const sheet = make("canvas", { width: across, height: head + map.height + foot + charts.length * chartTall });
  const c = sheet.getContext("2d");
  c.fillStyle = theme("--paper"); c.fillRect(0, 0, sheet.width, sheet.height);
  c.fillStyle = theme("--ink"); c.textBaseline = "top";
  c.font = `600 ${20 * pixel}px system-ui, sans-serif`; c.fillText(`Thuis · ${state.world.title[language()]}`, 12 * pixel, 8 * pixel);
  c.font = `${14 * pixel}px system-ui, sans-serif`; c.fillText(`${measureName()}, ${when(state.month)}`, 12 * pixel, 36 * pixel);
  c.fillStyle = theme("--water"); c.fillRect(0, head, map.width, map.height);
  c.drawImage(map, 0, head); c.drawImage(byId("over"), 0, head);
  c.fillStyle = theme("--ink");
  const from = head + map.height + 10 * pixel, difference = state.view === "diff", texts = borderTexts(state.measure, difference);
  swatches(state.measure, difference).forEach((colour, n) => { c.fillStyle = colour; c.fillRect((12 + 44 * n) * pixel, from, 43 * pixel, 10 * pixel); });
  c.fillStyle = theme("--ink"); c.font = `${10 * pixel}px system-ui, sans-serif`; c.textAlign = "center";
  texts.forEach((text, n) => c.fillText(text, (12 + 44 * (n + 1)) * pixel, from + 12 * pixel));
  c.textAlign = "left";
  c.font = `${11 * pixel}px system-ui, sans-serif`;
  below.forEach((line, n) => c.fillText(line, 12 * pixel, from + (28 + 15 * n) * pixel));
  charts.forEach((chart, n) => {
    const y = head + map.height + foot + n * chartTall;
    c.font = `600 ${13 * pixel}px system-ui, sans-serif`; c.fillText(chart.closest(".chart").querySelector("h3").textContent, 12 * pixel, y);
    let x = 12 * pixel, row = y + 20 * pixel;
    for (const item of chart.closest(".chart").querySelectorAll(".legend li")) {
      c.fillStyle = getComputedStyle(item).color; c.font = `${12 * pixel}px system-ui, sans-serif`;
      const label = `${item.classList.contains("dash") ? "- -" : "—"} ${item.textContent}`, long = c.measureText(label).width;
      if (x > 12 * pixel && x + long > sheet.width - 12 * pixel) { x = 12 * pixel; row += 17 * pixel; }
      c.fillText(label, x, row); x += long + 16 * pixel;
    }
    c.fillStyle = theme("--ink");
    c.drawImage(chart, 0, y + (25 + 17 * legendRows) * pixel);
  });
  sheet.toBlob((blob) => save(blob, `thuis-${state.region}-${state.measure}-${state.month}.png`));
}
export async function upload(file, done) {
  const answer = byId("upload-answer");
  answer.textContent = "…";
  try {
    if (file.size > state.catalogue.most_upload) throw new Error(t("upload_large", { most: number(state.catalogue.most_upload / 1e6, 0) }));
    const found = await (await fetch("/upload", { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } })).json();
    if (found.error) throw new Error((language() === "nl" && found.error_nl) || found.error);
    answer.textContent = "";
    done(found);
  } catch (error) { answer.textContent = error.message; }
}
