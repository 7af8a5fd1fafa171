// Is any answer above its budget? Random calls, whose words, ids and sentences are taken from the answers before, so that it
// works on every index; both halves of each answer are counted by three tokenizers. Prints how full the budgets were, and each
// answer that is above its own; the exit code is 1 if there is one.
//   node budget.mjs INDEX [CALLS [SEED [TEXTS]]]   TEXTS: a file that takes the halves, a JSON text a line, for fit.mjs
import { createWriteStream } from "node:fs";
import { numbers } from "./random.mjs";
import { raw } from "./server.mjs";
import { most, tokens } from "./tokens.mjs";

const [index, calls = "300", seed = "1", texts] = process.argv.slice(2);
const DEFAULTS = { search: 2000, read: 3000, count: 2000, verify: 2000, overview: 2000 };
const TRIES = 4;

const { random, below, pick } = numbers(seed);
const chance = (p) => random() < p;
/** A number between two, small ones as often as large ones. */
const between = (least, top) => Math.round(least * (top / least) ** random());

/** What was seen, of each kind so much that old values go. */
const seen = { words: ["the", "и", "的"], ids: [], sources: [], headings: [], passages: [], folders: [], langs: ["en"], years: [] };
function keep(kind, values) {
  for (const value of values) {
    if (seen[kind].length < 4000) seen[kind].push(value);
    else seen[kind][below(4000)] = value;
  }
}
const wordsOf = (text) => (text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []).map((word) => (word.length > 14 ? word.slice(below(8), 12) : word));

function query() {
  const words = (n) => Array.from({ length: n }, () => pick(seen.words)).join(" ");
  const passage = () => pick(seen.passages) ?? words(8);
  const cut = (n) => { const all = passage().split(/\s+/); const at = below(Math.max(all.length - n, 1)); return all.slice(at, at + n).join(" "); };
  return pick([
    () => words(1), () => words(1), () => words(2), () => words(3), () => words(1 + below(12)),
    () => `${words(1)} OR ${words(1)}`, () => `${words(1)} OR ${words(1)} OR ${words(1)}`,
    () => `${words(1)} NOT ${words(1)}`, () => `"${cut(2)}"`, () => `"${cut(3)}"`, () => cut(4), () => cut(25),
    () => `${words(1)} w/20 ${words(1)}`, () => `${pick(seen.words).slice(0, 4)}*`, () => `title:${words(1)}`,
    () => `heading:${words(1)}`, () => `${words(1)} source:${words(1)}`, () => `lang:${pick(seen.langs)} ${words(1)}`,
    () => `date:${pick(seen.years) ?? 2020}`, () => words(60), () => passage(), () => `zq${below(1e9).toString(36)}x ${words(2)}`,
    () => `(${words(1)} AND`, () => `${words(1)} date:never`, () => `"${words(1)}`, () => "🌍 😀👍🏽 🇺🇳", () => String.fromCodePoint(0x21 + below(0x3000)),
  ])();
}

function quotation() {
  const passage = pick(seen.passages) ?? "none";
  const all = passage.split(" ");
  const at = below(all.length);
  const part = all.slice(at, at + between(3, 400));
  return pick([
    () => part.join(" "), () => part.join(" "), () => passage,
    () => part.map((word) => (chance(0.05) ? pick(seen.words) : word)).join(" "),
    () => part.filter(() => chance(0.9)).join("\n"),
    () => Array.from({ length: between(3, 3000) }, () => pick(seen.words)).join(" "),
    () => `${part.slice(0, 5).join(" ")} [...] ${part.slice(-5).join(" ")}`,
    () => part.slice(0, 4).join(" ").toUpperCase(),
  ])();
}

/** An argument that is often left out. */
const maybe = (p, make) => (chance(p) ? make() : undefined);
let following = null;

