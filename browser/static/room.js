// A room for a class: everyone plays their own policy on the same people, and who opened it sees all results on one chart.
import { theme } from "./colours.js";
import { saveTable, signedValue } from "./files.js";
import { changesOf, eventText } from "./levers.js";
import { send } from "./link.js";
import { people } from "./sentence.js";
import { state } from "./state.js";
import { byId, counted, euro, language, long, make, number, signed, t } from "./text.js";

const stored = "thuis-room", alive = 240000; // ms between signs of life while the room is open
let mine = null, last = null, restart = () => {};

// onRegion is called when the room is about another place or other people than the page shows.
export function listenRoom(onRegion) {
  restart = onRegion;
  const on = (id, event, act) => byId(id).addEventListener(event, act);
  on("class-open", "click", () => { showRoom(); byId("class").showModal(); });
  on("class-close", "click", () => byId("class").close());
  on("class-new", "click", () => ask({ code: "", name: "", member: token(), key: "" }));
  on("class-join", "click", () => join(byId("class-code").value, byId("class-name").value));
  on("class-leave", "click", () => { mine = last = null; keep(); location.hash = ""; showRoom(); restart(); });
  on("class-csv", "click", table);
  try { mine = JSON.parse(sessionStorage.getItem(stored)); } catch { /* private window */ }
  const code = new URLSearchParams(location.hash.slice(1)).get("room");
  if (code && code !== mine?.code) { mine = null; byId("class-code").value = code; showRoom(); byId("class").showModal(); }
  setInterval(() => { if (mine) send({ type: "want", month: state.goal }); }, alive);
}
function token() { return Array.from(crypto.getRandomValues(new Uint8Array(9)), (n) => n.toString(36)).join("").slice(0, 16); }
function keep() { try { if (mine) sessionStorage.setItem(stored, JSON.stringify(mine)); else sessionStorage.removeItem(stored); } catch { /* private window */ } }
function ask(message) { mine = message; byId("class-answer").textContent = ""; send({ type: "room", ...mine }); }
function join(code, name) {
  if (!code.trim() || !name.trim()) { byId("class-answer").textContent = t("class_both"); return; }
  ask({ code: code.trim().toUpperCase(), name: name.trim().slice(0, 24), member: token(), key: "" });
}
// Enter again after the line was lost, or the page was loaded anew.
export function enterAgain() { if (mine?.code) send({ type: "room", ...mine }); }
// There is no such room (any more), or it is full.
export function refuseRoom(text) {
  if (!mine || last) return false;
  mine = null; keep(); byId("class-answer").textContent = text; showRoom();
  if (!byId("class").open) byId("class").showModal();
  return true;
}
export function takeRoom(message) {
  last = message;
  mine = { ...mine, code: message.code, key: message.key ?? "" };
  keep();
  if (!message.key && (message.region !== state.region || message.seed !== state.seed)) restart(message.region, message.seed);
  else if (!message.key && byId("class").open) byId("class").close();
  showRoom();
}
export function showRoom() {
  byId("class-choose").hidden = mine !== null && last !== null;
  byId("class-in").hidden = !mine || !last;
  byId("class-open").textContent = mine && last ? t("class_in", { code: last.code }) : t("class");
  if (!mine || !last) return;
  const teacher = !!last.key;
  byId("class-board").hidden = !teacher;
  byId("class-text").textContent = t(teacher ? "class_teacher" : "class_member", { code: last.code, name: mine.name, years: long(last.months), count: counted("count_members", last.count) });
  byId("class-link").value = `${location.origin}/#room=${last.code}`;
  byId("class-link").closest("label").hidden = !teacher;
  if (teacher) { chart(); rows(); }
}
function policyText(events) {
  if (!events.length) return t("class_nothing");
  return changesOf({ events }).map(({ name, value }) => eventText(name, value)).join("; ");
}
const known = () => last.results.filter((one) => Number.isFinite(one.people));
// Every policy as a dot: what it costs a year, and how many people more feel at home.
function chart() {
  const { d3 } = globalThis, wide = 720, tall = 380, edge = { left: 64, right: 110, top: 14, bottom: 44 }, list = known();
  const box = d3.select(byId("class-chart")), ends = (values, least) => { const [low, high] = d3.extent([0, ...values]); return low === high ? [-least, least] : [low, high]; };
  const x = d3.scaleLinear(ends(list.map((one) => one.cost / 1e6), 1), [edge.left, wide - edge.right]).nice(), y = d3.scaleLinear(ends(list.map((one) => one.people), 100), [tall - edge.bottom, edge.top]).nice();
  box.attr("viewBox", `0 0 ${wide} ${tall}`).attr("aria-label", t("class_chart", { count: list.length })).selectAll("*").remove();
  const axis = (call, move) => { const one = box.append("g").attr("transform", move).call(call); one.selectAll("text").attr("fill", theme("--quiet")).attr("font-size", 12); one.selectAll("line,path").attr("stroke", theme("--line")); };
  axis(d3.axisBottom(x).ticks(6).tickFormat((value) => number(value, 1)), `translate(0,${tall - edge.bottom})`);
  axis(d3.axisLeft(y).ticks(6).tickSize(-(wide - edge.left - edge.right)).tickFormat((value) => signed(value, 0)), `translate(${edge.left},0)`);
  const word = (text, px, py, anchor) => box.append("text").attr("x", px).attr("y", py).attr("text-anchor", anchor).attr("font-size", 12).attr("fill", theme("--ink")).text(text);
  word(t("class_cost"), (edge.left + wide - edge.right) / 2, tall - 8, "middle");
  word(t("class_people"), edge.left, edge.top - 2, "start");
  for (const one of list) {
    box.append("circle").attr("cx", x(one.cost / 1e6)).attr("cy", y(one.people)).attr("r", 6).attr("fill", theme("--accent")).attr("fill-opacity", 0.8).attr("stroke", theme("--paper"));
    word(one.name, x(one.cost / 1e6) + 9, y(one.people) + 4, "start");
  }
}
function rows() {
  const cell = (text) => make("td", { class: "n", text }), share = (value) => (Number.isFinite(value) ? signedValue(value, "at_home") : "–");
  const list = last.results.toSorted((p, q) => p.name.localeCompare(q.name, language()));
  byId("class-rows").replaceChildren(...list.map((one) => make("tr", {}, make("th", { scope: "row", text: one.name }), make("td", { text: policyText(one.events) }),
    cell(Number.isFinite(one.people) ? (one.people < 0 ? "−" : "+") + people(one.people) : t("class_running")), cell(share(one.newcomers)), cell(share(one.established)), cell(Number.isFinite(one.cost) ? euro(one.cost) : "–"))));
}
function table() {
  const names = ["name", "policy", "share_at_home_today", "share_at_home_policy", "people_more", "difference_newcomers", "difference_established", "euro_a_year"];
  saveTable(`thuis-room-${last.code}.csv`, names, last.results.map((one) => [one.name, policyText(one.events), one.before, one.after, one.people, one.newcomers, one.established, one.cost]));
}
