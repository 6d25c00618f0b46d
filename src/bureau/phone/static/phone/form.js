// 走访表: fields from the ledger's own form; what is typed is kept, sealed, while it is typed.
import * as outbox from "./outbox.js";
import * as tasks from "./tasks.js";
import { shrink } from "./pictures.js";
import { newId } from "./ids.js";
import { button, fill, h, link, office, say, screen, zh } from "./show.js";
import { called, t } from "./words.js";

const MOST_PHOTOS = 9;
const LONGEST_TEXT = 2000;

function field(one, value, changed) {
  const id = `f-${one.name}`;
  const on = { input: changed, change: changed };
  const common = { id, name: one.name, on };
  if (one.kind === "many" || one.kind === "flag") {
    const choices = one.kind === "flag" ? ["是", "否"] : one.choices;
    const chosen = one.kind === "flag" ? [value === true ? "是" : value === false ? "否" : ""] : value || [];
    return h("fieldset", {}, h("legend", {}, office(one.title)), choices.map((choice) => h("label", { class: "choice" },
      h("input", { type: one.kind === "flag" ? "radio" : "checkbox", name: one.name, value: choice, checked: chosen.includes(choice), on }), office(choice))), one.help ? h("p", { class: "quiet" }, office(one.help)) : null);
  }
  let made;
  if (one.kind === "choice") {
    made = h("select", common, h("option", { value: "" }, t("请选择")), one.choices.map((choice) => h("option", { value: choice, selected: choice === value }, called(choice))));
  } else if (one.kind === "long") {
    made = h("textarea", { ...common, rows: 4 });
    made.value = value === null || value === undefined ? "" : value;
  } else {
    const kinds = { integer: { inputmode: "numeric", pattern: "-?[0-9]*" }, decimal: { inputmode: "decimal" }, money: { inputmode: "decimal" }, date: { type: "date" } };
    made = h("input", { ...common, type: "text", ...(kinds[one.kind] || {}), autocomplete: "off" });
    made.value = value === null || value === undefined ? "" : value;
  }
  return h("p", {}, h("label", { for: id }, office(one.title)), made, one.help ? h("span", { class: "quiet" }, office(one.help)) : null);
}

function valueOf(one, form) {
  const inputs = [...form.elements].filter((each) => each.name === one.name);
  if (one.kind === "many") return inputs.filter((each) => each.checked).map((each) => each.value);
  if (one.kind === "flag") {
    const chosen = inputs.find((each) => each.checked);
    return chosen ? chosen.value === "是" : null;
  }
  const said = inputs.length ? inputs[0].value.trim() : "";
  if (said === "") return null;
  if (one.kind === "integer" && /^-?\d+$/.test(said)) return Number(said);
  if (one.kind === "decimal" && !Number.isNaN(Number(said))) return Number(said);
  return said; // what it should not be, the server says in a sentence
}

