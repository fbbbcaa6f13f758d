// The page: binds controls to what is known, and draws what changed.
import { drawChart } from "./charts.js";
import { colourOf } from "./colours.js";
import { downloadData, downloadFigure, measureName, upload, valueText } from "./files.js";
import { buildLevers, showChanges, showLevers } from "./levers.js";
import { connect, connected, send, start, want } from "./link.js";
import * as map from "./map.js";
import { askPeople, forgetPeople, listenPeople, showPeople, showStory, takePeople } from "./people.js";
import { linkText, readAddress } from "./share.js";
import { column, ends, lastMonth, many, measures, newRun, runOf, setLever, shown, state, total } from "./state.js";
import { byId, euro, firstLanguage, language, loadWords, make, number, percent, setLanguage, signed, t, when } from "./text.js";
import { listenTour, refreshTour } from "./tour.js";

let lastTick = 0, owed = 0, queued = false, retries = 0, askedAt = 0;
const diffDigits = { cohesion: 3, faces: 2 };

// ---- what comes from the simulation
const listener = {
  open() { retries = 0; hideBanner(); begin(); },
  word(message) {
    if (message.type === "progress") busy(t("settling", { left: -message.month }));
    else if (message.type === "world") newWorld();
    else if (message.type === "from") { showAll(); askPeople(); }
    else if (message.type === "people") takePeople(message);
    else if (message.type === "error") { busy(""); banner(message.text, false); }
  },
  month(at) {
    if (at === 0 || at <= state.goal) later();
    updateTime();
  },
  closed(code) {
    busy("");
    if (code === 4000) banner(t("idle"), true);
    else if (code === 4008) banner(t("too_fast"), true);
    else if (code === 4013) return;
    else if (retries++ < 3) setTimeout(open, 600 * retries);
    else banner(t("lost"), true);
    pause();
  },
};
function open() { busy(t("connecting")); connect(listener); }
function begin() {
  start(); busy(t("simulating"));
  setTimeout(() => { if (connected() && !state.world && byId("busy").textContent === t("simulating")) busy(t("preparing")); }, 2500);
}
function restart() {
  pause(); state.month = 0; state.pick = null; state.person = null; forgetPeople();
  if (connected()) { hideBanner(); begin(); } else open();
}
function newWorld() {
  const { world } = state;
  byId("title").textContent = `· ${world.title}${world.scale > 1 ? ` (${t("scale_note", { scale: number(world.scale) })})` : ""}`;
  document.title = `Thuis · ${world.title}`;
  byId("source").textContent = world.source;
  byId("notes").replaceChildren(...world.notes.map((text) => make("li", { text })));
  const order = world.names.map((name, j) => [name, j]).sort((p, q) => p[0].localeCompare(q[0], language(), { numeric: true }));
  byId("place").replaceChildren(make("option", { value: "", text: t("none") }), ...order.map(([name, j]) => make("option", { value: j, text: world.towns.some((town) => town !== world.towns[0]) ? `${name} (${world.towns[j]})` : name })));
  state.month = 0;
  const wished = state.wished ? world.codes.indexOf(state.wished) : -1;
  state.wished = null;
  map.prepareMap();
  choosePlace(wished >= 0 ? wished : null);
  showCompare(); showLevers(); showChanges();
}

