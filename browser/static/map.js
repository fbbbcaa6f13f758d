// The map: neighbourhoods as shapes on a canvas, with zoom and pan, names, marks of facilities and people on the move.
import { colourOf, inkOn, theme } from "./colours.js";
import { column, ends, runOf, shown, state } from "./state.js";
import { byId } from "./text.js";

const kinds = ["shops", "library", "park", "sports", "community_centre", "school", "association"];
const canvas = byId("map");
let paths = [], boxes = [], all = null, size = [1, 1], zoom = 1, left = 0, top = 0, hover = null, travellers = [], queued = false;
let onPick = () => {}, onHover = () => {};

export function prepareMap() {
  paths = []; boxes = []; travellers = [];
  all = [Infinity, Infinity, -Infinity, -Infinity];
  for (const rings of state.world.shapes.areas) {
    const path = new Path2D(), box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (let n = 0; n < ring.length; n += 2) {
        const x = ring[n], y = -ring[n + 1];
        if (n) path.lineTo(x, y); else path.moveTo(x, y);
        box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
      }
      path.closePath();
    }
    paths.push(path); boxes.push(box);
    for (const n of [0, 1]) { all[n] = Math.min(all[n], box[n]); all[n + 2] = Math.max(all[n + 2], box[n + 2]); }
  }
  showAll();
}
export function showAll() {
  if (!all) return;
  zoom = 0.92 * Math.min(size[0] / (all[2] - all[0]), size[1] / (all[3] - all[1]));
  left = size[0] / 2 - (zoom * (all[0] + all[2])) / 2;
  top = size[1] / 2 - (zoom * (all[1] + all[3])) / 2;
  draw();
}
export function zoomBy(factor, x = size[0] / 2, y = size[1] / 2) {
  const least = 0.4 * Math.min(size[0] / (all[2] - all[0]), size[1] / (all[3] - all[1]));
  const to = Math.min(Math.max(zoom * factor, least), least * 400);
  left = x - ((x - left) * to) / zoom; top = y - ((y - top) * to) / zoom; zoom = to;
  draw();
}
export function draw() {
  if (!queued) { queued = true; requestAnimationFrame(() => { queued = false; paint(); }); }
}
function visible(box) {
  return box[2] * zoom + left > 0 && box[0] * zoom + left < size[0] && box[3] * zoom + top > 0 && box[1] * zoom + top < size[1];
}
function paint() {
  const pixel = window.devicePixelRatio || 1, c = canvas.getContext("2d");
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.clearRect(0, 0, canvas.width, canvas.height);
  if (state.world) paintMap(c, pixel);
}
// Also used for the downloaded figure.
export function paintMap(c, pixel) {
  const values = shown();
  if (!values || !all) return;
  const range = ends(), difference = state.view === "diff";
  c.setTransform(pixel * zoom, 0, 0, pixel * zoom, pixel * left, pixel * top);
  c.lineJoin = "round";
  c.strokeStyle = theme(difference ? "--quiet" : "--edge");
  c.lineWidth = (paths.length > 800 ? 0.35 : difference ? 0.8 : 1.2) / zoom;
  paths.forEach((path, j) => {
    if (!visible(boxes[j])) return;
    c.fillStyle = colourOf(values[j], range, difference);
    c.fill(path, "evenodd");
    c.stroke(path);
  });
  outline(c, hover, 2); outline(c, state.pick, 4);
  c.setTransform(pixel, 0, 0, pixel, 0, 0);
  const taken = [];
  paths.forEach((_, j) => { if (visible(boxes[j])) label(c, j, values[j], range, difference, taken); });
  dots(c);
}
function outline(c, j, width) {
  if (j === null || !paths[j]) return;
  c.strokeStyle = theme("--paper"); c.lineWidth = (width + 3) / zoom; c.stroke(paths[j]);
  c.strokeStyle = theme("--ink"); c.lineWidth = width / zoom; c.stroke(paths[j]);
}
function centre(j) {
  const [x, y] = state.world.shapes.centres[j];
  return [x * zoom + left, -y * zoom + top];
}
function label(c, j, value, range, difference, taken) {
  const width = (boxes[j][2] - boxes[j][0]) * zoom, height = (boxes[j][3] - boxes[j][1]) * zoom;
  const [x, y] = centre(j), marks = state.measure === "facilities" && width > 84 && height > 70;
  c.fillStyle = inkOn(value, range, difference);
  if (width > 46 && height > 30) {
    c.font = "13px system-ui, sans-serif"; c.textAlign = "center"; c.textBaseline = "middle";
    const name = state.world.names[j].replace(/^(Wijk|Buurt) \d+ /, ""), wide = c.measureText(name).width, ink = c.fillStyle, at = marks ? y - 22 : y;
    if (wide < width * 0.85 - 8 && !taken.some(([tx, ty, tw]) => Math.abs(ty - at) < 16 && Math.abs(tx - x) < (tw + wide) / 2 + 6)) {
      taken.push([x, at, wide]);
      c.strokeStyle = ink === "#000000" ? "rgba(255,255,255,.45)" : "rgba(0,0,0,.45)"; c.lineWidth = 3; c.strokeText(name, x, at); c.fillText(name, x, at);
    }
  }
  if (marks) facilityMarks(c, j, x, y);
}
// Seven bars, their height the supply; the line is the national average.
function facilityMarks(c, j, x, y) {
  kinds.forEach((kind, n) => {
    const supply = column(runOf(state.view === "b" ? "b" : "a"), `supply_${kind}`)?.[j] ?? 0, tall = Math.min(supply, 2.5) * 12;
    c.fillRect(x - 34 + n * 10, y + 20 - tall, 7, tall);
  });
  c.fillRect(x - 37, y + 20, 75, 1); c.fillRect(x - 37, y + 8, 75, 0.7);
}
// People who come and go this month: filled dots arrive, rings leave.
export function travel() {
  travellers = [];
  if (!state.movement || matchMedia("(prefers-reduced-motion: reduce)").matches || state.world.codes.length > 400) return;
  const run = runOf(state.view === "b" ? "b" : "a"), began = performance.now(), last = Math.min(1000 / state.speed, 600) * 1.4;
  const sum = (names, j) => names.reduce((total, name) => total + (column(run, name)?.[j] ?? 0), 0);
  const most = state.world.codes.length > 40 ? 2 : 6;
  state.world.codes.forEach((_, j) => {
    if (!visible(boxes[j])) return;
    const reach = Math.min(46, 0.55 * zoom * (boxes[j][2] - boxes[j][0]));
    for (const [names, inward] of [[["arrived_abroad", "arrived_country", "arrived_region"], true], [["left_abroad", "left_country", "left_region"], false]]) {
      const count = Math.min(Math.ceil(sum(names, j) / 12), most);
      for (let n = 0; n < count; n++) travellers.push({ j, inward, angle: (2.4 * n + 1.7 * j + state.month) % 6.28, reach, began, last });
    }
  });
  if (travellers.length) fly();
}
function fly() {
  draw();
  travellers = travellers.filter((one) => performance.now() - one.began < one.last);
  if (travellers.length) requestAnimationFrame(fly); else draw();
}
function dots(c) {
  for (const { j, inward, angle, reach, began, last } of travellers) {
    const share = Math.min((performance.now() - began) / last, 1), [x, y] = centre(j);
    const far = (inward ? 1 - share : share) * reach + 3;
    c.beginPath(); c.arc(x + far * Math.cos(angle), y + far * Math.sin(angle), Math.min(3.2, reach / 8), 0, 6.3);
    c.lineWidth = 1.6; c.strokeStyle = theme("--ink"); c.fillStyle = theme("--paper");
    if (inward) { c.fillStyle = theme("--ink"); c.strokeStyle = theme("--paper"); }
    c.fill(); c.stroke();
  }
}
function areaAt(x, y) {
  const c = canvas.getContext("2d"), px = (x - left) / zoom, py = (y - top) / zoom;
  c.setTransform(1, 0, 0, 1, 0, 0);
  for (let j = 0; j < paths.length; j++) {
    const box = boxes[j];
    if (px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3] && c.isPointInPath(paths[j], px, py, "evenodd")) return j;
  }
  return null;
}
export function screenCentre(j) { return centre(j); }

