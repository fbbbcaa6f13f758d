import { saved } from "./saved.js";

// Words of the page in two languages, and numbers as that language writes them.
const languages = ["nl", "en"];
const words = {};
let now = "en";

export async function loadWords() {
  if (saved) { Object.assign(words, saved.words); return; }
  await Promise.all(languages.map(async (language) => { words[language] = await (await fetch(`/static/text_${language}.json`)).json(); }));
}
export function language() { return now; }
// As the server gave the page, which went by what the browser asks for.
export function firstLanguage() { return document.documentElement.lang === "nl" ? "nl" : "en"; }
export function setLanguage(to) {
  now = languages.includes(to) ? to : firstLanguage();
  document.documentElement.lang = now;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
}
export function t(key, values = {}) {
  const text = (saved && words[now][`${key}_saved`]) || (words[now][key] ?? key); // a saved page has nothing of the visitor's own
  return typeof text === "string" ? text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "") : text;
}
// A count with its noun: count_ties of 1 is count_ties_one, and of 0 count_ties_none where there are words for it.
export function counted(key, value) {
  const count = Math.round(value), special = { 0: `${key}_none`, 1: `${key}_one` }[count];
  return t(special in words[now] ? special : key, { count: number(value) });
}
const formats = {}; // making one takes longer than using it a hundred times
export function number(value, digits = 0) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const text = (formats[`${now} ${digits}`] ??= new Intl.NumberFormat(now, { minimumFractionDigits: digits, maximumFractionDigits: digits })).format(value);
  return text.replace(/^-/, "−").replace(/^−(0([.,]0*)?)$/, "$1");
}
// How many decimals it takes to write a number, at most four.
export function decimals(value) { let n = 0; while (n < 4 && Math.abs(Number(value.toFixed(n)) - value) > 1e-9) n += 1; return n; }
export function signed(value, digits) {
  const text = number(value, digits);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text; // what is shown as nothing has no sign
}
export function percent(value) { return Number.isNaN(value) ? "–" : number(100 * value, 0) + "%"; }
export function euro(value) {
  const size = Math.abs(value), unit = size < 1000 ? 1 : 10 ** (Math.floor(Math.log10(size)) - 2); // three figures
  return size >= 1e6 ? `€\u00a0${number(value / 1e6, size < 1e7 ? 2 : 1)}\u00a0${t("million")}` : `€\u00a0${number(Math.round(value / unit) * unit)}`;
}
export function when(month) { return month === 0 ? t("at_start") : t("when", { year: Math.floor(Math.max(month - 1, 0) / 12) + 1, in_year: month ? ((month - 1) % 12) + 1 : 0 }); }

// A stretch of time from the start, in whole years where it is one.
export function long(month) { return month % 12 ? counted("long_months", month) : counted("long_years", month / 12); }
export function capital(text) { return text[0].toUpperCase() + text.slice(1); }

// An element with text and children; text is never read as HTML.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}
export function byId(id) { return document.getElementById(id); }
