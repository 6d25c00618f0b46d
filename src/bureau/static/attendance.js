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
