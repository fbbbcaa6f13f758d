// From which month a change of policy holds.
import { showLevers } from "./levers.js";
import { state } from "./state.js";
import { byId, t } from "./text.js";
import { pause, play } from "./time.js";

// At the start that is plain; in mid-run it is asked once, and shown from then on.
let waiting = null;
export function asking() { return waiting !== null; }
export function sinceWhen(act) {
  if (state.month === 0) { act(0); return; }
  const month = state.month, played = state.playing;
  const go = () => { act(state.since === "start" ? 0 : month); if (played && !state.playing) play(); };
  if (state.since) { go(); return; }
  if (played) pause();
  waiting = { go, played };
  byId("since-now").textContent = t("since_now", { month });
  byId("since-box").showModal();
}
function chooseSince(value) {
  state.since = value;
  showSince();
  byId("since-box").close();
}
function sinceClosed() {
  const { go, played } = waiting ?? {};
  waiting = null;
  if (state.since && go) go();
  else { showLevers(); if (played) play(); }
}
export function showSince() {
  byId("since").hidden = state.since === null;
  for (const button of document.querySelectorAll("[data-since]")) button.setAttribute("aria-pressed", button.dataset.since === state.since);
}
export function listenSince() {
  byId("since-start").addEventListener("click", () => chooseSince("start"));
  byId("since-now").addEventListener("click", () => chooseSince("now"));
  byId("since-box").addEventListener("close", sinceClosed);
  for (const button of document.querySelectorAll("[data-since]")) button.addEventListener("click", () => { state.since = button.dataset.since; showSince(); });
}
