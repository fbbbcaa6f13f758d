// The page: binds controls to what is known, and draws what changed.
import { listenCharts } from "./charts.js";
import { setTheme } from "./colours.js";
import { forgetEmulated, showEmulated, takeEmulated } from "./emulated.js";
import { downloadData, downloadFigure, measureName, upload } from "./files.js";
import { listenGuide, refreshGuide } from "./guide.js";
import { showFutures, showLegend } from "./legend.js";
import { buildLevers, listenLevers, showChanges, showLevers } from "./levers.js";
import { connect, connected, start } from "./link.js";
import * as map from "./map.js";
import { close as closeOpening, listenOpening, openQuestion, refreshOpening } from "./opening.js";
import * as panels from "./panels.js";
import { askPeople, follow, forgetPeople, listenPeople, showPeople, showStory, takePeople } from "./people.js";
import { listenPlaces, offerPlaces, placeTitle } from "./places.js";
import { listenPolicy, showViews } from "./policy.js";
import { askRange, forgetRange, takeRange } from "./range.js";
import { enterAgain, listenRoom, refuseRoom, showRoom, takeRoom } from "./room.js";
import { residentSpots } from "./residents.js";
import { saved } from "./saved.js";
import { measures } from "./scales.js";
import { showSentence } from "./sentence.js";
import { listenSetting, settle } from "./setting.js";
import { linkText, readAddress } from "./share.js";
import { listenSince, showSince, sinceWhen } from "./since.js";
import { fast, lastMonth, newRun, state } from "./state.js";
import { byId, firstLanguage, language, loadWords, make, number, setLanguage, t, when } from "./text.js";
import { goTo, listenTime, pause, showTime } from "./time.js";
import { showTip } from "./tip.js";
import { onMap } from "./view.js";

let queued = false, retries = 0, askedAt = 0, tabledAt = 0;

// ---- what comes from the simulation
const listener = {
  open() { retries = 0; hideBanner(); begin(); },
  word(message) {
    if (message.type === "progress") waitFor(message);
    else if (message.type === "world") newWorld();
    else if (message.type === "from") { showAll(); askPeople(); }
    else if (message.type === "levers") { showLevers(); showChanges(); }
    else if (message.type === "people") { takePeople(message); settle(); }
    else if (message.type === "emulated") takeEmulated(message);
    else if (message.type === "parts") { state.parts = message; later(); }
    else if (message.type === "room") takeRoom(message);
    else if (message.type === "range") { takeRange(message); later(); }
    else if (message.type === "error" && refuseRoom(message.text[language()])) return;
    else if (message.type === "error") { busy(""); banner(message.text[language()], false); }
  },
  month(at) {
    if (at === 0 || at <= state.goal) later();
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
  start(); enterAgain(); busy(t("simulating")); document.body.classList.toggle("waiting", !state.world);
  setTimeout(() => { if (connected() && !state.world && byId("busy-text").textContent === t("simulating")) busy(t("preparing")); }, 2500);
}
// What the start waits for, with how far it is where that is known.
function waitFor({ compiled, left, months }) {
  if (compiled !== undefined) busy(t("compiling", { share: number(100 * compiled) }), compiled);
  else if (left !== undefined) busy(t("settling", { left }), 1 - left / months);
}
function restart() {
  pause(); state.month = 0; state.since = null; showSince(); state.pick = null; state.person = null; forgetPeople(); forgetRange(); forgetEmulated();
  if (connected()) { hideBanner(); begin(); } else open();
}
// What is told of a place outside the map, in the language of the page.
function sources(world) {
  document.title = `Thuis · ${world.title[language()]}`;
  byId("source").textContent = world.source[language()];
  const bare = world.shapes.areas.filter((rings) => !rings.length).length, changed = Object.entries(state.catalogue.changed).map(([name, value]) => `${name} = ${value}`).join(", ");
  byId("notes").replaceChildren(...[...world.notes[language()], ...(changed ? [t("changed_parameters", { changed })] : []), ...(bare ? [t("no_outline", { count: bare })] : [])].map((text) => make("li", { text })));
}
function newWorld() {
  const { world } = state;
  document.body.classList.remove("waiting");
  byId("title").textContent = world.scale > 1 ? t("scale_note", { scale: number(world.scale) }) : "";
  sources(world);
  const many_towns = new Set(world.towns).size > 1;
  const order = world.names.map((name, j) => [name, j]).sort((p, q) => p[0].localeCompare(q[0], language(), { numeric: true }));
  byId("place").replaceChildren(make("option", { value: "", text: t("none") }), ...order.map(([name, j]) => make("option", { value: j, text: many_towns ? `${name} (${world.towns[j]})` : name })));
  state.month = 0;
  const wished = state.wished ? world.codes.indexOf(state.wished) : -1;
  state.wished = null;
  map.prepareMap();
  choosePlace(wished >= 0 ? wished : null);
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) state.movement = false;
  byId("movement").checked = state.movement;
  showViews(); showLevers(); showChanges(); refreshOpening();
}

