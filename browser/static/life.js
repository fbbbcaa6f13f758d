// The life of the one who is followed: who and where, whom they meet, and why their feeling at home changed this month.
import { drawChart } from "./charts.js";
import { state } from "./state.js";
import { byId, counted, language, make, number, signed, t } from "./text.js";

const adult = 15; // years: feeling at home is counted from this age, as in the survey
const kindOf = (newcomer) => t(newcomer ? "people_newcomer" : "people_established");
const origin = (one) => state.world.groups[one.origin][language()];

export function showPerson(follow) {
  const box = byId("person"), { person, life } = state.people;
  if (!state.person || !life) { box.replaceChildren(...(state.person ? [make("p", { class: "quiet", text: t("looking_back") })] : [])); return; }
  const parts = [], entry = life.findLast((one) => one.month <= state.people.month);
  if (person) parts.push(make("p", { text: portrait(person) }));
  else parts.push(make("p", { text: t("person_gone") }));
  if (entry && (person || entry.month === state.people.month)) parts.push(...meetings(entry, person), ...(person ? [friends(person, follow)] : []), ...equation(entry));
  const opened = [...box.querySelectorAll("details")].map((one) => one.open);
  box.replaceChildren(...parts, ...happened(life));
  box.querySelectorAll("details").forEach((one, n) => { one.open = opened[n] ?? false; });
  if (life.length > 1) chartLife(box, life);
}
function portrait(person) {
  return t("person_here", {
    age: person.age, origin: origin(person), kind: kindOf(person.newcomer), motive: person.newcomer && person.motive ? t("came_for", { motive: t(`motive_${person.motive}`) }) : "",
    place: state.world.names[person.home], years: number(person.months_here / 12, 1), faces: counted("count_faces", person.faces_own + person.faces_other),
    other: number(person.faces_other, 0), ties: counted("count_ties", person.ties), work: person.age < 18 || person.age > 66 ? "" : t(person.employed ? "works" : "no_work"), member: person.member ? t("is_member") : "",
  });
}
function meetings(entry, person) {
  const faces = person ? signed(person.faces_own + person.faces_other - entry.faces_before, 1) : "–";
  return [make("h3", { text: t("meets_title") }), make("p", { text: t("meets", { own: counted("count_own", entry.met_own), other: number(entry.met_other, 0), faces }) })];
}
function friends(person, follow) {
  if (!person.friends.length) return make("p", { class: "quiet", text: t("friends_none") });
  const rows = person.friends.map((one) => make("li", {}, make("button", { type: "button", onclick: () => follow(one.id), text: t(one.age < adult ? "friend_child" : "friend", {
    age: one.age, kind: kindOf(one.newcomer), origin: origin(one), belonging: number(one.belonging, 2), place: one.home === person.home ? t("same_place") : state.world.names[one.home] }) })));
  return make("details", {}, make("summary", { text: t("friends_title", { count: person.friends.length }) }), make("ul", { class: "plain" }, ...rows));
}
function meter(value, most) {
  const box = make("span", { class: "meter" }, make("i", { class: value < 0 ? "neg" : "" }), make("b"));
  const bar = box.firstChild, width = Math.min(Math.abs(value) / most, 1) * 50;
  bar.style.left = `${value < 0 ? 50 - width : 50}%`; bar.style.width = `${width}%`; box.lastChild.style.left = "50%";
  return box;
}
// Contact is named where the parameter by which it softens the burden of diversity is not 0.
function termKey(name) { return name === "diversity" && !state.catalogue.zero.includes("contact_buffer") ? "t_diversity_softened" : `t_${name}`; }
function equation(entry) {
  const rows = Object.entries(entry.terms).map(([name, value]) => make("tr", {},
    make("th", { scope: "row", text: t(termKey(name)) }), make("td", {}, ...(name === "base" ? [] : [meter(value, 0.15)])), make("td", { class: "n", text: signed(value, 3) })));
  rows.push(make("tr", {}, make("th", { scope: "row", text: t("life_sum") }), make("td"), make("td", { class: "n", "data-target": entry.target, text: number(entry.target, 3) })));
  const beyond = entry.target > 1 || entry.target < 0;
  const head = make("tr", {}, make("th", { scope: "col", text: t("term") }), make("th", { scope: "col" }, make("span", { class: "quiet", text: "− 0 +" })), make("th", { scope: "col", class: "n", text: t("adds") }));
  return [make("h3", { text: t("life_title") }),
    make("p", { text: t("life_step", { before: number(entry.before, 3), after: number(entry.after, 3), pull: signed(entry.pull, 3), chance: signed(entry.chance, 3) }) }),
    make("table", { id: "terms" }, make("thead", {}, head), make("tbody", {}, ...rows)),
    ...(beyond ? [make("p", { class: "quiet", text: t("life_beyond") })] : [])];
}
// What changed from month to month, the latest first.
function happened(life) {
  const found = [];
  for (let n = 1; n < life.length; n++) {
    const [before, now] = [life[n - 1], life[n]], at = (key, values) => found.push([now.month, t(key, values)]);
    if (now.home === undefined || before.home === undefined) continue;
    if (now.home !== before.home) at("e_moved", { place: state.world.names[now.home] });
    else if (now.months_here < before.months_here) at("e_moved_within");
    if (now.employed !== before.employed) at(now.employed ? "e_work" : "e_no_work");
    if (now.member && !before.member) at("e_member");
    if (now.ties > before.ties) at("e_tie");
    if (now.ties < before.ties) at("e_tie_lost");
    if (before.newcomer && !now.newcomer) at("e_settled");
  }
  if (!found.length) return [];
  const items = found.slice(-12).reverse().map(([month, text]) => make("li", { text: `${t("month_short", { month })}: ${text}` }));
  return [make("h3", { text: t("happened") }), make("ul", { id: "happened" }, ...items)];
}
function chartLife(box, life) {
  const values = [];
  for (const one of life) { values[one.month - 1] ??= one.before; values[one.month] = one.after; }
  const canvas = make("canvas", { role: "img", "aria-label": `${t("life_chart")}: ${number(life.at(-1).after, 2)}` });
  const all = Array.from({ length: values.length }, (_, n) => values[n] ?? NaN);
  box.append(make("div", { class: "chart" }, make("h3", { text: t("life_chart") }), canvas));
  drawChart(canvas, [{ values: all, colour: "--c", width: 2 }], 2);
}
