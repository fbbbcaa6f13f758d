// What the page knows: the region, the months of one or two runs, and where the visitor looks.
export const measures = {
  belonging: 3, cohesion: 2, at_home: "%", diversity: 2, turnover: "%", newcomers: "%", withdrawn: "%", facilities: 2,
  ties: 2, faces: 1, contact: 2, employed: "%",
};
export const state = {
  region: "", seed: 1, scale: 0, month: 0, goal: 0, playing: false, speed: 5, measure: "belonging", view: "a", edit: "a",
  pick: null, person: null, world: null, runs: [newRun(), null], catalogue: null, people: null, movement: true, marks: false,
  since: null, // from when a change in mid-run holds: "now", "start", or null while that was not asked
};
// steps: where each lever stands from which month on, as the engine is given it; null while that is under way.
export function newRun(events = []) { return { events, months: [], revision: 0, low: {}, high: {}, steps: null }; }
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
export function lookedAt() { return state.view === "b" && state.runs[1] ? "b" : "a"; }
// Values the map shows now, one per neighbourhood.
export function shown() {
  const a = column(state.runs[0], state.measure), b = column(state.runs[1], state.measure);
  if (state.view === "diff" && a && b) return a.map((value, at) => b[at] - value);
  return state.view === "b" && b ? b : a;
}
// The ends of the colour scale: they only widen while months come in, so that colours keep their meaning.
export function ends() {
  if (state.view === "diff") {
    let most = state.world.most[state.measure] ?? 0;
    for (const value of shown() ?? []) if (Math.abs(value) > most) most = Math.abs(value);
    state.world.most[state.measure] = most;
    const least = state.measure === "cohesion" ? 0.01 : 0.001;
    return [-Math.max(most, least), Math.max(most, least)];
  }
  let low = Infinity, high = -Infinity;
  for (const run of state.runs) {
    if (!run) continue;
    low = Math.min(low, run.low[state.measure] ?? Infinity);
    high = Math.max(high, run.high[state.measure] ?? -Infinity);
  }
  return low < high ? [low, high] : [low - 0.01, low + 0.01];
}
export function take(run, month, found) {
  const { columns } = found;
  run.months[month] = found;
  const areas = state.world.codes.length;
  if (areas > many) { if (month % 12 === 0) widen(run, columns, areas); return; }
  for (const name of Object.keys(measures)) {
    const at = state.world.at[name] * areas;
    for (let j = at; j < at + areas; j++) {
      const value = columns[j];
      if (value < (run.low[name] ?? Infinity)) run.low[name] = value;
      if (value > (run.high[name] ?? -Infinity)) run.high[name] = value;
    }
  }
}
// Of many neighbourhoods the hundredth part at either end does not stretch the scale.
export const many = 100;
function widen(run, columns, areas) {
  for (const name of Object.keys(measures)) {
    const at = state.world.at[name] * areas, values = columns.slice(at, at + areas).filter((value) => !Number.isNaN(value)).sort();
    if (!values.length) continue;
    run.low[name] = Math.min(run.low[name] ?? Infinity, values[Math.floor(values.length * 0.01)]);
    run.high[name] = Math.max(run.high[name] ?? -Infinity, values[Math.ceil(values.length * 0.99) - 1]);
  }
}
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
