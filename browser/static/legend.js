// What the colours and signs on the map mean.
import { shade, swatches } from "./colours.js";
import { borderTexts, measureName, unitOf } from "./files.js";
import { stripes } from "./map.js";
import { marksLegend } from "./marks.js";
import { futures } from "./range.js";
import { belongingScale } from "./residents.js";
import { state, tooFew } from "./state.js";
import { byId, language, make, number, t } from "./text.js";
import { onMap } from "./view.js";

const item = (style, word) => make("li", { class: style }, make("span", { text: t(word) }));
// They follow what is chosen, never what is drawn: a legend that comes and goes with the zoom resizes the map, which
// changes the zoom, without end.
export function showLegend() {
  const difference = state.view === "diff", near = state.pick !== null && onMap(state.pick), few = state.world.codes.some((_, j) => tooFew(j));
  const key = [state.measure, difference, near, state.marks, state.movement, state.flows, few, language(), document.documentElement.dataset.theme, !!state.runs[1]].join(" ");
  const box = byId("legend");
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  byId("legend-title").textContent = measureName();
  const texts = borderTexts(state.measure, difference), unit = unitOf(state.measure, difference);
  byId("legend-unit").textContent = unit;
  byId("legend-steps").replaceChildren(...swatches(state.measure, difference).map((colour, n) => {
    const step = make("li", {}, make("i", { "aria-hidden": "true" }), make("span", { text: texts[n] ?? "" }));
    step.firstChild.style.background = colour;
    return step;
  }));
  byId("legend-more").replaceChildren(
    ...(difference ? [hatchItem()] : []), ...(few ? [item("block none", "too_few")] : []),
    ...(near ? [item("dot ink", "people_established"), item("square ink", "people_newcomer"), dots()] : []),
    ...(state.marks ? [...marksLegend(), make("li", { class: "icon quiet" }, t("facilities_hint"))] : []),
    ...(state.flows ? [item("ink", "legend_flows")] : []),
    ...(state.movement ? [item("dot blue", "moves_established"), item("dot orange-ink", "moves_newcomer"), item("ring ink", "moves_out")] : []));
}
function hatchItem() {
  const tile = stripes();
  tile.setAttribute("aria-hidden", "true");
  return make("li", { class: "icon hatch" }, tile, make("span", { text: t("legend_unsure") }));
}
function dots() {
  const bar = make("canvas", { class: "scale", width: 64, height: 10, "aria-hidden": "true" }), c = bar.getContext("2d");
  for (let n = 0; n < 64; n++) { c.fillStyle = shade(n / 63); c.fillRect(n, 0, 1, 10); }
  return make("li", { class: "icon" }, make("span", { text: `${t("m_belonging")}: ${number(belongingScale[0], 1)} ` }), bar, make("span", { text: " 1" }));
}
// How many futures are known: that is under way while others are simulated.
export function showFutures() {
  const known = state.runs[1] && state.month ? futures() : null;
  byId("futures").textContent = known ? t(known.known < known.count ? "futures_counting" : "futures_known", known) : "";
}
