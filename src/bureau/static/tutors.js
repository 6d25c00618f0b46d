// The pairing of a school: one list of teachers for all children, given to a field when it is about to be used. Sent with each of 400 rows it would be the page.
"use strict";
(() => {
  const list = document.getElementById("tutor-choices");
  if (!list) return;
  const fill = (event) => {
    const field = event.target.closest("select.tutor");
    if (!field || field.dataset.filled) return;
    const chosen = field.value;
    field.replaceChildren(list.content.cloneNode(true));
    field.value = chosen;
    field.dataset.filled = "1";
  };
  for (const kind of ["focusin", "pointerdown"]) document.addEventListener(kind, fill);
})();
