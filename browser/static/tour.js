// Five steps for students, each with something to do and questions to try.
import { state } from "./state.js";
import { byId, make, t } from "./text.js";

let at = 0, acts = {};

export function listenTour(actions) {
  acts = actions;
  byId("tour-open").addEventListener("click", () => show(1));
  byId("tour-next").addEventListener("click", () => show(at + 1));
  byId("tour-back").addEventListener("click", () => show(at - 1));
  byId("tour-close").addEventListener("click", close);
  byId("tour-do").addEventListener("click", () => acts[at]());
  byId("tour").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
}
function close() { at = 0; byId("tour").hidden = true; byId("tour-open").focus(); }
// What is said of a mechanism only where its parameter is not 0.
function works(words) { return words.contact_buffer && !state.catalogue.zero.includes("contact_buffer") ? [words.contact_buffer] : []; }
export function show(step) {
  at = Math.min(Math.max(step, 1), 5);
  const words = t(`tour_${at}`), box = byId("tour");
  byId("tour-title").textContent = t("tour_step", { n: at, title: words.title });
  byId("tour-text").replaceChildren(...[...words.text, ...works(words)].map((text) => make("p", { text })), make("ul", {}, ...words.ask.map((text) => make("li", { text }))));
  byId("tour-do").textContent = t(`tour_do_${at}`);
  byId("tour-back").disabled = at === 1; byId("tour-next").disabled = at === 5;
  box.hidden = false;
  byId("tour-title").focus();
}
export function refreshTour() { if (at) show(at); }
export function touring() { return at > 0 && state.world !== null; }
