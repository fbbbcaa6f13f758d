// Sliders for every lever, packages of measures, and the list of what was changed.
import { leverAt, leverNow, runOf, setLever, setPackage, slidersSet, state } from "./state.js";
import { byId, language, make, number, t } from "./text.js";

let changed = () => {}, since = (act) => act(state.month);

export function leverValue(row, value) {
  if (row.unit.en === "share") return `${number(100 * value, 0)}%`;
  return number(value, row.step < 1 ? 2 : 0);
}
export function leverName(row) {
  return row.target ? `${row.text[language()]}: ${row.target[language()]}` : row.text[language()];
}
// onChange tells that a run's events are others; fromWhen calls what it is given with the month from which it is to hold.
export function buildLevers(onChange, fromWhen) {
  changed = onChange; since = fromWhen;
  const open = new Set([...document.querySelectorAll("#levers details[open]")].map((one) => one.dataset.key));
  const box = byId("levers");
  box.replaceChildren();
  for (const [element, title] of Object.entries(state.catalogue.elements)) {
    const group = section(`e${element}`, title[language()], open);
    const rows = state.catalogue.levers.filter((row) => String(row.element) === element);
    for (const name of new Set(rows.map((row) => row.lever))) {
      const members = rows.filter((row) => row.lever === name);
      if (members.length === 1) { group.append(slider(members[0])); continue; }
      const inner = section(name, members[0].text[language()], open);
      inner.append(...members.map(slider));
      group.append(inner);
    }
    box.append(group);
  }
  if (!open.size) box.querySelector("details").open = true;
  const choice = byId("package");
  choice.replaceChildren(...state.catalogue.packages.map((one) => make("option", { value: one.name, text: one.title[language()] })));
  choice.onchange = () => {
    const value = choice.value === "baseline" ? null : choice.value;
    since((month) => { setPackage(runOf(state.edit), month, value); changed(); });
  };
}
function section(key, title, open) {
  const details = make("details", { "data-key": key, open: open.has(key) });
  details.append(make("summary", { text: title }));
  return details;
}
function priceText(row) {
  if (!row.price) return t("price_none");
  const text = t("price", { euro: number(row.price.euro, row.price.euro % 1 ? 2 : 0), per: row.price.per[language()] });
  return row.price.certainty === "E" ? `${text} (${t("assumption")})` : text;
}
function slider(row) {
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
      setLever(runOf(state.edit), row.name, month, today && !leverAt(runOf(state.edit), "policy", month) ? null : value);
      changed();
    });
  });
  const scale = row.scale[language()], unit = row.unit.en === "share" ? "" : ` ${row.unit[language()]}`;
  const about = `${t("today", { value: leverValue(row, row.today) + unit })}${scale ? ` · ${scale}` : ""} · ${priceText(row)}`;
  return make("div", { class: "lever", "data-row": row.name },
    make("label", { for: id, text: row.target ? row.target[language()] : row.text[language()] }),
    make("div", { class: "row" }, input, output),
    make("small", { id: `${id}-about`, text: about, title: row.through[language()] }));
}
// Put the sliders where the levers stand in the month on the map.
export function showLevers() {
  const run = runOf(state.edit) ?? state.runs[0];
  for (const row of state.catalogue.levers) {
    const box = document.querySelector(`[data-row="${row.name}"]`), input = box?.querySelector("input");
    if (!input || input === document.activeElement && input.matches(":active")) continue;
    if (run.steps === null && state.world && box.querySelector("output").textContent) continue; // the engine's answer is under way
    const value = leverNow(run, row, state.month), output = box.querySelector("output"), text = leverValue(row, value);
    box.classList.toggle("changed", Math.abs(value - row.today) > 1e-4);
    if (input.value !== String(value)) input.value = String(value); // a package may go beyond the ends of a slider
    if (output.textContent !== text) { input.dispatchEvent(new Event("input")); output.textContent = text; }
  }
  const name = leverAt(run, "policy", state.month) ?? "baseline";
  showPackage(name, slidersSet(run, state.month).length > 0);
  const words = state.catalogue.packages.find((one) => one.name === name)?.words[language()] ?? [];
  const box = byId("package-words");
  const key = name === "baseline" ? "" : `${name} ${language()}`;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...(key ? [make("details", {}, make("summary", { text: t("package_words") }), make("ul", {}, ...words.map((text) => make("li", { text }))))] : []));
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
  for (const letter of ["a", "b"]) {
    const run = runOf(letter);
    if (!run || (letter === "b" && !state.runs[1])) continue;
    for (const event of run.events) items.push(item(letter, run, event));
  }
  if (!items.length) { box.replaceChildren(make("p", { class: "quiet", text: t("changes_none") })); return; }
  const back = make("button", { type: "button", text: t("changes_undo"), onclick: () => {
    for (const letter of ["a", "b"]) { const run = runOf(letter); if (run?.events.length) { run.events = []; changed(letter); } }
  } });
  box.replaceChildren(make("h3", { text: t("changes") }), make("ul", {}, ...items), back);
}
function item(letter, run, event) {
  const [month, name, value] = event, row = state.catalogue.levers.find((one) => one.name === name);
  let what;
  if (row) what = `${leverName(row)}: ${value === null ? t("back_to_today") : leverValue(row, value)}`;
  else what = state.catalogue.packages.find((one) => one.name === (value ?? "baseline"))?.title[language()] ?? "";
  const text = `${state.runs[1] ? letter.toUpperCase() + " · " : ""}${t("month_short", { month })} · ${what}`;
  const remove = make("button", { type: "button", text: "×", "aria-label": t("remove", { what: text }), onclick: () => { run.events = run.events.filter((one) => one !== event); changed(letter); } });
  return make("li", {}, make("span", { text }), remove);
}