function next() {
  if (following && chance(0.7)) {
    const [name, args] = following;
    following = null;
    return [name, args];
  }
  const at = random();
  const max_tokens = maybe(0.8, () => between(200, 8000));
  if (at < 0.45) {
    return ["search", {
      query: query(), max_tokens, limit: maybe(0.7, () => between(1, 50)), per_article: maybe(0.3, () => between(1, 50)),
      sort: maybe(0.3, () => pick(["relevance", "newest", "oldest"])), literal: maybe(0.2, () => true),
      from: maybe(0.1, () => String(pick(seen.years) ?? 1987)), to: maybe(0.1, () => String(pick(seen.years) ?? 2020)),
      source: maybe(0.1, () => [pick(seen.sources) ?? "x"]), lang: maybe(0.05, () => pick(seen.langs)),
    }];
  }
  if (at < 0.7) {
    const id = pick(seen.ids) ?? "0000000000000.0";
    return ["read", {
      id: chance(0.5) ? id.split(".")[0] : id, max_tokens, query: maybe(0.4, query), around: maybe(0.4, () => below(6)),
      section: maybe(0.1, () => pick(seen.headings) ?? "x"),
    }];
  }
  if (at < 0.8) {
    return ["count", { query: query(), limit: maybe(0.6, () => between(1, 200)),
      by: maybe(0.9, () => pick(["none", "source", "desk", "byline", "lang", "heading", "year", "month"])) }];
  }
  if (at < 0.95) return ["verify", { quotation: quotation(), id: maybe(0.1, () => pick(seen.ids) ?? "x") }];
  if (at < 0.97) return ["overview", { folder: maybe(0.7, () => pick(seen.folders) ?? "x") }];
  return pick([
    ["search", { query: query(), limit: 51 + below(100) }], ["search", { quer: query() }], ["read", { id: query().slice(0, 40) }],
    ["search", { query: query(), cursor: "3-abcde-1.1" }], ["count", { query: query(), by: pick(seen.words) }],
    ["read", { id: `${"0123456789abc".replace(/./g, () => pick([..."0123456789abcdefghjkmnpqrstvwxyz"]))}` }],
    ["overview", { folder: query() }], ["search", { query: 7 }], ["search", {}],
  ]);
}

function learn(name, given, args) {
  if (name === "overview" && !args.folder) {
    keep("sources", given.sources.map((one) => one.value));
    keep("folders", given.folders.map((one) => one.value));
    keep("langs", given.languages.map((one) => one.value.split(" ")[0]));
    const [first, last] = [given.first, given.last].map((date) => Number(date?.slice(0, 4)));
    if (first) keep("years", Array.from({ length: last - first + 1 }, (_, at) => first + at));
  }
  for (const hit of given.hits ?? []) {
    keep("ids", [hit.id]);
    keep("words", wordsOf(`${hit.title} ${hit.snippet}`));
    if (hit.heading) keep("headings", [hit.heading]);
    if (hit.source) keep("sources", [hit.source]);
  }
  for (const passage of name === "read" ? given.passages : []) {
    keep("passages", [passage.text]);
    keep("words", wordsOf(passage.text));
  }
  if (given.next) following = [name, { ...args, cursor: given.next }];
}

const client = await raw(index);
const file = texts && createWriteStream(texts);
const fill = {};
let above = 0, errors = 0, done = 0;
async function call(name, args) {
  for (const [key, value] of Object.entries(args)) if (value === undefined) delete args[key];
  const answer = await client.call(name, args);
  done += 1;
  const fault = (what) => { above += 1; console.log(`FAILED ${what}: ${name} ${JSON.stringify(args).slice(0, 600)}`); };
  if (answer.error) return fault(`an error of the protocol: ${answer.error.message}`);
  const { content, structuredContent, isError } = answer.result;
  const budget = args.max_tokens ?? DEFAULTS[name];
  const halves = { text: content.map((part) => part.text).join("") };
  if (isError) errors += 1;
  else halves.json = JSON.stringify(structuredContent);
  for (const [half, text] of Object.entries(halves)) {
    const counted = tokens(text);
    if (file) file.write(`${JSON.stringify({ name, half, budget, text, ...counted })}\n`);
    // An error has no list to fill, and is small by itself.
    if (isError && most(counted) > 400) fault(`an error of ${most(counted)} tokens`);
    if (most(counted) > budget && !(isError && budget < 400)) fault(`${half} of ${JSON.stringify(counted)} above ${budget}`);
    if (isError) continue;
    // How full a budget is means something where not all fitted.
    const kind = `${name}${structuredContent.omitted > 0 ? ", cut" : ""}`;
    (fill[kind] ??= []).push(most(counted) / budget);
  }
  if (!isError) learn(name, structuredContent, args);
}

await call("overview", {});
for (const lang of new Set(seen.langs)) await call("search", { query: `lang:${lang}`, limit: 50, max_tokens: 8000 });
for (let at = 0; at < TRIES; at += 1) for (const id of [...new Set(seen.ids)].slice(at * 10, at * 10 + 10)) await call("read", { id: id.split(".")[0] });
while (done < Number(calls)) await call(...next());
await client.close();
for (const [kind, shares] of Object.entries(fill).sort()) {
  shares.sort((a, b) => a - b);
  const at = (p) => shares[Math.min(Math.floor(p * shares.length), shares.length - 1)].toFixed(2);
  console.log(`${kind}: ${shares.length} halves; tokens/budget min ${at(0)}, median ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)}`);
}
console.log(`${done} calls, ${errors} of them refused; ${above} above their budget`);
if (file) await new Promise((resolve) => file.end(resolve));
process.exitCode = above > 0 ? 1 : 0;
