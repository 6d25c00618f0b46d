// The roll: digits mark, arrows move from pupil to pupil, the bar counts, Ctrl+Enter saves.
"use strict";
(() => {
  const form = document.getElementById("roll");
  if (!form) return;
  const pupils = [...form.querySelectorAll(".pupil")];
  const output = document.getElementById("count");
  const mark = (pupil) => pupil.querySelector(".marks input:checked")?.value ?? "";
  const show = () => {
    let away = 0, late = 0;
    for (const pupil of pupils) {
      const kind = mark(pupil);
      pupil.classList.toggle("away", kind !== "");
      if (kind === "late" || kind === "early") late += 1; else if (kind && kind !== "official") away += 1;
    }
    if (output) output.textContent = form.dataset.words.replace("{roll}", pupils.length).replace("{away}", away).replace("{late}", late);
  };
  form.addEventListener("change", show);
  // On a narrow screen a pupil is one line until it is touched.
  form.classList.add("quick");
  const open = (pupil) => {
    for (const one of pupils) one.classList.toggle("open", one === pupil);
  };
  form.addEventListener("click", (event) => {
    const pupil = event.target.closest(".pupil");
    if (pupil && !pupil.disabled && !event.target.closest(".more")) open(pupil);
  });
  form.addEventListener("focusin", (event) => {
    const pupil = event.target.closest(".pupil");
    if (pupil) open(pupil);
  });
  const find = document.getElementById("find");
  const found = () => pupils.filter((pupil) => !pupil.hidden);
  find?.addEventListener("input", () => {
    const wanted = find.value.trim().toLowerCase();
    for (const pupil of pupils) pupil.hidden = wanted !== "" && !pupil.dataset.find.toLowerCase().includes(wanted);
    open(wanted && found().length === 1 ? found()[0] : null);
  });
  find?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const pupil = found()[0];
    if (!pupil) return;
    find.value = "";
    find.dispatchEvent(new Event("input"));
    pupil.querySelector(".marks input:checked")?.focus();
    pupil.scrollIntoView({ block: "center" });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); return; }
    const pupil = event.target.closest(".pupil");
    if (!pupil || event.target.type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = pupils.indexOf(pupil);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      pupils[next]?.querySelector(".marks input:checked")?.focus();
    } else if (/^[0-6]$/.test(event.key)) {
      event.preventDefault();
      const wanted = pupil.querySelector(`.marks input[data-key="${event.key}"]`);
      wanted.checked = true;
      wanted.focus();
      wanted.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  show();
})();
