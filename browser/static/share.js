// The link that restores what is seen, and what is read from the address bar: every part is checked.
import { measures } from "./scales.js";
import { newRun, state } from "./state.js";
import { language } from "./text.js";

function pack(events) { return events.map(([month, name, value]) => `${month}:${name}:${value === null ? "" : value}`).join(","); }

export function linkText() {
  const parts = new URLSearchParams({ place: state.region, seed: state.seed, month: state.month, colour: state.measure, language: language() });
  if (state.scale) parts.set("scale", state.scale);
  if (state.runs[0].events.length) parts.set("a", pack(state.runs[0].events));
  if (state.runs[1]) { parts.set("b", pack(state.runs[1].events)); parts.set("view", state.view); }
  if (state.pick !== null) parts.set("neighbourhood", state.world.codes[state.pick]);
  return `${location.origin}/#${parts}`;
}
function whole(text, low, high) {
  const value = /^\d{1,16}$/.test(text ?? "") ? Number(text) : NaN;
  return value >= low && value <= high ? value : null;
}
function unpack(text, levers, packages) {
  if (!text) return [];
  return text.split(",").map((part) => {
    const [from, name, value] = part.split(":"), month = whole(from, 0, 360), lever = levers.get(name.replace(/@\d{1,6}$/, ""));
    if (month === null || value === undefined) throw new Error("event");
    if (value === "") { if (!lever && name !== "policy") throw new Error("lever"); return [month, name, null]; }
    if (name === "policy") { if (!packages.has(value)) throw new Error("policy"); return [month, name, value]; }
    const number = Number(value);
    if (!lever || !(number >= lever.low && number <= lever.high)) throw new Error("value");
    return [month, name, number];
  });
}
// Returns whether all of the address was good; what was not is left out.
export function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const levers = new Map(state.catalogue.levers.filter((row) => !row.parts.length).map((row) => [row.name, row])), packages = new Set(state.catalogue.packages.map((one) => one.name));
  let good = true;
  const check = (key, read) => {
    if (!parts.has(key)) return null;
    try { const value = read(parts.get(key)); if (value === null) good = false; return value; } catch { good = false; return null; }
  };
  const known = (text) => text.startsWith("u-") || text.split("+").every((part) => state.catalogue.regions.some((one) => one.name === part));
  state.region = check("place", (text) => (/^[A-Za-z0-9_.+-]{1,64}$/.test(text) ? text : null)) ?? state.catalogue.default;
  const unknown = known(state.region) ? null : state.region;
  if (unknown) state.region = state.catalogue.default;
  state.seed = check("seed", (text) => whole(text, 0, Number.MAX_SAFE_INTEGER)) ?? 1;
  state.scale = check("scale", (text) => whole(text, 0, 100000)) ?? 0;
  state.goal = check("month", (text) => whole(text, 0, 360)) ?? 0;
  state.measure = check("colour", (text) => (Object.hasOwn(measures, text) ? text : null)) ?? "at_home";
  state.runs = [newRun(check("a", (text) => unpack(text, levers, packages)) ?? []), null];
  const b = check("b", (text) => unpack(text, levers, packages));
  if (b) state.runs[1] = newRun(b);
  state.edit = "b";
  state.view = b ? check("view", (text) => (["a", "b", "diff"].includes(text) ? text : null)) ?? "diff" : "a";
  state.wished = parts.get("neighbourhood");
  return { good, unknown, language: ["nl", "en"].includes(parts.get("language")) ? parts.get("language") : null };
}
