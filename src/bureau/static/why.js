// A figure opens its why in the side panel.
"use strict";
(() => {
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "why-body") return;
    bootstrap.Offcanvas.getOrCreateInstance(document.getElementById("why")).show();
  });
})();
