// Visits: one box picks a whole village.
"use strict";
document.addEventListener("change", (event) => {
  if (!event.target.matches(".pick-village")) return;
  event.target.closest("tbody").querySelectorAll("input[name=ids]").forEach((box) => { box.checked = event.target.checked; });
});
