// The difference in other futures: asked for of what is seen, and how sure it makes the one that is seen.
import { send } from "./link.js";
import { state } from "./state.js";

const least = 3; // other futures before a range is told
let asked = "", askedAt = 0;

// Ask for the range of what the page shows, while it plays not with every month.
export function askRange() {
  if (!state.runs[1] || !state.world) { state.range = null; return; }
  const key = `${state.measure} ${state.month} ${state.runs.map((run) => run.revision)}`, now = performance.now();
  if (key === asked || (state.playing && now - askedAt < 500)) return;
  asked = key; askedAt = now;
  send({ type: "range", measure: state.measure, month: state.month });
}
export function forgetRange() { asked = ""; state.range = state.parts = null; }
export function takeRange(message) { state.range = message; }
function current() { return state.range && state.range.measure === state.measure && state.range.month === state.month ? state.range : null; }
// How many futures are known of how many, the one on the page counted.
export function futures() { const range = state.range; return range ? { known: range.known + 1, count: range.count + 1 } : null; }
function ends(values, own) {
  const all = [...values.filter((value) => value !== null), own];
  return { low: Math.min(...all), high: Math.max(...all), count: all.length };
}
// Lowest and highest difference of the whole place over all futures; null while too few are known.
export function wholeRange(own) { const range = current(); return range && range.known >= least ? ends(range.whole, own) : null; }
export function atHomeRange(own) { const range = current(); return range && range.known >= least ? ends(range.at_home.at_home, own) : null; }
export function areaRange(j, own) { const range = current(); return range?.areas && range.known >= least ? ends(range.areas[j], own) : null; }
// Whether all futures say the same about a neighbourhood: more, or less.
export function sure(range) { return range === null || range.low > 0 || range.high < 0; }
// Month by month, the lowest and highest difference of the measure; null where it is not known.
export function band() { const range = state.range; return range && range.measure === state.measure && range.known >= least ? { low: range.low, high: range.high } : null; }
