// 我的任务: what was taken along, opened in memory; sealed as one piece on the disk and replaced whole at each contact.
import * as net from "./net.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const EMPTY = { cases: [], ledgers: {}, told: [], left_out: 0, now: "", classes: [], choices: { kinds: {}, parts: {} } };
let document_ = EMPTY;
const idOf = () => `tasks:${vault.current().id}`;

export async function load() {
  const row = await store.get("boxes", idOf());
  document_ = row ? { ...EMPTY, ...(await vault.read("boxes", row)) } : EMPTY;
}

/** Take along what is new. A child that is no longer in the answer is no longer on the phone. */
export async function fetchNew(who) {
  const headers = document_.tag ? { "If-None-Match": document_.tag } : {};
  const said = await net.call(`/phone/tasks/?device=${vault.current().id}`, { headers });
  document_ = said.same ? { ...document_, now: who.now } : said;
  await store.change([["boxes", await vault.seal("boxes", idOf(), document_)]]);
}

export const all = () => document_;
export const classes = () => document_.classes;
export const choices = () => document_.choices;
export const find = (id) => document_.cases.find((one) => one.id === id);
export const ledger = (one) => document_.ledgers[one.ledger];
export const told = (record) => document_.told.find((one) => one.id === record);

const same = (text) => text.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");

/** The cases of a card's number: only among one's own; a household's card may have several. */
export const byCard = (code) => document_.cases.filter((one) => one.card === same(code));
