// The map: neighbourhoods as shapes on a canvas that is painted when something changed, and above it what moves.
import { colourOf, inkOn, theme } from "./colours.js";
import { drawMarks } from "./marks.js";
import { drawResidents, lookAt, residentAt, residentsShown } from "./residents.js";
import { ends, shown, state } from "./state.js";
import { byId } from "./text.js";
import { drawTravellers, setOut, stop, underWay } from "./travel.js";
import { build, centre, fitted, overlap, tall, view, visible, wide } from "./view.js";

const canvas = byId("map"), over = byId("over"), heavy = 300; // neighbourhoods from which on a moving map is a moved picture
const still = matchMedia("(prefers-reduced-motion: reduce)");
let hover = null, queued = false, queuedOver = false, picture = null, pictured = null, settling = 0, flight = 0, person = null, own = false; // own: the visitor chose where to look
const pixels = () => window.devicePixelRatio || 1;

export function prepareMap() { build(); stop(); picture = null; showAll(); }
export function showAll() { own = false; if (view.all) { Object.assign(view, fitted(view.all)); cancelAnimationFrame(flight); draw(); } }
export function zoomBy(factor, x = view.size[0] / 2, y = view.size[1] / 2) {
  if (!view.all) return;
  const least = 0.4 * fitted(view.all, 1).zoom, nearest = Math.max(least * 40, ...(state.pick === null ? [] : [3 * fitted(view.boxes[state.pick]).zoom]));
  const to = Math.min(Math.max(view.zoom * factor, least), Math.max(nearest, least * 400));
  view.left = x - ((x - view.left) * to) / view.zoom; view.top = y - ((y - view.top) * to) / view.zoom; view.zoom = to;
  own = true; cancelAnimationFrame(flight); move();
}
export function panBy(x, y) { own = true; view.left += x; view.top += y; cancelAnimationFrame(flight); move(); }
// Fly until a neighbourhood fills the map.
export function flyTo(j) {
  const to = fitted(view.boxes[j], 0.8), from = { zoom: view.zoom, left: view.left, top: view.top }, began = performance.now(), last = still.matches ? 1 : 450;
  own = true; cancelAnimationFrame(flight);
  const middle = (v) => [(view.size[0] / 2 - v.left) / v.zoom, (view.size[1] / 2 - v.top) / v.zoom], [x0, y0] = middle(from), [x1, y1] = middle(to);
  const go = (now) => {
    const share = Math.min(Math.max((now - began) / last, 0), 1), eased = share * share * (3 - 2 * share);
    view.zoom = from.zoom * (to.zoom / from.zoom) ** eased;
    const part = to.zoom === from.zoom ? eased : (1 - from.zoom / view.zoom) / (1 - from.zoom / to.zoom);
    view.left = view.size[0] / 2 - view.zoom * (x0 + (x1 - x0) * part); view.top = view.size[1] / 2 - view.zoom * (y0 + (y1 - y0) * part);
    move();
    if (share < 1) flight = requestAnimationFrame(go); else draw();
  };
  flight = requestAnimationFrame(go);
}
export function draw() {
  if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; paint(); }); }
}
export function drawOver() {
  if (!queuedOver) { queuedOver = true; requestAnimationFrame(paintOver); }
}
// The map was moved: of many neighbourhoods the last picture is moved at once and painted anew a moment later.
function move() {
  if (!picture || view.paths.length < heavy) { draw(); return; }
  const c = canvas.getContext("2d"), pixel = pixels(), scale = view.zoom / pictured.zoom;
  c.setTransform(1, 0, 0, 1, 0, 0); c.clearRect(0, 0, canvas.width, canvas.height);
  c.drawImage(picture, pixel * (view.left - pictured.left * scale), pixel * (view.top - pictured.top * scale), picture.width * scale, picture.height * scale);
  drawOver();
  clearTimeout(settling); settling = setTimeout(draw, 110);
}
export const painted = { first: null }; // when the first map was there, for measurements
function paint() {
  const c = canvas.getContext("2d");
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.clearRect(0, 0, canvas.width, canvas.height);
  if (state.world) paintMap(c, pixels());
  if (state.world && shown()) painted.first ??= Date.now();
  if (view.paths.length >= heavy) {
    picture ??= document.createElement("canvas");
    picture.width = canvas.width; picture.height = canvas.height;
    picture.getContext("2d").drawImage(canvas, 0, 0);
    pictured = { zoom: view.zoom, left: view.left, top: view.top };
  }
  drawOver();
}
// Also used for the downloaded figure.
export function paintMap(c, pixel) {
  const values = shown();
  if (!view.all) return;
  if (!values) { outlines(c, pixel); return; }
  const range = ends(), difference = state.view === "diff", { zoom, left, top, paths } = view, seen = [];
  paths.forEach((_, j) => { if (visible(j)) seen.push(j); });
  c.setTransform(pixel * zoom, 0, 0, pixel * zoom, pixel * left, pixel * top);
  c.lineJoin = "round";
  const tiny = seen.length > 800;
  c.strokeStyle = theme(difference ? "--quiet" : "--edge");
  c.lineWidth = (tiny ? 0.5 : difference ? 0.8 : 1.2) / zoom;
  for (const j of seen) {
    c.fillStyle = colourOf(values[j], range, difference);
    if (tiny) c.strokeStyle = c.fillStyle; // so many borders would hide the colours
    c.fill(paths[j], "evenodd");
    c.stroke(paths[j]);
  }
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  const taken = [], marked = new Set(); // boxes with something written in them
  if (state.marks) for (const j of seen) if (drawMarks(c, j, ...centre(j), wide(j), tall(j), taken)) marked.add(j);
  for (const j of seen) write(c, j, values[j], range, difference, taken, marked.has(j));
}
// Before the first month is there: where the neighbourhoods lie.
function outlines(c, pixel) {
  c.setTransform(pixel * view.zoom, 0, 0, pixel * view.zoom, pixel * view.left, pixel * view.top);
  c.fillStyle = theme("--line"); c.strokeStyle = theme("--edge"); c.lineWidth = 1.2 / view.zoom;
  for (const path of view.paths) { c.fill(path, "evenodd"); c.stroke(path); }
}
function write(c, j, value, range, difference, taken, marked) {
  if (wide(j) < 46 || tall(j) < 30) return;
  const [x, middle] = centre(j), y = marked ? middle - Math.min(tall(j) * 0.26, 40) : middle;
  c.font = "13px system-ui, sans-serif"; c.textAlign = "center"; c.textBaseline = "middle";
  const name = state.world.names[j].replace(/^(Wijk|Buurt) \d+ /, ""), half = c.measureText(name).width / 2 + 3, box = [x - half, y - 8, x + half, y + 8];
  if (2 * half > wide(j) * 0.85 - 2 || taken.some((other) => overlap(box, other))) return;
  taken.push(box);
  const ink = inkOn(value, range, difference);
  c.strokeStyle = ink === "#000000" ? "rgba(255,255,255,.45)" : "rgba(0,0,0,.45)"; c.lineWidth = 3; c.strokeText(name, x, y);
  c.fillStyle = ink; c.fillText(name, x, y);
}
function paintOver(now) {
  queuedOver = false;
  const c = over.getContext("2d"), pixel = pixels();
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.clearRect(0, 0, over.width, over.height);
  if (!state.world || !view.all) return;
  drawResidents(c, pixel);
  c.setTransform(pixel * view.zoom, 0, 0, pixel * view.zoom, pixel * view.left, pixel * view.top);
  outline(c, hover, 2); outline(c, state.pick, 3);
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  pin(c);
  if (underWay(now)) { drawTravellers(c, now); requestAnimationFrame(drawOver); } // every second frame is enough
}
function outline(c, j, width) {
  if (j === null || !view.paths[j]) return;
  c.lineJoin = "round";
  c.strokeStyle = theme("--paper"); c.lineWidth = (width + 3) / view.zoom; c.stroke(view.paths[j]);
  c.strokeStyle = theme("--ink"); c.lineWidth = width / view.zoom; c.stroke(view.paths[j]);
}
// Where the followed person lives now, when that is not the chosen neighbourhood.
function pin(c) {
  const home = state.people?.person?.home;
  if (home === undefined || home === state.pick || !view.paths[home]) return;
  const [x, y] = centre(home);
  c.beginPath(); c.moveTo(x, y); c.lineTo(x - 7, y - 14); c.arc(x, y - 17, 7.5, 2.7, 6.72); c.closePath();
  c.fillStyle = theme("--d"); c.strokeStyle = theme("--paper"); c.lineWidth = 2; c.fill(); c.stroke();
}
// People set out for their new homes.
export function travel() { if (setOut()) drawOver(); }
function areaAt(x, y) {
  const c = canvas.getContext("2d"), px = (x - view.left) / view.zoom, py = (y - view.top) / view.zoom;
  c.setTransform(1, 0, 0, 1, 0, 0);
  for (let j = 0; j < view.paths.length; j++) {
    const box = view.boxes[j];
    if (px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3] && c.isPointInPath(view.paths[j], px, py, "evenodd")) return j;
  }
  return null;
}
export function screenCentre(j) { return centre(j); }

