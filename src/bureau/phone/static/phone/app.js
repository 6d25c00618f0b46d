// 手机走访: opening, locking, and which screen is shown.
import * as net from "./net.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import * as tasks from "./tasks.js";
import * as vault from "./vault.js";
import { cardScreen, caseScreen, listScreen, moreScreen, openCard, sentScreen } from "./screens.js";
import { formScreen } from "./form.js";
import { rollScreen } from "./roll.js";
import { button, fill, h, link, say, screen } from "./show.js";
import { load, t } from "./words.js";

const IDLE = 15 * 60000;
let hidden = 0;
let net_state = "unknown"; // online | offline | stranger

export function bar() {
  const words = { online: t("已联网"), offline: t("没有网络"), stranger: t("未登录"), unknown: "" };
  const parts = [
    h("a", { href: "#/", class: "name" }, t("走访")),
    h("span", { class: `net ${net_state}`, id: "net" }, words[net_state]),
    vault.isOpen() && h("nav", { "aria-label": t("页面") }, link(t("上报"), "#/sent", ""), link(t("更多"), "#/more", "")),
    document.body.dataset.demo && h("span", { class: "demo" }, t("演示数据")),
  ];
  fill(document.getElementById("top"), ...parts.filter(Boolean));
}

function cannotKeep() {
  screen(
    t("这部手机不让本页存数据"),
    h("p", {}, t("可能是无痕浏览，或存储空间已满。请用普通窗口打开，或清出空间后再试；也可以改用走访表。")),
    link(t("下载走访表"), "/phone/sheet/"),
    button(t("再试一次"), () => location.reload(), "second"),
  );
}

function missing() {
  const lacks = !window.isSecureContext || !(window.crypto && window.crypto.subtle) || !window.indexedDB || !navigator.serviceWorker;
  if (!lacks) return false;
  screen(
    t("这里不能离线使用"),
    h("p", {}, t("手机离线页要求网站用 https 打开，浏览器也要较新。现在可以改用走访表：下载 Excel，填好再上传，效果一样。")),
    link(t("下载走访表"), "/phone/sheet/"),
  );
  return true;
}

const signInLink = () => link(t("登录"), "/phone/start/");

/** Talk to the server: who is signed in, send what waits, take along what is new. Without network nothing is lost. */
export async function refresh() {
  let who;
  try {
    who = await net.hello();
  } catch (trouble) {
    net_state = trouble instanceof net.SignIn ? "stranger" : "offline";
    bar();
    return null;
  }
  net_state = "online";
  if (vault.isOpen() && vault.current().owner === who.owner) await exchange(who);
  bar();
  return who;
}

async function exchange(who) {
  try {
    await outbox.send();
    await tasks.fetchNew(who);
    if (who.refusal) say(who.refusal);
  } catch (trouble) {
    if (trouble instanceof net.Refusal && trouble.status === 410) {
      await vault.wipe(vault.current());
      location.hash = "#/";
      return opening();
    }
    if (trouble instanceof net.SignIn) net_state = "stranger";
    else if (trouble instanceof net.Offline) net_state = "offline";
    else if (trouble instanceof net.Refusal) say(trouble.message);
    else throw trouble;
  }
}

/** From a closed page to an open vault: by the server where it can be reached, else by the passphrase. */
async function opening() {
  bar();
  const who = await refresh();
  const kept = await vault.vaults();
  if (who) {
    const row = kept.find((one) => one.owner === who.owner) || (await vault.create(who.owner, who.name));
    return fetchKey(row, who);
  }
  for (const row of kept) if (await vault.locksOffline(row)) return askPassphrase(row);
  const left = kept.length ? await outbox.countOf(kept[0].id) : 0;
  screen(
    t("请先登录"),
    left ? h("p", { class: "notice" }, t("本机有 {n} 条未上报的记录，已加密保存；由原账号登录后自动上报。", { n: left })) : null,
    h("p", {}, net_state === "offline" ? t("现在没有网络。第一次使用、退出以后或超过保存期限，都要联网登录一次。") : t("登录后才能看到自己的任务。")),
    signInLink(),
    button(t("再试一次"), opening, "second"),
  );
}

async function fetchKey(row, who) {
  let said;
  try {
    said = await net.post("/phone/key/", { device: row.id, name: phoneName() });
  } catch (trouble) {
    if (trouble instanceof net.Refusal) {
      if (trouble.status === 410) await vault.wipe(row);
      return screen(t("这部手机不能使用"), h("p", { class: "notice" }, trouble.message), link(t("我的手机"), "/phone/devices/"));
    }
    return (await vault.locksOffline(row)) ? askPassphrase(row) : screen(t("网络不稳"), button(t("再试一次"), opening));
  }
  await vault.openWith(row, said.key, who.days);
  if (!row.wrapped) return choosePassphrase(said.key, who);
  await opened(who);
}

