// A page that was saved (`thuis view export=…`): what the simulation said stands in the page itself, and nothing is asked.
const element = document.getElementById("saved");
export const saved = element ? JSON.parse(element.textContent) : null;
if (saved) document.documentElement.classList.add("saved");

function bytes(text) { return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer; }
const nearest = (list, month) => list.reduce((best, one) => (best === null || Math.abs(one.month - month) < Math.abs(best.month - month) ? one : best), null);
// What the simulation answers to a message of the page: words, and months as bytes.
export function answers(message) {
  if (message.type === "start") return [saved.world, ...saved.levers, ...saved.months.map(bytes)];
  if (message.type === "range") return saved.ranges.filter((one) => one.measure === message.measure && one.month === message.month);
  if (message.type !== "people") return [];
  const run = message.run === "b" ? 1 : 0, there = saved.people.filter((one) => one.run === run && one.area === message.area);
  const same = there.filter((one) => one.followed === message.person), found = nearest(same.length ? same : there, message.month);
  return found ? [{ ...found, followed: message.person }] : [];
}
