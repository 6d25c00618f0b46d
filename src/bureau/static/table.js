// The table: arrow keys and Enter, rows as links, selection with Shift, finding a filter choice.
"use strict";
(() => {
  const rows = (table) => [...table.querySelectorAll("tbody > tr")];
  const go = (row, event) => {
    const address = row.dataset.address;
    if (!address) return;
    if (event.ctrlKey || event.metaKey) window.open(address, "_blank"); else window.location.assign(address);
  };
  const show = (form) => {
    const picked = [...form.querySelectorAll("input[name=ids]")].filter((box) => box.checked);
    form.querySelectorAll("tbody > tr").forEach((row) => row.classList.toggle("picked", !!row.querySelector("input[name=ids]:checked")));
    const bar = form.querySelector(".table-bulk");
    if (!bar) return;
    bar.hidden = picked.length === 0;
    const words = bar.querySelector(".table-selected");
    words.textContent = words.dataset.words.replace("{n}", picked.length);
  };
  const setUp = (root) => root.querySelectorAll("table.sheet").forEach((table) => {
    if (table.dataset.ready) return;
    table.dataset.ready = "1";
    rows(table).forEach((row, place) => { if (row.dataset.address) row.tabIndex = place === 0 ? 0 : -1; });
  });
  document.addEventListener("keydown", (event) => {
    const row = event.target.closest("table.sheet tbody > tr");
    if (!row || event.target !== row) return;
    const all = rows(row.closest("table"));
    const place = all.indexOf(row);
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next !== undefined && all[next]) {
      event.preventDefault();
      row.tabIndex = -1;
      all[next].tabIndex = 0;
      all[next].focus();
      all[next].scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") { event.preventDefault(); go(row, event); }
    else if (event.key === " " || event.key === "x") {
      const box = row.querySelector("input[name=ids]");
      if (box) { event.preventDefault(); box.click(); }
    }
  });
  let last = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest("input[name=ids]");
    if (box) {
      const boxes = [...box.form.querySelectorAll("input[name=ids]")];
      if (event.shiftKey && last && boxes.includes(last)) {
        const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
        boxes.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
      }
      last = box;
      show(box.form);
      return;
    }
    const every = event.target.closest(".pick-all");
    if (every) {
      every.form.querySelectorAll("input[name=ids]").forEach((one) => { one.checked = every.checked; });
      show(every.form);
      return;
    }
    if (event.target.closest("a, button, input, label, select, textarea")) return;
    const row = event.target.closest("table.sheet tbody > tr[data-address]");
    if (row && !String(window.getSelection())) go(row, event);
  });
  document.addEventListener("input", (event) => {
    if (!event.target.matches(".filter-find")) return;
    const text = event.target.value.trim();
    event.target.closest(".filter-menu").querySelectorAll(".choice").forEach((one) => { one.hidden = !one.textContent.includes(text); });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches(".filter-find")) event.preventDefault();
  });
  // The page's one long table takes the height that is left, so that totals and paging stay in sight.
  const fit = () => {
    const blocks = document.querySelectorAll("main > .table-block");
    if (blocks.length !== 1 || window.innerWidth < 768) return;
    const box = blocks[0].querySelector(".table-scroll");
    if (!box) return;
    if (box.getBoundingClientRect().top + window.scrollY > window.innerHeight * 0.6) {
      blocks[0].style.setProperty("--table-room", "none");
      return;
    }
    const pages = blocks[0].querySelector(".table-pages");
    const room = window.innerHeight - (box.getBoundingClientRect().top + window.scrollY) - (pages ? pages.offsetHeight : 0) - 14;
    blocks[0].style.setProperty("--table-room", `${Math.max(260, room)}px`);
  };
  fit();
  window.addEventListener("resize", fit);
  setUp(document);
  document.addEventListener("htmx:afterSwap", (event) => setUp(event.target));
})();
