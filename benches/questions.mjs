// Does an agent find the article that answers a question, within some tokens? A scripted policy asks with the tools of
// `crosshead mcp` alone; the same kind of policy asks with ripgrep over the files. All that comes back is counted, by the tokenizer
// that counts most. Run it by `tests/clients/run questions INDEX FOLDER QUESTIONS [RG]`.
//
// QUESTIONS has a line a question: the question, the paths below FOLDER of the articles that answer it (with spaces between), a
// regular expression of the answer; with tabs between. A model knows an answer when it reads it; a script does not, so it is told: it goes on with the next hit, and with
// other words of the question, until it has read the answer in the right article (or a reprint of it), and is then to verify the
// sentence. What counts is how much came back until then.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { promisify } from "node:util";
import { BINARY, raw } from "./server.mjs";
import { most, tokens } from "./tokens.mjs";

const BUDGET = 4000;
// Hits of a search that are read, and tokens of the best of them and of each other: news says first what it is about.
const READ = 5;
const LENGTHS = [700, 400];
// Files that are read of those that ripgrep finds.
const FILES = 3;
const [index, folder, file, rg = "rg"] = process.argv.slice(2);
const run = promisify(execFile);
const output = { maxBuffer: 1 << 28 };

// Words of a question that say nothing of its subject.
const EMPTY = new Set(`a about after all an and any are as ask asked at be because become been being both but by can come comes
 could date day did do does doing done far for former found from get gets getting give given go goes going had has have having he her
 hers him his hold how i if in into is it its just kind large last less like made make makes many may might more most much must
 my name named new no not of off on one only or our out over own people place put said say saw says seen she should so some such
 take tell than that the their them then there these they thing think this those thought through time to too two under until up
 upon use used very want wanted was we were what when where which while who whom whose why will with would wrote wrong you your`.split(/\s+/));
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (question) => [...new Set(question.replace(/[’']s\b/g, "").match(/[\p{L}\p{N}&-]+/gu))].filter((word) => !EMPTY.has(plain(word)) && word.length > 1);
/** What the forms of a word begin with. */
const stem = (word) => {
  const cut = plain(word).replace(/(ies|ing|ers|er|ed|es|e|s|y)$/, "");
  return cut.length >= 3 ? cut : plain(word);
};
/** How many of the words a text has, the rarer ones counting more. */
function coverage(text, words, weight = () => 1) {
  const lower = ` ${plain(text).replace(/[^\p{L}\p{N}&]+/gu, " ")}`;
  return words.reduce((sum, word) => sum + (lower.includes(` ${stem(word)}`) ? weight(word) : 0), 0);
}
/** How much a word says that is in so many articles: nothing if it is in none. */
const rarity = (articles) => (articles === 0 ? 0 : Math.log2(1 + 50_000 / articles));

/** What came back, in tokens. */
function meter() {
  const told = { tokens: 0, calls: 0, text: "" };
  told.add = (...halves) => {
    told.calls += 1;
    told.tokens += Math.max(...halves.map((half) => most(tokens(half))));
    told.text += `\n${halves[0]}`;
  };
  return told;
}

async function byTools(client, question, words, isAnswer) {
  const told = meter();
  const call = async (name, args) => {
    const { result } = await client.call(name, args);
    const text = result.content[0].text;
    told.add(text, result.isError ? "" : JSON.stringify(result.structuredContent));
    return result.isError ? null : result.structuredContent;
  };
  const read = new Set();
  /** Searches, and reads the best hits that were not read; the sentence of the answer, if it is there. */
  const ask = async (query) => {
    const found = await call("search", { query, limit: 6, max_tokens: 600 });
    const hits = (found?.hits ?? []).filter(({ id }) => !read.has(id.split(".")[0])).slice(0, READ);
    for (const [at, { id, snippet }] of hits.entries()) {
      if (told.tokens > BUDGET) return null;
      const [article, passage] = id.split(".");
      read.add(article);
      // How it begins, as news says there what it is about, and what matched, if that is further down.
      const parts = [snippet.replace(/^… | …$/g, "")];
      for (const args of [{ id: article, max_tokens: LENGTHS[Math.min(at, 1)] }, ...(Number(passage) > 2 ? [{ id, around: 0, max_tokens: 300 }] : [])]) {
        const given = await call("read", args);
        parts.push(...(given?.passages ?? []).map((one) => one.text));
      }
      const { stdout } = await run(BINARY, ["--index", index, "show", id, "--json"], output);
      const path = relative(resolve(folder), JSON.parse(stdout.split("\n")[0]).file);
      const answer = isAnswer(path, parts);
      if (answer) return { id: article, answer };
    }
    return null;
  };
  // As it was asked: the index knows which words say little.
  let done = (await ask(question)) ?? (await ask(words.join(" ")));
  if (!done) {
    // How rare a word is tells how much it says.
    const weights = new Map();
    for (const word of words) weights.set(word, rarity((await call("count", { query: `"${word}"` }))?.articles ?? 0));
    const rare = words.filter((word) => weights.get(word) > 0).sort((a, b) => weights.get(b) - weights.get(a));
    for (const query of [rare.slice(0, 3).join(" "), rare.slice(0, 2).join(" "), rare.slice(0, 4).join(" OR ")]) {
      if (!done && told.tokens < BUDGET) done = await ask(query);
    }
  }
  if (!done) return { ...told, verdict: null };
  const verdict = await call("verify", { quotation: done.answer, id: done.id });
  return { ...told, verdict: verdict?.verdict ?? null };
}

async function byFiles(_question, words, isAnswer) {
  const told = meter();
  const grep = async (args) => (await run(rg, args, output).catch((error) => error)).stdout ?? "";
  const pattern = (word) => `\\b${stem(word)}`;
  const lists = [];
  for (const word of words) {
    const files = (await grep(["-il", "--sort", "path", pattern(word), folder])).split("\n").filter(Boolean);
    // As `rg -il WORD | wc -l` says it.
    told.add(String(files.length));
    if (files.length > 0) lists.push({ word, files });
  }
  lists.sort((a, b) => a.files.length - b.files.length);
  const any = lists.map(({ word }) => pattern(word)).join("|");
  const weights = new Map(lists.map(({ word, files }) => [word, rarity(files.length)]));
  const read = new Set();
  // Files with the rarest words together, as long as any has them; then with fewer of the words.
  for (const number of [lists.length, 3, 2, 1]) {
    let kept = lists[0]?.files ?? [];
    for (const { files } of lists.slice(1, number)) {
      if (kept.length <= FILES) break;
      const has = new Set(files);
      const both = kept.filter((path) => has.has(path));
      if (both.length > 0) kept = both;
    }
    // As `rg -c WORDS | sort -rn | head` says which have most of them.
    kept = kept.filter((path) => !read.has(path)).slice(0, 200)
      .map((path) => ({ path, score: coverage(readFileSync(path, "utf8"), words, (word) => weights.get(word) ?? 0) }))
      .sort((a, b) => b.score - a.score).slice(0, 8);
    told.add(kept.map(({ path, score }) => `${relative(folder, path)}:${score.toFixed(0)}`).join("\n"));
    for (const { path } of kept.slice(0, FILES)) {
      if (told.tokens > BUDGET) return { ...told, verdict: null };
      read.add(path);
      // As `head -c 800` and `rg -i -m 6 WORDS FILE | cut -c1-300` say it.
      const lines = (await grep(["-i", "-m", "6", any, path])).split("\n").map((line) => line.slice(0, 300)).join("\n");
      const text = `${readFileSync(path, "utf8").slice(0, 800)}\n${lines}`;
      told.add(text);
      const answer = isAnswer(relative(folder, path), [text]);
      if (!answer) continue;
      const verified = await grep(["-lF", answer.slice(0, 40), path]);
      told.add(relative(folder, verified.trim()));
      return { ...told, verdict: "exact" };
    }
  }
  return { ...told, verdict: null };
}

const same = (a, b) => {
  const [one, other] = [a, b].map((path) => new Set(plain(readFileSync(`${folder}/${path}`, "utf8")).split(/\W+/)));
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared / (one.size + other.size - shared) > 0.8;
};
const client = await raw(index);
const ways = [["the five tools", (...asked) => byTools(client, ...asked)], ...(rg === "none" ? [] : [["rg and files", byFiles]])];
const table = ways.map(() => ({ found: 0, tokens: [], calls: 0 }));
const questions = readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => line.split("\t"));
for (const [question, right, pattern] of questions) {
  const known = new RegExp(pattern, "i");
  /** The sentence of the answer, if one of these parts has it and they are of the right article. */
  const isAnswer = (path, parts) => {
    const part = parts.map((one) => one.replace(/\s+/g, " ")).find((one) => known.test(one));
    if (part === undefined || !right.split(" ").some((one) => path === one || same(path, one))) return null;
    // A point within a number or an address ends no sentence.
    const whole = (part.match(/(?:[^.!?]|[.!?](?=\S))+[.!?]*/g) ?? []).map((one) => one.trim()).find((one) => known.test(one));
    return whole?.split(" ").length > 3 ? whole : part.slice(0, 300).replace(/\S*$/, "").trim();
  };
  const said = [];
  for (const [at, [, ask]] of ways.entries()) {
    const got = await ask(question, wordsOf(question), isAnswer);
    const isFound = got.verdict === "exact" && got.tokens <= BUDGET;
    const row = table[at];
    row.calls += got.calls;
    if (isFound) { row.found += 1; row.tokens.push(got.tokens); }
    if (process.env.DEBUG && !isFound) console.log(got.text.slice(-6000));
    said.push(`${isFound ? "found" : `NOT (${got.verdict})`}, ${got.tokens} tokens, ${got.calls} calls`);
  }
  console.log(`${question}\n  ${said.join(" | ")}`);
}
await client.close();
console.log(`\n| ${questions.length} questions | found and verified within ${BUDGET} tokens | tokens until then: median | most | calls a question |\n|---|---|---|---|---|`);
for (const [at, [name]] of ways.entries()) {
  const row = table[at];
  row.tokens.sort((a, b) => a - b);
  console.log(`| ${name} | ${row.found} | ${row.tokens[Math.floor(row.tokens.length / 2)]} | ${row.tokens.at(-1)} | ${(row.calls / questions.length).toFixed(1)} |`);
}
