// The text of a ledger pack: numbers beside its lines, wrong ones marked; a problem jumps to its line.
"use strict";
(() => {
  const box = document.querySelector(".pack-text");
  if (!box) return;
  const text = box.querySelector("textarea"), gutter = box.querySelector(".gutter");
  const wrong = new Set((box.dataset.wrong || "").split(",").filter(Boolean).map(Number));
  const number = () => {
    const lines = text.value.split("\n").length;
    gutter.replaceChildren(...Array.from({ length: lines }, (_, at) => {
      const one = document.createElement("div");
      one.textContent = at + 1;
      if (wrong.has(at + 1)) one.className = "wrong";
      return one;
    }));
  };
  const follow = () => { gutter.scrollTop = text.scrollTop; };
  const jump = (line) => {
    const before = text.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf("\n", before);
    text.focus();
    text.setSelectionRange(before, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (line - 6) * parseFloat(getComputedStyle(text).lineHeight));
    follow();
  };
  text.addEventListener("input", number);
  text.addEventListener("scroll", follow);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (link) { event.preventDefault(); jump(Number(link.dataset.line)); }
  });
  number();
  if (wrong.size) jump(Math.min(...wrong));
})();
