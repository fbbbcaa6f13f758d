// Where the map stands: outlines in km, and how they fall on the screen.
import { state } from "./state.js";

export const view = { paths: [], boxes: [], all: null, size: [1, 1], zoom: 1, left: 0, top: 0 };

export function build() {
  const { areas } = state.world.shapes;
  view.paths = []; view.boxes = [];
  view.all = [Infinity, Infinity, -Infinity, -Infinity];
  areas.forEach((rings) => {
    const path = new Path2D(), box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of rings) {
      for (let n = 0; n < ring.length; n += 2) {
        const x = ring[n], y = -ring[n + 1];
        if (n) path.lineTo(x, y); else path.moveTo(x, y);
        box[0] = Math.min(box[0], x); box[1] = Math.min(box[1], y); box[2] = Math.max(box[2], x); box[3] = Math.max(box[3], y);
      }
      path.closePath();
    }
    view.paths.push(path); view.boxes.push(box);
    for (const n of [0, 1]) { view.all[n] = Math.min(view.all[n], box[n]); view.all[n + 2] = Math.max(view.all[n + 2], box[n + 2]); }
  });
}
// Zoom and position that show a box with some room around it.
export function fitted(box, room = 0.92) {
  const [wide, tall] = view.size;
  const zoom = room * Math.min(wide / Math.max(box[2] - box[0], 1e-6), tall / Math.max(box[3] - box[1], 1e-6));
  return { zoom, left: wide / 2 - (zoom * (box[0] + box[2])) / 2, top: tall / 2 - (zoom * (box[1] + box[3])) / 2 };
}
export function visible(j) {
  const box = view.boxes[j], { zoom, left, top, size } = view;
  return box[2] * zoom + left > 0 && box[0] * zoom + left < size[0] && box[3] * zoom + top > 0 && box[1] * zoom + top < size[1];
}
export function place(x, y) { return [x * view.zoom + view.left, y * view.zoom + view.top]; }
export function centre(j) {
  const [x, y] = state.world.shapes.centres[j] ?? [NaN, NaN];
  return place(x, -y);
}
export function onMap(j) { return view.boxes[j]?.[2] > view.boxes[j]?.[0]; }
export function wide(j) { return (view.boxes[j][2] - view.boxes[j][0]) * view.zoom; }
export function tall(j) { return (view.boxes[j][3] - view.boxes[j][1]) * view.zoom; }
export function overlap(p, q) { return p[0] < q[2] && p[2] > q[0] && p[1] < q[3] && p[3] > q[1]; }
// A number from 0 to 1 that always is the same for the same text or number.
export function hash(text) {
  let h = 2166136261;
  for (const sign of String(text)) h = Math.imul(h ^ sign.charCodeAt(0), 16777619);
  h = Math.imul(h ^ (h >>> 15), 2246822507);
  return ((h ^ (h >>> 13)) >>> 0) / 4294967296;
}
