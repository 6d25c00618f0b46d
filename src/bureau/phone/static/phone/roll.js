// 点名: everybody is at school unless named; one tap names a pupil, the next tap takes it back.
import * as outbox from "./outbox.js";
import * as tasks from "./tasks.js";
import { newId } from "./ids.js";
import { button, fill, h, link, office, screen, zh } from "./show.js";
import { called, day as spoken, t } from "./words.js";

const today = () => outbox.stated(new Date()).slice(0, 10);
const keyOf = (one) => `${one.school}-${one.grade}-${one.class}`;
const isOf = (record, one, day) => record.body && record.body.kind === "roll" && record.body.day === day
  && record.body.school === one.school && record.body.grade === one.grade && record.body.class === one.class;

/** What stands for a class on a day: what was written here and not yet taken, else what the server has. */
function standing(one, day, records) {
  const mine = records.filter((record) => isOf(record, one, day) && !record.whole);
  const last = mine[mine.length - 1];
  const entered = one.days.find((each) => each.day === day);
  return { mine: last, entered, named: last ? last.body.named : entered && entered.version !== null ? entered.named : null };
}

function words(named) {
  if (named === null) return t("没有点名");
  return named.length ? t("点到 {n} 人", { n: named.length }) : t("全员到校");
}

/** The cards of one's own classes for the list. */
export function rollCards(records) {
  const now = today();
  return tasks.classes().map((one) => {
    const open = one.days.filter((each) => each.day <= now);
    const missed = open.filter((each) => standing(one, each.day, records).named === null && each.day < now).length;
    const day = open.some((each) => each.day === now) ? now : "";
    const state = day ? standing(one, day, records) : null;
    return h("li", {}, h("a", { href: `#/roll/${keyOf(one)}/${day || (open[open.length - 1] || {}).day || ""}`, class: state && state.named === null ? "late" : "" },
      h("strong", {}, zh(one.title), ` · ${t("点名")}`),
      h("span", {}, state ? `${t("今天")}：${words(state.named)}` : t("今天不上学"), state && state.mine ? ` · ${t("等待上报")}` : ""),
      missed ? h("span", { class: "due" }, t("还有 {n} 天没有点名", { n: missed })) : null));
  });
}

function pupilRow(key, name, marks, choices, changed) {
  const mark = marks.get(key);
  const row = h("li", { class: mark ? "named" : "" },
    h("button", {
      type: "button", class: "pupil second", "aria-pressed": String(Boolean(mark)),
      on: { click: () => { if (mark) marks.delete(key); else marks.set(key, [Object.keys(choices.kinds)[0], "day", ""]); changed(key); } },
    }, zh(name), mark ? ` · ${called(choices.kinds[mark[0]] || mark[0])}` : ""));
  if (!mark) return row;
  const pick = (place, table, title) => h("fieldset", { class: "picks" }, h("legend", { class: "away" }, title),
    Object.entries(table).map(([code, label]) => h("label", { class: "pick" },
      h("input", { type: "radio", name: `${place}-${key}`, value: code, checked: mark[place] === code, on: { change: () => { mark[place] = code; changed(key, `${place}-${key}`, code); } } }),
      h("span", {}, office(label)))));
  const why = h("input", { type: "text", maxlength: 100, autocomplete: "off", "aria-label": t("事由（可不填）"), placeholder: t("事由（可不填）"), on: { input: (event) => { mark[2] = event.target.value.trim(); changed(); } } });
  why.value = mark[2];
  row.append(pick(0, choices.kinds, t("类别")), pick(1, choices.parts, t("时段")), why);
  return row;
}

export async function rollScreen(key, asked) {
  const one = tasks.classes().find((each) => keyOf(each) === key);
  const open = one ? one.days.filter((each) => each.day <= today()) : [];
  const at = open.findIndex((each) => each.day === asked);
  if (!one || at < 0) {
    return screen(t("这一天不能点名"), h("p", {}, t("这个班已不由您负责，或这一天不是上学日、已超过可补登的天数。")), link(t("回名单"), "#/"));
  }
  const records = await outbox.records();
  const { mine, entered, named } = standing(one, asked, records);
  const frozen = Boolean(mine && mine.sent);
  const marks = new Map((named || []).map(([pupil, ...rest]) => [pupil, rest]));
  const choices = tasks.choices();
  const record = mine && !frozen ? mine : {
    id: newId(), order: Date.now(), state: "draft", name: one.title, title: t("{day}点名", { day: spoken(asked) }),
    body: { kind: "roll", school: one.school, grade: one.grade, class: one.class, day: asked, version: entered.version, named: [], reason: "" },
  };
  record.body.id = record.id;
  const list = h("ul", { class: "roll" });
  const count = h("p", { class: "count", role: "status" });
  const show = (pupil, name, code) => {
    if (pupil || !list.childElementCount) {
      fill(list, ...one.roll.map(([each, person]) => pupilRow(each, person, marks, choices, show)));
      const back = name ? list.querySelector(`input[name="${name}"][value="${code}"]`) : list.children[one.roll.findIndex(([each]) => each === pupil)];
      if (back) (name ? back : back.querySelector("button")).focus();
    }
    count.textContent = t("应到 {n} 人，点到 {named} 人", { n: one.roll.length, named: marks.size });
  };
  const reason = h("input", { id: "why", type: "text", maxlength: 120, autocomplete: "off" });
  reason.value = record.body.reason;
  const corrects = entered.version !== null;
  const trouble = h("p", { class: "notice", role: "alert", hidden: true });
  const finish = async (event) => {
    event.preventDefault();
    if (corrects && !reason.value.trim()) {
      trouble.textContent = t("这一天已经登记过，更正请写明原因");
      trouble.hidden = false;
      return reason.focus();
    }
    Object.assign(record.body, { named: [...marks].map(([pupil, rest]) => [pupil, ...rest]), reason: reason.value.trim(), at: outbox.stated(new Date()) });
    Object.assign(record, { state: "ready", sentence: "" });
    await outbox.save(record);
    location.hash = "#/";
    window.dispatchEvent(new Event("online"));
    return null;
  };
  const step = (place, label) => (open[place] ? link(label, `#/roll/${key}/${open[place].day}`, "") : null);
  screen(t("{name}点名", { name: one.title }),
    h("p", { class: "quiet" }, link(t("回名单"), "#/", ""), " · ", step(at - 1, t("前一天")), " ", h("strong", {}, spoken(asked)), " ", step(at + 1, t("后一天"))),
    corrects ? h("p", { class: "quiet" }, t("{who}已登记：{words}", { who: entered.by, words: words(entered.named) })) : null,
    mine && mine.sentence ? h("p", { class: "notice" }, zh(mine.sentence)) : null,
    frozen ? h("p", { class: "notice" }, t("这次点名已经发出，等服务器答复后才能再改。")) : null,
    h("form", { on: { submit: finish } },
      h("p", {}, t("全班都按到校算；缺勤、迟到、早退的，点一下姓名。")),
      list,
      corrects ? h("p", {}, h("label", { for: "why" }, t("更正原因")), reason) : null,
      count, trouble,
      h("button", { class: "first", disabled: frozen || !one.roll.length }, t("登记点名"))),
    mine && !frozen ? button(t("不要这次修改"), async () => { await outbox.remove(mine.id); location.hash = "#/"; }, "second") : null);
  show();
}
