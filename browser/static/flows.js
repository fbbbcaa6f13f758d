// Moves between neighbourhoods over the last year as arrows: the wider, the more people. Counted from the samples of who moved.
import { theme } from "./colours.js";
import { lookedAt, runOf, state } from "./state.js";
import { centre } from "./view.js";

const months = 12, most = 24, mostInAll = 12, fewest = 3; // arrows drawn, of one neighbourhood and of all; and people in the samples below whose number a flow is chance
let flows = [], of = "";

// Of every month the sample stands for all who moved in it.
function counted() {
  const run = runOf(lookedAt()), sums = new Map();
  for (let m = Math.max(state.month - months + 1, 1); m <= state.month; m++) {
    const found = run?.months[m];
    if (!found?.movers.length) continue;
    const weight = (found.moved * state.world.scale) / (found.movers.length / 3);
    for (let n = 0; n < found.movers.length; n += 3) {
      const [from, to] = [found.movers[n], found.movers[n + 1]];
      if (from < 0 || to < 0 || from === to) continue;
      const one = sums.get(`${from} ${to}`) ?? { from, to, people: 0, seen: 0 };
      one.people += weight; one.seen += 1;
      sums.set(`${from} ${to}`, one);
    }
  }
  return [...sums.values()].filter((one) => one.seen >= fewest).sort((p, q) => q.people - p.people);
}
export function yearFlows() {
  const key = `${lookedAt()} ${state.month} ${runOf(lookedAt())?.revision} ${state.world?.region} ${state.world?.seed}`;
  if (key !== of) { of = key; flows = counted(); }
  return flows;
}
export function drawFlows(c) {
  const all = yearFlows(), list = state.pick === null ? all.slice(0, mostInAll) : all.filter((one) => one.from === state.pick || one.to === state.pick).slice(0, most), widest = list[0]?.people ?? 1;
  for (const { from, to, people } of list.toReversed()) {
    const [x0, y0] = centre(from), [x1, y1] = centre(to), far = Math.hypot(x1 - x0, y1 - y0);
    if (!(far > 12)) continue;
    const wide = Math.max((5 * people) / widest, 1), [dx, dy] = [(x1 - x0) / far, (y1 - y0) / far], bend = Math.min(0.16 * far, 46), cut = Math.min(14, far / 5);
    const [sx, sy, ex, ey] = [x0 + cut * dx - dy * 4, y0 + cut * dy + dx * 4, x1 - cut * dx - dy * 4, y1 - cut * dy + dx * 4], [mx, my] = [(sx + ex) / 2 - dy * bend, (sy + ey) / 2 + dx * bend];
    const angle = Math.atan2(ey - my, ex - mx), head = 5 + wide * 1.4;
    const shaft = new Path2D(), point = new Path2D();
    shaft.moveTo(sx, sy); shaft.quadraticCurveTo(mx, my, ex - Math.cos(angle) * head * 0.7, ey - Math.sin(angle) * head * 0.7);
    point.moveTo(ex, ey);
    for (const side of [-0.45, 0.45]) point.lineTo(ex - head * Math.cos(angle + side), ey - head * Math.sin(angle + side));
    point.closePath();
    c.lineCap = "round"; c.lineJoin = "round";
    c.strokeStyle = theme("--paper"); c.lineWidth = wide + 3; c.stroke(shaft); c.lineWidth = 3; c.stroke(point); // so that crossing arrows are told apart
    c.strokeStyle = c.fillStyle = theme(from === state.pick ? "--orange-ink" : "--ink"); c.lineWidth = wide; c.stroke(shaft); c.fill(point);
  }
}
