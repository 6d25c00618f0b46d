// 手机上的存放处: IndexedDB as promises. Whatever names a child is sealed before it comes here (vault.js).
const NAME = "junheng-phone";
const STORES = { vaults: "id", boxes: "id", records: "id", photos: "id" };
let opened = null;

function open() {
  if (!opened) opened = new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(name, { keyPath });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  return opened;
}

const answer = (asked) => new Promise((done, failed) => {
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

export async function get(store, id) {
  return answer((await open()).transaction(store).objectStore(store).get(id));
}

export async function all(store) {
  return answer((await open()).transaction(store).objectStore(store).getAll());
}

/** Puts and deletes in one transaction: all of it is on the disk, or none. `work`: [[store, row or null, id], …]. */
export async function change(work) {
  const base = await open();
  const names = [...new Set(work.map(([store]) => store))];
  return new Promise((done, failed) => {
    const step = base.transaction(names, "readwrite", { durability: "strict" });
    for (const [store, row, id] of work) {
      if (row === null) step.objectStore(store).delete(id);
      else step.objectStore(store).put(row);
    }
    step.oncomplete = () => done();
    step.onabort = step.onerror = () => failed(step.error);
  });
}
