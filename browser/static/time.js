// Time: play, pause, step and scrub over months already simulated; the simulation runs ahead in the background.
import { connected, want } from "./link.js";
import { lastMonth, state } from "./state.js";
import { byId, t, when } from "./text.js";

let lastTick = 0, owed = 0, shown = () => {}, moved = () => {};

// showAll draws the month, onMove does what a new month brings besides (people on the move, the residents).
export function listenTime(showAll, onMove) {
  shown = showAll; moved = onMove;
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("play", "click", () => (state.playing ? pause() : play()));
  on("step", "click", () => { pause(); goTo(state.month + 1); });
  on("back", "click", () => { pause(); goTo(state.month - 1); });
  on("scrub", "input", () => { const month = Number(byId("scrub").value); if (state.playing) pause(); goTo(month); });
  on("speed", "change", () => { state.speed = Number(byId("speed").value); });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && (event.target === document.body || event.target === byId("map"))) { event.preventDefault(); byId("play").click(); }
  });
}
function horizon() { return state.world?.horizon ?? 360; }
export function goTo(month) {
  state.goal = Math.min(Math.max(month, 0), horizon());
  want(state.goal); shown(); moved();
}
export function play() {
  if (state.goal >= horizon()) return;
  state.playing = true; owed = 0; lastTick = performance.now();
  byId("play").textContent = t("pause");
  requestAnimationFrame(tick);
}
export function pause() {
  state.playing = false;
  byId("play").textContent = t("play");
  if (state.world && lastMonth() >= 0) { state.goal = state.month; shown(); moved(); }
}
function tick(now) {
  if (!state.playing) return;
  owed = Math.min(owed + (Math.max(now - lastTick, 0) / 1000) * state.speed, 3); lastTick = now;
  let new_month = false;
  while (owed >= 1 && state.goal < lastMonth()) { owed -= 1; state.goal += 1; new_month = true; }
  if (new_month) { want(state.goal); shown(); moved(); }
  if (state.goal >= horizon() || !connected() && state.goal >= lastMonth()) { pause(); return; }
  requestAnimationFrame(tick);
}
export function showTime() {
  if (!state.world) return;
  const scrub = byId("scrub"), most = Math.min(horizon(), Math.max(120, Math.ceil((state.goal + 13) / 60) * 60));
  scrub.max = most;
  if (scrub !== document.activeElement || state.playing || Number(scrub.value) !== state.goal) scrub.value = state.goal;
  scrub.setAttribute("aria-valuetext", when(state.month));
  byId("when").textContent = `${t("month_short", { month: state.month })} · ${t("year_short", { year: Math.floor(Math.max(state.month - 1, 0) / 12) + 1 })}`;
}
