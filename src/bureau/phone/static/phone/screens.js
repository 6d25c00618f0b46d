// 名单、个案、上报、更多.
import * as outbox from "./outbox.js";
import * as tasks from "./tasks.js";
import * as vault from "./vault.js";
import { rollCards } from "./roll.js";
import { canRead, readCard } from "./pictures.js";
import { button, fill, h, link, office, say, screen, zh } from "./show.js";
import { called, day, speak, speaks, t } from "./words.js";

const today = () => outbox.stated(new Date()).slice(0, 10);
// Sixteen signs, perhaps in fours.
const HOUSEHOLD = /^([0-9A-Z]{4}[ -]?){3}[0-9A-Z]{4}$/i;
const overdue = (one) => one.due && one.due < today();

function dueWords(one) {
  if (!one.due) return t("没有期限");
  if (one.due < today()) return t("已过期：{day}", { day: day(one.due) });
  return one.due === today() ? t("今天到期") : t("{day}前", { day: day(one.due) });
}

function row(one, waiting) {
  return h("li", {}, h("a", { href: `#/case/${one.id}`, class: overdue(one) ? "late" : "" },
    h("strong", {}, zh(one.name + (one.item ? ` · ${one.item}` : ""))),
    h("span", {}, zh([one.school, one.class].filter(Boolean).join(" "))),
    h("span", {}, office(tasks.ledger(one) ? tasks.ledger(one).title : ""), " · ", office(one.state)),
    h("span", { class: "due" }, overdue(one) ? "✗ " : "", dueWords(one), waiting ? ` · ${t("有未上报的记录")}` : "")));
}

/** A card's case; those of a household to choose from; for a child of somebody else's the site says who may see it. */
export function openCard(code) {
  const found = code ? tasks.byCard(code) : [];
  if (found.length) location.hash = found.length > 1 ? `#/card/${code}` : `#/case/${found[0].id}`;
  else if (HOUSEHOLD.test(code) && navigator.onLine) location.assign(`/card/${encodeURIComponent(code)}/`);
  else say(t("这张卡不在您的任务里，不能打开。"));
}

export function cardScreen(code) {
  screen(t("这张卡上的个案"), h("ul", { class: "cases" }, tasks.byCard(code).map((one) => row(one, false))), link(t("回名单"), "#/"));
}

function finder(changed) {
  const open = (said) => {
    openCard(said.trim().split("/").filter(Boolean).pop() || "");
  };
  const scan = h("input", {
    type: "file", accept: "image/*", capture: "environment", id: "scan", class: "away",
    on: {
      change: async (event) => {
        try {
          open(await readCard(event.target.files[0]));
        } catch {
          say(t("没有认出二维码，请输入卡上的编号"));
        }
      },
    },
  });
  return h("form", { class: "find", role: "search", on: { submit: (event) => { event.preventDefault(); open(event.target.find.value); } } },
    h("label", { for: "find" }, t("找姓名、村，或输入卡上的编号")),
    h("div", { class: "line" },
      h("input", { id: "find", type: "search", autocomplete: "off", on: { input: (event) => changed(event.target.value.trim()) } }),
      h("button", {}, t("打开卡号"))),
    canRead() ? [scan, h("label", { for: "scan", class: "button second" }, t("扫二维码"))] : null);
}

export async function listScreen(refresh) {
  const document_ = tasks.all();
  const records = await outbox.records();
  const waiting = new Set(records.filter((one) => one.body && one.body.case && !one.whole).map((one) => one.body.case));
  const rolls = rollCards(records);
  const place = h("div", { id: "list" });
  const list = (words) => {
    const shown = document_.cases.filter((one) => !words || [one.name, one.village, one.school, one.item].join(" ").includes(words));
    const villages = group(shown);
    fill(place, ...[...villages].map(([village, cases]) => h("section", {},
      h("h2", {}, zh(village || t("没有写明村")), ` (${cases.length})`),
      h("ul", { class: "cases" }, cases.map((one) => row(one, waiting.has(one.id)))))));
    if (!shown.length) {
      fill(place, h("p", { class: "empty" }, document_.cases.length
        ? t("没有找到。输入卡号请按“打开卡号”。")
        : t("现在没有分给您的个案。分派以后，联网打开本页就会出现。")));
    }
  };
  const late = document_.cases.filter(overdue).length;
  screen(
    t("我的走访"),
    h("p", { class: "quiet" }, t("{n} 个个案，{late} 个已过期；数据到 {now}", { n: document_.cases.length, late, now: day(document_.now) || "–" })),
    document_.left_out ? h("p", { class: "notice" }, t("还有 {n} 个个案没有带到手机上，请在电脑上办理。", { n: document_.left_out })) : null,
    rolls.length ? h("ul", { class: "cases" }, rolls) : null,
    waiting.size ? link(t("有 {n} 个个案的记录没有上报", { n: waiting.size }), "#/sent", "button second") : null,
    document_.cases.length ? finder(list) : null,
    place,
    button(t("刷新"), async () => { await refresh(); await listScreen(refresh); }, "second"),
  );
  list("");
}

function group(rows) {
  const found = new Map();
  for (const one of rows) found.set(one.village || "", [...(found.get(one.village || "") || []), one]);
  return found;
}

