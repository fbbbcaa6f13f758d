// The first minute: one question, something to change, what it does to whom, what helps, and one person to meet.
import { leverOf } from "./levers.js";
import { sentences } from "./sentence.js";
import { setPage } from "./setting.js";
import { state } from "./state.js";
import { byId, language, t } from "./text.js";
import { listenEnd, play } from "./time.js";

const until = 60; // months that a change is played
let at = null, playing = null; // a step below, and the one that is shown when the months have been played
// Of each step, what its buttons say and do, by the number of the button.
const steps = {
  question: [["opening_double", () => tryOut("result", doubled())], ["opening_newcomer", newcomer], ["opening_around", close]],
  result: [["opening_meet", newcomer], ["opening_help", () => tryOut("helped", [...doubled(), [0, "reception.one_stop", 1]])], ["opening_own", close]],
  helped: [["opening_meet", newcomer], ["opening_own", close]],
};
const buttons = ["opening-one", "opening-two", "opening-three"];

export function listenOpening() {
  buttons.forEach((id, n) => byId(id).addEventListener("click", () => steps[at][n][1]()));
  byId("opening").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  listenEnd(() => { if (playing) ask(playing); });
}
export function openQuestion() { ask("question"); }
// It stands in the place of the sentence and of what the map shows, so that the map is seen whole.
function show(on) { byId("opening").hidden = !on; document.body.classList.toggle("asking", on); }
export function close() { at = playing = null; show(false); }
export function refreshOpening() { if (at) ask(at); }
function ask(step) {
  at = step; playing = null;
  const place = state.world?.title[language()] ?? "";
  byId("opening-question").textContent = t(`opening_${step}`, { place });
  byId("opening-text").textContent = step === "question" ? t("opening_text") : [...sentences(), t("opening_assumed")].join(" ");
  buttons.forEach((id, n) => { byId(id).hidden = !steps[step][n]; byId(id).textContent = steps[step][n] ? t(steps[step][n][0]) : ""; });
  show(true);
}
// Twice as many people from abroad, whatever they come for.
function doubled() { return leverOf("admission.arrivals").parts.map((name) => [0, name, 2]); }
function tryOut(step, events) {
  close(); playing = step;
  setPage({ b: events, view: "diff", measure: "at_home", month: 0 });
  play(until, 12);
}
function newcomer() {
  close();
  setPage({ b: null, view: state.runs[1] ? "b" : "a", measure: "at_home", month: Math.max(state.month, 12), pick: ["newcomers", "most"], follow: "newcomer" });
}