// What happens on the map: pick(area), follow(person), over(area, person, x, y).
export function listen(acts) {
  const fingers = new Map();
  let moved = 0, spread = 0;
  const at = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const apart = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, at(event)); moved = 0; spread = fingers.size === 2 ? apart() : 0; });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = at(event), before = fingers.get(event.pointerId);
    if (!before) { setHover(areaAt(x, y), residentAt(x, y), x, y, acts.over); return; }
    fingers.set(event.pointerId, [x, y]);
    if (fingers.size === 2) { const now = apart(); if (spread) zoomBy(now / spread, x, y); spread = now; moved = 99; return; }
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (moved > 4) { setHover(null, null, 0, 0, acts.over); panBy(x - before[0], y - before[1]); }
  });
  const up = (event) => {
    const was = fingers.delete(event.pointerId);
    if (!was || event.type !== "pointerup" || moved > 4) return;
    const [x, y] = at(event), who = residentAt(x, y);
    if (who) acts.follow(who.id); else acts.pick(areaAt(x, y));
  };
  canvas.addEventListener("pointerup", up); canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => setHover(null, null, 0, 0, acts.over));
  canvas.addEventListener("dblclick", (event) => { const j = areaAt(...at(event)); if (j !== null) { acts.pick(j); flyTo(j); } });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoomBy(Math.exp(-event.deltaY * 0.0016), ...at(event)); }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [50, 0], ArrowRight: [-50, 0], ArrowUp: [0, 50], ArrowDown: [0, -50] }[event.key];
    if (step) panBy(...step); else if (event.key === "+" || event.key === "=") zoomBy(1.3);
    else if (event.key === "-") zoomBy(1 / 1.3); else if (event.key === "0") showAll(); else return;
    event.preventDefault();
  });
  new ResizeObserver(resize).observe(byId("map-frame"));
  resize();
}
function setHover(j, who, x, y, act) {
  if (j !== hover || who?.id !== person?.id) { hover = j; lookAt(who?.id ?? null); drawOver(); }
  if ((who === null) !== (person === null)) canvas.classList.toggle("on-person", who !== null);
  person = who;
  act(j, who, x, y);
}
function resize() {
  const box = byId("map-frame").getBoundingClientRect(), pixel = pixels(), [wide, tall] = view.size;
  if (Math.abs(box.width - wide) < 1 && Math.abs(box.height - tall) < 1) return;
  view.size = [box.width, box.height];
  for (const one of [canvas, over]) { one.width = Math.round(box.width * pixel); one.height = Math.round(box.height * pixel); }
  picture = null;
  if (own) { view.left += (box.width - wide) / 2; view.top += (box.height - tall) / 2; } else if (view.all) Object.assign(view, fitted(view.all));
  paint(); // at once: a canvas of another size is empty, and a frame may be shown before the next one is asked for
}