// ---- drawing
function later() { if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; showAll(); }); } }
function showAll() {
  if (!state.world || lastMonth() < 0) return;
  state.month = Math.min(state.goal, lastMonth());
  busy(state.month < state.goal ? t("simulating") : "");
  map.draw(); showTime();
  if (nowAndThen()) {
    showLegend(); showLevers(); askRange(); showFutures(); showSentence(); refreshOpening(); showEmulated();
    if (!byId("whole").hidden) { panels.showTiles(); panels.showCharts(); panels.showAreas(); panels.showNumbers(); }
    if (!byId("one").hidden) { showStory(); panels.showOneChart(); }
  }
  settle();
  if (!state.playing) { askPeople(); byId("map").setAttribute("aria-label", t("aria_map", { title: state.world.title[language()], areas: state.world.codes.length, measure: measureName(), when: when(state.month) })); }
}
// Words, charts and tables are for reading: while it plays they need not change with every month, and the months go faster.
function nowAndThen() {
  if (state.playing && performance.now() - tabledAt < (fast() ? 500 : 250)) return false;
  tabledAt = performance.now();
  return true;
}
// share: how much of it is done, 0 to 1; null where that is not known.
function busy(text, share = null) {
  if (byId("busy-text").textContent !== text) byId("busy-text").textContent = text;
  byId("busy-bar").hidden = share === null; byId("busy-bar").value = share ?? 0;
}
function banner(text, again) { byId("banner").hidden = false; byId("banner-text").textContent = text; byId("banner-button").hidden = !again; }
function hideBanner() { byId("banner").hidden = true; }

