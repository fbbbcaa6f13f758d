// The page set to what a story speaks of: policy, measure, month, neighbourhood and person; what is not named is put back.
import { flyTo, showAll } from "./map.js";
import { follow } from "./people.js";
import { setPolicy, look } from "./policy.js";
import { column, lastMonth, lookedAt, runOf, state, tooFew } from "./state.js";
import { byId } from "./text.js";
import { goTo, pause } from "./time.js";

let acts = {}, waiting = null;
// acts: setMeasure(name), setMarks(on), choose(neighbourhood or null).
export function listenSetting(actions) { acts = actions; }

// b: events of the policy, null leaves it as it is; pick: [measure, "most" or "least"]; follow: "newcomer" or "established".
export function setPage({ b = [], view = null, measure = "at_home", month = 0, marks = false, movement = false, flows = false, pick = null, person = null, follow: whom = person }) {
  pause();
  if (b !== null) setPolicy(b);
  acts.setMeasure(measure); acts.setMarks(marks);
  state.movement = movement; byId("movement").checked = movement;
  state.flows = flows; byId("flows").checked = flows;
  look(view ?? (state.runs[1] ? "diff" : "a"));
  showAll(); acts.choose(null);
  waiting = pick || whom ? { pick, whom, month } : null;
  goTo(month);
  settle();
}
// What had to wait for months or people that were not there yet; to be called when something came in.
export function settle() {
  if (!waiting || lastMonth() < waiting.month || state.month !== waiting.month) return;
  const { pick, whom } = waiting;
  if (pick) { waiting = whom ? { ...waiting, pick: null } : null; acts.choose(extreme(...pick)); if (whom) flyTo(state.pick); return; }
  const found = state.people?.area === state.pick && state.people.month === state.month ? someone(whom) : null;
  if (found !== null) { waiting = null; follow(found); }
}
export function forgetSetting() { waiting = null; }
function extreme(name, which) {
  const values = column(runOf(lookedAt()), name), sign = which === "most" ? 1 : -1;
  let best = null;
  values.forEach((value, j) => { if (!tooFew(j) && !Number.isNaN(value) && (best === null || sign * value > sign * values[best])) best = j; });
  return best;
}
// Someone of the sample whose story begins within it: of newcomers the one who came about a year ago.
function someone(whom) {
  const { people } = state.people, fits = people.id.map((_, n) => n).filter((n) => people.newcomer[n] === (whom === "newcomer"));
  if (!fits.length) return people.id[0] ?? null;
  const far = (n) => (whom !== "newcomer" ? -people.months_here[n] : people.months_here[n] <= 12 ? 12 - people.months_here[n] : 100 + people.months_here[n]);
  return people.id[fits.reduce((best, n) => (far(n) < far(best) ? n : best))];
}
