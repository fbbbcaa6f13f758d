// People who come, leave and move this month, as dots on their way: real people of the simulation, a sample of them.
import { theme } from "./colours.js";
import { fast, lookedAt, runOf, state } from "./state.js";
import { centre, hash, tall, view, visible, wide } from "./view.js";

let travellers = [];
const still = matchMedia("(prefers-reduced-motion: reduce)");

function somewhere(j, key) {
  const [x, y] = centre(j);
  return [x + (hash(`x${key}`) - 0.5) * 0.45 * wide(j), y + (hash(`y${key}`) - 0.5) * 0.45 * tall(j)];
}
export function setOut() {
  if (travellers.some((one) => performance.now() < one.began + 0.8 * one.last)) return true; // let them arrive first
  travellers = [];
  const found = runOf(lookedAt())?.months[state.month];
  if (!state.movement || still.matches || !found?.movers || fast()) return false;
  const { movers } = found, began = performance.now(), last = Math.min(Math.max(1300 / state.speed, 250), 900);
  for (let n = 0; n < movers.length; n += 3) {
    const from = movers[n], to = movers[n + 1], key = `${state.month} ${n}`;
    if (from === to || ![from, to].some((j) => j >= 0 && visible(j))) continue;
    travellers.push({ from, to, newcomer: movers[n + 2] === 1, key, began: began + hash(key) * 0.3 * last, last });
  }
  return travellers.length > 0;
}
export function underWay(now) {
  travellers = travellers.filter((one) => now < one.began + one.last);
  return travellers.length > 0;
}
export function stop() { travellers = []; }
function ends({ from, to, key }) {
  const angle = 6.283 * hash(`a${key}`), far = Math.min(110, 0.22 * Math.min(...view.size));
  const away = ([x, y]) => [x + far * Math.cos(angle), y + far * Math.sin(angle)];
  if (from < 0) { const end = somewhere(to, key); return [away(end), end]; }
  if (to < 0) { const start = somewhere(from, key); return [start, away(start)]; }
  return [somewhere(from, `f${key}`), somewhere(to, key)];
}
export function drawTravellers(c, now) {
  for (const one of travellers) {
    const share = Math.min(Math.max((now - one.began) / one.last, 0), 1), eased = share * share * (3 - 2 * share), [[x0, y0], [x1, y1]] = ends(one);
    const x = x0 + (x1 - x0) * eased, y = y0 + (y1 - y0) * eased, colour = theme(one.newcomer ? "--orange-ink" : "--blue");
    c.globalAlpha = one.from < 0 ? Math.min(3 * share, 1) : one.to < 0 ? Math.min(3 * (1 - share), 1) : 1;
    if (one.from >= 0 && one.to >= 0) { c.strokeStyle = colour; c.lineWidth = 1.2; c.beginPath(); c.moveTo(x0 + (x1 - x0) * Math.max(eased - 0.25, 0), y0 + (y1 - y0) * Math.max(eased - 0.25, 0)); c.lineTo(x, y); c.stroke(); }
    c.beginPath(); c.arc(x, y, 3.4, 0, 6.3);
    c.lineWidth = 1.8;
    if (one.to < 0) { c.fillStyle = theme("--paper"); c.strokeStyle = colour; } else { c.fillStyle = colour; c.strokeStyle = theme("--paper"); }
    c.fill(); c.stroke();
  }
  c.globalAlpha = 1;
}
