// The page: binds controls to what is known, and draws what changed.
import { colourOf, setTheme } from "./colours.js";
import { downloadData, downloadFigure, measureName, signedValue, upload, valueText } from "./files.js";
import { buildLevers, showChanges, showLevers } from "./levers.js";
import { connect, connected, send, start } from "./link.js";
import * as map from "./map.js";
import { marksLegend } from "./marks.js";
import * as panels from "./panels.js";
import { askPeople, follow, forgetPeople, listenPeople, showPeople, showStory, takePeople } from "./people.js";
import { belongingScale, residentSpots } from "./residents.js";
import { linkText, readAddress } from "./share.js";
import { asking, listenSince, showSince, sinceWhen } from "./since.js";
import { column, ends, lastMonth, lookedAt, many, measures, newRun, runOf, setLever, shown, state } from "./state.js";
import { byId, counted, firstLanguage, language, loadWords, make, number, percent, setLanguage, t, when } from "./text.js";
import { goTo, listenTime, pause, play, showTime } from "./time.js";
import { listenPlaces, offerPlaces, placeTitle } from "./places.js";
import { listenTour, refreshTour } from "./tour.js";
import { onMap } from "./view.js";

let queued = false, retries = 0, askedAt = 0, tabledAt = 0;

// ---- what comes from the simulation
const listener = {
  open() { retries = 0; hideBanner(); begin(); },
  word(message) {
    if (message.type === "progress") busy(t("settling", { left: -message.month }));
    else if (message.type === "world") newWorld();
    else if (message.type === "from") { showAll(); askPeople(); }
    else if (message.type === "levers") { showLevers(); showChanges(); }
    else if (message.type === "people") takePeople(message);
    else if (message.type === "error") { busy(""); banner(message.text[language()], false); }
  },
  month(at) {
    if (at === 0 || at <= state.goal) later();
    showTime();
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
  pause(); state.month = 0; state.since = null; showSince(); state.pick = null; state.person = null; forgetPeople();
  if (connected()) { hideBanner(); begin(); } else open();
}
// What is told of a place outside the map, in the language of the page.
function sources(world) {
  document.title = `Thuis · ${world.title[language()]}`;
  byId("source").textContent = world.source[language()];
  const bare = world.shapes.areas.filter((rings) => !rings.length).length;
  byId("notes").replaceChildren(...[...world.notes[language()], ...(bare ? [t("no_outline", { count: bare })] : [])].map((text) => make("li", { text })));
}
function newWorld() {
  const { world } = state;
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
  showCompare(); showLevers(); showChanges();
}

// ---- drawing
function later() { if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; showAll(); }); } }
function showAll() {
  if (!state.world || lastMonth() < 0) return;
  state.month = Math.min(state.goal, lastMonth());
  busy(state.month < state.goal ? t("simulating") : "");
  map.draw(); showLegend(); showTime(); panels.showDifference(); showLevers();
  if (byId("one").hidden) { panels.showTiles(); panels.showDrift(); panels.showCharts(); if (nowAndThen()) { panels.showRanking(); panels.showNumbers(); } } else { showStory(); panels.showOneChart(); }
  if (!state.playing) { askPeople(); byId("map").setAttribute("aria-label", t("aria_map", { title: state.world.title[language()], areas: state.world.codes.length, measure: measureName(), when: when(state.month) })); }
}
// Tables are for reading: while it plays they need not change with every month.
function nowAndThen() {
  if (state.playing && performance.now() - tabledAt < 400) return false;
  tabledAt = performance.now();
  return true;
}
function showLegend() {
  const range = ends(), difference = state.view === "diff", beyond = state.world.codes.length > many && !difference;
  paintBar(byId("legend-bar"), range, difference);
  const [low, high] = difference ? range.map(signedValue) : [`${beyond ? "≤ " : ""}${valueText(range[0])}`, `${beyond ? "≥ " : ""}${valueText(range[1])}`];
  byId("legend-title").textContent = measureName();
  byId("legend-low").textContent = low; byId("legend-high").textContent = high;
  byId("legend-bar").setAttribute("aria-label", `${measureName()}: ${low} – ${high}`);
  showLegendMore();
}
function paintBar(canvas, range, difference) {
  const c = canvas.getContext("2d"), wide = canvas.width;
  for (let n = 0; n < wide; n++) { c.fillStyle = colourOf(range[0] + (n / (wide - 1)) * (range[1] - range[0]), range, difference); c.fillRect(n, 0, 1, canvas.height); }
}
// The signs on the map besides its colours: residents, facilities, people on the move. They follow what is chosen, never
// what is drawn: a legend that comes and goes with the zoom resizes the map, which changes the zoom, without end.
function showLegendMore() {
  const box = byId("legend-more"), near = state.pick !== null && onMap(state.pick), moved = state.movement;
  const key = `${near} ${state.marks} ${moved} ${language()} ${document.documentElement.dataset.theme}`;
  if (box.dataset.key !== key) {
    box.dataset.key = key;
    const item = (style, word) => make("li", { class: style }, make("span", { text: t(word) }));
    const bar = make("canvas", { class: "scale", width: 64, height: 10, "aria-hidden": "true" });
    paintBar(bar, belongingScale, false);
    box.replaceChildren(
      ...(near ? [item("dot ink", "people_established"), item("square ink", "people_newcomer"), make("li", { class: "icon" }, make("span", { text: `${t("m_belonging")}: ${number(belongingScale[0], 1)} ` }), bar, make("span", { text: " 1" }))] : []),
      ...(state.marks ? [...marksLegend(), make("li", { class: "icon quiet" }, t("facilities_hint"))] : []), ...(moved ? [item("dot a", "moves_established"), item("dot b", "moves_newcomer"), item("ring ink", "moves_out")] : []));
    box.hidden = !box.children.length;
  }
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
function onMove() {
  map.travel();
  const now = performance.now();
  if (!state.playing || now - askedAt > 350) { askedAt = now; askPeople(); }
}
function showTab(name) {
  for (const one of ["whole", "one"]) {
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
function followOnMap(id) { follow(id); showTab("one"); }
function hover(j, who, x, y) {
  const tip = byId("tip"), values = state.world && shown();
  tip.hidden = j === null || !values;
  if (tip.hidden) return;
  const line = (text) => make("span", { text }), run = runOf(lookedAt());
  if (who) {
    const { people } = state.people, n = who.n;
    tip.replaceChildren(make("strong", { text: t("person_tip", { age: people.age[n], kind: t(people.newcomer[n] ? "people_newcomer" : "people_established") }) }),
      line(`${t("m_belonging")}: ${number(people.belonging[n], 2)}`), line(t("person_tip_ties", { faces: counted("count_faces", people.faces[n]), ties: counted("count_ties", people.ties[n]), years: number(people.months_here[n] / 12, 1) })));
  } else {
    tip.replaceChildren(make("strong", { text: state.world.names[j] }), line(`${measureName()}: ${state.view === "diff" ? signedValue(values[j]) : valueText(values[j])}`),
      line(`${number(column(run, "residents")[j])} ${t("residents")} · ${t("m_at_home")}: ${percent(column(run, "at_home")[j])}`));
  }
  const box = byId("map-frame").getBoundingClientRect();
  tip.style.left = `${Math.max(Math.min(x + 14, box.width - tip.offsetWidth - 6), 6)}px`;
  tip.style.top = `${y + 16 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 16}px`;
}
function leversChanged(letter = state.edit) {
  const run = runOf(letter);
  // Months after the change are no longer true; show no more of them.
  run.steps = null;
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
  sinceWhen((month) => { setLever(state.runs[1], name, month, value); leversChanged("b"); });
  const box = document.querySelector(`[data-row="${name}"]`);
  for (let part = box?.parentElement; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  if (!state.playing && !asking()) play();
}
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
  buildLevers(leversChanged, sinceWhen);
  refreshTour();
  showLevers(); showChanges();
  if (state.world) { sources(state.world); showAll(); showPeople(); }
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
  showTab(byId("one").hidden ? "one" : "whole");
  document.querySelector("[role=tab][aria-selected=true]").focus();
}
function listen() {
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("measure", "change", () => setMeasure(byId("measure").value));
  on("marks", "change", () => setMarks(byId("marks").checked));
  on("movement", "change", () => { state.movement = byId("movement").checked; later(); });
  for (const name of ["whole", "one"]) on(`tab-${name}`, "click", () => showTab(name));
  on("tab-whole", "keydown", switchTab); on("tab-one", "keydown", switchTab);
  on("see-people", "click", () => { map.flyTo(state.pick); byId("map").scrollIntoView({ block: "nearest" }); });
  on("compare", "change", () => compare(byId("compare").checked));
  on("place", "change", () => choosePlace(byId("place").value === "" ? null : Number(byId("place").value)));
  listenPlaces((name) => { state.region = name; state.goal = 0; state.runs = state.runs.map((run) => run && newRun(run.events)); restart(); });
  on("seed", "change", () => { const seed = Math.floor(Number(byId("seed").value)); if (seed >= 0 && seed <= Number.MAX_SAFE_INTEGER) { state.seed = seed; restart(); } else byId("seed").value = state.seed; });
  on("language", "change", () => { setLanguage(byId("language").value); words(); });
  on("theme", "click", () => chooseTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
  on("zoom-in", "click", () => map.zoomBy(1.4)); on("zoom-out", "click", () => map.zoomBy(1 / 1.4)); on("zoom-all", "click", () => map.showAll());
 
  on("share", "click", share); on("share-close", "click", () => byId("share-box").close());
  on("upload-open", "click", () => byId("upload").showModal()); on("upload-close", "click", () => byId("upload").close());
  on("upload-input", "change", () => { const file = byId("upload-input").files[0]; if (file) upload(file, uploaded); byId("upload-input").value = ""; });
  on("download", "change", () => { const what = byId("download").value; byId("download").value = ""; if (what === "csv") downloadData(); if (what === "png") downloadFigure(); });
  on("banner-button", "click", () => { retries = 0; state.goal = Math.max(state.goal, state.month); open(); }); on("banner-close", "click", hideBanner);
  for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => { state.view = button.dataset.view; showCompare(); showAll(); forgetPeople(); askPeople(); });
  for (const button of document.querySelectorAll("[data-edit]")) button.addEventListener("click", () => { state.edit = button.dataset.edit; showCompare(); showLevers(); });
  window.addEventListener("hashchange", () => { fromAddress(); restart(); });
  window.addEventListener("resize", later);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => chooseTheme(event.matches ? "dark" : "light"));
  map.listen({ pick: choosePlace, follow: followOnMap, over: hover });
  listenTime(showAll, onMove); listenSince();
  panels.listenPanels(goTo); panels.listenRanking(choosePlace);
  listenPeople(map.drawOver);
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
  const [, answer] = await Promise.all([loadWords(), fetch("/start.json")]);
  state.catalogue = await answer.json();
  fromAddress();
  listen();
  open();
}
window.thuis = { state, screenCentre: map.screenCentre, painted: map.painted, residentSpots }; // for tests and the curious
main();
