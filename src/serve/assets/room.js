// What the page does beyond its links and forms: hits while the query is typed, keys, copies, a brush over time.
// Without it every page is whole. It keeps nothing but the switch of the keys.
const $ = (id) => document.getElementById(id);
const policy = globalThis.trustedTypes?.createPolicy("crosshead", { createHTML: (text) => text });
const parsed = (text) => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html").body;
const box = $("q");
const main = $("main");
const form = box.form;
const isList = location.pathname === "/search" || location.pathname === "/";

// The query is typed: the newest request counts, all before are dropped.
let asked = 0;
let running = null;
let timers = [];
/** The address of the page that is shown, and the last that is an entry of the history of its own. */
let shown = location.pathname + location.search;
let settled = shown;

/** The address of what the form asks for, without a setting of this page. */
function address(setting) {
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "" && name !== setting) data.append(name, value);
  return data.size ? `?${data}` : "";
}

function say(text) {
  clearTimeout(say.timer);
  say.timer = setTimeout(() => ($("said").textContent = text), 800);
}

async function ask(isTyping) {
  const search = address();
  running?.abort();
  running = new AbortController();
  const mine = ++asked;
  if (isTyping) for (const id of ["filters", "time"]) $(id)?.classList.add("stale");
  try {
    const answer = await fetch(`/_/search${search}${isTyping ? "&typing=1" : ""}`, { signal: running.signal });
    const text = await answer.text();
    if (mine === asked) take(parsed(text), isTyping);
  } catch (error) {
    if (error.name === "AbortError" || mine !== asked) return;
    say("The server does not answer.");
    $("hits")?.classList.add("stale");
  }
}

function take(part, isTyping) {
  const news = part.querySelector(".said");
  main.querySelector(".said")?.remove();
  if (news) {
    // The last good list stays, with what is wrong above it.
    $("hits")?.classList.add("stale");
    (main.querySelector(".room") ?? main).prepend(news);
    return;
  }
  if (isTyping && $("hits")) for (const id of ["reading", "hits"]) $(id).replaceWith(part.querySelector(`#${id}`));
  else if (isTyping) {
    const room = document.createElement("div");
    room.className = "room";
    room.append(...part.childNodes);
    main.replaceChildren(room);
  } else {
    main.replaceChildren(...part.childNodes);
    ready();
  }
  here = null;
  document.title = $("reading").dataset.title;
  for (const link of document.querySelectorAll(".views a")) link.search = address("n");
  say(document.querySelector("#reading h1").textContent);
}

/** Makes what was typed an entry of the history, after the one that was left by typing. */
function settle() {
  timers.forEach(clearTimeout);
  if (shown === settled) return;
  history.replaceState(null, "", settled);
  history.pushState(null, "", shown);
  settled = shown;
}

// A query of this length fits into no address: it is sent in a body when it is entered.
const isLong = () => new Blob([box.value]).size > 8000;

function typed(event) {
  if (event.isComposing || isLong()) return;
  timers.forEach(clearTimeout);
  // Another query begins at its first page.
  for (const old of form.querySelectorAll('[name="page"]')) old.remove();
  if (!address()) return;
  const show = () => {
    shown = `/search${address()}`;
    history.replaceState(null, "", shown);
    ask(true);
  };
  timers = [setTimeout(show, 30), setTimeout(ask, 330, false), setTimeout(settle, 2000)];
}

if (isList) for (const kind of ["input", "compositionend"]) box.addEventListener(kind, typed);
form.addEventListener("submit", () => {
  if (isLong()) form.method = "post";
  timers.forEach(clearTimeout);
  running?.abort();
  // The browser makes the entry of what is entered: this one is again that of what was left by typing.
  if (shown !== settled) history.replaceState(null, "", settled);
});
addEventListener("click", (event) => { if (event.target.closest?.("main a")) settle(); }, true);
for (const kind of ["popstate", "pageshow"]) addEventListener(kind, () => { if (location.pathname + location.search !== shown) location.reload(); });

