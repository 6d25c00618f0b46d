// 画面: elements are made, never written as text, so that nothing a child is called becomes markup.
import { called, speaks } from "./words.js";

/** An element: attributes, `on` for listeners, then children (texts, elements, lists, or nothing). */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key === "on") for (const [event, work] of Object.entries(value)) made.addEventListener(event, work);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter((one) => one !== null && one !== undefined && one !== false && one !== ""));
  return made;
}

/** Words of the office, which stay Chinese on an English page and say so. */
export const zh = (text) => (speaks() === "en" && /[㐀-鿿]/.test(text) ? h("span", { lang: "zh-CN" }, text) : text);

/** What a ledger calls something. */
export const office = (text) => zh(called(text));

/** Put these in the place of what was there. */
export function fill(place, ...content) {
  place.textContent = "";
  place.append(...content);
}

export function screen(title, ...content) {
  const main = document.getElementById("main");
  fill(main, h("h1", {}, title), ...content.flat(3).filter(Boolean));
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

let quiet = 0;

export function say(text) {
  const place = document.getElementById("said");
  fill(place, text);
  clearTimeout(quiet);
  quiet = setTimeout(() => fill(place), 6000);
}

export const button = (label, work, kind = "") => h("button", { type: "button", class: kind, on: { click: work } }, label);
export const link = (label, address, kind = "button") => h("a", { href: address, class: kind }, label);
