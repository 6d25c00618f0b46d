// A part that was typed in says so until it is saved; leaving the page with such a part is asked about.
"use strict";
(() => {
  const unsaved = () => document.querySelector(".part .unsaved:not([hidden])");
  document.addEventListener("input", (event) => {
    const part = event.target.closest(".part");
    if (part && event.target.matches("[name=text], [name=heading]")) part.querySelector(".unsaved").hidden = false;
  });
  document.addEventListener("submit", (event) => {
    // Without htmx the part itself is what is being saved.
    if (!window.htmx && event.target.querySelector(".unsaved")) event.target.querySelector(".unsaved").hidden = true;
  });
  window.addEventListener("beforeunload", (event) => { if (unsaved()) event.preventDefault(); });
})();