async function opened(who) {
  await tasks.load();
  if (who) await exchange(who);
  bar();
  await route();
}

function phoneName() {
  const said = navigator.userAgent;
  const system = ["HarmonyOS", "Android", "iPhone", "iPad", "Windows", "Mac", "Linux"].find((one) => said.includes(one)) || "";
  const brands = (navigator.userAgentData && navigator.userAgentData.brands) || [];
  return `${system} ${brands.length ? brands[brands.length - 1].brand : ""}`.trim();
}

function passphraseField(id, label, fresh) {
  return h("p", {},
    h("label", { for: id }, label),
    h("input", { id, type: "password", autocomplete: fresh ? "new-password" : "current-password", required: true, minlength: vault.SHORTEST }));
}

function choosePassphrase(hex, who) {
  const trouble = h("p", { class: "notice", role: "alert", hidden: true });
  const tell = (text) => { trouble.textContent = text; trouble.hidden = false; };
  screen(t("设一个开锁口令"), h("form", {
    on: {
      submit: async (event) => {
        event.preventDefault();
        const [first, second] = [event.target.first.value, event.target.second.value];
        const why = vault.whyNotPassphrase(first);
        if (why === "short") return tell(t("口令至少 8 位"));
        if (why) return tell(t("口令要同时有字母和数字"));
        if (first !== second) return tell(t("两次输入的口令不一样"));
        event.target.querySelector("button").disabled = true;
        await vault.setPassphrase(hex, first);
        if (navigator.storage && navigator.storage.persist) await navigator.storage.persist();
        await opened(who);
      },
    },
  },
  h("p", {}, t("没有网络时，用它打开这部手机上的学生信息。不要用登录密码。忘了不要紧，联网登录后可以重设，未上报的记录不会丢。")),
  h("p", {}, t("数据在本机最多保存 {n} 天；退出登录或到期即清除。", { n: who.days })),
  Object.assign(passphraseField("first", t("口令（至少 8 位，有字母和数字）"), true)),
  passphraseField("second", t("再输一次"), true),
  trouble,
  h("button", { class: "first" }, t("设好了"))));
}

function askPassphrase(row) {
  const trouble = h("p", { class: "notice", role: "alert", hidden: true });
  screen(t("输入开锁口令"), h("form", {
    on: {
      submit: async (event) => {
        event.preventDefault();
        const said = event.target.querySelector("button");
        said.disabled = true;
        const left = await vault.unlock((await vault.vaults()).find((one) => one.id === row.id), event.target.word.value);
        if (left === null) {
          await tasks.load();
          bar();
          await route();
          return refresh();
        }
        said.disabled = false;
        if (left <= 0) return opening();
        trouble.textContent = t("口令不对，还可以试 {n} 次；再错就要联网登录。", { n: left });
        trouble.hidden = false;
      },
    },
  },
  h("p", {}, row.name),
  passphraseField("word", t("口令"), false),
  trouble,
  h("button", { class: "first" }, t("打开")),
  signInLink()));
}

export async function route() {
  if (!vault.isOpen()) return opening();
  const card = location.pathname.match(/^\/phone\/c\/([0-9A-Z]+)/i);
  if (card) {
    history.replaceState(null, "", "/phone/");
    openCard(card[1]);
  }
  const [, place, first, second, third] = location.hash.split("/");
  if (place === "case") return caseScreen(Number(first));
  if (place === "card") return cardScreen(first);
  if (place === "fill") return formScreen(Number(first), second, third);
  if (place === "roll") return rollScreen(first, second);
  if (place === "sent") return sentScreen(refresh);
  if (place === "more") return moreScreen(leave);
  return listScreen(refresh);
}

/** 退出: what lies on the phone is wiped, what was not sent stays sealed for the same account. */
async function leave() {
  await vault.forget(vault.current());
  try {
    await net.signOut();
  } catch { /* without network the session ends by itself */ }
  location.hash = "#/";
  await opening();
}

window.addEventListener("hashchange", route);
window.addEventListener("online", async () => { await refresh(); if (!/^#\/(fill|roll)/.test(location.hash)) await route(); });
window.addEventListener("offline", () => { net_state = "offline"; bar(); });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hidden = Date.now();
  else if (vault.isOpen() && hidden && Date.now() - hidden > IDLE) { vault.lock(); opening(); }
});

async function begin() {
  await load();
  if (missing()) return;
  try {
    await navigator.serviceWorker.register("/phone/worker.js", { scope: "/phone/" });
    await store.get("boxes", "");
  } catch {
    // A private window, or a phone without space: what is written could not be kept.
    return cannotKeep();
  }
  await opening();
}

begin();
