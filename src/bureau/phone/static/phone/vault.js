// 手机上的保险箱: one for each account on this phone. The key comes from the server after sign-in and lives in memory only;
// on the disk lies nothing but its wrapping under the visitor's passphrase, and that goes at sign-out and after the set time.
import { newId } from "./ids.js";
import * as store from "./store.js";

const ROUNDS = 600000; // PBKDF2-SHA-256, so that trying passphrases against a stolen disk takes years
export const MOST_TRIES = 10;
export const SHORTEST = 8;
const text = new TextEncoder();
let key = null;
let open = null; // the row of the open vault

const random = (length) => crypto.getRandomValues(new Uint8Array(length));
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (two) => parseInt(two, 16));

/** The vaults on this phone, the one used last first. */
export async function vaults() {
  return (await store.all("vaults")).sort((a, b) => b.used - a.used);
}

export const current = () => open;
export const isOpen = () => key !== null;

/** 为什么口令不行, or "". */
export function whyNotPassphrase(said) {
  if (said.length < SHORTEST) return "short";
  return /[A-Za-z]/.test(said) && /\d/.test(said) ? "" : "kinds";
}

const importKey = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

async function wrapper(passphrase, salt) {
  const said = await crypto.subtle.importKey("raw", text.encode(passphrase), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, said, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** A vault for an account that has none here yet; closed, and without a passphrase. */
export async function create(owner, name) {
  const row = { id: newId(), owner, name, used: Date.now(), tries: 0, until: 0, latest: 0 };
  await store.change([["vaults", row]]);
  return row;
}

/** Open with the key from the server. */
export async function openWith(row, hex, days) {
  key = await importKey(bytesOf(hex));
  open = { ...row, used: Date.now(), latest: Date.now(), tries: 0, until: Date.now() + days * 86400000 };
  await store.change([["vaults", open]]);
}

/** 设开锁口令: from now on the vault opens without network, until the set time. */
export async function setPassphrase(hex, passphrase) {
  const [salt, iv] = [random(16), random(12)];
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrapper(passphrase, salt), bytesOf(hex));
  open = { ...open, wrapped: { salt, iv, sealed } };
  await store.change([["vaults", open]]);
}

/** Whether it can be opened without network; past the set time, or with the clock turned back, no more. */
export async function locksOffline(row) {
  if (!row.wrapped) return false;
  if (Date.now() > row.until || Date.now() < row.latest - 86400000) {
    await forget(row);
    return false;
  }
  return true;
}

/** 开锁 without network. Answers the tries that are left, or null when open. */
export async function unlock(row, passphrase) {
  const { salt, iv, sealed } = row.wrapped;
  try {
    const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await wrapper(passphrase, salt), sealed);
    key = await importKey(raw);
  } catch {
    const tries = row.tries + 1;
    if (tries >= MOST_TRIES) await forget(row);
    else await store.change([["vaults", { ...row, tries }]]);
    return MOST_TRIES - tries;
  }
  open = { ...row, tries: 0, used: Date.now(), latest: Math.max(row.latest, Date.now()) };
  await store.change([["vaults", open]]);
  return null;
}

/** 锁上: the key leaves the memory; nothing is deleted. */
export function lock() {
  key = null;
  open = null;
}

/** 抹去: the wrapping of the key and the children are deleted. Records not yet sent stay sealed for their account. */
export async function forget(row) {
  const boxes = (await store.all("boxes")).filter((box) => box.vault === row.id);
  const { wrapped, ...rest } = row;
  await store.change([
    ["vaults", { ...rest, until: 0, tries: 0 }],
    ...boxes.map((box) => ["boxes", null, box.id]),
  ]);
  if (open && open.id === row.id) lock();
}

/** 全部清除, unsent records too: the server said that the phone is lost. */
export async function wipe(row) {
  const work = [["vaults", null, row.id]];
  for (const name of ["boxes", "records", "photos"]) {
    for (const one of await store.all(name)) if (one.vault === row.id) work.push([name, null, one.id]);
  }
  await store.change(work);
  if (open && open.id === row.id) lock();
}

const bound = (kind, id) => text.encode(`${open.id}|${kind}|${id}`);

/** 加密: a row for the store, bound to its place, so that no sealed row can be put in another's. */
export async function seal(kind, id, content, plain = {}) {
  const iv = random(12);
  const raw = content instanceof Uint8Array ? content : text.encode(JSON.stringify(content));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(kind, id) }, key, raw);
  return { id, vault: open.id, iv, sealed, ...plain };
}

/** 解密 to bytes. */
export async function bytes(kind, row) {
  const how = { name: "AES-GCM", iv: row.iv, additionalData: bound(kind, row.id) };
  return new Uint8Array(await crypto.subtle.decrypt(how, key, row.sealed));
}

/** 解密 to what was sealed. */
export async function read(kind, row) {
  return JSON.parse(new TextDecoder().decode(await bytes(kind, row)));
}
