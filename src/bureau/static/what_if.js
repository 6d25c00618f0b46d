// What-if: cells are edited or schools merged in the page; the server judges the changed facts and saves nothing.
// The whole state is a list of changes, kept in the address: {key, column, value} or {closed, into}.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("wi-data").textContent);
  const at = (id) => document.getElementById(id);
  const words = at("wi-changes").dataset;
  const rows = new Map(data.rows.map((row) => [row.key, row]));
  const SIGNS = { "达标": ["met", "✓"], "未达标": ["not-met", "✗"], "未报": ["blank", "○"], "不适用": ["none", "–"] };
  const base = { schools: data.schools };
  let changes = [], now = data, asked = 0, timer = 0;

  const tidy = (value, digits = 2) => value === null || value === undefined ? words.blank : Number(value).toLocaleString("zh-CN", { maximumFractionDigits: digits });
  const element = (name, text, kind) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };
  const said = (word) => data.words[word] || word;
  const bracketed = (row) => data.brackets.replace("{n}", row ? said(row.stage) : "");
  const badge = (word) => {
    const [kind, sign] = SIGNS[word] || ["none", "·"];
    const made = element("span", undefined, `verdict ${kind}`);
    const mark = element("span", sign, "sign");
    mark.setAttribute("aria-hidden", "true");
    made.append(mark, said(word));
    return made;
  };
  const original = (row, column) => column === "students" ? row.students : row.amounts[column];
  const edited = (key, column) => changes.filter((one) => one.key === key && one.column === column).at(-1);
  const found = (key) => (now.schools && now.schools[key]) || base.schools[key];
  const titleOf = (column) => column === "students" ? words.students : (data.columns.find((one) => one.name === column) || {}).title || column;

  const drawHead = () => {
    const line = element("tr");
    const head = (text, kind) => { const cell = element("th", text, kind); cell.scope = "col"; line.append(cell); };
    head(words.school); head(words.stage); head(words.students, "number");
    data.columns.forEach((one) => head(`${one.title}${data.brackets.replace("{n}", one.unit)}`, "number"));
    head(words.verdict);
    at("wi-table").tHead.replaceChildren(line);
  };
  const input = (row, column) => {
    const cell = element("td", undefined, "number");
    const box = element("input", undefined, "cell");
    box.inputMode = "decimal";
    box.dataset.key = row.key;
    box.dataset.column = column;
    box.setAttribute("aria-label", `${row.school} ${said(row.stage)} ${titleOf(column)}`);
    cell.append(box);
    return cell;
  };
  const drawRows = () => {
    const part = document.createDocumentFragment();
    data.rows.forEach((row) => {
      const line = element("tr");
      line.dataset.key = row.key;
      const name = element("td");
      if (row.address) { const link = element("a", row.school); link.href = row.address; name.append(link); } else name.textContent = row.school;
      line.append(name, element("td", said(row.stage)), input(row, "students"));
      data.columns.forEach((one) => line.append(input(row, one.name)));
      line.append(element("td"));
      row.line = line;
      part.append(line);
    });
    at("wi-table").tBodies[0].replaceChildren(part);
  };
  const fillRow = (row) => {
    const own = found(row.key), gone = changes.some((one) => one.closed === row.key);
    row.line.classList.toggle("closed", gone);
    row.line.querySelectorAll("input").forEach((box) => {
      const change = edited(row.key, box.dataset.column);
      const value = change ? change.value : original(row, box.dataset.column);
      if (document.activeElement !== box) box.value = value === null || value === undefined ? "" : value;
      box.placeholder = words.blank;
      box.disabled = gone;
      box.parentElement.classList.toggle("edited", !!change);
      const column = data.columns.find((one) => one.name === box.dataset.column);
      if (column) {
        const cell = own && own.scope && !gone ? own.cells[column.code] : null;
        const kind = cell ? cell[1] : "";
        box.parentElement.style.boxShadow = kind === "未达标" ? "inset 3px 0 0 #a8201a" : "";
        box.title = cell && cell[0] !== null ? `${tidy(cell[0])} ${said(kind)}${cell[2] ? data.short.replace("{n}", tidy(cell[2])).replace("{unit}", column.unit) : ""}` : said(kind);
      }
    });
    const last = row.line.lastElementChild;
    const verdict = gone ? "" : own ? own.verdict : row.verdict;
    row.now = verdict;
    last.replaceChildren();
    if (verdict) {
      const before = base.schools[row.key].verdict;
      if (before !== verdict) last.append(badge(before), " → ");
      last.append(badge(verdict));
      if (own && !own.scope) last.title = own.reason;
    }
  };
  const delta = (value, before, digits, good) => {
    const change = value - before;
    if (Math.abs(change) < 0.5 * 10 ** -digits) return null;
    const better = good === "up" ? change > 0 : change < 0;
    return element("span", ` ${change > 0 ? "+" : "−"}${tidy(Math.abs(change), digits)}`, `delta ${better ? "better" : "worse"}`);
  };
  const number = (value, before, digits, good) => {
    const cell = element("td", tidy(value, digits), "number");
    if (value !== null && before !== null && before !== undefined) { const more = delta(value, before, digits, good); if (more) cell.append(more); }
    return cell;
  };
  const drawSide = () => {
    at("wi-counts").tBodies[0].replaceChildren(...Object.entries(now.counts).map(([stage, count]) => {
      const line = element("tr"), was = now.countsBefore[stage] || {};
      line.append(element("th", said(stage)), number(count["达标"], was["达标"], 0, "up"), number(count["未达标"], was["未达标"], 0, "down"), number(count["未报"], was["未报"], 0, "down"));
      return line;
    }));
    const codes = [...new Set(now.coefficients.map((one) => one.code))];
    at("wi-cv").tBodies[0].replaceChildren(...codes.map((code) => {
      const line = element("tr"), own = now.coefficients.filter((one) => one.code === code);
      line.append(element("td", own[0].title));
      ["小学", "初中"].forEach((stage) => {
        const one = own.find((row) => row.stage === stage);
        if (!one) { line.append(element("td", "–", "number")); return; }
        const cell = number(one.cv, one.before, 3, "down");
        if (one.limit !== null) { const [kind, sign] = SIGNS[one.verdict] || ["none", ""]; const mark = element("span", ` ${sign}`, kind === "not-met" ? "gap-bad" : "gap-good"); mark.title = data.limit.replace("{n}", one.limit).replace("{verdict}", said(one.verdict)); cell.append(mark); }
        line.append(cell);
      });
      return line;
    }));
    at("wi-gaps").tBodies[0].replaceChildren(...Object.entries(now.gaps).map(([code, [schools, gap, unit, title]]) => {
      const line = element("tr"), was = now.gapsBefore[code] || [0, 0];
      const total = number(gap, was[1], 1, "down");
      total.append(` ${unit}`);
      line.append(element("td", title), number(schools, was[0], 0, "down"), total);
      return line;
    }));
    const list = at("wi-changes");
    list.replaceChildren(...changes.map((one, place) => {
      const line = element("li", undefined, "d-flex justify-content-between gap-2 mb-1");
      const row = rows.get(one.key || one.closed), into = rows.get(one.into);
      const text = one.closed ? `${row ? row.school : one.closed}${bracketed(row)}${words.merge} ${into ? into.school : one.into}` : `${row ? row.school : one.key}${bracketed(row)}${titleOf(one.column)}${data.colon}${tidy(row ? original(row, one.column) : null)} → ${tidy(one.value)}`;
      const button = element("button", words.undo, "btn btn-sm btn-outline-secondary text-nowrap");
      button.addEventListener("click", () => { changes.splice(place, 1); compute(); });
      line.append(element("span", text), button);
      return line;
    }));
    if (!changes.length) list.append(element("li", words.empty, "text-secondary"));
    at("wi-undo").disabled = at("wi-reset").disabled = !changes.length;
  };
  const filter = () => {
    const text = at("wi-find").value.trim(), stage = at("wi-stage").value, town = at("wi-town").value, verdict = at("wi-verdict").value;
    let count = 0;
    data.rows.forEach((row) => {
      const show = (!text || row.school.includes(text)) && (!stage || row.stage === stage) && (!town || row.town === town) && (!verdict || row.now === verdict);
      row.line.hidden = !show;
      count += show;
    });
    at("wi-count").textContent = at("wi-count").dataset.words.replace("{n}", count.toLocaleString());
  };
  const draw = () => { data.rows.forEach(fillRow); drawSide(); filter(); };
  const keep = () => {
    const address = new URL(window.location.href);
    if (changes.length) address.searchParams.set("changes", JSON.stringify(changes)); else address.searchParams.delete("changes");
    window.history.replaceState(null, "", address);
  };
  const compute = async () => {
    keep();
    const mine = ++asked, started = performance.now();
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];
    const latest = new Map();
    changes.filter((one) => one.column).forEach((one) => latest.set(`${one.key}/${one.column}`, one));
    const body = { edits: [...latest.values()], merges: changes.filter((one) => one.closed) };
    let answer, problem = "";
    try {
      const response = await fetch(data.address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
      answer = await response.json();
      problem = answer.problem || "";
    } catch { problem = words.offline; }
    if (mine !== asked) return;
    at("wi-problem").hidden = !problem;
    at("wi-problem").textContent = problem;
    if (problem) { drawSide(); return; }
    now = answer;
    draw();
    at("wi-time").textContent = at("wi-time").dataset.words.replace("{n}", Math.round(performance.now() - started));
  };
  const edit = (box) => {
    const row = rows.get(box.dataset.key), column = box.dataset.column, text = box.value.trim().replace(/[,，]/g, "");
    const value = text === "" ? null : Number(text);
    if (value !== null && !Number.isFinite(value)) { at("wi-problem").hidden = false; at("wi-problem").textContent = words.notNumber.replace("{text}", box.value); return; }
    const change = edited(row.key, column);
    const current = change ? change.value : original(row, column) ?? null;
    if (value === current) return;
    if (change && change === changes.at(-1)) change.value = value; else changes.push({ key: row.key, column, value });
    if (value === (original(row, column) ?? null)) changes = changes.filter((one) => !(one.key === row.key && one.column === column));
    compute();
  };
  const options = (select, list) => select.replaceChildren(...list.map((row) => { const one = element("option", `${row.school}${bracketed(row)}`); one.value = row.key; return one; }));

  drawHead();
  drawRows();
  options(at("wi-closed"), data.rows);
  const chooseInto = () => { const row = rows.get(at("wi-closed").value); options(at("wi-into"), data.rows.filter((one) => row && one.stage === row.stage && one.key !== row.key)); };
  chooseInto();
  at("wi-closed").addEventListener("change", chooseInto);
  at("wi-merge").addEventListener("click", () => { if (at("wi-closed").value && at("wi-into").value) { changes.push({ closed: at("wi-closed").value, into: at("wi-into").value }); compute(); } });
  at("wi-undo").addEventListener("click", () => { changes.pop(); compute(); });
  at("wi-reset").addEventListener("click", () => { changes = []; compute(); });
  at("wi-share").addEventListener("click", async (event) => {
    const button = event.currentTarget, text = button.textContent;
    try { await navigator.clipboard.writeText(window.location.href); } catch { const box = element("input"); box.value = window.location.href; document.body.append(box); box.select(); document.execCommand("copy"); box.remove(); }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = text; }, 2000);
  });
  ["wi-find", "wi-stage", "wi-town", "wi-verdict"].forEach((id) => at(id).addEventListener("input", filter));
  at("wi-table").addEventListener("input", (event) => { if (event.target.matches("input.cell")) { clearTimeout(timer); timer = setTimeout(() => edit(event.target), 250); } });
  at("wi-table").addEventListener("change", (event) => { if (event.target.matches("input.cell")) { clearTimeout(timer); edit(event.target); } });
  at("wi-table").addEventListener("keydown", (event) => {
    if (!event.target.matches("input.cell") || !["Enter", "ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    const column = [...at("wi-table").querySelectorAll(`input[data-column="${event.target.dataset.column}"]`)].filter((box) => box.offsetParent);
    column[column.indexOf(event.target) + (event.key === "ArrowUp" ? -1 : 1)]?.focus();
  });
  try { changes = JSON.parse(new URL(window.location.href).searchParams.get("changes") || "[]"); } catch { changes = []; }
  draw();
  if (changes.length) compute();
})();