// Back returns to the hit that had the focus.
addEventListener("pagehide", () => {
  const hit = document.activeElement?.closest?.(".hits>li,tr");
  try { sessionStorage.setItem(shown, JSON.stringify({ y: scrollY, hit: hit?.id ?? here?.id })); } catch { /* Nothing is kept. */ }
});
let here = null;
function go(hit, isScrolled = true) {
  here?.classList.remove("here");
  here = hit;
  if (!hit) return;
  hit.classList.add("here");
  hit.querySelector("h2 a,td a")?.focus({ preventScroll: !isScrolled });
}
function back() {
  const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  const target = $(location.hash.slice(1));
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(shown)); } catch { /* Nothing was kept. */ }
  if (kept && !isNew) {
    if (kept.hit && $(kept.hit)) go($(kept.hit), false);
    scrollTo({ top: kept.y, behavior: "instant" });
  } else go(target?.closest(".hits>li,tr"));
  const passage = target?.closest(".passage");
  passage?.focus({ preventScroll: true });
  // The server is not sent the place.
  if (passage) $("cite-link").textContent = $("cite-link").textContent.replace(/(#.*)?$/, `#${passage.id}`);
}

// Keys.
const keys = new Map(JSON.parse($("keys").dataset.keys ?? "[]"));
let areKeysOn = true;
try { areKeysOn = localStorage.getItem("keys") !== "off"; } catch { /* They are on. */ }
{
  const label = document.createElement("label");
  const switched = document.createElement("input");
  switched.type = "checkbox";
  switched.checked = areKeysOn;
  switched.id = "keys-on";
  switched.addEventListener("change", () => {
    areKeysOn = switched.checked;
    try { localStorage.setItem("keys", areKeysOn ? "on" : "off"); } catch { /* For this page only. */ }
  });
  label.append(switched, " Single keys act");
  $("keys").append(label);
}
const click = (selector) => { const link = document.querySelector(selector); link?.click(); return Boolean(link); };
const hits = () => [...document.querySelectorAll(".hits>li")];
function toMark(step) {
  const all = [...document.querySelectorAll("mark[id]")];
  if (all.length === 0) return false;
  // From the mark or passage of the address, or the top of what is in sight.
  const target = document.querySelector(":target");
  const { top, bottom } = target?.getBoundingClientRect() ?? {};
  const isSeen = bottom > 0 && top < innerHeight;
  const isAfter = (one) => (isSeen ? target.compareDocumentPosition(one) & 4 : one.getBoundingClientRect().top > 90);
  const next = all.findIndex(isAfter);
  const by = step > 0 ? 0 : isSeen && all.includes(target) ? 2 : 1;
  const at = Math.min(Math.max((next < 0 ? all.length : next) - by, 0), all.length - 1);
  location.hash = all[at].id;
  say(`Mark ${at + 1} of ${all.length}`);
  return true;
}
function step(by) {
  const all = hits();
  if (all.length === 0) return false;
  const focused = all.indexOf(document.activeElement?.closest?.(".hits>li"));
  const at = focused >= 0 ? focused : all.indexOf(here);
  go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  return true;
}
const acts = {
  box: () => { box.focus(); box.select(); return true; },
  next: () => step(1),
  previous: () => step(-1),
  open: () => { const link = here?.querySelector("h2 a"); if (document.activeElement === link || !link) return false; link.click(); return true; },
  mark: () => toMark(1),
  unmark: () => toMark(-1),
  after: () => click("#next-hit"),
  before: () => click("#previous-hit"),
  section: () => {
    const all = [...document.querySelectorAll("article section:has(mark)")];
    const next = all.find((one) => one.getBoundingClientRect().top > 120);
    next?.scrollIntoView();
    return Boolean(next);
  },
  cite: () => { const text = $("cite-text"); if (!text) return false; copy(text); return true; },
  export: () => click("#export"),
  time: () => click('.views a[href^="/timeline"]'),
  help: () => { location.href = "/help#keyboard"; return true; },
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (document.activeElement === box) box.blur();
    else if (areKeysOn && location.pathname === "/help") history.back();
    else if (areKeysOn) $("back")?.click();
    return;
  }
  if (!areKeysOn || event.target.closest?.("input,textarea,select,[contenteditable]")) return;
  const isLine = event.key === "ArrowDown" || event.key === "ArrowUp";
  if (isLine) {
    if (event.target.closest?.(".hits>li") && step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    return;
  }
  const act = acts[keys.get(event.key)];
  if (act?.()) event.preventDefault();
});

// Copies.
async function copy(element) {
  const text = element.textContent;
  try { await navigator.clipboard.writeText(text); } catch {
    element.closest("details")?.setAttribute("open", "");
    getSelection().selectAllChildren(element);
    say("Selected: copy it with your browser.");
    return;
  }
  say("Copied.");
}

// A brush over time: from the bar where the pointer goes down to that where it comes up; Shift and arrows from a focused bar.
let from = null;
const bar = (event) => event.target.closest?.(".bars a");
function beside(now, step) {
  let next = now[step];
  while (next && !next.matches("a[href]")) next = next[step];
  return next;
}
const dates = (a) => a.dataset.date ?? new URL(a.href.baseVal, location.href).searchParams.get("date");
function period(a, b) {
  const [first, last] = a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? [a, b] : [b, a];
  // A bar of nothing is no link; any other has its address but for the dates.
  const url = new URL(a.closest("svg").querySelector("a[href]").href.baseVal, location.href);
  url.searchParams.set("date", `${dates(first).split("..")[0]}..${dates(last).split("..").at(-1)}`);
  location.href = url.href;
}
document.addEventListener("pointerdown", (event) => { from = bar(event); });
document.addEventListener("dragstart", (event) => { if (bar(event)) event.preventDefault(); });
document.addEventListener("pointerup", (event) => {
  const to = bar(event);
  if (from && to && from !== to) period(from, to);
  from = null;
});
let anchor = null;
document.addEventListener("keydown", (event) => {
  const now = document.activeElement?.closest?.(".bars a");
  if (!now || !event.shiftKey) { anchor = null; return; }
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    anchor ??= now;
    beside(now, event.key === "ArrowLeft" ? "previousElementSibling" : "nextElementSibling")?.focus();
    event.preventDefault();
  } else if (event.key === "Enter" && anchor) {
    period(anchor, now);
    event.preventDefault();
  }
});

function ready() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.onclick = () => copy($(button.dataset.copy));
  }
}
ready();
// The browser has gone to the place by then.
addEventListener("load", () => setTimeout(back));

// The values of a fact, as their beginning is typed.
document.addEventListener("input", async (event) => {
  const typing = event.target.closest?.(".values");
  if (!typing) return;
  const mine = (typing.asked = (typing.asked ?? 0) + 1);
  const answer = await fetch(`/_/values?${new URLSearchParams(new FormData(typing))}`).catch(() => null);
  if (!answer?.ok || mine !== typing.asked) return;
  const part = parsed(await answer.text());
  if (mine !== typing.asked) return;
  let list = typing.nextElementSibling;
  if (!list) typing.after((list = document.createElement("div")));
  list.replaceChildren(...part.childNodes);
});
