// The map: neighbourhoods as shapes on a canvas that is painted when something changed, and above it what moves.
import { colourOf, inkOn, theme } from "./colours.js";
import { drawFlows } from "./flows.js";
import { drawMarks } from "./marks.js";
import { drawResidents, lookAt, residentAt, roomForResidents } from "./residents.js";
import { areaRange, sure } from "./range.js";
import { shown, state, tooFew } from "./state.js";
import { byId } from "./text.js";
import { drawTravellers, setOut, stop, underWay } from "./travel.js";
import { build, centre, fitted, overlap, tall, view, visible, wide } from "./view.js";

const { d3 } = globalThis;
const canvas = byId("map"), over = byId("over"), heavy = 300; // neighbourhoods from which on a moving map is a moved picture
const still = matchMedia("(prefers-reduced-motion: reduce)");
let hatched = null, hover = null, queued = false, queuedOver = false, picture = null, pictured = null, settling = 0, person = null, flying = null, own = false; // flying: the neighbourhood underway to; own: the visitor chose where to look
const zoom = d3.zoom().on("zoom", moved), selected = d3.select(canvas);
const pixels = () => window.devicePixelRatio || 1;

export function prepareMap() { build(); stop(); picture = null; showAll(); }
export function showAll() { own = false; flying = null; if (view.all) { selected.interrupt(); stand(fitted(view.all)); } }
export function zoomBy(factor) { if (view.all) { own = true; selected.call(zoom.scaleBy, factor); } }
export function panBy(x, y) { if (view.all) { own = true; selected.call(zoom.translateBy, x / view.zoom, y / view.zoom); } }
// Fly until a neighbourhood fills the map.
export function flyTo(j) {
  const { zoom: k, left, top } = fitted(view.boxes[j], 0.8);
  own = true; flying = still.matches ? null : j;
  (still.matches ? selected : selected.transition().duration(450).on("end", () => { flying = null; })).call(zoom.transform, d3.zoomIdentity.translate(left, top).scale(k));
}
// Put the map where it is to stand; d3 keeps the position from which wheel and fingers go on.
function stand({ zoom: k, left, top }) {
  const least = 0.4 * fitted(view.all, 1).zoom;
  zoom.scaleExtent([least, least * 400]);
  selected.call(zoom.transform, d3.zoomIdentity.translate(left, top).scale(k));
}
function moved({ transform, sourceEvent }) {
  Object.assign(view, { zoom: transform.k, left: transform.x, top: transform.y });
  if (sourceEvent) { own = true; flying = null; }
  move();
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
  const difference = state.view === "diff", { zoom: k, left, top, paths } = view, seen = [], say = (j) => (tooFew(j) ? NaN : values[j]);
  paths.forEach((_, j) => { if (visible(j)) seen.push(j); });
  c.setTransform(pixel * k, 0, 0, pixel * k, pixel * left, pixel * top);
  c.lineJoin = "round";
  const tiny = seen.length > 800;
  c.strokeStyle = theme(difference ? "--quiet" : "--edge");
  c.lineWidth = (tiny ? 0.5 : difference ? 0.8 : 1.2) / k;
  for (const j of seen) {
    c.fillStyle = colourOf(say(j), state.measure, difference);
    if (tiny) c.strokeStyle = c.fillStyle; // so many borders would hide the colours
    c.fill(paths[j], "evenodd");
    c.stroke(paths[j]);
  }
  if (difference) for (const j of seen) if (!sure(areaRange(j, values[j]))) hatch(c, pixel, j);
  c.setTransform(pixel * k, 0, 0, pixel * k, pixel * left, pixel * top);
  outline(c, state.pick, 3); // below the names
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  const taken = [], marked = new Set(); // boxes with something written in them
  if (state.marks) for (const j of seen) if (drawMarks(c, j, ...centre(j), wide(j), tall(j), taken)) marked.add(j);
  for (const j of [...seen.filter((j) => j === state.pick), ...seen.filter((j) => j !== state.pick)]) write(c, j, inkOn(say(j), state.measure, difference), taken, marked.has(j));
}
// Where the futures do not agree on more or less.
function hatch(c, pixel, j) {
  c.save();
  c.setTransform(pixel * view.zoom, 0, 0, pixel * view.zoom, pixel * view.left, pixel * view.top);
  c.clip(view.paths[j], "evenodd");
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  hatched ??= c.createPattern(stripes(), "repeat");
  c.fillStyle = hatched;
  c.fillRect(0, 0, view.size[0], view.size[1]);
  c.restore();
}
export function stripes() {
  const tile = document.createElement("canvas"), c = tile.getContext("2d");
  tile.width = tile.height = 8;
  c.strokeStyle = theme("--hatch"); c.globalAlpha = 0.55; c.lineWidth = 1.3;
  for (const from of [-8, 0, 8]) { c.beginPath(); c.moveTo(from, 8); c.lineTo(from + 8, 0); c.stroke(); }
  return tile;
}
// Before the first month is there: where the neighbourhoods lie.
function outlines(c, pixel) {
  c.setTransform(pixel * view.zoom, 0, 0, pixel * view.zoom, pixel * view.left, pixel * view.top);
  c.fillStyle = theme("--line"); c.strokeStyle = theme("--edge"); c.lineWidth = 1.2 / view.zoom;
  for (const path of view.paths) { c.fill(path, "evenodd"); c.stroke(path); }
}
function write(c, j, ink, taken, marked) {
  const chosen = j === state.pick; // named even where its name is wider than it is
  if (chosen && roomForResidents(j)) return;
  if (!chosen && (wide(j) < 46 || tall(j) < 30)) return;
  const [x, middle] = centre(j), y = marked ? middle - Math.min(tall(j) * 0.26, 40) : middle;
  c.font = "13px system-ui, sans-serif"; c.textAlign = "center"; c.textBaseline = "middle";
  const name = state.world.names[j].replace(/^(Wijk|Buurt) \d+ /, ""), half = c.measureText(name).width / 2 + 3, box = [x - half, y - 8, x + half, y + 8];
  if (!chosen && (2 * half > wide(j) * 0.85 - 2 || taken.some((other) => overlap(box, other)))) return;
  taken.push(box);
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
  if (state.flows) { c.setTransform(pixel, 0, 0, pixel, 0, 0); drawFlows(c); }
  c.setTransform(pixel * view.zoom, 0, 0, pixel * view.zoom, pixel * view.left, pixel * view.top);
  if (hover !== state.pick) outline(c, hover, 2);
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
  c.fillStyle = theme("--purple-ink"); c.strokeStyle = theme("--paper"); c.lineWidth = 2; c.fill(); c.stroke();
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
  const at = (event) => d3.pointer(event, canvas);
  selected.call(zoom).on("dblclick.zoom", null);
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) { setHover(null, null, 0, 0, acts.over); return; }
    const [x, y] = at(event);
    setHover(areaAt(x, y), residentAt(x, y), x, y, acts.over);
  });
  canvas.addEventListener("click", (event) => { // d3 lets none through that ends a drag
    const [x, y] = at(event), who = residentAt(x, y);
    if (who) acts.follow(who.id); else acts.pick(areaAt(x, y));
  });
  canvas.addEventListener("pointerleave", () => setHover(null, null, 0, 0, acts.over));
  canvas.addEventListener("dblclick", (event) => { const j = areaAt(...at(event)); if (j !== null) { acts.pick(j); flyTo(j); } });
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
  if (view.all) stand(own ? { zoom: view.zoom, left: view.left + (box.width - wide) / 2, top: view.top + (box.height - tall) / 2 } : fitted(view.all));
  if (flying !== null) flyTo(flying); // where it was going, in the room there is now
  paint(); // at once: a canvas of another size is empty, and a frame may be shown before the next one is asked for
}
