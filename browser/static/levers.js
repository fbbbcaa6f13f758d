// Levers as cards: a picture, the price, what it acts on, its effect so far, everywhere or only in one neighbourhood.
import { signedValue } from "./files.js";
import { icon } from "./icons.js";
import { beginPolicy, leversChanged, undo } from "./policy.js";
import { people } from "./sentence.js";
import { leverAt, leverNow, runOf, setLever, setPackage, slidersSet, state, total } from "./state.js";
import { byId, euro, language, make, number, t } from "./text.js";

let since = (act) => act(state.month);

export function leverValue(row, value) {
  if (row.unit.en === "share") return `${number(100 * value, 0)}%`;
  return number(value, row.step < 1 ? 2 : 0);
}
// A lever for all that it can be set for is called by its own name.
export function leverName(row) {
  return row.target && !row.parts.length ? `${row.text[language()]}: ${row.target[language()]}` : row.text[language()];
}
export function leverOf(name) { return state.catalogue.levers.find((one) => one.name === name.split("@")[0]); }
// What was changed, each once: where all parts of a lever were set alike in a month it is the lever itself.
export function changesOf(run) {
  const found = [];
  let left = [...run.events];
  for (const row of state.catalogue.levers.filter((one) => one.parts.length).sort((a, b) => b.parts.length - a.parts.length)) {
    for (const [month, first, value] of left.filter(([, name]) => name.split("@")[0] === row.parts[0])) {
      const place = first.slice(row.parts[0].length), events = row.parts.map((part) => left.find((one) => one[0] === month && one[1] === part + place && one[2] === value));
      if (!events.every(Boolean)) continue;
      found.push({ month, name: row.name + place, value, events });
      left = left.filter((one) => !events.includes(one));
    }
  }
  return [...found, ...left.map((event) => ({ month: event[0], name: event[1], value: event[2], events: [event] }))].sort((a, b) => a.month - b.month);
}
// An event in words: the lever and, where it holds in one neighbourhood only, where.
export function eventText(name, value) {
  const row = leverOf(name), at = name.split("@")[1];
  if (!row) return state.catalogue.packages.find((one) => one.name === (value ?? "baseline"))?.title[language()] ?? "";
  const where = at === undefined ? "" : ` (${state.world?.names[Number(at)] ?? at})`, to = Number.isInteger(value) && row.unit.en !== "share" ? number(value) : leverValue(row, value), unit = row.unit.en === "times today's" ? ` ${row.unit[language()]}` : "";
  return `${leverName(row)}${where}: ${value === null ? t("back_to_today") : to + unit}`;
}
// Where the cards set their levers: everywhere, or in the chosen neighbourhood.
function here(row) { return state.here && state.pick !== null && row.local ? `@${state.pick}` : ""; }
function namesOf(row) { return (row.parts.length ? row.parts : [row.name]).map((name) => name + here(row)); }
function usable(row) { return state.here && state.pick !== null ? row.local : !row.only_local; }