// ---- what the visitor does
function onMove() {
  map.travel();
  const now = performance.now();
  if (!state.playing || now - askedAt > 350) { askedAt = now; askPeople(); }
}
const tabs = ["whole", "one", "who"];
function showTab(name) {
  for (const one of tabs) {
    byId(one).hidden = one !== name;
    byId(`tab-${one}`).setAttribute("aria-selected", one === name);
    byId(`tab-${one}`).tabIndex = one === name ? 0 : -1;
  }
  showAll(); showPeople();
}
function choosePlace(j) {
  if (j !== state.pick) { state.person = null; forgetPeople(); }
  state.pick = j;
  byId("place").value = j ?? "";
  byId("see-people").hidden = j === null || !onMap(j);
  showTab(j === null ? "whole" : "one"); askPeople();
}
// Charts of a hidden tab are not drawn, and those of one that is just shown with the next frame.
function figure() { showTab("whole"); requestAnimationFrame(() => requestAnimationFrame(downloadFigure)); }
function setMeasure(name) {
  state.measure = name; byId("measure").value = name;
  if (name === "facilities") setMarks(true);
  showAll();
}
function setMarks(on) { state.marks = on; byId("marks").checked = on; later(); }
function chooseTheme(name) {
  setTheme(name);
  try { localStorage.setItem("thuis-theme", name); } catch { /* private window */ }
  showAll(); showPeople();
}
function words() {
  setLanguage(language());
  byId("play").textContent = t(state.playing ? "pause" : "play");
  byId("measure").replaceChildren(...Object.keys(measures).map((name) => make("option", { value: name, text: t(`m_${name}`) })));
  byId("measure").value = state.measure;
  byId("place").firstChild?.replaceWith(make("option", { value: "", text: t("none") }));
  offerPlaces();
  byId("seed").value = state.seed;
  buildLevers(sinceWhen);
  refreshGuide(); refreshOpening(); showRoom();
  showLevers(); showChanges();
  if (state.world) { sources(state.world); showAll(); showPeople(); }
  showEmulated();
}
async function share() {
  const link = linkText();
  history.replaceState(null, "", link);
  byId("share-link").value = link;
  let text = t("share_copy");
  try { await navigator.clipboard.writeText(link); text = t("share_done"); } catch { /* the visitor copies it */ }
  const local = /^(localhost|127\..*|\[::1\])$/.test(location.hostname) ? ` ${t("share_local")}` : "";
  byId("share-text").textContent = (state.region.startsWith("u-") ? t("share_own") : text) + local;
  byId("share-box").showModal();
  byId("share-link").select();
}
function switchTab(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  const at = tabs.findIndex((name) => !byId(name).hidden), step = event.key === "ArrowRight" ? 1 : tabs.length - 1;
  showTab(tabs[(at + step) % tabs.length]);
  document.querySelector("[role=tab][aria-selected=true]").focus();
}
function listen() {
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("measure", "change", () => setMeasure(byId("measure").value));
  on("marks", "change", () => setMarks(byId("marks").checked));
  on("flows", "change", () => { state.flows = byId("flows").checked; later(); });
  on("movement", "change", () => { state.movement = byId("movement").checked; later(); });
  for (const name of tabs) { on(`tab-${name}`, "click", () => showTab(name)); on(`tab-${name}`, "keydown", switchTab); }
  on("see-people", "click", () => { map.flyTo(state.pick); byId("map").scrollIntoView({ block: "nearest" }); });
  on("place", "change", () => choosePlace(byId("place").value === "" ? null : Number(byId("place").value)));
  listenPlaces((name) => toRegion(name));
  on("seed", "change", () => { const seed = Math.floor(Number(byId("seed").value)); if (seed >= 0 && seed <= Number.MAX_SAFE_INTEGER) { state.seed = seed; restart(); } else byId("seed").value = state.seed; });
  on("language", "change", () => { setLanguage(byId("language").value); words(); });
  on("theme", "click", () => chooseTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  on("zoom-in", "click", () => map.zoomBy(1.4)); on("zoom-out", "click", () => map.zoomBy(1 / 1.4)); on("zoom-all", "click", () => map.showAll());
 
  on("sweep-open", "click", () => { location.href = "/sweep/"; });
  on("share", "click", share); on("share-close", "click", () => byId("share-box").close());
  on("upload-open", "click", () => byId("upload").showModal()); on("upload-close", "click", () => byId("upload").close());
  on("upload-input", "change", () => { const file = byId("upload-input").files[0]; if (file) upload(file, uploaded); byId("upload-input").value = ""; });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer.files[0];
    if (file && !saved) { if (!byId("upload").open) byId("upload").showModal(); upload(file, uploaded); }
  });
  on("download", "change", () => { const what = byId("download").value; byId("download").value = ""; if (what === "csv") downloadData(); if (what === "png") figure(); });
  on("banner-button", "click", () => { retries = 0; state.goal = Math.max(state.goal, state.month); open(); }); on("banner-close", "click", hideBanner);
  window.addEventListener("hashchange", () => { fromAddress(); restart(); });
  window.addEventListener("resize", later);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => chooseTheme(event.matches ? "dark" : "light"));
  map.listen({ pick: choosePlace, follow, over: showTip });
  listenPolicy(showAll, () => { forgetPeople(); askPeople(); });
  listenSetting({ setMeasure, setMarks, choose: choosePlace });
  listenTime(showAll, onMove); listenSince(); listenCharts(goTo); panels.listenPanels(choosePlace); listenPeople(map.drawOver, () => showTab(state.person ? "who" : "one"));
  listenGuide(closeOpening); listenOpening(); listenRoom(toRegion); listenLevers(); listenSheet();
}
function toRegion(name = state.region, seed = state.seed) {
  closeOpening();
  state.region = name; state.seed = seed; state.goal = 0; state.runs = state.runs.map((run) => run && newRun(run.events));
  offerPlaces(); byId("seed").value = seed;
  restart();
}
// On a phone the levers lie over the map, and come when they are asked for.
function listenSheet() {
  const open = (on) => { document.body.classList.toggle("sheet", on); byId("sheet-open").setAttribute("aria-expanded", on); };
  byId("sheet-open").addEventListener("click", () => open(true));
  byId("sheet-close").addEventListener("click", () => { open(false); byId("sheet-open").focus(); });
  byId("stories-open").addEventListener("click", () => open(true));
  byId("left").addEventListener("keydown", (event) => { if (event.key === "Escape") open(false); });
}
function uploaded(found) {
  byId("upload").close();
  state.region = found.region; state.goal = 0;
  words(); restart();
}
function fromAddress() {
  const { good, unknown, language: wished } = readAddress();
  if (state.measure === "facilities") setMarks(true);
  setLanguage(wished ?? firstLanguage());
  byId("language").value = language();
  words();
  const shown = placeTitle();
  if (!good || unknown) banner(unknown ? t("unknown_place", { place: unknown, shown }) : t("bad_link"), false);
}
async function main() {
  let kept = null;
  try { kept = localStorage.getItem("thuis-theme"); } catch { /* private window */ }
  setTheme(kept === "dark" || kept === "light" ? kept : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const [, catalogue] = await Promise.all([loadWords(), saved?.catalogue ?? fetch("/start.json").then((answer) => answer.json())]);
  state.catalogue = catalogue;
  byId("sweep-open").hidden = !catalogue.sweep;
  if (saved && !location.hash) location.hash = saved.link;
  fromAddress();
  listen();
  open();
  if (!location.hash) openQuestion();
}
window.thuis = { state, screenCentre: map.screenCentre, painted: map.painted, residentSpots }; // for tests and the curious
main();
