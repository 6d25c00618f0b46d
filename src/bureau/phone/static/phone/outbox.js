// 待上报: a record lies here, sealed, until the server has it whole. Sending again is always safe: the server knows each by its id.
import * as net from "./net.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const AT_ONCE = 20;
const MOST_BYTES = 400000;
let busy = null;

async function rowsOf(name) {
  const id = vault.current() ? vault.current().id : "";
  return (await store.all(name)).filter((row) => row.vault === id);
}

/** How many records of a vault have not been sent; needs no key. */
export async function countOf(vaultId) {
  return (await store.all("records")).filter((row) => row.vault === vaultId && !row.done).length;
}

/** Every record of the open vault, oldest first, opened. */
export async function records() {
  const rows = (await rowsOf("records")).sort((a, b) => a.order - b.order);
  return Promise.all(rows.map(async (row) => ({ ...(await vault.read("records", row)), done: row.done })));
}

/** Save a record and its new photos in one step. `photos`: [{sha256, size, bytes}]. */
export async function save(record, photos = []) {
  const kept = await vault.seal("records", record.id, record, { order: record.order, done: Boolean(record.whole) });
  const work = [["records", kept]];
  for (const one of photos) {
    work.push(["photos", await vault.seal("photos", `${record.id}:${one.sha256}`, one.bytes, { record: record.id })]);
  }
  await store.change(work);
}

/** Remove a record and its photos: thrown away by its writer, or arrived whole long ago. */
export async function remove(id) {
  const photos = (await rowsOf("photos")).filter((row) => row.record === id);
  await store.change([["records", null, id], ...photos.map((row) => ["photos", null, row.id])]);
}

/** The bytes of one photo of a record, to be looked at or sent. */
export async function photo(record, sha256) {
  const row = await store.get("photos", `${record}:${sha256}`);
  return row ? vault.bytes("photos", row) : null;
}

/** 上报: records first, because words matter most and weigh least; then the pieces of photos that are missing. */
export function send(changed = () => {}) {
  if (!busy) busy = sendAll(changed).finally(() => { busy = null; });
  return busy;
}

async function sendAll(changed) {
  const waiting = (await records()).filter((one) => !one.whole && !["draft", "refused"].includes(one.state));
  for (let start = 0; start < waiting.length;) {
    const batch = [];
    let size = 0;
    while (start < waiting.length && batch.length < AT_ONCE && size < MOST_BYTES) {
      const one = waiting[start++];
      batch.push(one);
      size += JSON.stringify(one.body).length * 3;
    }
    await sendBatch(batch, changed);
  }
}

async function sendBatch(batch, changed) {
  // Frozen from here on: what was sent once under an id is never sent with other words.
  for (const one of batch) {
    if (!one.sent) await save(Object.assign(one, { sent: true }));
  }
  const said = await net.call("/phone/sync/", {
    method: "POST",
    body: batch.map((one) => JSON.stringify(one.body)).join("\n"),
    headers: { "Content-Type": "application/x-ndjson", "X-Phone": vault.current().id, "X-Phone-Now": stated(new Date()) },
  });
  if (said.lost) throw new net.Refusal("", 410);
  const answers = new Map(said.answers.map((one) => [one.id, one]));
  for (const one of batch) {
    const answer = answers.get(one.id);
    if (!answer || answer.answer === "again") continue; // it goes again next time
    if (answer.answer === "refused") {
      await save(Object.assign(one, { state: "refused", sentence: answer.sentence, sent: false }));
    } else {
      one.state = answer.state;
      one.sentence = answer.sentence;
      one.received = said.now;
      await finish(one, said.missing[one.id] || []);
    }
    changed();
  }
}

async function finish(record, missing) {
  const refused = record.photosRefused || [];
  let open = 0;
  for (const sha256 of missing) {
    const state = await sendPhoto(record, sha256);
    if (state.state === "waiting") open += 1;
    if (state.state === "refused") refused.push(state.sentence);
  }
  Object.assign(record, { photosRefused: refused, whole: open === 0 });
  if (!record.whole) return save(record);
  // Whole at the server: the words leave the phone, and of the record only its receipt stays.
  const { id, order, name, title, state, sentence, received } = record;
  await remove(id);
  return save({ id, order, name, title, state, sentence, received, photosRefused: refused, whole: true, body: null });
}

async function sendPhoto(record, sha256) {
  const content = await photo(record.id, sha256);
  if (!content) return { state: "refused", sentence: "" };
  const { pieces, piece } = await net.call(`/phone/photos/${sha256}/`);
  let said = { state: "waiting" };
  for (let number = 0; number * piece < content.length; number += 1) {
    if (pieces.includes(number)) continue;
    const part = content.slice(number * piece, (number + 1) * piece);
    said = await net.call(`/phone/photos/${sha256}/${number}/`, {
      method: "POST", body: part, headers: { "Content-Type": "application/octet-stream" },
    });
  }
  return said;
}

/** A moment as this phone states it, with its offset. */
export function stated(moment) {
  const minutes = -moment.getTimezoneOffset();
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const local = new Date(moment.getTime() + minutes * 60000).toISOString().slice(0, 19);
  return `${local}${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
