// A clause's form: only what belongs to the chosen way of writing an amount is shown, and the condition is said in words.
// Without this script every field is simply there.
"use strict";
(() => {
  const form = document.querySelector(".clause-form");
  if (!form) return;
  const way = form.querySelector("[data-form]");
  const per = form.querySelector("[data-per]");
  const chosen = form.querySelector("[data-document]");
  const words = document.getElementById("when-words");
  const show = (node, on) => { node.hidden = !on; };
  const update = () => {
    form.querySelectorAll("[data-when-form]").forEach((node) => show(node, node.dataset.whenForm.split(" ").includes(way.value)));
    form.querySelectorAll("[data-when-per]").forEach((node) => show(node, node.dataset.whenPer.split(" ").includes(per.value)));
    const stages = new Set([...form.querySelectorAll("[data-stage]:checked")].map((one) => one.value));
    form.querySelectorAll("[data-of-stage]").forEach((node) => show(node, stages.has(node.dataset.ofStage)));
    form.querySelectorAll("[data-typed-document]").forEach((node) => show(node, chosen.value === ""));
    const parts = [];
    for (const group of form.querySelectorAll(".condition")) {
      const names = [...group.querySelectorAll("input:checked")].map((one) => one.value);
      if (!names.length) continue;
      const listed = names.join(words.dataset.any);
      parts.push(group.querySelector("select").value === "none" ? `${words.dataset.none}${listed}` : listed);
    }
    words.textContent = parts.length ? parts.join(words.dataset.and) : words.dataset.nobody;
  };
  form.addEventListener("change", update);
  update();
})();
