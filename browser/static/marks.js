// Facilities as marks: seven signs per neighbourhood, larger where there is more for each resident.
import { theme } from "./colours.js";
import { column, lookedAt, runOf } from "./state.js";
import { make, t } from "./text.js";
import { overlap } from "./view.js";

const least = 11; // pixels: smaller signs cannot be told apart
export const kinds = ["shops", "library", "park", "sports", "community_centre", "school", "association"];
export const signs = {
  shops: "M2 6h12l-1.6 8H3.600zM4 6l3-5 1 .6L6 6zM12 6L9 1l-1 .6L10 6z",
  library: "M1 3c3-1 5-1 6.500 .8V14C5.500 12.500 3.500 12.500 1 13zM15 3c-3-1-5-1-6.500 .8V14c2-1.500 4-1.500 6.500-1z",
  park: "M8 1l4.500 6H10l3.500 5H9v3H7v-3H2.500L6 7H3.500z",
  sports: "M0 6.500h2v3H0zM2.500 4h2.500v8H2.500zM5 7h6v2H5zM11 4h2.500v8H11zM14 6.500h2v3h-2z",
  community_centre: "M8 1l7 6.500h-2V14H9.500v-4h-3v4H3V7.500H1z",
  school: "M8 2l8 4-8 4-8-4zM3 8.800l5 2.500 5-2.500V12l-5 2.500L3 12z",
  association: "M5 2.500a2.300 2.300 0 1 0 .01 0zM11.500 3.500a1.900 1.900 0 1 0 .01 0zM.5 14c0-7 9-7 9 0zM10.500 13.500c.1-2-.4-3.300-1.200-4.300 3-1.500 6.200 .3 6.200 4.300z",
};
const paths = Object.fromEntries(kinds.map((kind) => [kind, new Path2D(signs[kind])]));

function sign(c, kind, x, y, size, ink) {
  c.save();
  c.translate(x - size / 2, y - size / 2); c.scale(size / 16, size / 16);
  c.fillStyle = ink; c.fill(paths[kind]);
  c.restore();
}
// In two rows around the middle of a neighbourhood; false where there is no room for them.
export function drawMarks(c, j, x, y, wide, tall, taken) {
  const cell = Math.min(wide / 5.2, tall / 3.4, 34), box = [x - 2 * cell, y - 0.5 * cell, x + 2 * cell, y + 1.5 * cell];
  if (cell < least || taken.some((other) => overlap(box, other))) return false;
  taken.push(box);
  kinds.forEach((kind, n) => {
    const supply = column(runOf(lookedAt()), `supply_${kind}`)?.[j] ?? 0, size = cell * 0.62 * Math.sqrt(Math.min(Math.max(supply, 0.1), 2.2) / 1.3);
    const row = n < 4 ? 0 : 1, px = x + (row ? n - 5 : n - 1.5) * cell, py = y + row * cell;
    c.beginPath(); c.arc(px, py, size * 0.72 + 1, 0, 6.3); c.fillStyle = theme("--paper"); c.fill();
    sign(c, kind, px, py, size, theme("--ink"));
  });
  return true;
}
export function marksLegend() {
  return kinds.map((kind) => {
    const canvas = make("canvas", { width: 32, height: 32, "aria-hidden": "true" }), c = canvas.getContext("2d");
    c.scale(2, 2);
    sign(c, kind, 8, 8, 14, theme("--ink"));
    return make("li", { class: "icon" }, canvas, make("span", { text: t(`f_${kind}`) }));
  });
}
