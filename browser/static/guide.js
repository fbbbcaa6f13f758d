// Guided stories docked beside the map: every step sets the page to what it speaks of, and asks something.
import { kinds } from "./marks.js";
import { setPage } from "./setting.js";
import { state } from "./state.js";
import { byId, make, t } from "./text.js";
import { play } from "./time.js";

const library = [0, "facilities.funding.library", 2], everyPlace = kinds.map((kind) => [0, `facilities.funding.${kind}`, 2]);
const oneCounter = [0, "reception.one_stop", 1], work = [0, "work.support", 1];
const austerity = [0, "policy", "austerity"], arrivals = [0, "admission.arrivals.asylum", 3], places = [0, "reception.places", 3];
// By story, what the page is set to in each of its steps; the words are in the texts.
const settings = {
  diversity: [
    { measure: "diversity" }, { measure: "at_home" }, { measure: "diversity", month: 12, pick: ["diversity", "most"], person: "established" },
    { measure: "contact", month: 12, pick: ["contact", "most"] },
  ],
  turnover: [
    { measure: "turnover", movement: true }, { measure: "newcomers", movement: true, play: 24 }, { measure: "at_home", month: 24, flows: true, pick: ["turnover", "most"] },
    { measure: "faces", month: 24, pick: ["turnover", "most"], person: "newcomer" },
  ],
  meeting: [
    { measure: "facilities", marks: true }, { measure: "at_home", b: [library], play: 60 }, { measure: "at_home", b: everyPlace, month: 60 },
    { measure: "at_home", b: [austerity], month: 60 },
  ],
  reception: [
    { measure: "newcomers" }, { measure: "at_home", b: [oneCounter], play: 60 }, { measure: "at_home", b: [arrivals], month: 60 }, { measure: "at_home", b: [arrivals, places], month: 60 },
  ],
  work: [
    { measure: "employed" }, { measure: "employed", b: [work], play: 60 }, { measure: "at_home", b: [work], month: 60 }, { measure: "at_home", b: [work], month: 60, view: "b", pick: ["newcomers", "most"], person: "newcomer" },
  ],
};
const names = Object.keys(settings);
let story = null, at = 0, opened = () => {};

// onOpen is called when the stories are opened.
export function listenGuide(onOpen) {
  opened = onOpen;
  byId("stories-open").addEventListener("click", () => { opened(); story = null; show(); byId("guide-title").focus(); });
  byId("guide-next").addEventListener("click", () => { if (at + 1 < settings[story].length) to(story, at + 1); else { story = null; show(); byId("guide-title").focus(); } });
  byId("guide-back").addEventListener("click", () => { if (at) to(story, at - 1); else { story = null; show(); byId("guide-title").focus(); } });
  byId("guide-again").addEventListener("click", () => set());
  byId("guide-close").addEventListener("click", close);
  byId("guide").addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
}
function close() { byId("guide").hidden = true; document.body.classList.remove("guided"); byId("stories-open").focus(); }
export function refreshGuide() { if (!byId("guide").hidden) show(); }
function to(name, step) { story = name; at = step; set(); show(); byId("guide-title").focus(); }
function set() {
  const { play: until, ...rest } = settings[story][at];
  setPage(rest);
  if (document.body.classList.contains("sheet")) byId("map-frame").scrollIntoView();
  if (until) play(until, 12);
}
// What is said of a mechanism only where its parameter is not 0.
function works(words) { return Object.entries(words.while ?? {}).filter(([parameter]) => !state.catalogue.zero.includes(parameter)).map(([, text]) => text); }
function show() {
  byId("guide").hidden = false; document.body.classList.add("guided");
  for (const id of ["guide-next", "guide-back", "guide-again"]) byId(id).hidden = story === null;
  if (story === null) { list(); return; }
  const { title, steps } = t(`story_${story}`), words = steps[at], last = at + 1 === settings[story].length;
  byId("guide-title").textContent = t("guide_step", { title, n: at + 1, of: steps.length });
  byId("guide-text").replaceChildren(...[...words.text, ...works(words)].map((text) => make("p", { text })),
    make("h3", { text: t("guide_ask") }), make("ul", {}, ...words.ask.map((text) => make("li", { text }))),
    ...(words.teacher ? [make("details", {}, make("summary", { text: t("guide_teacher") }), make("p", { text: words.teacher }))] : []));
  byId("guide-next").textContent = t(last ? "guide_other" : "next");
  byId("guide-back").textContent = t(at ? "previous" : "guide_all");
}
function list() {
  byId("guide-title").textContent = t("stories_title");
  byId("guide-text").replaceChildren(make("p", { text: t("stories_text") }), make("ul", { class: "stories" }, ...names.map((name) => {
    const { title, question } = t(`story_${name}`);
    return make("li", {}, make("button", { type: "button", onclick: () => to(name, 0) }, make("strong", { text: title }), make("span", { text: question })));
  })));
}
