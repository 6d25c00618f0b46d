// 与服务器说话: every call may fail at any moment, and says how.
import { speaks } from "./words.js";

export class Offline extends Error {}
export class SignIn extends Error {}
export class Refusal extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}
const PATIENCE = 25000;
let token = "";

/** The answer, or Offline, SignIn (the session is over) or Refusal (with the server's sentence). */
export async function call(address, { patience = PATIENCE, ...what } = {}) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), patience);
  try {
    return await attempt(address, what, giveUp.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function attempt(address, { method = "GET", body, headers = {} }, signal) {
  let response;
  try {
    response = await fetch(address, {
      method, body, cache: "no-store", redirect: "manual", credentials: "same-origin",
      headers: { "X-Language": speaks(), ...headers, ...(method === "GET" ? {} : { "X-CSRFToken": token }) },
      signal,
    });
  } catch {
    throw new Offline();
  }
  if (response.type === "opaqueredirect") throw new SignIn();
  if (response.status === 304) return { same: true };
  const kind = response.headers.get("Content-Type") || "";
  if (!kind.includes("json")) {
    // A token of before the last sign-in is refused with a page; a proxy's own page is no answer of ours either.
    if (response.status === 403) throw new SignIn();
    throw new Offline();
  }
  let said;
  try {
    said = await response.json();
  } catch {
    throw new Offline(); // cut off on its way
  }
  if (!response.ok) throw response.status >= 500 ? new Offline() : new Refusal(said.sentence || "", response.status);
  return { ...said, tag: response.headers.get("ETag") };
}

/** Who is signed in; also brings the token that the other calls need. */
export async function hello(patience = 6000) {
  const said = await call("/phone/hello/", { patience });
  token = said.csrf;
  return said;
}

export const post = (address, content, headers = {}) =>
  call(address, { method: "POST", body: JSON.stringify(content), headers: { "Content-Type": "application/json", ...headers } });

export async function signOut() {
  await hello();
  await fetch("/account/logout/", { method: "POST", redirect: "manual", headers: { "X-CSRFToken": token } });
}