export async function formScreen(caseId, formName, recordId) {
  const one = tasks.find(caseId);
  const kept = recordId ? (await outbox.records()).find((each) => each.id === recordId) : null;
  const form = one && tasks.ledger(one).forms.find((each) => each.name === formName);
  if (!form || (kept && !kept.body) || (kept && kept.sent)) {
    return screen(t("这张表打不开"), h("p", {}, t("个案已移交，或记录已经上报。")), link(t("回名单"), "#/"));
  }
  const record = kept || {
    id: newId(), order: Date.now(), state: "draft", name: one.name, title: form.title,
    body: { case: one.id, form: form.name, revision: one.revision, values: {}, text: "", photos: [], position: null },
  };
  record.body.id = record.id;
  // What the case says now is offered; only what is changed here is sent, so that nobody else's words are repeated as one's own.
  const before = { ...one.fields };
  const shown = { ...before, ...record.body.values };
  let timer = 0;
  let fresh = [];
  let step = Promise.resolve();

  const collect = () => {
    const element = document.getElementById("visit");
    if (!element) return;
    record.body.values = {};
    for (const each of form.fields) {
      const value = valueOf(each, element);
      const was = before[each.name] === undefined || before[each.name] === null ? (each.kind === "many" ? [] : null) : before[each.name];
      if (JSON.stringify(value) !== JSON.stringify(was)) record.body.values[each.name] = value;
    }
    record.body.text = element.elements.text.value.trim();
  };
  const keep = () => {
    clearTimeout(timer);
    collect();
    const photos = fresh;
    fresh = [];
    step = step.then(() => outbox.save(record, photos));
    return step;
  };
  const changed = () => { clearTimeout(timer); timer = setTimeout(keep, 800); };

  const strip = h("ul", { class: "photos" });
  const showPhotos = async () => {
    await step;
    fill(strip, ...await Promise.all(record.body.photos.map(async (photo, place) => {
      const bytes = await outbox.photo(record.id, photo.sha256);
      const address = bytes ? URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })) : "";
      return h("li", {}, h("img", { src: address, alt: t("照片 {n}", { n: place + 1 }) }), button(t("删去"), async () => {
        record.body.photos = record.body.photos.filter((each) => each.sha256 !== photo.sha256);
        await keep();
        await showPhotos();
      }, "second"));
    })));
  };
  const take = async (event) => {
    for (const file of [...event.target.files]) {
      if (record.body.photos.length >= MOST_PHOTOS) { say(t("一次走访最多 9 张照片")); break; }
      try {
        const { sha256, size, bytes } = await shrink(file);
        if (record.body.photos.some((each) => each.sha256 === sha256)) continue;
        record.body.photos.push({ sha256, size });
        fresh.push({ sha256, size, bytes });
      } catch {
        say(t("“{name}”不是照片，没有加入；已填的内容还在。", { name: file.name }));
      }
    }
    event.target.value = "";
    await keep();
    await showPhotos();
  };
  const placeWords = h("span", { class: "quiet", id: "place", role: "status" }, record.body.position ? t("已记下位置") : "");
  const locate = (event) => {
    record.body.position = null;
    placeWords.textContent = "";
    if (!event.target.checked) return keep();
    placeWords.textContent = t("正在定位…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        record.body.position = { latitude: coords.latitude, longitude: coords.longitude, consent: true };
        placeWords.textContent = t("已记下位置");
        keep();
      },
      () => { placeWords.textContent = t("没有定到位置；不影响上报。"); event.target.checked = false; },
      { timeout: 20000, maximumAge: 60000 },
    );
    return null;
  };
  const trouble = h("p", { class: "notice", role: "alert", hidden: true });
  const finish = async (event) => {
    event.preventDefault();
    collect();
    const wrong = [];
    if (form.text && !record.body.text) wrong.push(t("请写明走访情况"));
    if (form.file && !record.body.photos.length) wrong.push(t("这张表要有照片"));
    if (!record.body.text && !Object.keys(record.body.values).length && !record.body.photos.length) wrong.push(t("还什么都没有填"));
    if (wrong.length) {
      trouble.textContent = wrong.join("；");
      trouble.hidden = false;
      return trouble.scrollIntoView();
    }
    record.body.at = outbox.stated(new Date());
    Object.assign(record, { state: "ready", sentence: "" });
    await keep();
    location.hash = "#/sent";
    window.dispatchEvent(new Event("online"));
    return null;
  };

  screen(office(form.title),
    h("p", { class: "quiet" }, link(t("回个案"), `#/case/${one.id}`, ""), " · ", zh(one.name)),
    form.help ? h("p", {}, office(form.help)) : null,
    record.sentence ? h("p", { class: "notice" }, zh(record.sentence)) : null,
    h("form", { id: "visit", novalidate: true, on: { submit: finish } },
      form.fields.map((each) => field(each, shown[each.name], changed)),
      h("p", {}, h("label", { for: "text" }, form.text ? t("走访情况（必填）") : t("走访情况")),
        Object.assign(h("textarea", { id: "text", name: "text", rows: 5, maxlength: LONGEST_TEXT, on: { input: changed } }), { value: record.body.text })),
      form.photos || form.file ? h("div", { class: "photo" },
        h("input", { id: "photo", type: "file", accept: "image/*", capture: "environment", multiple: true, class: "away", on: { change: take } }),
        h("label", { for: "photo", class: "button second" }, t("拍照或选照片")), strip) : null,
      form.position && navigator.geolocation ? h("p", {}, h("label", { class: "choice" },
        h("input", { id: "position", type: "checkbox", checked: Boolean(record.body.position), on: { change: locate } }),
        t("家长同意后，记下现在的位置（可不记）")), placeWords) : null,
      trouble,
      h("button", { class: "first" }, t("记完，上报"))));
  await showPhotos();
}
