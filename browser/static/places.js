// The place that is simulated, chosen by typing: by its name in the list, or in any spelling that the server knows.
import { state } from "./state.js";
import { byId, language, make, number, t } from "./text.js";

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim().toLowerCase();

// What the page calls the place it shows.
export function placeTitle() {
  const one = state.catalogue.regions.find((place) => place.name === state.region);
  if (one) return one.title[language()];
  return state.region.includes("+") ? state.region.split("+").map(titleOf).join(", ") : t("own_table");
}
function titleOf(name) { return state.catalogue.regions.find((place) => place.name === name)?.title[language()] ?? name; }
export function offerPlaces() {
  const options = state.catalogue.regions.map((one) => make("option", { value: one.title[language()], text: number(one.residents) }));
  byId("regions").replaceChildren(...options);
  showPlace();
}
function showPlace() { byId("region").value = placeTitle(); byId("region").setCustomValidity(""); }
async function find(text) {
  const asked = plain(text);
  const same = state.catalogue.regions.filter((one) => [one.title.en, one.title.nl].some((title) => plain(title) === asked));
  if (same.length) return { region: same[0].name };
  const answer = await fetch(`/place?name=${encodeURIComponent(text)}`);
  return answer.json();
}
// `choose` is called with the name of a place when another one was chosen.
export function listenPlaces(choose) {
  const box = byId("region");
  box.addEventListener("focus", () => box.select());
  box.addEventListener("input", () => box.setCustomValidity(""));
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") showPlace(); });
  box.addEventListener("blur", () => { if (!box.value.trim()) showPlace(); });
  box.addEventListener("change", async () => {
    if (!box.value.trim()) return;
    const found = await find(box.value).catch(() => null);
    if (!found) return;
    if (found.error) { box.setCustomValidity(found.error[language()]); box.reportValidity(); return; }
    const other = found.region !== state.region;
    if (other) { choose(found.region); }
    showPlace();
  });
}
