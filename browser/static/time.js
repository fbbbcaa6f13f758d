// Time: play, pause, step and scrub over months already simulated; the simulation runs ahead in the background.
import { connected, want } from "./link.js";
import { lastMonth, state } from "./state.js";
import { byId, make, number, t, when } from "./text.js";

const between = 95, early = 6; // milliseconds between two drawings at least: nobody sees more; months after which the simulation is told where the page is
let lastTick = 0, owed = 0, since = 0, drawn = 0, wanted = 0, stopAt = null, passed = [], shown = () => {}, moved = () => {}, ended = () => {};

// showAll draws the month, onMove does what a new month brings besides (people on the move, the residents).
export function listenTime(showAll, onMove) {
  shown = showAll; moved = onMove;
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("play", "click", () => (state.playing ? pause() : play()));
  on("step", "click", () => { pause(); goTo(state.month + 1); });
  on("back", "click", () => { pause(); goTo(state.month - 1); });
  on("scrub", "input", () => { const month = Number(byId("scrub").value); if (state.playing) pause(); goTo(month); });
  on("speed", "change", () => { state.speed = Number(byId("speed").value); since = performance.now(); passed = []; });
  document.addEventListener("keydown", (event) => {
    if (event.key === " " && (event.target === document.body || event.target === byId("map"))) { event.preventDefault(); byId("play").click(); }
  });
}
function horizon() { return state.world?.horizon ?? 360; }
export function goTo(month) {
  state.goal = Math.min(Math.max(month, 0), horizon());
  want(state.goal); shown(); moved();
}
// until: the month at which it stops by itself; speed: months a second, else what the visitor chose.
export function play(until = null, speed = null) {
  if (state.goal >= horizon()) return;
  stopAt = until === null ? null : { month: until, speed };
  passed = [];
  state.playing = true; owed = 0; since = lastTick = performance.now();
  byId("play").textContent = t("pause"); byId("play").classList.add("playing");
  requestAnimationFrame(tick);
}
export function listenEnd(act) { ended = act; }
export function pause() {
  state.playing = false;
  byId("slow").textContent = "";
  byId("play").textContent = t("play"); byId("play").classList.remove("playing");
  if (state.world && lastMonth() >= 0) { state.goal = state.month; want(state.goal); shown(); moved(); }
}
function tick(now) {
  if (!state.playing) return;
  if (now - lastTick > 1000) { since = now; passed = []; } // the page was not in sight
  owed = Math.min(owed + (Math.max(now - lastTick, 0) / 1000) * (stopAt?.speed ?? state.speed), 3); lastTick = now;
  while (owed >= 1 && state.goal < Math.min(lastMonth(), stopAt?.month ?? Infinity)) { owed -= 1; state.goal += 1; passed.push(now); }
  sayWhenSlow(now);
  if (state.goal >= wanted + early || state.goal < wanted) { wanted = state.goal; want(state.goal); }
  const last = state.goal >= horizon() || state.goal >= stopAt?.month;
  if (state.goal !== state.month && (last || now - drawn > between)) { drawn = now; shown(); moved(); }
  if (stopAt && state.goal >= stopAt.month && state.month >= stopAt.month) { pause(); ended(); return; }
  if (state.goal >= horizon() || !connected() && state.goal >= lastMonth()) { pause(); return; }
  requestAnimationFrame(tick);
}
// When the simulation cannot keep the speed that was asked for, say what it keeps.
function sayWhenSlow(now) {
  passed = passed.filter((then) => now - then < 3000);
  const asked = stopAt?.speed ?? state.speed, kept = passed.length / 3, slow = now - since > 3000 && kept < 0.8 * asked;
  const text = slow ? t("speed_kept", { kept: number(kept, kept < 9.5 ? 1 : 0), asked }) : "";
  if (byId("slow").textContent !== text) byId("slow").textContent = text;
}
export function showTime() {
  if (!state.world) return;
  const scrub = byId("scrub"), most = Math.min(horizon(), Math.max(120, Math.ceil((state.goal + 13) / 60) * 60));
  if (Number(scrub.max) !== most) scrub.max = most;
  if (scrub !== document.activeElement || state.playing || Number(scrub.value) !== state.goal) scrub.value = state.goal;
  if (scrub.getAttribute("aria-valuetext") !== when(state.month)) scrub.setAttribute("aria-valuetext", when(state.month));
  const month = t("month_short", { month: state.month }), year = t("year_short", { year: Math.floor(Math.max(state.month - 1, 0) / 12) + 1 });
  if (byId("when").textContent !== `${month} · ${year}`) byId("when").replaceChildren(make("span", { text: month }), " · ", make("span", { text: year }));
}
