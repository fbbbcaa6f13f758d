// One sentence or two that always say what is seen: computed from what the page shows, never fixed.
import { signedValue, valueText } from "./files.js";
import { atHomeRange, futures, wholeRange } from "./range.js";
import { measures } from "./scales.js";
import { state, total } from "./state.js";
import { byId, capital, euro, language, long, number, t } from "./text.js";

const place = () => state.world.title[language()];
const outOf100 = (share) => number(100 * share, 0);
// Two figures that mean something: nobody can count people more precisely than this.
export function people(value) { const size = Math.abs(value), unit = size < 100 ? 1 : 10 ** (Math.floor(Math.log10(size)) - 1); return number(Math.round(size / unit) * unit); }

// A difference in the share of adults in people; of 1,000 adults where the policies do not have as many of them.
const alike = (a, b) => Math.abs(total(b, "adults") / total(a, "adults") - 1) < 0.01;

export function sentences() {
  const [a, b] = state.runs;
  if (!b) return state.month ? today(a) : [state.measure === "at_home" ? t("say_start", { place: place(), n: outOf100(total(a, "at_home")) }) : `${level(a)}.`, t("say_begin")];
  if (state.month === 0) return [t("say_before")];
  return (state.measure === "at_home" ? atHome(a, b) : other(a, b)).map(inWords);
}
function inWords(text) { return text.replaceAll(` ${t("points")}`, ` ${t("points_word")}`); }
function level(run, month = state.month) { return `${place()}: ${t(`m_${state.measure}`)} ${valueText(total(run, state.measure, month))}`; }
function today(a) {
  if (state.measure !== "at_home") return [`${level(a)} (${t("say_was", { start: valueText(total(a, state.measure, 0)) })}).`, t("say_drift")];
  const now = total(a, "at_home"), start = total(a, "at_home", 0);
  return [t("say_today", { years: long(state.month), n: outOf100(now), place: place(), start: outOf100(start) }), t("say_drift")];
}
function atHome(a, b) {
  const one = total(a, "at_home"), two = total(b, "at_home"), change = two - one, same = alike(a, b), adults = same ? total(b, "adults") : 1000, range = atHomeRange(change);
  const said = [t("say_both", { years: long(state.month), a: outOf100(one), b: outOf100(two), place: place() })];
  const from = range && `${people(adults * Math.min(Math.abs(range.low), Math.abs(range.high)))}`, to = range && `${people(adults * Math.max(Math.abs(range.low), Math.abs(range.high)))}`;
  const small = measures.at_home.steps[0] / 2, ends = range && { count: range.count, low: signedValue(range.low, "at_home"), high: signedValue(range.high, "at_home") };
  if (range && Math.max(Math.abs(range.low), Math.abs(range.high)) < small) said.push(t("say_small", ends));
  else if (range && range.low <= 0 && range.high >= 0) said.push(t("say_unsure", ends));
  else if (Math.abs(change) < small) said.push(range ? t("say_same_here", ends) : `${t("say_same")}${counting()}.`);
  else said.push(t(`say_${change > 0 ? "more" : "less"}${same ? "" : "_of"}`, { people: people(change * adults), range: range ? t("say_range", { count: range.count, low: from, high: to }) : counting() }));
  return [...said, ...mix(a, b, change), ...whom(a, b), ...cost(a, b)];
}
function other(a, b) {
  const one = total(a, state.measure), two = total(b, state.measure), range = wholeRange(two - one);
  const said = t("say_other", { measure: capital(t(`m_${state.measure}`)), years: long(state.month), a: valueText(one), b: valueText(two), d: signedValue(two - one), place: place() });
  return [said + (range ? t("say_other_range", { count: range.count, low: signedValue(range.low), high: signedValue(range.high) }) : `${counting()}.`), ...cost(a, b)];
}
// While other futures are still simulated.
function counting() { const known = futures(); return known && known.known < known.count ? t("say_counting", known) : ""; }
function whom(a, b) {
  const change = (name) => total(b, name) - total(a, name), [fresh, settled] = [change("at_home_newcomers"), change("at_home_established")];
  if (!Number.isFinite(fresh) || !Number.isFinite(settled)) return [];
  return [t("say_whom", { newcomers: signedValue(fresh, "at_home"), established: signedValue(settled, "at_home") })];
}
// The part of a difference that comes from there being more or fewer newcomers, who are less or more at home.
function mix(a, b, change) {
  const of = (run) => { const [all, fresh, settled] = ["at_home", "at_home_newcomers", "at_home_established"].map((name) => total(run, name)); return { share: (all - settled) / (fresh - settled), fresh, gap: fresh - settled }; };
  const [one, two] = [of(a), of(b)], more = two.share - one.share, part = (more * (one.gap + two.gap)) / 2;
  if (!(Math.abs(part) > Math.max(0.001, Math.abs(change) / 5))) return []; // too little, or nobody of one kind
  return [t(more > 0 ? "say_mix_more" : "say_mix_fewer", { part: signedValue(part, "at_home"), n: outOf100(two.fresh) })];
}
function cost(a, b) {
  const extra = total(b, "spent") - total(a, "spent");
  if (extra === 0) return b.events.length ? [t("say_cost_none")] : [];
  return [t(extra > 0 ? "say_cost" : "say_saves", { euro: euro(Math.abs(extra)), a_year: euro(Math.abs(extra) / (state.month / 12)) })];
}
export function showSentence() {
  const box = byId("sentence"), text = sentences().join(" ");
  box.setAttribute("aria-live", state.playing ? "off" : "polite");
  if (box.textContent !== text) box.textContent = text;
}
