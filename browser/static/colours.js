// Colours that the colour-blind tell apart: viridis for amounts, orange (less) to blue (more) for differences, as in reports; and those of the theme.
import { borders, classOf } from "./scales.js";

const stops = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37]];
const both = [[140, 45, 4], [217, 72, 1], [253, 141, 60], [253, 208, 162], [232, 234, 236], [189, 215, 231], [107, 174, 214], [33, 113, 181], [5, 72, 128]];

function blend(list, share) {
  const at = Math.min(Math.max(share, 0), 1) * (list.length - 1), low = Math.min(Math.floor(at), list.length - 2), part = at - low;
  return list[low].map((value, n) => Math.round(value + part * (list[low + 1][n] - value)));
}
function rgbOf(value, measure, difference) {
  const list = borders(measure, difference), at = classOf(value, list);
  return difference ? both[at] : blend(stops, at / list.length);
}
const css = (rgb) => `rgb(${rgb.join(",")})`;
export function colourOf(value, measure, difference) {
  return value === undefined || Number.isNaN(value) ? theme("--line") : css(rgbOf(value, measure, difference));
}
// Without classes, for dots: a share of the way from low to high.
export function shade(share) { return css(blend(stops, share)); }
// Colour of each class, from low to high.
export function swatches(measure, difference) {
  const many = borders(measure, difference).length;
  return Array.from({ length: many + 1 }, (_, at) => css(difference ? both[at] : blend(stops, at / many)));
}
// Black or white, whichever can be read on a colour.
export function inkOn(value, measure, difference) {
  if (Number.isNaN(value)) return theme("--ink");
  const [r, g, b] = rgbOf(value, measure, difference).map((c) => (c / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? "#000000" : "#ffffff";
}
const known = {};
export function theme(name) { return (known[name] ??= getComputedStyle(document.documentElement).getPropertyValue(name).trim()); }
export function setTheme(name) {
  document.documentElement.dataset.theme = name;
  for (const key of Object.keys(known)) delete known[key];
}
