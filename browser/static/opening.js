// The first minute: one question, something to change, what it does to whom, and one person to meet.
import { sentences } from "./sentence.js";
import { setPage } from "./setting.js";
import { state } from "./state.js";
import { byId, language, t } from "./text.js";
import { listenEnd, play } from "./time.js";

const until = 60; // months that the first change is played
let at = null; // "question", "result" or "person"

export function listenOpening() {
  byId("opening-one").addEventListener("click", () => (at === "question" ? libraries() : newcomer()));
  byId("opening-two").addEventListener("click", () => (at === "question" ? newcomer() : close()));
  byId("opening-close").addEventListener("click", close);
  byId("opening").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  listenEnd(() => { if (at === "playing") ask("result"); });
}
export function openQuestion() { ask("question"); }
// It stands in the place of the sentence and of what the map shows, so that the map is seen whole.
function show(on) { byId("opening").hidden = !on; document.body.classList.toggle("asking", on); }
export function close() { at = null; show(false); }
export function refreshOpening() { if (at === "question" || at === "result") ask(at); }
function ask(step) {
  at = step;
  const place = state.world?.title[language()] ?? "";
  byId("opening-question").textContent = t(`opening_${step}`, { place });
  byId("opening-text").textContent = step === "question" ? t("opening_text") : sentences().join(" ");
  byId("opening-one").textContent = t(step === "question" ? "opening_libraries" : "opening_meet");
  byId("opening-two").textContent = t(step === "question" ? "opening_newcomer" : "opening_own");
  byId("opening-close").textContent = t("opening_around");
  byId("opening-close").hidden = step !== "question";
  show(true);
}
function libraries() {
  close(); at = "playing";
  setPage({ b: [[0, "facilities.funding.library", 2]], view: "diff", measure: "at_home", month: 0 });
  play(until, 12);
}
function newcomer() {
  close();
  setPage({ b: null, view: state.runs[1] ? "b" : "a", measure: "at_home", month: Math.max(state.month, 12), pick: ["newcomers", "most"], follow: "newcomer" });
}