export function listen(pick, over) {
  onPick = pick; onHover = over;
  const fingers = new Map();
  let moved = 0, spread = 0;
  const place = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  const apart = () => { const [a, b] = [...fingers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, place(event)); moved = 0; spread = fingers.size === 2 ? apart() : 0; });
  canvas.addEventListener("pointermove", (event) => {
    const [x, y] = place(event), before = fingers.get(event.pointerId);
    if (!before) { setHover(areaAt(x, y), x, y); return; }
    fingers.set(event.pointerId, [x, y]);
    if (fingers.size === 2) { const now = apart(); if (spread) zoomBy(now / spread, x, y); spread = now; moved = 99; return; }
    moved += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (moved > 4) { left += x - before[0]; top += y - before[1]; setHover(null); draw(); }
  });
  const up = (event) => {
    const was = fingers.delete(event.pointerId);
    if (was && event.type === "pointerup" && moved <= 4) { const [x, y] = place(event); onPick(areaAt(x, y)); }
  };
  canvas.addEventListener("pointerup", up); canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => setHover(null));
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); const [x, y] = place(event); zoomBy(Math.exp(-event.deltaY * 0.0016), x, y); }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: [50, 0], ArrowRight: [-50, 0], ArrowUp: [0, 50], ArrowDown: [0, -50] }[event.key];
    if (step) { left += step[0]; top += step[1]; draw(); } else if (event.key === "+" || event.key === "=") zoomBy(1.3);
    else if (event.key === "-") zoomBy(1 / 1.3); else if (event.key === "0") showAll(); else return;
    event.preventDefault();
  });
  new ResizeObserver(resize).observe(byId("map-frame"));
  resize();
}
function setHover(j, x, y) {
  if (j !== hover) { hover = j; draw(); }
  onHover(j, x, y);
}
function resize() {
  const box = byId("map-frame").getBoundingClientRect(), pixel = window.devicePixelRatio || 1;
  size = [box.width, box.height];
  canvas.width = Math.round(box.width * pixel); canvas.height = Math.round(box.height * pixel);
  showAll();
}