// ---- drawing
function later() { if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; showAll(); }); } }
function showAll() {
  if (!state.world || lastMonth() < 0) return;
  state.month = Math.min(state.goal, lastMonth());
  busy(state.month < state.goal ? t("simulating") : "");
  map.draw(); showLegend(); updateTime(); showCharts(); showNumbers(); showStory(); showDifference(); showLevers();
  byId("map").setAttribute("aria-label", t("aria_map", { title: state.world.title, areas: state.world.codes.length, measure: measureName(), when: when(state.month) }));
}
function showLegend() {
  const range = ends(), c = byId("legend-bar").getContext("2d");
  for (let n = 0; n < 240; n++) { c.fillStyle = colourOf(range[0] + (n / 239) * (range[1] - range[0]), range, state.view === "diff"); c.fillRect(n, 0, 1, 12); }
  const beyond = state.world.codes.length > many;
  const text = state.view === "diff" ? `${signedValue(range[0])} … ${signedValue(range[1])}` : `${beyond ? "≤ " : ""}${valueText(range[0])} – ${beyond ? "≥ " : ""}${valueText(range[1])}`;
  byId("legend-text").textContent = `${text} · ${measureName()}`;
  byId("legend-bar").setAttribute("aria-label", byId("legend-text").textContent);
}
function signedValue(value) { return measures[state.measure] === "%" ? `${signed(100 * value, 2)}%` : signed(value, diffDigits[state.measure] ?? 4); }
function updateTime() {
  if (!state.world) return;
  const scrub = byId("scrub"), most = Math.min(state.world.horizon, Math.max(120, Math.ceil((state.goal + 13) / 60) * 60));
  scrub.max = most;
  if (scrub !== document.activeElement || state.playing || Number(scrub.value) !== state.goal) scrub.value = state.goal;
  scrub.setAttribute("aria-valuetext", when(state.month));
  byId("when").textContent = `${t("month_short", { month: state.month })} · ${when(state.month)}`;
}
function series(run, name) { return run.months.slice(0, Math.max(state.month, 0) + 1).map((_, m) => total(run, name, m)); }
function areaSeries(run, name, j) { return run.months.slice(0, state.month + 1).map((_, m) => column(run, name, m)[j]); }
function showCharts() {
  const [a, b] = state.runs, charts = [], digits = measures[state.measure] === "%" ? 2 : measures[state.measure];
  const suffix = b ? " A" : "";
  charts.push({ title: t("chart_home"), digits: 2, lines: [
    { values: series(a, "belonging"), colour: "--ink", width: 2.6, label: t("everyone") + suffix, style: "ink" },
    { values: series(a, "belonging_established"), colour: "--a", label: t("established") + suffix, style: "a" },
    { values: series(a, "belonging_newcomers"), colour: "--b", label: t("newcomers_line") + suffix, style: "b" },
    ...(b ? [{ values: series(b, "belonging"), colour: "--ink", dash: true, label: t("everyone_b"), style: "ink dash" }, { values: series(b, "belonging_newcomers"), colour: "--b", dash: true, label: `${t("newcomers_line")} B`, style: "b dash" }] : []),
  ] });
  if (state.measure !== "belonging" || state.pick !== null) {
    charts.push({ title: t(`m_${state.measure}`), digits, lines: [
      { values: series(a, state.measure), colour: "--ink", width: 2.6, label: t("everyone") + suffix, style: "ink" },
      ...(b ? [{ values: series(b, state.measure), colour: "--ink", dash: true, label: t("everyone_b"), style: "ink dash" }] : []),
      ...(state.pick === null ? [] : [{ values: areaSeries(runOf(state.view === "b" ? "b" : "a"), state.measure, state.pick), colour: "--c", label: state.world.names[state.pick], style: "c" }]),
    ] });
  }
  if (b) {
    const one = series(a, state.measure), other = series(b, state.measure), cost = series(a, "spent"), costB = series(b, "spent");
    charts.push({ title: t("chart_difference", { measure: t(`m_${state.measure}`) }), digits: 3, zero: true, lines: [{ values: one.map((value, m) => other[m] - value), colour: "--d", width: 2.4, label: "B − A", style: "d" }] });
    charts.push({ title: t("chart_cost"), digits: 1, zero: true, lines: [{ values: cost.map((v) => v / 1e6), colour: "--ink", label: "A", style: "ink" }, { values: costB.map((v) => v / 1e6), colour: "--ink", dash: true, label: "B", style: "ink dash" }] });
  }
  const box = byId("charts");
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
  const key = chart.lines.map((line) => line.label).join("|");
  if (legend.dataset.key !== key) { legend.dataset.key = key; legend.replaceChildren(...chart.lines.map((line) => make("li", { class: line.style }, make("span", { text: line.label })))); }
  drawChart(canvas, chart.lines, chart.digits, chart.zero);
  if (!state.playing) canvas.setAttribute("aria-label", t("aria_chart", { title: chart.title, values: chart.lines.map((line) => `${line.label} ${number(line.values[state.month], 3)}`).join(", ") }));
}
function showNumbers() {
  const names = [["belonging", 4], ["at_home", "%"], ["cohesion", 3], ["belonging_established", 4], ["belonging_newcomers", 4], ["diversity", 4], ["turnover", "%"], ["newcomers", "%"], ["withdrawn", "%"], ["residents", 0], ["arrived_abroad", 0], ["left_abroad", 0], ["spent", 0]];
  const [a, b] = state.runs, text = (value, digits) => (digits === "%" ? `${number(100 * value, 2)}%` : number(value, digits));
  const rows = names.map(([name, digits]) => {
    const values = [total(a, name), ...(b ? [total(b, name)] : [])];
    const cells = values.map((value) => make("td", { class: "n", "data-total": name, "data-value": String(value), text: text(value, digits) }));
    if (b) cells.push(make("td", { class: "n", text: digits === "%" ? `${signed(100 * (values[1] - values[0]), 2)}%` : signed(values[1] - values[0], digits) }));
    return make("tr", {}, make("th", { scope: "row", text: t(`m_${name}`) === `m_${name}` ? t(`n_${name}`) : t(`m_${name}`) }), ...cells);
  });
  const head = make("tr", {}, make("th", { scope: "col", text: when(state.month) }), ...(b ? ["A", "B", "B − A"] : [state.world.title]).map((label) => make("th", { scope: "col", class: "n", text: label })));
  byId("numbers").replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)));
}
function showDifference() {
  const box = byId("difference"), [a, b] = state.runs;
  box.hidden = !b;
  if (!b) return;
  box.setAttribute("aria-live", state.playing ? "off" : "polite");
  const one = total(a, "belonging"), other = total(b, "belonging"), extra = total(b, "spent") - total(a, "spent");
  const cost = extra === 0 ? t("same") : t(extra > 0 ? "more" : "less", { euro: euro(Math.abs(extra)) });
  box.textContent = one === other && extra === 0 ? t("difference_none", { month: state.month }) : t("difference_line", { month: state.month, a: number(one, 4), b: number(other, 4), d: signed(other - one, 4), euro: cost });
}
function showCompare() {
  const two = state.runs[1] !== null;
  byId("compare").checked = two;
  byId("view-choice").hidden = byId("edit-choice").hidden = !two;
  if (!two) { state.view = "a"; state.edit = "a"; }
  for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", button.dataset.view === state.view);
  for (const button of document.querySelectorAll("[data-edit]")) button.setAttribute("aria-pressed", button.dataset.edit === state.edit);
}
function busy(text) { if (byId("busy").textContent !== text) byId("busy").textContent = text; }
function banner(text, again) { byId("banner").hidden = false; byId("banner-text").textContent = text; byId("banner-button").hidden = !again; }
function hideBanner() { byId("banner").hidden = true; }

