// The emulator's answer, until the simulation has come as far: marked as what it is.
import { lastMonth, state } from "./state.js";
import { byId, long, number, signed, t } from "./text.js";

let found = null;

export function takeEmulated(message) { found = message; showEmulated(); }
export function forgetEmulated() { found = null; showEmulated(); }
export function showEmulated() {
  const box = byId("emulated"), open = found && state.runs[1] && lastMonth() < found.month, { at_home } = found?.changes ?? {};
  const text = !open ? "" : at_home ? t("emulated", { years: long(found.month), people: signed(1000 * at_home.mean, 1), error: number(1000 * at_home.error, 1) }) : t("emulated_none");
  box.hidden = text === "";
  if (box.textContent !== text) box.textContent = text;
}