// fromWhen calls what it is given with the month from which a change is to hold.
export function buildLevers(fromWhen) {
  since = fromWhen;
  const open = new Set([...document.querySelectorAll("#levers details[open]")].map((one) => one.dataset.key));
  const box = byId("levers");
  box.replaceChildren();
  for (const [element, title] of Object.entries(state.catalogue.elements)) {
    const group = section(`e${element}`, title[language()], open);
    group.firstChild.append(make("small", { class: "effect", "data-element": element }));
    const rows = state.catalogue.levers.filter((row) => String(row.element) === element);
    for (const name of new Set(rows.map((row) => row.lever))) {
      const members = rows.filter((row) => row.lever === name);
      if (members.length === 1) { group.append(card(members[0])); continue; }
      const inner = section(name, members[0].text[language()], open);
      inner.append(make("small", { class: "quiet through", text: throughText(members[0]) }), ...members.map(card));
      group.append(inner);
    }
    box.append(group);
  }
  if (!open.size) box.querySelectorAll("details[data-key=e2], details[data-key='facilities.funding']").forEach((one) => { one.open = true; });
  const choice = byId("package");
  choice.replaceChildren(...state.catalogue.packages.map((one) => make("option", { value: one.name, text: one.title[language()] })));
  choice.onchange = () => {
    const value = choice.value === "baseline" ? null : choice.value;
    since((month) => { setPackage(beginPolicy(), month, value); leversChanged(); });
  };
}
function section(key, title, open) {
  const details = make("details", { "data-key": key, open: open.has(key) });
  details.append(make("summary", { text: title }));
  return details;
}
function priceText(row) {
  if (!row.price) return t(row.parts.length ? "price_parts" : "price_none");
  const text = t("price", { euro: number(row.price.euro, row.price.euro % 1 ? 2 : 0), per: row.price.per[language()] });
  return row.price.certainty === "E" ? `${text} (${t("assumption")})` : text;
}
function throughText(row) { return row.through[language()] ? `${t("acts_on")} ${row.through[language()]}` : ""; }
function card(row) {
  const id = `lever-${row.name.replaceAll(".", "-")}`, output = make("output", { for: id });
  const input = make("input", { type: "range", id, min: row.low, max: row.high, step: row.step, "data-lever": row.name, "aria-describedby": `${id}-about` });
  const show = () => {
    output.textContent = leverValue(row, Number(input.value));
    input.setAttribute("aria-valuetext", `${output.textContent} ${row.unit.en === "share" ? "" : row.unit[language()]}`);
  };
  input.addEventListener("input", show);
  input.addEventListener("change", () => {
    const value = Math.min(Math.max(Number(input.value), row.low), row.high), today = Math.abs(value - row.today) < row.step / 100;
    since((month) => {
      const run = beginPolicy();
      for (const name of namesOf(row)) setLever(run, name, month, today && !leverAt(run, "policy", month) && (!here(row) || leverAt(run, row.name, month) === null) ? null : value);
      leversChanged();
    });
  });
  const scale = row.scale[language()], unit = row.unit.en === "share" ? "" : ` ${row.unit[language()]}`, through = row.target ? "" : throughText(row);
  const today = row.unit.en === "times today's" ? t("today_is_one") : t("today", { value: leverValue(row, row.today) + unit });
  return make("div", { class: "lever", "data-row": row.name }, icon(row),
    make("div", { class: "row head" }, make("label", { for: id, text: row.target ? row.target[language()] : row.text[language()] }), output), input,
    make("small", { id: `${id}-about` }, make("span", { text: `${today}${scale ? ` · ${scale}` : ""} · ${priceText(row)}` }), ...(through ? [make("span", { class: "through", text: through })] : [])),
    make("p", { class: "effect", role: "status" }));
}
// null where the parts of a lever stand at different values.
function valueOf(run, row) {
  const values = namesOf(row).map((name) => leverAt(run, name, state.month) ?? leverNow(run, leverOf(name), state.month));
  return values.every((value) => value === values[0]) ? values[0] : null;
}
// Put the sliders where the levers stand in the month on the map.
export function showLevers() {
  const run = runOf(state.edit) ?? state.runs[0], moved = new Set(run === state.runs[1] && state.month > 0 ? changesOf(run).map(({ name }) => name) : []);
  showWhere();
  for (const row of state.catalogue.levers) {
    const box = document.querySelector(`[data-row="${row.name}"]`), input = box?.querySelector("input");
    if (!input) continue;
    box.hidden = !usable(row);
    showEffect(box, row, moved);
    if (input === document.activeElement && input.matches(":active")) continue;
    if (run.steps === null && state.world && box.querySelector("output").textContent) continue; // the engine's answer is under way
    const found = valueOf(run, row), value = found ?? row.today, output = box.querySelector("output"), text = found === null ? t("lever_mixed") : leverValue(row, value);
    box.classList.toggle("changed", Math.abs(value - row.today) > 1e-4);
    if (input.value !== String(value)) input.value = String(value); // a package may go beyond the ends of a slider
    if (output.textContent !== text) { input.dispatchEvent(new Event("input")); output.textContent = text; }
  }
  showElements(run);
  const name = leverAt(run, "policy", state.month) ?? "baseline";
  showPackage(name, slidersSet(run, state.month).length > 0);
  const words = state.catalogue.packages.find((one) => one.name === name)?.words[language()] ?? [];
  const box = byId("package-words");
  const key = name === "baseline" ? "" : `${name} ${language()}`;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...(key ? [make("details", {}, make("summary", { text: t("package_words") }), make("ul", {}, ...words.map((text) => make("li", { text }))))] : []));
}
// Everywhere, or only in the neighbourhood that is chosen.
function showWhere() {
  const chosen = state.pick !== null && state.world;
  if (!chosen) state.here = false;
  byId("where").hidden = !chosen;
  if (!chosen) return;
  for (const one of document.querySelectorAll("[data-where]")) one.setAttribute("aria-pressed", (one.dataset.where === "here") === state.here);
  document.querySelector("[data-where=here]").textContent = t("only_here", { name: state.world.names[state.pick] });
}
export function listenLevers() {
  for (const one of document.querySelectorAll("[data-where]")) one.addEventListener("click", () => { state.here = one.dataset.where === "here"; showLevers(); });
}
// What a lever that was moved has done so far: with one lever that is the whole difference, else the run without it tells.
function showEffect(box, row, names) {
  const place = box.querySelector(".effect"), name = row.name + here(row), text = names.has(name) ? added(name, names.size === 1) : "";
  if (place.textContent !== text) place.textContent = text;
}
// What each element of the agenda has done and cost so far: of the policy as a whole where it has one element only.
function showElements(run) {
  const left = (row) => (run.steps?.[row.name] ?? []).slice(1).some(([from]) => from <= state.month);
  const used = new Set(state.catalogue.levers.filter(left).map((row) => String(row.element)));
  for (const place of document.querySelectorAll("[data-element]")) {
    const { element } = place.dataset, text = run === state.runs[1] && state.month > 0 && used.has(element) ? added(`element:${element}`, used.size === 1) : "";
    if (place.textContent !== text) place.textContent = text;
  }
}
// alone: nothing else is in the policy, so that the whole difference is its effect.
function added(name, alone) {
  const [a, b] = state.runs, of = (what) => total(b, what) - total(a, what);
  const found = alone ? { at_home: of("at_home"), people: of("at_home") * total(b, "adults"), spent: of("spent") } : state.parts?.month === state.month ? state.parts.effects[name] : null;
  if (!found || !Number.isFinite(found.at_home)) return alone || state.playing || !state.parts?.names.includes(name) ? "" : t("effect_counting");
  return t(alone ? "effect_alone" : "effect_part", { change: signedValue(found.at_home, "at_home"), people: (found.people < 0 ? "−" : "+") + people(found.people), euro: found.spent < 0 ? `−${euro(-found.spent)}` : euro(found.spent) });
}
// The package in force; where sliders were moved besides it, that is what the list says.
function showPackage(name, own) {
  const choice = byId("package"), title = state.catalogue.packages.find((one) => one.name === name)?.title[language()] ?? name;
  choice.querySelector("[data-own]")?.remove();
  if (own) choice.prepend(make("option", { value: "own", "data-own": "", disabled: true, text: t("package_own", { title }) }));
  choice.value = own ? "own" : name;
}
export function showChanges() {
  const box = byId("changes"), items = [];
  for (const letter of ["a", "b"]) for (const change of runOf(letter) ? changesOf(runOf(letter)) : []) items.push(item(letter, runOf(letter), change));
  if (!items.length) { box.replaceChildren(make("p", { class: "quiet", text: t("changes_none") })); return; }
  const back = make("button", { type: "button", text: t("changes_undo"), onclick: undo });
  box.replaceChildren(make("h3", { text: t("changes") }), make("ul", {}, ...items), back);
}
function item(letter, run, { month, name, value, events }) {
  const text = `${letter === "a" ? t("edit_a") + " · " : ""}${t("month_short", { month })} · ${eventText(name, value)}`;
  const remove = make("button", { type: "button", text: "×", "aria-label": t("remove", { what: text }), onclick: () => { run.events = run.events.filter((one) => !events.includes(one)); leversChanged(letter); } });
  return make("li", {}, make("span", { text }), remove);
}
