// What the page knows: the region, the months of one or two runs, and where the visitor looks.
import { fewest } from "./scales.js";

export const state = {
  region: "", seed: 1, scale: 0, month: 0, goal: 0, playing: false, speed: 5, measure: "at_home", view: "a", edit: "b",
  pick: null, person: null, world: null, runs: [newRun(), null], catalogue: null, people: null, movement: true, marks: false, range: null, parts: null, here: false, flows: false,
  since: null, // from when a change in mid-run holds: "now", "start", or null while that was not asked
};
// steps: where each lever stands from which month on, as the engine is given it; null while that is under way.
export function newRun(events = []) { return { events, months: [], revision: 0, steps: null }; }
export function runOf(letter) { return state.runs[letter === "b" ? 1 : 0]; }
export function lastMonth() {
  return Math.min(...state.runs.filter(Boolean).map((run) => run.months.length)) - 1;
}
export function column(run, name, month = state.month) {
  const found = run?.months[month];
  if (!found) return null;
  const at = state.world.at[name], areas = state.world.codes.length;
  return found.columns.subarray(at * areas, (at + 1) * areas);
}
export function total(run, name, month = state.month) {
  const found = run?.months[month];
  return found ? found.totals[state.world.totalAt[name]] : NaN;
}
// The policy whose people and places are looked at.
// While so many months pass in a second that words and people on their way could not be followed.
export function fast() { return state.playing && state.speed > 10; }
export function lookedAt() { return state.view === "b" && state.runs[1] ? "b" : "a"; }
// Values the map shows now, one per neighbourhood.
export function shown() {
  const a = column(state.runs[0], state.measure), b = column(state.runs[1], state.measure);
  if (state.view === "diff" && a && b) return a.map((value, at) => b[at] - value);
  return state.view === "b" && b ? b : a;
}
// Residents below whose number the map and lists say nothing of a neighbourhood.
export function tooFew(j) { return !((column(runOf(lookedAt()), "residents")?.[j] ?? 0) >= fewest); }
export function take(run, month, found) { run.months[month] = found; }
// What the visitor set a lever (or the package) to in a month, null where it is not set.
export function leverAt(run, name, month) {
  let value = null;
  for (const [from, lever, to] of run.events) if (lever === name && from <= month) value = to;
  return value;
}
// Where a lever stands in a month, whether a slider or a package set it.
export function leverNow(run, row, month) {
  const own = leverAt(run, row.name, month);
  if (own !== null) return own;
  let value = row.today;
  for (const [from, to] of run.steps?.[row.name] ?? []) if (from <= month) value = to;
  return value;
}
// Sliders that the visitor has moved and that hold in a month.
export function slidersSet(run, month) {
  const names = new Set(run.events.filter(([, name]) => name !== "policy").map(([, name]) => name));
  return [...names].filter((name) => leverAt(run, name, month) !== null);
}
// A package from a month on, with every slider where the package puts it.
export function setPackage(run, month, value) {
  for (const name of slidersSet(run, month)) setLever(run, name, month, null);
  run.events = run.events.filter(([from, name]) => name === "policy" || from <= month);
  setLever(run, "policy", month, value);
}
export function setLever(run, name, month, value) {
  const kept = run.events.filter(([from, lever]) => lever !== name || from < month);
  const before = leverAt({ events: kept }, name, month);
  if (before !== value) kept.push([month, name, value]);
  kept.sort((x, y) => x[0] - y[0] || (x[1] < y[1] ? -1 : 1));
  run.events = kept;
}
