// What is told beside the pointer: of a neighbourhood, or of a resident.
import { measureName, signedValue, valueText } from "./files.js";
import { areaRange, sure } from "./range.js";
import { people } from "./sentence.js";
import { column, lookedAt, runOf, shown, state, tooFew } from "./state.js";
import { byId, counted, make, number, t } from "./text.js";

const line = (text) => make("span", { text });
export function showTip(j, who, x, y) {
  const tip = byId("tip"), values = state.world && shown();
  tip.hidden = j === null || !values;
  if (tip.hidden) return;
  tip.replaceChildren(...(who ? resident(who.n) : neighbourhood(j, values[j])));
  const box = byId("map-frame").getBoundingClientRect();
  tip.style.left = `${Math.max(Math.min(x + 14, box.width - tip.offsetWidth - 6), 6)}px`;
  tip.style.top = `${y + 16 + tip.offsetHeight > box.height ? y - tip.offsetHeight - 10 : y + 16}px`;
}
function resident(n) {
  const { people: all } = state.people;
  return [make("strong", { text: t("person_tip", { age: all.age[n], kind: t(all.newcomer[n] ? "people_newcomer" : "people_established") }) }), line(`${t("m_belonging")}: ${number(all.belonging[n], 2)}`),
    line(t("person_tip_ties", { faces: counted("count_faces", all.faces[n]), ties: counted("count_ties", all.ties[n]), years: number(all.months_here[n] / 12, 1) }))];
}
function neighbourhood(j, value) {
  const run = runOf(lookedAt()), residents = column(run, "residents")[j], name = make("strong", { text: state.world.names[j] }), count = line(`${number(residents)} ${t("residents")}`);
  if (tooFew(j)) return [name, line(t("too_few")), count];
  if (state.view !== "diff") return [name, line(`${measureName()}: ${valueText(value)}`), count];
  const range = areaRange(j, value), said = [name, line(`${measureName()}: ${signedValue(value)}`)];
  if (state.measure === "at_home") { const adults = column(state.runs[1], "adults")[j] * value; said.push(line(t(adults > 0 ? "tip_more" : "tip_less", { people: people(adults) }))); }
  if (range) said.push(line(t("tip_range", { low: signedValue(range.low), high: signedValue(range.high), count: range.count }) + (sure(range) ? "" : ` ${t("tip_unsure")}`)));
  return [...said, count];
}
