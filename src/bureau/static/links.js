// The matching queue: one card at a time. A decision is sent and the next card, already here, is shown at once. A refused card never
// takes the place of the one being looked at, where the next key would hit it: it stands in the list of what was not saved, and next in the queue.
"use strict";
(() => {
  const queue = document.getElementById("queue");
  if (!queue) return;
  const said = document.getElementById("said");
  const left = document.getElementById("left");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const refusals = document.getElementById("refused");
  const KEPT = "pairs-decided";
  const FEW = 6;
  const STACK = 200;
  const decided = JSON.parse(sessionStorage.getItem(KEPT) || "[]");
  let fetching = null;
  let dry = false;
  let pending = Promise.resolve();

  const all = () => [...queue.querySelectorAll(".pair")];
  const open = () => all().filter((card) => !card.dataset.decided);
  const now = () => all().find((card) => !card.hidden);
  const say = (words, wrong) => { said.textContent = words; said.classList.toggle("is-wrong", Boolean(wrong)); };
  const count = (by) => {
    if (!left) return;
    const n = Number(left.textContent.replace(/\D/g, "")) + by;
    left.textContent = Math.max(0, n).toLocaleString("en-US");
  };
  const show = (card) => {
    all().forEach((one) => { one.hidden = one !== card; });
    document.getElementById("nothing").hidden = Boolean(card);
    if (card) card.focus({ preventScroll: true });
    else say(queue.dataset.done);
  };
  const ask = async (query) => {
    const answer = await fetch(`${queue.dataset.more}&${query}`, { headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const held = document.createElement("template");
    held.innerHTML = await answer.text();
    return [...held.content.querySelectorAll(".pair")];
  };
  const more = () => {
    if (fetching || dry) return fetching || Promise.resolve();
    fetching = ask(`seen=${all().map((card) => card.dataset.pk).join(",")}`)
      .then((cards) => {
        if (!cards.length) dry = true;
        document.getElementById("nothing").before(...cards);
      })
      .catch(() => { say(queue.dataset.broken, true); })
      .finally(() => { fetching = null; });
    return fetching;
  };
  const next = async () => {
    if (open().length <= FEW) more();
    if (!open().length && !dry) await more();
    show(open()[0]);
  };
  const keep = () => sessionStorage.setItem(KEPT, JSON.stringify(decided));
  const remember = (pk) => {
    decided.push(pk);
    while (decided.length > STACK) decided.shift();
    keep();
  };
  const forget = (pk) => {
    const at = decided.lastIndexOf(pk);
    if (at >= 0) decided.splice(at, 1);
    keep();
  };
  const giveBack = (card, words) => {
    delete card.dataset.decided;
    forget(card.dataset.pk);
    count(1);
    const looking = now();
    if (looking && looking !== card) looking.after(card);
    const line = document.createElement("li");
    line.textContent = `${card.getAttribute("aria-label")}${queue.dataset.colon}${words}`;
    line.dataset.pk = card.dataset.pk;
    refusals.append(line);
    say(words, true);
    if (!looking) show(card);
  };
  const send = async (pk, action, reason) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    body.set("reason", reason || "");
    const address = queue.dataset.act.replace("/0/", `/${pk}/`).replace(/\/x\/$/, `/${action}/`);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const words = await answer.json().catch(() => ({}));
    return { ok: answer.ok, said: words.said || queue.dataset.broken };
  };
  const act = async (card, verdict) => {
    const button = card.querySelector(`[data-verdict="${verdict}"]`);
    if (!button || card.dataset.decided) return;
    if (button.disabled) { say(button.title, true); return; }
    const reason = card.querySelector("input[name=reason]");
    if (verdict === "same" && card.dataset.reason && reason.value.trim().length < 4) {
      say(queue.dataset.needs, true);
      reason.focus();
      return;
    }
    card.dataset.decided = "1";
    refusals.querySelector(`[data-pk="${card.dataset.pk}"]`)?.remove();
    count(-1);
    // In the order of the keys: answers may come in another, and undo means the last key.
    remember(card.dataset.pk);
    const done = deliver(card, verdict, reason ? reason.value : "");
    pending = Promise.all([pending, done]);
    await next();
  };
  const deliver = async (card, verdict, reason) => {
    try {
      const answer = await send(card.dataset.pk, verdict, reason);
      if (!answer.ok) { giveBack(card, answer.said); return; }
      say(answer.said);
      if (card.hidden) card.remove();
    } catch {
      giveBack(card, queue.dataset.broken);
    }
  };
  const undo = () => {
    // The last key is meant, even while its answer is under way; a second undo waits for the first.
    const pk = decided.at(-1);
    if (!pk) { say(queue.dataset.nothing, true); return; }
    forget(pk);
    pending = pending.then(() => takeBack(pk));
  };
  const takeBack = async (pk) => {
    const refused = open().find((one) => one.dataset.pk === pk);
    if (refused) { show(refused); return; }
    try {
      const answer = await send(pk, "undo", "");
      if (!answer.ok) { say(answer.said, true); return; }
      // The card comes anew: it may show another state than the one it was decided in.
      const [card] = await ask(`only=${pk}`);
      all().find((one) => one.dataset.pk === pk)?.remove();
      queue.querySelector(".pair")?.before(card);
      if (!card.isConnected) document.getElementById("nothing").before(card);
      count(1);
      show(card);
      say(queue.dataset.undone);
    } catch {
      remember(pk);
      say(queue.dataset.broken, true);
    }
  };
  const step = async (by) => {
    const cards = open();
    const at = cards.indexOf(now());
    if (by > 0 && at + 1 >= cards.length) await more();
    else if (by > 0 && at + FEW >= cards.length) more();
    const card = open()[at + by];
    if (card) show(card);
    else say(by > 0 ? queue.dataset.done : queue.dataset.first);
  };

  queue.addEventListener("click", (event) => {
    const button = event.target.closest("[data-verdict]");
    if (!button) return;
    event.preventDefault();
    act(button.closest(".pair"), button.dataset.verdict);
  });
  queue.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (typing) {
      if (event.key === "Enter" && typing.name === "reason") { event.preventDefault(); act(typing.closest(".pair"), "same"); }
      if (event.key === "Escape") { typing.blur(); now()?.focus({ preventScroll: true }); }
      return;
    }
    const card = now();
    const verdicts = card ? [...card.querySelectorAll("[data-verdict]")].map((one) => one.dataset.verdict) : [];
    if (card && /^[123]$/.test(event.key) && verdicts[Number(event.key) - 1]) { event.preventDefault(); act(card, verdicts[Number(event.key) - 1]); }
    else if (card && event.key === "r") { event.preventDefault(); card.querySelector("input[name=reason]")?.focus(); }
    else if (event.key === "u") { event.preventDefault(); undo(); }
    else if (event.key === "j") { event.preventDefault(); step(1); }
    else if (event.key === "k") { event.preventDefault(); step(-1); }
  });
  now()?.focus({ preventScroll: true });
  if (open().length <= FEW) more();
})();
