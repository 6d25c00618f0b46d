// The matching queue: one card at a time. A decision is sent and the next card, already here, is shown at once; a refusal brings the card back.
"use strict";
(() => {
  const queue = document.getElementById("queue");
  if (!queue) return;
  const said = document.getElementById("said");
  const left = document.getElementById("left");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value || "";
  const FEW = 3;
  const decided = [];
  let fetching = null;
  let dry = false;

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
  const more = () => {
    if (fetching || dry) return fetching || Promise.resolve();
    const seen = all().map((card) => card.dataset.pk).join(",");
    fetching = fetch(`${queue.dataset.more}&seen=${seen}`, { headers: { "X-Requested-With": "fetch" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(String(answer.status)))))
      .then((html) => {
        const held = document.createElement("template");
        held.innerHTML = html;
        const cards = [...held.content.querySelectorAll(".pair")];
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
  const send = async (card, action, reason) => {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    body.set("reason", reason || "");
    const address = queue.dataset.act.replace("/0/", `/${card.dataset.pk}/`).replace(/\/x\/$/, `/${action}/`);
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const words = await answer.json().catch(() => ({}));
    return { ok: answer.ok, said: words.said || queue.dataset.broken };
  };
  const act = async (card, verdict) => {
    const button = card.querySelector(`[data-verdict="${verdict}"]`);
    if (!button) return;
    if (button.disabled) { say(button.title, true); return; }
    const reason = card.querySelector("input[name=reason]");
    if (verdict === "same" && card.dataset.reason && reason.value.trim().length < 4) {
      say(queue.dataset.needs, true);
      reason.focus();
      return;
    }
    card.dataset.decided = "1";
    count(-1);
    next();
    try {
      const answer = await send(card, verdict, reason ? reason.value : "");
      if (answer.ok) { decided.push(card); say(answer.said); return; }
      say(answer.said, true);
    } catch {
      say(queue.dataset.broken, true);
    }
    delete card.dataset.decided;
    count(1);
    show(card);
  };
  const undo = async () => {
    const card = decided.pop();
    if (!card) { say(queue.dataset.nothing, true); return; }
    try {
      const answer = await send(card, "undo", "");
      if (!answer.ok) { decided.push(card); say(answer.said, true); return; }
      delete card.dataset.decided;
      count(1);
      show(card);
      say(queue.dataset.undone);
    } catch {
      decided.push(card);
      say(queue.dataset.broken, true);
    }
  };
  const step = async (by) => {
    const cards = open();
    const at = cards.indexOf(now());
    if (by > 0 && at + FEW >= cards.length) await more();
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
      if (event.key === "Escape") typing.blur();
      return;
    }
    const card = now();
    const verdicts = card ? [...card.querySelectorAll("[data-verdict]")].map((one) => one.dataset.verdict) : [];
    if (card && /^[123]$/.test(event.key) && verdicts[Number(event.key) - 1]) { event.preventDefault(); act(card, verdicts[Number(event.key) - 1]); }
    else if (event.key === "u") { event.preventDefault(); undo(); }
    else if (event.key === "j") { event.preventDefault(); step(1); }
    else if (event.key === "k") { event.preventDefault(); step(-1); }
  });
  if (open().length <= FEW) more();
})();
