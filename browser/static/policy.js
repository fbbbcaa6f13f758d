// The visitor's policy beside today's: it begins with the first lever that is moved and ends when it is as today again.
import { send } from "./link.js";
import { forgetRange } from "./range.js";
import { newRun, runOf, state } from "./state.js";
import { showLevers, showChanges } from "./levers.js";

let shown = () => {}, button = () => {};
// showAll draws the page; onView tells that another policy or the difference is looked at.
export function listenPolicy(showAll, onView) {
  shown = showAll; button = onView;
  for (const one of document.querySelectorAll("[data-view]")) one.addEventListener("click", () => look(one.dataset.view));
  for (const one of document.querySelectorAll("[data-edit]")) one.addEventListener("click", () => { state.edit = one.dataset.edit; showViews(); showLevers(); });
}
// The run whose levers are set: the policy B is begun with what today's run has.
export function beginPolicy(letter = state.edit) {
  if (letter === "b" && !state.runs[1]) {
    const [first] = state.runs;
    state.runs[1] = Object.assign(newRun(first.events.map((event) => [...event])), { months: first.months.slice(), steps: first.steps });
    state.view = "diff";
    showViews();
  }
  return runOf(letter);
}
// Tell the simulation; months after the change are no longer true.
export function leversChanged(letter = state.edit) {
  const run = runOf(letter), [a, b] = state.runs;
  forgetRange();
  if (b && JSON.stringify(a.events) === JSON.stringify(b.events)) endPolicy();
  if (letter === "a" || state.runs[1]) { run.steps = null; send({ type: "change", run: letter, events: run.events }); }
  showViews(); showChanges(); showLevers(); shown();
}
function endPolicy() {
  state.runs[1] = null; state.view = "a"; forgetRange();
  send({ type: "change", run: "b", events: null });
}
// Everything as today, in all months.
export function undo() {
  if (state.runs[1]) endPolicy();
  if (state.runs[0].events.length) { state.runs[0].events = []; leversChanged("a"); return; }
  showViews(); showChanges(); showLevers(); shown();
}
// These events as the policy, whatever it was; none ends it.
export function setPolicy(events) {
  if (JSON.stringify(events) === JSON.stringify(state.runs[1]?.events ?? [])) return;
  if (!events.length) { undo(); return; }
  beginPolicy("b").events = events.map((event) => [...event]);
  leversChanged("b");
}
export function look(view) {
  state.view = state.runs[1] ? view : "a";
  showViews(); shown(); button();
}
export function showViews() {
  const two = state.runs[1] !== null;
  if (!two) state.view = "a";
  document.getElementById("view-choice").hidden = !two;
  for (const one of document.querySelectorAll("[data-view]")) one.setAttribute("aria-pressed", one.dataset.view === state.view);
  for (const one of document.querySelectorAll("[data-edit]")) one.setAttribute("aria-pressed", one.dataset.edit === state.edit);
}