const facts = (pairs) => h("dl", {}, pairs.map(([title, words]) => h("div", {}, h("dt", {}, office(title)), h("dd", {}, words))));

export async function caseScreen(id) {
  const one = tasks.find(id);
  if (!one) {
    return screen(t("这个个案不在手机上"), h("p", {}, t("它已移交或办结，已从手机上移除。写好未上报的记录仍会上报，由上级处理。")), link(t("回名单"), "#/"));
  }
  const contact = Object.entries(one.contact).map(([title, words]) =>
    [title, title === "电话" ? h("a", { href: `tel:${words}` }, words) : zh(words)]);
  const drafts = (await outbox.records()).filter((each) => each.body && each.body.case === id && each.state === "draft");
  screen(
    one.name,
    h("p", { class: "quiet" }, link(t("回名单"), "#/", ""), " · ", office(tasks.ledger(one).title), " · ", office(one.state)),
    h("p", { class: overdue(one) ? "late due" : "due" }, overdue(one) ? "✗ " : "", dueWords(one)),
    one.red ? h("p", { class: "notice" }, zh(one.red)) : null,
    drafts.map((each) => link(t("继续填写：{title}", { title: called(each.title) }), `#/fill/${id}/${each.body.form}/${each.id}`)),
    tasks.ledger(one).forms.map((form) => [
      link(office(form.title), `#/fill/${id}/${form.name}`, "button first"),
      form.states.length && !form.states.includes(one.state)
        ? h("p", { class: "quiet" }, t("这张表用于：{states}；现在填的会转上级处理。", { states: form.states.map(called).join(called("、")) })) : null,
    ]),
    h("h2", {}, t("见面要用的")),
    facts([[t("学校"), zh([one.school, one.class].filter(Boolean).join(" "))], ...contact]),
    Object.keys(one.why).length
      ? [h("h2", {}, t("为什么在台账里")), facts(Object.entries(one.why).map(([title, words]) => [title, zh(words)]))] : null,
  );
}

const STATES = {
  draft: "没有填完", ready: "等待上报", accepted: "已收到", waiting: "已收到，等照片", conflict: "已收到；有不一致处待商定", held: "已收到，转上级处理",
  settled: "不一致处已商定", released: "上级已采用", declined: "上级未采用", refused: "没有收，请改正",
};

const addressOf = (body, id) => (body.kind === "roll" ? `#/roll/${body.school}-${body.grade}-${body.class}/${body.day}` : `#/fill/${body.case}/${body.form}/${id}`);

export async function sentScreen(refresh) {
  const records = (await outbox.records()).reverse();
  screen(
    t("上报"),
    h("p", { class: "quiet" }, t("记录先加密存在手机上；服务器收全一条，手机就删去一条，只留回执。")),
    button(t("现在上报"), async () => { await refresh(); await sentScreen(refresh); }, "first"),
    records.length ? null : h("p", { class: "empty" }, t("还没有记录。")),
    h("ul", { class: "cases" }, records.map((one) => {
      const later = tasks.told(one.id) || {};
      const state = later.state || one.state;
      const open = one.state === "draft" || one.state === "refused";
      return h("li", { class: "record", "data-state": state, "data-whole": String(Boolean(one.whole)) },
        h("strong", {}, zh(one.name), " · ", office(one.title)),
        h("span", {}, t(STATES[state] || "等待上报"), one.received ? ` · ${day(one.received)}` : ""),
        [later.sentence || one.sentence, later.reason, ...(one.photosRefused || [])].filter(Boolean).map((text) => h("span", { class: "notice" }, zh(text))),
        open ? link(t("打开修改"), addressOf(one.body, one.id), "button second") : null,
        open || one.whole ? button(t("从手机上删除"), async () => {
          if (one.whole || confirm(t("这条记录没有上报，删除后不能找回。确定删除？"))) { await outbox.remove(one.id); await sentScreen(refresh); }
        }, "second") : null);
    })),
    link(t("回名单"), "#/"),
  );
}

export async function moreScreen(leave) {
  const unsent = await outbox.countOf(vault.current().id);
  screen(
    t("更多"),
    h("p", {}, vault.current().name),
    h("p", { class: "quiet" }, t("本机数据保存到 {day}，联网一次就延长。", { day: new Date(vault.current().until).toLocaleDateString() })),
    button(speaks() === "en" ? "中文" : "English", () => { speak(speaks() === "en" ? "zh" : "en"); location.reload(); }, "second"),
    link(t("我的手机（报丢失）"), "/phone/devices/", "button second"),
    link(t("打印儿童卡"), "/phone/cards/", "button second"),
    link(t("改用走访表（Excel）"), "/phone/sheet/", "button second"),
    button(t("锁上"), () => { vault.lock(); location.hash = "#/"; location.reload(); }, "second"),
    unsent ? h("p", { class: "notice" }, t("还有 {n} 条没有上报。退出后它们加密留在本机，只有您的账号登录后才能上报。", { n: unsent })) : null,
    button(t("退出并清除本机数据"), () => { if (!unsent || confirm(t("还有记录没有上报，确定退出？"))) leave(); }, "second danger"),
    link(t("回名单"), "#/"),
  );
}
