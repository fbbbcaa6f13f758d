// Residents of the chosen neighbourhood as dots within its outline, once the map is near enough.
import { shade, theme } from "./colours.js";
import { state } from "./state.js";
import { hash, place, view, visible, wide } from "./view.js";

const near = 170, scratch = document.createElement("canvas").getContext("2d");
export const belongingScale = [0.2, 1];
let homes = new Map(), homesOf = null, shown = [], pointed = null;

// A fixed spot for everyone, somewhere inside the outline.
function home(id) {
  if (homesOf !== state.world || homes.get("area") !== state.pick) { homes = new Map([["area", state.pick]]); homesOf = state.world; }
  if (!homes.has(id)) {
    const [x0, y0, x1, y1] = view.boxes[state.pick];
    let x = 0, y = 0;
    for (let n = 0; n < 60; n++) {
      x = x0 + hash(`${id}x${n}`) * (x1 - x0); y = y0 + hash(`${id}y${n}`) * (y1 - y0);
      if (scratch.isPointInPath(view.paths[state.pick], x, y, "evenodd")) break;
    }
    homes.set(id, [x, y]);
  }
  return homes.get(id);
}
// Whether a neighbourhood is large enough on the screen for its residents, who then stand where its name would.
export function roomForResidents(j) { return wide(j) >= near; }
export function residentsShown() {
  return state.pick !== null && state.people?.area === state.pick && visible(state.pick) && roomForResidents(state.pick);
}
export function drawResidents(c, pixel) {
  shown = [];
  if (!residentsShown()) return;
  const { people } = state.people, size = Math.min(Math.max(wide(state.pick) / 130, 2.2), 5);
  c.setTransform(pixel * view.zoom, 0, 0, pixel * view.zoom, pixel * view.left, pixel * view.top);
  c.fillStyle = theme("--soft"); c.fill(view.paths[state.pick], "evenodd");
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  shown = people.id.map((id, n) => { const [x, y] = place(...home(id)); return { id, n, x, y }; });
  for (const [a, b] of people.pairs) {
    const mine = [state.person, pointed].some((id) => id !== null && (people.id[a] === id || people.id[b] === id));
    c.strokeStyle = theme(mine ? "--ink" : "--quiet"); c.globalAlpha = mine ? 1 : 0.2; c.lineWidth = mine ? 1.8 : 1;
    c.beginPath(); c.moveTo(shown[a].x, shown[a].y); c.lineTo(shown[b].x, shown[b].y); c.stroke();
  }
  c.globalAlpha = 1;
  for (const { id, n, x, y } of shown) {
    dot(c, x, y, size + 0.35 * Math.min(Math.sqrt(people.faces[n]), 9), people.newcomer[n], shade((people.belonging[n] - belongingScale[0]) / (belongingScale[1] - belongingScale[0])));
    if (id === state.person) { c.strokeStyle = theme("--ink"); c.lineWidth = 2.6; c.beginPath(); c.arc(x, y, size + 8, 0, 6.3); c.stroke(); }
  }
}
// Round for established residents, standing on a corner for newcomers.
function dot(c, x, y, size, newcomer, colour) {
  c.beginPath();
  if (newcomer) { c.moveTo(x, y - size * 1.25); c.lineTo(x + size * 1.25, y); c.lineTo(x, y + size * 1.25); c.lineTo(x - size * 1.25, y); c.closePath(); } else c.arc(x, y, size, 0, 6.3);
  c.fillStyle = colour; c.strokeStyle = theme("--ink"); c.lineWidth = 0.8;
  c.fill(); c.stroke();
}
// The ties of the one pointed at are drawn clearly.
export function lookAt(id) { pointed = id; }
export function residentSpots() { return shown; }
export function residentAt(x, y) {
  let best = null, least = 11;
  if (residentsShown()) for (const one of shown) { const far = Math.hypot(one.x - x, one.y - y); if (far < least) { least = far; best = one; } }
  return best;
}
