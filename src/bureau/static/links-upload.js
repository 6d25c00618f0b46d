// Uploading a register: the places of the chosen coverage, and the last day of the term for what holds by term.
"use strict";
(() => {
  const form = document.getElementById("upload");
  if (!form) return;
  const day = form.elements.day;
  const until = form.elements.until;
  const chosen = (name) => form.querySelector(`input[name=${name}]:checked`)?.value || "";
  const pad = (n) => String(n).padStart(2, "0");
  // Terms run from September to February and from March to August.
  const lastDay = (text) => {
    const [year, month] = text.split("-").map(Number);
    if (!year || !month) return "";
    if (month >= 3 && month <= 8) return `${year}-08-31`;
    const end = new Date(Date.UTC(month >= 9 ? year + 1 : year, 2, 0));
    return `${end.getUTCFullYear()}-02-${pad(end.getUTCDate())}`;
  };
  let filled = "";
  const update = () => {
    form.querySelectorAll(".places").forEach((box) => { box.hidden = box.dataset.of !== chosen("coverage"); });
    if (chosen("source") === "hardship") {
      if (!until.value || until.value === filled) until.value = filled = lastDay(day.value);
    } else if (filled && until.value === filled) {
      until.value = filled = "";
    }
    until.required = chosen("source") === "hardship";
  };
  form.addEventListener("change", update);
  update();
})();
