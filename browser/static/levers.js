// Sliders for every lever, packages of measures, and the list of what was changed.
import { leverAt, runOf, setLever, state } from "./state.js";
import { byId, language, make, number, t } from "./text.js";

let changed = () => {};

export function leverValue(row, value) {
  if (row.unit.en === "share") return `${number(100 * value, 0)}%`;
  return number(value, row.step < 1 ? 2 : 0);
}
export function leverName(row) {
  return row.target ? `${row.text[language()]}: ${row.target[language()]}` : row.text[language()];
}
export function buildLevers(onChange) {
  changed = onChange;
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
    setLever(runOf(state.edit), "policy", state.month, choice.value === "baseline" ? null : choice.value);
    changed();
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
    setLever(runOf(state.edit), row.name, state.month, today && !leverAt(runOf(state.edit), "policy", state.month) ? null : value);
    changed();
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
    const value = leverAt(run, row.name, state.month), text = String(value ?? row.today);
    box.classList.toggle("changed", value !== null);
    if (input.value !== text || !box.querySelector("output").textContent) { input.value = text; input.dispatchEvent(new Event("input")); }
  }
  const choice = byId("package"), name = leverAt(run, "policy", state.month) ?? "baseline";
  if (choice.value !== name) choice.value = name;
  const words = state.catalogue.packages.find((one) => one.name === name)?.words[language()] ?? [];
  const box = byId("package-words");
  const key = name === "baseline" ? "" : `${name} ${language()}`;
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...(key ? [make("details", {}, make("summary", { text: t("package_words") }), make("ul", {}, ...words.map((text) => make("li", { text }))))] : []));
}
export function showChanges() {
  const box = byId("changes"), items = [];
  for (const letter of ["a", "b"]) {
    const run = runOf(letter);
    if (!run || (letter === "b" && !state.runs[1])) continue;
    for (const event of run.events) items.push(item(letter, run, event));
  }
  if (!items.length) { box.replaceChildren(make("p", { class: "quiet", text: t("changes_none") })); return; }
  box.replaceChildren(make("h3", { text: t("changes") }), make("ul", {}, ...items));
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
