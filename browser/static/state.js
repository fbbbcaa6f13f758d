// What the page knows: the region, the months of one or two runs, and where the visitor looks.
export const measures = {
  belonging: 3, cohesion: 2, at_home: "%", diversity: 2, turnover: "%", newcomers: "%", withdrawn: "%", facilities: 2,
  ties: 2, faces: 1, contact: 2, employed: "%",
};
export const state = {
  region: "", seed: 1, scale: 0, month: 0, goal: 0, playing: false, speed: 5, measure: "belonging", view: "a", edit: "a",
  pick: null, person: null, world: null, runs: [newRun(), null], catalogue: null, people: null, movement: true, marks: false,
};
export function newRun(events = []) { return { events, months: [], revision: 0, low: {}, high: {} }; }
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
// The value of a lever in a month, null where it is as today.
export function leverAt(run, name, month) {
  let value = null;
  for (const [from, lever, to] of run.events) if (lever === name && from <= month) value = to;
  return value;
}
export function setLever(run, name, month, value) {
  const kept = run.events.filter(([from, lever]) => lever !== name || from < month);
  const before = leverAt({ events: kept }, name, month);
  if (before !== value) kept.push([month, name, value]);
  kept.sort((x, y) => x[0] - y[0] || (x[1] < y[1] ? -1 : 1));
  run.events = kept;
}
