// The life of the one who is followed: who and where, what happened when, and why their feeling at home changed.
import { fillCharts } from "./charts.js";
import { state } from "./state.js";
import { byId, counted, language, make, number, signed, t } from "./text.js";

const hues = ["blue", "sky", "amber", "green", "purple", "orange", "grey"]; // of the reasons, from conf/palette.yaml
const adult = 15; // years: feeling at home is counted from this age, as in the survey
const kindOf = (newcomer) => t(newcomer ? "people_newcomer" : "people_established");
const origin = (one) => state.world.groups[one.origin][language()];
// Terms of the equation that belong together, in the order in which they are stacked.
const reasons = {
  people: ["familiarity", "ties"], here: ["residence"], work: ["employment", "status"], language: ["language"], reception: ["reception"],
  neighbourhood: ["diversity", "neighbourhood_status", "amenities", "turnover", "anonymity", "crowding"], self: ["disposition"],
};
const signs = { came: "→", moved: "⌂", met: "♥", lost: "♡", learned: "A", worked: "W", unemployed: "w", member: "★", settled: "5", household: "⚭", left: "×" };

let met = { id: null, month: 0 }; // whom the page has seen, and when
export function showPerson(follow) {
  const box = byId("person"), { person, life } = state.people;
  if (!state.person || !life) { box.replaceChildren(make("p", { class: "quiet", text: t(state.person ? "looking_back" : "person_none") })); fillCharts(byId("life-charts"), []); if (state.person) box.append(make("div", { class: "skeleton", "aria-hidden": "true" })); return; }
  if (person) met = { id: state.person, month: state.people.month };
  const ahead = met.id === state.person && state.people.month < met.month && !life.length;
  const parts = [make("p", { text: person ? portrait(person) : t(ahead ? "person_not_yet" : "person_gone") })], entry = life.findLast((one) => one.month <= state.people.month);
  if (entry && (person || entry.month === state.people.month)) parts.push(...(person ? [...(person.household ? [family(person, follow)] : []), friends(person, follow)] : []), why(entry, person));
  const opened = new Map([...box.querySelectorAll("details")].map((one) => [one.className, one.open]));
  box.replaceChildren(...parts);
  box.querySelectorAll("details").forEach((one) => { one.open = opened.get(one.className) ?? one.open; });
  const events = happened(life, person);
  byId("happened").replaceChildren(...events.toReversed().slice(0, 14).map((one) => make("li", {}, make("i", { class: `sign ${one.kind}`, "aria-hidden": "true", text: signs[one.kind] }), make("span", { text: `${t("month_short", { month: one.month })}: ${one.text}` }))));
  byId("happened-part").hidden = !events.length;
  fillCharts(byId("life-charts"), life.length > 1 ? [feeling(life, events), stacked(life)] : []);
}
function portrait(person) {
  return t("person_here", {
    age: person.age, origin: origin(person), kind: kindOf(person.newcomer), motive: person.newcomer && person.motive ? t("came_for", { motive: t(`motive_${person.motive}`) }) : "",
    place: state.world.names[person.home], years: number(person.months_here / 12, 1), faces: counted("count_faces", person.faces_own + person.faces_other),
    other: number(person.faces_other, 0), ties: counted("count_ties", person.ties), work: person.age < 18 || person.age > 66 ? "" : t(person.employed ? "works" : "no_work"), member: person.member ? t("is_member") : "",
  });
}
function described(one) {
  return t(one.age < adult ? "child" : "grown_up", { age: one.age, kind: kindOf(one.newcomer), origin: origin(one), belonging: number(one.belonging, 2) });
}
function friends(person, follow) {
  if (!person.friends.length) return make("p", { class: "quiet", text: t("friends_none") });
  const rows = person.friends.map((one) => make("li", {}, make("button", { type: "button", onclick: () => follow(one.id), text: t("friend", { who: described(one), place: one.home === person.home ? t("same_place") : state.world.names[one.home] }) })));
  return make("details", { class: "friends" }, make("summary", { text: t("friends_title", { count: person.friends.length }) }), make("ul", { class: "plain" }, ...rows));
}
// What someone at home is to a person: their partner, parent, child or housemate.
function kin(own, other) {
  if (own === "housemate" || other === "housemate") return "housemate";
  const child = other === "child";
  return own === "child" ? (child ? "other_child" : "parent") : child ? "child" : "partner";
}
// Those with whom the person lives, each of whom can be followed in turn.
function family(person, follow) {
  if (!person.household.length) return make("p", { class: "quiet", text: t("household_none") });
  const rows = person.household.map((one) => make("li", {}, make("button", { type: "button", onclick: () => follow(one.id), text: `${t(`kin_${kin(person.role, one.role)}`)}: ${described(one)}` })));
  return make("details", { class: "household", open: "" }, make("summary", { text: t("household_title", { count: person.household.length }) }), make("ul", { class: "plain" }, ...rows));
}
function meter(value, most) {
  const box = make("span", { class: "meter" }, make("i", { class: value < 0 ? "neg" : "" }), make("b"));
  const bar = box.firstChild, width = Math.min(Math.abs(value) / most, 1) * 50;
  bar.style.left = `${value < 0 ? 50 - width : 50}%`; bar.style.width = `${width}%`; box.lastChild.style.left = "50%";
  return box;
}
// Contact is named where the parameter by which it softens the burden of diversity is not 0.
function termKey(name) { return name === "diversity" && !state.catalogue.zero.includes("contact_buffer") ? "t_diversity_softened" : `t_${name}`; }
// This month: whom they met, and every term of the equation.
function why(entry, person) {
  const faces = person ? signed(person.faces_own + person.faces_other - entry.faces_before, 1) : "–";
  const rows = Object.entries(entry.terms).map(([name, value]) => make("tr", {},
    make("th", { scope: "row", text: t(termKey(name)) }), make("td", {}, ...(name === "base" ? [] : [meter(value, 0.15)])), make("td", { class: "n", text: signed(value, 3) })));
  rows.push(make("tr", {}, make("th", { scope: "row", text: t("life_sum") }), make("td"), make("td", { class: "n", "data-target": entry.target, text: number(entry.target, 3) })));
  const head = make("tr", {}, make("th", { scope: "col", text: t("term") }), make("th", { scope: "col" }, make("span", { class: "quiet", text: "− 0 +" })), make("th", { scope: "col", class: "n", text: t("adds") }));
  return make("details", { class: "why" }, make("summary", { text: t("life_title") }),
    make("p", { text: t("meets", { own: counted("count_own", entry.met_own), other: number(entry.met_other, 0), faces }) }),
    make("p", { text: t("life_step", { before: number(entry.before, 3), after: number(entry.after, 3), pull: signed(entry.pull, 3), chance: signed(entry.chance, 3) }) }),
    make("table", { id: "terms" }, make("thead", {}, head), make("tbody", {}, ...rows)),
    ...(entry.target > 1 || entry.target < 0 ? [make("p", { class: "quiet", text: t("life_beyond") })] : []));
}
// What changed from month to month: came, met, moved, learned, worked, left.
function happened(life, person) {
  if (!life.length) return []; // before the first month
  const found = [], at = (month, kind, key, values) => found.push({ month, kind, text: t(key, values) }), first = life[0];
  if (first.newcomer && first.home !== undefined && first.months_here <= 1) at(first.month, "came", "e_came", { place: state.world.names[first.home] });
  else if (first.home !== undefined && first.age === 0 && first.months_here <= 2) at(first.month, "came", "e_born", { place: state.world.names[first.home] });
  for (let n = 1; n < life.length; n++) {
    const [before, now] = [life[n - 1], life[n]], say = (kind, key, values) => at(now.month, kind, key, values);
    if (now.home === undefined || before.home === undefined) continue;
    if (now.home !== before.home) say("moved", "e_moved", { place: state.world.names[now.home] });
    else if (now.months_here < before.months_here) say("moved", "e_moved_within");
    const [was, is] = [before.lives_with, now.lives_with], more = (role) => (is[role] ?? 0) > (was[role] ?? 0), partner = (one) => one.role === "partner" || Boolean(one.lives_with.partner);
    if (partner(now) !== partner(before)) say("household", partner(now) ? "e_together" : "e_apart");
    if (before.role === "child" && now.role !== "child") say("household", "e_left_home");
    if (now.role !== "child" && before.role !== "child" && more("child")) say("household", "e_child");
    if (now.employed !== before.employed) say(now.employed ? "worked" : "unemployed", now.employed ? "e_work" : "e_no_work");
    if (now.member && !before.member) say("member", "e_member");
    if (now.ties > before.ties) say("met", "e_tie");
    if (now.ties < before.ties) say("lost", "e_tie_lost");
    for (const level of [0.25, 0.5, 0.75]) if (before.language < level && now.language >= level) say("learned", "e_language", { share: number(100 * level) });
    if (before.newcomer && !now.newcomer) say("settled", "e_settled");
  }
  if (!person && life.at(-1).stays === false) at(life.at(-1).month, "left", "e_left");
  return found;
}
// A line a month over the months of the life that is told.
function monthly(life, value) {
  const from = life[0].month, values = Array.from({ length: life.at(-1).month - from + 1 }, () => NaN);
  for (const one of life) values[one.month - from] = value(one);
  return values;
}
function feeling(life, events) {
  return { title: t("life_chart"), digits: 1, axis: [0, 1], from: life[0].month, events: events.map((one) => ({ ...one, sign: signs[one.kind] })), tall: 190, lines: [
    { values: monthly(life, (one) => one.after), style: "green-ink", label: t("m_belonging"), width: 2.4 }, { values: monthly(life, (one) => Math.min(Math.max(one.target, 0), 1)), style: "quiet", label: t("life_target"), dash: true, width: 1.4 }] };
}
// What raises it stacked above nothing, what takes away stacked below it.
function stacked(life) {
  const names = Object.keys(reasons), of = (one, name) => reasons[name].reduce((sum, term) => sum + (one.terms[term] ?? 0), 0);
  const pile = (sign) => { let below = life.map(() => 0); return names.map((name) => (below = life.map((one, n) => below[n] + Math.max(sign * of(one, name), 0) * 1))); };
  const [up, down] = [pile(1), pile(-1)], by = new Map(life.map((one, n) => [one.month, n])), line = (values, extra) => ({ values: monthly(life, (one) => values[by.get(one.month)]), bare: true, ...extra });
  const lines = [line(life.map(() => 0), { style: "ink", label: "", mute: true }), ...names.map((name, n) => line(up[n], { style: hues[n], label: t(`reason_${name}`), fill: true })), ...names.map((name, n) => line(down[n].map((value) => -value), { style: hues[n], label: "", mute: true }))];
  const bands = names.flatMap((_, n) => [{ series: [n + 2, n + 1], style: hues[n] }, { series: [n ? names.length + 1 + n : 1, names.length + 2 + n], style: hues[n] }]);
  return { title: t("life_reasons"), digits: 2, from: life[0].month, lines, bands, zero: true, least: 0.2, tall: 200 };
}
