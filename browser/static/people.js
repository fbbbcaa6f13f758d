// Residents of a neighbourhood as dots with ties, and the story of the neighbourhood.
import { theme } from "./colours.js";
import { yearFlows } from "./flows.js";
import { showPerson } from "./life.js";
import { send } from "./link.js";
import { kinds } from "./marks.js";
import { column, lastMonth, lookedAt, runOf, state } from "./state.js";
import { byId, language, make, number, percent, t, when } from "./text.js";
import { hash } from "./view.js";

let asked = "", waiting = 0, places = [], changed = () => {}, followed = () => {};

// Ask for the people of the month on the page, one question at a time.
export function askPeople() {
  if (state.pick === null || !state.world || state.month > lastMonth() || state.month < 0) return;
  const run = lookedAt(), key = `${run} ${runOf(run).revision} ${state.pick} ${state.month} ${state.person}`;
  if (key === asked || (waiting && performance.now() - waiting < 4000)) return;
  asked = key; waiting = performance.now();
  send({ type: "people", run, area: state.pick, month: state.month, person: state.person });
}
export function forgetPeople() { asked = ""; waiting = 0; state.people = null; }
export function takePeople(message) {
  waiting = 0;
  if (message.area !== state.pick || message.followed !== state.person) { askPeople(); return; }
  state.people = message;
  showPeople(); changed();
  askPeople();
}
export function showPeople() {
  const part = byId("people-part");
  part.hidden = state.pick === null;
  if (state.pick === null || !state.people) return;
  drawPeople();
  byId("people-month").textContent = state.people.month === state.month || state.playing ? "" : t("people_month", { when: when(state.people.month) });
  const { people } = state.people, choice = byId("follow"), kind = (n) => t(people.newcomer[n] ? "people_newcomer" : "people_established");
  const options = people.id.slice(0, 40).map((id, n) => make("option", { value: id, text: t("person_option", { age: people.age[n], kind: kind(n), belonging: number(people.belonging[n], 2) }) }));
  if (state.person && !people.id.slice(0, 40).includes(state.person)) options.unshift(make("option", { value: state.person, text: t("people_followed") }));
  if (document.activeElement !== choice) {
    choice.replaceChildren(make("option", { value: "", text: t("nobody") }), ...options);
    choice.value = state.person ?? "";
  }
  byId("people-legend").replaceChildren(
    make("li", { class: "dot blue" }, make("span", { text: t("people_established") })), make("li", { class: "dot orange-ink" }, make("span", { text: t("people_newcomer") })),
    make("li", { class: "ring ink" }, make("span", { text: t("people_followed") })));
  showPerson(follow);
}
// The few people whose ties are all there.
function network(people) { return { ...people, id: people.id.slice(0, people.network), pairs: people.pairs.filter(([a, b]) => a < people.network && b < people.network) }; }
function drawPeople() {
  const canvas = byId("people"), pixel = window.devicePixelRatio || 1, box = canvas.getBoundingClientRect(), people = network(state.people.people);
  if (box.width < 10) return;
  canvas.width = Math.round(box.width * pixel); canvas.height = Math.round(box.height * pixel);
  const c = canvas.getContext("2d"), wide = box.width, tall = box.height;
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  canvas.setAttribute("aria-label", `${t("people")}: ${state.world.names[state.pick]}, ${people.id.length}`);
  const low = 0.1, high = 1;
  c.font = "12px system-ui, sans-serif"; c.fillStyle = theme("--quiet"); c.strokeStyle = theme("--line"); c.textBaseline = "middle";
  const y = (b) => 12 + (1 - (Math.max(b, low) - low) / (high - low)) * (tall - 24);
  for (const b of [0.2, 0.4, 0.6, 0.8, 1]) { c.fillText(number(b, 1), 6, y(b)); c.beginPath(); c.moveTo(30, y(b)); c.lineTo(wide - 6, y(b)); c.stroke(); }
  const across = sideways(people);
  places = people.id.map((id, n) => [46 + across[n] * (wide - 66), y(people.belonging[n]), id]);
  spreadOut(places, wide);
  c.strokeStyle = theme("--quiet"); c.globalAlpha = 0.55;
  for (const [a, b] of people.pairs) { c.beginPath(); c.moveTo(places[a][0], places[a][1]); c.lineTo(places[b][0], places[b][1]); c.stroke(); }
  c.globalAlpha = 1;
  people.id.forEach((id, n) => {
    const size = 3.5 + Math.min(Math.sqrt(people.faces[n]), 9) * 0.55;
    c.fillStyle = theme(people.newcomer[n] ? "--orange-ink" : "--blue"); c.strokeStyle = theme("--paper"); c.lineWidth = 1.2;
    c.beginPath(); c.arc(places[n][0], places[n][1], size, 0, 6.3); c.fill(); c.stroke();
    if (id === state.person) { c.strokeStyle = theme("--ink"); c.lineWidth = 2.5; c.beginPath(); c.arc(places[n][0], places[n][1], size + 4, 0, 6.3); c.stroke(); }
  });
}
// Where across the picture, 0 to 1: those with ties near each other, all spread evenly.
function sideways(people) {
  const x = people.id.map((id) => hash(id)), partners = people.id.map(() => []);
  for (const [a, b] of people.pairs) { partners[a].push(b); partners[b].push(a); }
  for (let round = 0; round < 40; round++) partners.forEach((list, n) => { if (list.length) x[n] += 0.4 * (list.reduce((sum, m) => sum + x[m], 0) / list.length - x[n]); });
  const order = x.map((_, n) => n).sort((a, b) => x[a] - x[b]);
  order.forEach((n, rank) => { x[n] = (rank + 0.5) / order.length; });
  return x;
}
// Dots that cover each other step aside; height means something, so they only move sideways.
function spreadOut(dots, wide) {
  for (let round = 0; round < 12; round++) {
    for (let a = 0; a < dots.length; a++) for (let b = a + 1; b < dots.length; b++) {
      const dx = dots[b][0] - dots[a][0], dy = dots[b][1] - dots[a][1];
      if (Math.abs(dy) < 14 && Math.abs(dx) < 15) {
        const push = (15 - Math.abs(dx)) / 2 * (dx >= 0 ? 1 : -1);
        dots[a][0] = Math.min(Math.max(dots[a][0] - push, 40), wide - 12); dots[b][0] = Math.min(Math.max(dots[b][0] + push, 40), wide - 12);
      }
    }
  }
}
export function follow(id) {
  state.person = id || null;
  if (!state.person && state.people) state.people = { ...state.people, person: null, life: null };
  askPeople(); showPeople(); changed(); followed();
}
// onChange: the people on the page are others; onFollow: someone is followed, or nobody any more.
export function listenPeople(onChange, onFollow) {
  changed = onChange; followed = onFollow;
  byId("people").addEventListener("click", (event) => {
    const box = byId("people").getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const near = places.map(([px, py, id]) => [Math.hypot(px - x, py - y), id]).sort((p, q) => p[0] - q[0])[0];
    if (near && near[0] < 16) follow(near[1]);
  });
  byId("follow").addEventListener("change", () => follow(byId("follow").value));
}
// The story of a neighbourhood: its people, its last year, its facilities.
export function showStory() {
  const box = byId("story"), j = state.pick, run = runOf(lookedAt());
  if (j === null || !column(run, "residents")) { box.replaceChildren(make("p", { class: "quiet", text: t("story_none") })); return; }
  const now = (name) => column(run, name)[j], from = Math.max(state.month - 11, 1);
  const year = (...names) => { let sum = 0; for (let m = from; m <= state.month; m++) for (const name of names) sum += column(run, name, m)?.[j] ?? 0; return number(sum); };
  const parts = [make("h3", { text: state.world.names[j] }),
    make("p", { text: t("story_now", { residents: number(now("residents")), at_home: percent(now("at_home")), belonging: number(now("belonging"), 3), newcomers: percent(now("newcomers")) }) }),
    make("p", { text: state.month === 0 ? t("story_year_none") : t("story_year", {
      months: state.month - from + 1, births: year("births"), deaths: year("left_death"), came: year("arrived_abroad", "arrived_country", "arrived_region"), abroad: year("arrived_abroad"),
      left: year("left_abroad", "left_country", "left_region"), left_abroad: year("left_abroad"), within: year("moved_within") }) })];
  const moves = yearFlows().filter((one) => one.from === j || one.to === j);
  if (state.month > 0 && moves.length) parts.push(details("flows_title", moves.slice(0, 8).map((one) => make("tr", {}, make("th", { scope: "row", text: t(one.to === j ? "flow_from" : "flow_to", { place: state.world.names[one.to === j ? one.from : one.to] }) }), make("td"), make("td", { class: "n", text: number(one.people) })))));
  const rows = kinds.map((kind) => { const supply = now(`supply_${kind}`); return make("tr", {}, make("th", { scope: "row", text: t(`f_${kind}`) }), make("td", {}, simple(supply / 2.5)), make("td", { class: "n", text: number(supply, 2) })); });
  parts.push(details("facilities_title", rows));
  if (state.world.mix) {
    const mix = state.world.groups.map((group, g) => [group[language()], state.world.mix[j][g]]).filter(([, share]) => share >= 0.0005);
    parts.push(details("origin_title", mix.map(([name, share]) => make("tr", {}, make("th", { scope: "row", text: name }), make("td", {}, simple(share)), make("td", { class: "n", text: `${number(100 * share, 1)}%` })))));
  }
  const open = [...box.querySelectorAll("details")].map((one) => one.open);
  parts.filter((part) => part.tagName === "DETAILS").forEach((part, n) => { part.open = open[n] ?? false; });
  box.replaceChildren(...parts);
}
function simple(share) {
  const box = make("span", { class: "meter" }, make("i"));
  box.firstChild.style.left = "0"; box.firstChild.style.width = `${Math.min(Math.max(share, 0), 1) * 100}%`;
  return box;
}
function details(key, rows) { return make("details", {}, make("summary", { text: t(key) }), make("table", {}, make("tbody", {}, ...rows))); }
