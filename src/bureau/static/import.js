// Choosing files: drag and drop onto the label, and the chosen names beneath it.
"use strict";
(() => {
  const size = (bytes) => bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
  document.querySelectorAll(".drop").forEach((box) => {
    const input = box.querySelector("input[type=file]");
    const list = box.querySelector(".drop-list");
    const show = () => {
      list.replaceChildren(...[...input.files].map((file) => {
        const line = document.createElement("span");
        line.className = "d-block";
        line.textContent = `${file.name}（${size(file.size)}）`;
        return line;
      }));
    };
    input.addEventListener("change", show);
    ["dragenter", "dragover"].forEach((name) => box.addEventListener(name, (event) => { event.preventDefault(); box.classList.add("over"); }));
    ["dragleave", "drop"].forEach((name) => box.addEventListener(name, (event) => { event.preventDefault(); box.classList.remove("over"); }));
    box.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; show(); });
  });
  document.getElementById("problems")?.focus();
})();
