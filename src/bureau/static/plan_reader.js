// The plan reader: text and items scroll to each other; every decision is saved at once; the keyboard does it all.
// Offsets count code points of the text as stored: a paragraph's data-s plus the code points before the selection.
"use strict";
(() => {
  const reader = document.getElementById("reader");
  const text = document.getElementById("plan-text");
  const rows = document.getElementById("rows");
  const editable = reader.dataset.edit === "1";
  const address = (name, pk, action) => {
    let found = reader.dataset[name];
    if (pk !== undefined) found = found.replace("/0/", `/${pk}/`);
    return action ? found.replace("/x/", `/${action}/`) : found;
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let now = null;

  // --- where things are ------------------------------------------------------------------------------------------
  const points = (words) => [...words].length;
  const partAt = (offset) => [...text.querySelectorAll(".part")].find((part) => offset < Number(part.dataset.end) || !part.nextElementSibling);
  const loaded = async (offset) => {
    const part = partAt(offset);
    if (part && part.classList.contains("part-waiting")) {
      await htmx.ajax("GET", reader.dataset.part.replace(/\/0\/$/, `/${part.dataset.part}/`), { target: part, swap: "outerHTML" });
    }
  };
  const centre = (box, element) => {
    const inner = element.getBoundingClientRect(), outer = box.getBoundingClientRect();
    if (inner.top >= outer.top + 24 && inner.bottom <= outer.bottom - 24) return;
    box.scrollTo({ top: box.scrollTop + inner.top - outer.top - outer.height / 3, behavior: calm ? "auto" : "smooth" });
  };
  const paragraphAt = (offset) => [...text.querySelectorAll("p[data-s]")].filter((one) => Number(one.dataset.s) <= offset).at(-1);
  const goto = async (offset, pk) => {
    await loaded(offset);
    text.querySelectorAll("mark.is-now").forEach((one) => one.classList.remove("is-now"));
    const marks = pk ? [...text.querySelectorAll("mark")].filter((one) => one.dataset.i.split(" ").includes(String(pk))) : [];
    marks.forEach((one) => one.classList.add("is-now"));
    const place = marks[0] || paragraphAt(offset);
    if (place) centre(text, place);
  };
  const selection = () => {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    const offset = (node, at) => {
      const inside = node.nodeType === 1 ? node : node.parentElement;
      const paragraph = inside.closest("#plan-text p[data-s]");
      if (!paragraph) return null;
      const before = document.createRange();
      before.setStart(paragraph, 0);
      before.setEnd(node, at);
      return Number(paragraph.dataset.s) + points(before.toString());
    };
    const start = offset(range.startContainer, range.startOffset);
    let end = offset(range.endContainer, range.endOffset);
    // A triple click ends at the beginning of the next paragraph.
    if (end !== null && range.endOffset === 0 && start !== null) end = Math.min(end, start + points(chosen.toString().trimEnd()));
    if (start === null || end === null || end <= start) return null;
    return { start, end, words: chosen.toString() };
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-goto]");
    if (link) { event.preventDefault(); goto(Number(link.dataset.goto)); }
  });
  if (reader.dataset.at) goto(Number(reader.dataset.at));
  const headingForm = document.querySelector("[data-from-selection]");
  if (headingForm) {
    document.addEventListener("selectionchange", () => {
      const chosen = selection();
      if (!chosen) return;
      headingForm.elements.start.value = chosen.start;
      headingForm.elements.end.value = chosen.end;
      headingForm.querySelector("[data-selected]").textContent = `“${chosen.words.slice(0, 60)}”`;
    });
  }
  document.querySelectorAll("[data-only-this]").forEach((button) => button.addEventListener("click", () => {
    button.form.querySelectorAll("input[name=key]:checked").forEach((box) => { box.checked = false; });
  }));
  if (!rows) return;

  // --- the row that is looked at ---------------------------------------------------------------------------------
  const box = document.getElementById("rows-scroll");
  const all = () => [...rows.querySelectorAll("li[data-s]")];
  const doubtful = () => all().filter((row) => row.classList.contains("is-doubtful"));
  const key = (row) => row.id.slice(1);
  const point = (row) => {
    rows.querySelectorAll("li.now").forEach((one) => { one.classList.remove("now"); one.removeAttribute("aria-current"); });
    row.classList.add("now");
    row.setAttribute("aria-current", "true");
    now = row.id;
  };
  const look = (row, focus = true) => {
    if (!row) return;
    point(row);
    if (focus) row.focus({ preventScroll: true });
    centre(box, row);
    goto(Number(row.dataset.s), key(row));
  };
  const at = () => now && document.getElementById(now);
  const step = (list, by) => {
    if (!list.length) { say(reader.dataset.last); return; }
    const every = all();
    const place = at() ? every.indexOf(at()) : -1;
    const next = by > 0 ? list.find((row) => every.indexOf(row) > place) || list[0] : list.filter((row) => every.indexOf(row) < place).at(-1) || list.at(-1);
    look(next);
  };
  const said = document.getElementById("reader-said");
  const say = (sentence) => { said.textContent = sentence; };
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("li[data-s]");
    if (!row) return;
    const button = event.target.closest("[data-do]");
    if (button) { look(row, false); act(row, button.dataset.do); return; }
    if (!event.target.closest("form, a, button")) look(row);
  });
  text.addEventListener("click", async (event) => {
    const mark = event.target.closest("mark");
    if (!mark || (getSelection() && !getSelection().isCollapsed)) return;
    const row = mark.dataset.i.split(" ").map((pk) => document.getElementById(`i${pk}`)).find(Boolean);
    if (row) look(row, false);
  });

  // --- decisions -------------------------------------------------------------------------------------------------
  let busy = Promise.resolve();
  const post = (where, values = {}) => {
    busy = busy.then(() => htmx.ajax("POST", where, { source: reader, target: "#reader-said", swap: "innerHTML", values }));
    // The row has been drawn anew.
    busy = busy.then(() => { if (at()) point(at()); });
    return busy;
  };
  const act = async (row, what) => {
    if (!editable || !row) return;
    if (what === "edit") {
      await htmx.ajax("GET", address("form", key(row)), { target: `#form${key(row)}`, swap: "innerHTML" });
      focusForm(document.getElementById(`form${key(row)}`));
      return;
    }
    if (what === "add") { openAdd({ start: Number(row.dataset.s), end: Number(row.dataset.e), words: row.querySelector(".row-words").textContent }); return; }
    await post(address("item", key(row), what));
  };
  const decideAndGo = async (what) => {
    const row = at();
    if (!row) { step(doubtful(), 1); return; }
    const every = all();
    const rest = doubtful().filter((one) => one !== row);
    const next = rest.find((one) => every.indexOf(one) > every.indexOf(row)) || rest[0];
    await act(row, what);
    // Refused: the row stays as it was, and so does the place.
    const same = document.getElementById(row.id);
    if (same === row && row.classList.contains("is-doubtful")) return;
    const after = (next && document.getElementById(next.id)) || same;
    look(after);
    if (!doubtful().length) say(reader.dataset.last);
  };
  const focusForm = (holder) => holder && holder.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) post(address("items", undefined, button.dataset.act), button.dataset.kind ? { kind: button.dataset.kind } : {});
    if (event.target.closest("[data-cancel]")) closeForm(event.target.closest("form"));
  });
  const closeForm = (form) => {
    const row = form.closest("li[data-s]");
    form.remove();
    (row || box).focus();
  };
  document.body.addEventListener("htmx:afterRequest", (event) => {
    // A form that was saved is gone with its row; htmx then speaks through an element above it.
    const form = event.detail.requestConfig?.elt;
    if (!form?.matches?.("form.item-form") || !event.detail.successful) return;
    document.getElementById("new-item").replaceChildren();
    setTimeout(() => look(document.getElementById(`i${form.dataset.row}`) || rows.querySelector("li[data-s]")), 30);
  });

  // --- adding from the text --------------------------------------------------------------------------------------
  const dialog = document.getElementById("add");
  let adding = null;
  const openAdd = (chosen) => {
    if (!chosen) { say(reader.dataset.select); return; }
    adding = chosen;
    document.getElementById("add-text").textContent = chosen.words.slice(0, 200);
    dialog.showModal();
  };
  const add = async (kind) => {
    dialog.close();
    const query = new URLSearchParams({ item_kind: kind, start: adding.start, end: adding.end });
    await htmx.ajax("GET", `${reader.dataset.new}?${query}`, { target: "#new-item", swap: "innerHTML" });
    focusForm(document.getElementById("new-item"));
  };
  dialog?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add]");
    if (button) add(button.dataset.add);
  });
  dialog?.addEventListener("keydown", (event) => {
    const button = dialog.querySelectorAll("[data-add]")[Number(event.key) - 1];
    if (button) { event.preventDefault(); add(button.dataset.add); }
  });

  // --- keys ------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const field = event.target.closest("input, select, textarea, [contenteditable]");
    if (field) {
      if (event.key === "Escape" && field.form?.matches(".item-form")) { event.preventDefault(); closeForm(field.form); }
      return;
    }
    if (document.querySelector("dialog[open], .offcanvas.show, .dropdown-menu.show")) return;
    const button = event.target.closest("button, a");
    const does = {
      j: () => step(doubtful(), 1),
      k: () => step(doubtful(), -1),
      ArrowDown: () => step(all(), 1),
      ArrowUp: () => step(all(), -1),
      Enter: () => decideAndGo("confirm"),
      e: () => act(at(), "edit"),
      x: () => decideAndGo("reject"),
      a: () => openAdd(selection()),
      u: () => post(address("items", undefined, "undo")),
      "?": () => document.getElementById("keys").showModal(),
    };
    if (!does[event.key]) return;
    if (event.key.startsWith("Arrow") && event.target.closest("#plan-text")) return;
    if (event.key === "Enter" && button) return;
    if (!editable && !["j", "k", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    does[event.key]();
  });
})();