// ---- what the visitor does
function goTo(month) {
  state.goal = Math.min(Math.max(month, 0), state.world?.horizon ?? 360);
  want(state.goal); showAll(); askPeople();
}
function play() {
  if (state.goal >= (state.world?.horizon ?? 360)) return;
  state.playing = true; owed = 0; lastTick = performance.now();
  byId("play").textContent = t("pause");
  requestAnimationFrame(tick);
}
function pause() { state.playing = false; byId("play").textContent = t("play"); if (state.world && lastMonth() >= 0) { state.goal = state.month; showAll(); askPeople(); } }
function tick(now) {
  if (!state.playing) return;
  owed = Math.min(owed + ((now - lastTick) / 1000) * state.speed, 3); lastTick = now;
  let moved = false;
  while (owed >= 1 && state.goal < lastMonth()) { owed -= 1; state.goal += 1; moved = true; }
  if (moved) {
    want(state.goal); showAll(); map.travel();
    if (now - askedAt > 350) { askedAt = now; askPeople(); }
  }
  if (state.goal >= (state.world?.horizon ?? 360)) { pause(); return; }
  requestAnimationFrame(tick);
}
function choosePlace(j) {
  if (j !== state.pick) { state.person = null; forgetPeople(); }
  state.pick = j;
  byId("place").value = j ?? "";
  showAll(); showPeople(); askPeople();
}
function hover(j, x, y) {
  const tip = byId("tip"), values = state.world && shown();
  tip.hidden = j === null || !values;
  if (tip.hidden) return;
  const run = runOf(state.view === "b" ? "b" : "a");
  tip.replaceChildren(make("strong", { text: state.world.names[j] }), make("span", { text: `${measureName()}: ${state.view === "diff" ? signedValue(values[j]) : valueText(values[j])}` }), make("br"),
    make("span", { text: `${number(column(run, "residents")[j])} ${t("residents")} · ${t("m_at_home")}: ${percent(column(run, "at_home")[j])}` }));
  const box = byId("map-frame").getBoundingClientRect();
  tip.style.left = `${Math.max(Math.min(x + 14, box.width - tip.offsetWidth - 6), 6)}px`;
  tip.style.top = `${y + 16 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 16}px`;
}
function leversChanged(letter = state.edit) {
  const run = runOf(letter);
  // Months after the change are no longer true; show no more of them.
  send({ type: "change", run: letter, events: run.events });
  showChanges(); showLevers();
}
function compare(on) {
  state.runs[1] = on ? newRun(state.runs[0].events.map((event) => [...event])) : null;
  if (on) { state.edit = "b"; Object.assign(state.runs[1], { months: state.runs[0].months.slice(), low: { ...state.runs[0].low }, high: { ...state.runs[0].high } }); }
  send({ type: "change", run: "b", events: on ? state.runs[1].events : null });
  showCompare(); showChanges(); showAll();
}
function setForB(name, value) {
  if (!state.runs[1]) compare(true);
  state.edit = "b"; showCompare();
  setLever(state.runs[1], name, state.month, value);
  leversChanged("b");
  const box = document.querySelector(`[data-row="${name}"]`);
  for (let part = box?.parentElement; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  if (!state.playing) play();
}
function setMeasure(name) { state.measure = name; byId("measure").value = name; showAll(); }
function setTheme(name) { document.documentElement.dataset.theme = name; try { localStorage.setItem("thuis-theme", name); } catch { /* private window */ } }
function words() {
  setLanguage(language());
  byId("play").textContent = t(state.playing ? "pause" : "play");
  byId("measure").replaceChildren(...Object.keys(measures).map((name) => make("option", { value: name, text: t(`m_${name}`) })));
  byId("measure").value = state.measure;
  byId("place").firstChild?.replaceWith(make("option", { value: "", text: t("none") }));
  const regions = state.catalogue.regions.map((one) => make("option", { value: one.name, text: `${one.title} (${number(one.residents)})` }));
  if (!state.catalogue.regions.some((one) => one.name === state.region)) regions.push(make("option", { value: state.region, text: t("own_table") }));
  byId("region").replaceChildren(...regions);
  byId("region").value = state.region;
  byId("seed").value = state.seed;
  buildLevers(leversChanged);
  refreshTour();
  if (state.world) { showLevers(); showChanges(); showAll(); showPeople(); }
}
async function share() {
  const link = linkText();
  history.replaceState(null, "", link);
  byId("share-link").value = link;
  let text = t("share_copy");
  try { await navigator.clipboard.writeText(link); text = t("share_done"); } catch { /* the visitor copies it */ }
  byId("share-text").textContent = state.region.startsWith("u-") ? t("share_own") : text;
  byId("share-box").showModal();
  byId("share-link").select();
}
function listen() {
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("play", "click", () => (state.playing ? pause() : play()));
  on("step", "click", () => { pause(); goTo(state.month + 1); });
  on("back", "click", () => { pause(); goTo(state.month - 1); });
  on("scrub", "input", () => { const month = Number(byId("scrub").value); if (state.playing) pause(); goTo(month); });
  on("speed", "change", () => { state.speed = Number(byId("speed").value); });
  on("measure", "change", () => setMeasure(byId("measure").value));
  on("movement", "change", () => { state.movement = byId("movement").checked; });
  on("compare", "change", () => compare(byId("compare").checked));
  on("place", "change", () => choosePlace(byId("place").value === "" ? null : Number(byId("place").value)));
  on("region", "change", () => { state.region = byId("region").value; state.goal = 0; state.runs = state.runs.map((run) => run && newRun(run.events)); restart(); });
  on("seed", "change", () => { const seed = Math.floor(Number(byId("seed").value)); if (seed >= 0 && seed <= Number.MAX_SAFE_INTEGER) { state.seed = seed; restart(); } else byId("seed").value = state.seed; });
  on("language", "change", () => { setLanguage(byId("language").value); words(); });
  on("theme", "click", () => { setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"); showAll(); showPeople(); });
  on("zoom-in", "click", () => map.zoomBy(1.4)); on("zoom-out", "click", () => map.zoomBy(1 / 1.4)); on("zoom-all", "click", () => map.showAll());
  on("share", "click", share); on("share-close", "click", () => byId("share-box").close());
  on("upload-open", "click", () => byId("upload").showModal()); on("upload-close", "click", () => byId("upload").close());
  on("upload-input", "change", () => { const file = byId("upload-input").files[0]; if (file) upload(file, uploaded); byId("upload-input").value = ""; });
  on("download", "change", () => { const what = byId("download").value; byId("download").value = ""; if (what === "csv") downloadData(); if (what === "png") downloadFigure(); });
  on("banner-button", "click", () => { retries = 0; state.goal = Math.max(state.goal, state.month); open(); }); on("banner-close", "click", hideBanner);
  for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => { state.view = button.dataset.view; showCompare(); showAll(); forgetPeople(); askPeople(); });
  for (const button of document.querySelectorAll("[data-edit]")) button.addEventListener("click", () => { state.edit = button.dataset.edit; showCompare(); showLevers(); });
  document.addEventListener("keydown", (event) => { if (event.key === " " && (event.target === document.body || event.target === byId("map"))) { event.preventDefault(); byId("play").click(); } });
  window.addEventListener("hashchange", () => { fromAddress(); restart(); });
  window.addEventListener("resize", later);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => { setTheme(event.matches ? "dark" : "light"); showAll(); });
  map.listen(choosePlace, hover);
  listenPeople();
  listenTour({
    1: () => setMeasure("diversity"), 2: () => { setMeasure("turnover"); if (!state.playing) play(); },
    3: () => { setMeasure("belonging"); setForB("facilities.funding.library", 2); }, 4: () => setForB("reception.one_stop", 1), 5: () => setForB("work.support", 1),
  });
}
function uploaded(found) {
  byId("upload").close();
  state.region = found.region; state.goal = 0;
  words(); restart();
}
function fromAddress() {
  const { good, language: wished } = readAddress();
  setLanguage(wished ?? byId("language").dataset.chosen ?? firstLanguage());
  byId("language").value = language();
  words();
  if (!good) banner(t("bad_link"), false);
}
async function main() {
  let kept = null;
  try { kept = localStorage.getItem("thuis-theme"); } catch { /* private window */ }
  setTheme(kept === "dark" || kept === "light" ? kept : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const [, answer] = await Promise.all([loadWords(), fetch("/start.json")]);
  state.catalogue = await answer.json();
  fromAddress();
  listen();
  open();
}
window.thuis = { state, screenCentre: map.screenCentre }; // for tests and the curious
main();
