// Colours of amounts, of differences and of the theme; all from conf/palette.yaml, as properties of the style sheet.
import { borders, classOf } from "./scales.js";

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const ramp = (name, count) => Array.from({ length: count }, (_, at) => rgb(theme(`--${name}-${at}`)));
const lists = {};
const amounts = () => (lists.amounts ??= ramp("amounts", 10));
const differences = () => (lists.differences ??= [...ramp("less", 4), rgb(theme("--none")), ...ramp("more", 4)]);

function blend(list, share) {
  const at = Math.min(Math.max(share, 0), 1) * (list.length - 1), low = Math.min(Math.floor(at), list.length - 2), part = at - low;
  return list[low].map((value, n) => Math.round(value + part * (list[low + 1][n] - value)));
}
function rgbOf(value, measure, difference) {
  const list = borders(measure, difference), at = classOf(value, list);
  return difference ? differences()[at] : blend(amounts(), at / list.length);
}
const css = (parts) => `rgb(${parts.join(",")})`;
export function colourOf(value, measure, difference) {
  return value === undefined || Number.isNaN(value) ? theme("--line") : css(rgbOf(value, measure, difference));
}
// Without classes, for dots: a share of the way from low to high.
export function shade(share) { return css(blend(amounts(), share)); }
// Colour of each class, from low to high.
export function swatches(measure, difference) {
  const many = borders(measure, difference).length;
  return Array.from({ length: many + 1 }, (_, at) => css(difference ? differences()[at] : blend(amounts(), at / many)));
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
