// 语言: the Chinese text is the key; English comes from the site's catalogue and is kept for use without network.
let english = {};
let language = "zh";

export async function load() {
  language = localStorage.getItem("junheng-phone-language") === "en" ? "en" : "zh";
  try {
    english = await (await fetch("/phone/words.json")).json();
  } catch {
    english = {};
  }
  document.documentElement.lang = language === "en" ? "en" : "zh-CN";
  document.title = t("走访 · 均衡");
}

export const speaks = () => language;

export function speak(code) {
  localStorage.setItem("junheng-phone-language", code);
}

/** The text in the language chosen; {name} is replaced. */
export function t(chinese, values = {}) {
  const text = language === "en" ? english[chinese] || chinese : chinese;
  return text.replace(/\{(\w+)\}/g, (_, name) => (values[name] === undefined || values[name] === null ? "" : values[name]));
}

/** A text of a ledger: in English where the program has it, else as the office wrote it. */
export const called = (chinese) => (language === "en" ? english[chinese] || chinese : chinese);

/** A day as people write it. */
export function day(iso) {
  if (!iso) return "";
  const date = new Date(iso.length === 10 ? `${iso}T00:00:00` : iso);
  const style = iso.length === 10 ? { month: "numeric", day: "numeric" } : { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" };
  return date.toLocaleString(language === "en" ? "en-GB" : "zh-CN", style);
}
