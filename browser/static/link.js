// The line to the simulation: JSON out, JSON and binary months in.
import { answers, saved } from "./saved.js";
import { newRun, state, take } from "./state.js";

const header = 32;
let socket = null;
let lastWant = -1, listening = null;

export function connect(listener) {
  listening = listener;
  if (saved) { queueMicrotask(() => listener.open()); return; }
  const mine = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
  mine.binaryType = "arraybuffer";
  socket = mine;
  mine.addEventListener("open", () => { if (mine === socket) listener.open(); });
  mine.addEventListener("close", (event) => { if (mine === socket) { socket = null; listener.closed(event.code); } });
  mine.addEventListener("message", (event) => {
    if (mine !== socket) return;
    if (typeof event.data === "string") word(JSON.parse(event.data), listener);
    else if (state.world) month(event.data, listener);
  });
}
export function connected() { return saved !== null || socket !== null && socket.readyState === WebSocket.OPEN; }
export function send(message) {
  if (saved) for (const answer of answers(message)) { if (answer instanceof ArrayBuffer) month(answer, listening); else word(structuredClone(answer), listening); }
  else if (connected()) socket.send(JSON.stringify(message));
}
export function want(month) {
  if (month !== lastWant) { lastWant = month; send({ type: "want", month }); }
}
export function start() {
  lastWant = -1;
  state.world = null;
  send({ type: "start", region: state.region, seed: state.seed, scale: state.scale, a: state.runs[0].events, b: state.runs[1]?.events ?? null });
  want(state.goal);
}

function word(message, listener) {
  if (message.type === "world") {
    message.at = Object.fromEntries(message.columns.map((name, at) => [name, at]));
    message.totalAt = Object.fromEntries(message.totals.map((name, at) => [name, at]));
    state.world = message;
    state.runs = state.runs.map((run) => (run ? newRun(run.events) : null));
  } else if (message.type === "levers") {
    if (state.runs[message.run]) state.runs[message.run].steps = message.steps;
  } else if (message.type === "from") {
    let run = state.runs[message.run];
    if (!run || !state.world) return; // of a start that was given up
    if (message.copy) {
      const first = state.runs[0];
      run = Object.assign(newRun(run.events), { steps: run.steps, months: first.months.slice() });
      state.runs[message.run] = run;
    }
    run.months.length = Math.min(run.months.length, message.month + 1);
    run.revision = message.revision;
  }
  listener.word(message);
}

function month(buffer, listener) {
  const view = new DataView(buffer);
  const run = state.runs[view.getUint32(4, true)], revision = view.getUint32(8, true), at = view.getInt32(12, true);
  if (!run || run.revision !== revision || at > run.months.length) return;
  const count = state.world.totals.length, many = view.getUint32(16, true) * view.getUint32(20, true);
  const totals = new Float64Array(buffer, header, count), columns = new Float32Array(buffer, header + 8 * count, many);
  const movers = new Int32Array(buffer, header + 8 * count + 4 * many, 3 * view.getUint32(24, true));
  take(run, at, { totals, columns, movers, moved: view.getUint32(28, true) });
  listener.month(at);
}
