// Downloads (data, figure) and uploads (a table of one's own).
import { colourOf, theme } from "./colours.js";
import { ends, measures, state } from "./state.js";
import { byId, language, make, number, signed, t, when } from "./text.js";

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
export function downloadData() {
  const { world } = state, areas = world.codes.length, dutch = language() === "nl", between = dutch ? ";" : ",";
  const written = (value) => (Number.isNaN(value) ? "" : dutch ? String(value).replace(".", ",") : String(value));
  const line = (cells) => `${cells.join(between)}\r\n`;
  const parts = [line(["policy", "month", "neighbourhood", "name", "municipality", ...world.columns])];
  state.runs.forEach((run, n) => run?.months.slice(0, state.month + 1).forEach(({ columns }, month) => {
    const lines = [];
    for (let j = 0; j < areas; j++) {
      const values = world.columns.map((_, c) => written(columns[c * areas + j]));
      lines.push(line(["AB"[n], month, cell(world.codes[j]), cell(world.names[j]), cell(world.towns[j]), ...values]));
    }
    parts.push(lines.join(""));
  }));
  save(new Blob(["\ufeff", ...parts], { type: "text/csv" }), `thuis-${state.region}-${state.seed}.csv`);
}
export function valueText(value, measure = state.measure) {
  const digits = measures[measure];
  return digits === "%" ? `${number(100 * value, 1)}%` : number(value, digits);
}
const differenceDigits = { cohesion: 3, faces: 2 };
export function signedValue(value) { return measures[state.measure] === "%" ? `${signed(100 * value, 2)} ${t("points")}` : signed(value, differenceDigits[state.measure] ?? 4); }
export function measureName() { return (state.view === "diff" ? "B − A: " : "") + t(`m_${state.measure}`); }
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
  const map = byId("map"), charts = [...document.querySelectorAll("#charts canvas")], wide = map.width, pixel = window.devicePixelRatio || 1;
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
  const range = ends(), from = head + map.height + 10 * pixel;
  for (let n = 0; n < 240; n++) { c.fillStyle = colourOf(range[0] + (n / 239) * (range[1] - range[0]), range, state.view === "diff"); c.fillRect((12 + n) * pixel, from, pixel + 1, 12 * pixel); }
  c.fillStyle = theme("--ink"); c.fillText(`${valueText(range[0])} – ${valueText(range[1])}`, 262 * pixel, from - pixel);
  c.font = `${11 * pixel}px system-ui, sans-serif`;
  below.forEach((line, n) => c.fillText(line, 12 * pixel, from + (22 + 15 * n) * pixel));
  charts.forEach((chart, n) => {
    const y = head + map.height + foot + n * chartTall;
    c.font = `600 ${13 * pixel}px system-ui, sans-serif`; c.fillText(chart.parentElement.querySelector("h3").textContent, 12 * pixel, y);
    let x = 12 * pixel, row = y + 20 * pixel;
    for (const item of chart.parentElement.querySelectorAll(".legend li")) {
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
    if (file.size > 2000000) throw new Error(t("upload_file"));
    const found = await (await fetch("/upload", { method: "POST", body: file, headers: { "Content-Type": "text/csv" } })).json();
    if (found.error) throw new Error((language() === "nl" && found.error_nl) || found.error);
    answer.textContent = "";
    done(found);
  } catch (error) { answer.textContent = error.message; }
}
