// Tries the server for agents with the clients that people use. Prints a line a test; the exit code is 1 if one fails.
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import Ajv from "ajv/dist/2020.js";
import { CALLS, concrete } from "./calls.mjs";
import { pages } from "./pages.mjs";
import { protocol } from "./protocol.mjs";
import { raw, serve } from "./server.mjs";
import { most, tokens } from "./tokens.mjs";

const { BINARY, INDEX, NODE22, PACKAGES, PYTHON, WORK } = process.env;
const here = import.meta.dirname;
const only = new RegExp(process.env.ONLY ?? "");
const run = promisify(execFile);
const big = { maxBuffer: 1 << 26 };
const failures = [];

export async function test(name, body) {
  if (!only.test(name)) return;
  const before = failures.length;
  try {
    await body((what) => failures.push(`${name}: ${what}`));
  } catch (error) {
    failures.push(`${name}: ${error.stack.split("\n").slice(0, 6).join("\n  ")}`);
  }
  console.log(`${failures.length > before ? "FAILED" : "ok"} ${name}`);
}

/** The same text for the same value, whatever the order of names. */
const canonical = (value) => JSON.stringify(value, (_, inner) =>
  inner && typeof inner === "object" && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner);

/** An error as this client and this era of the protocol have it. */
function expected(call, client, version) {
  if (!call.got.error) return call.got;
  const error = { ...call.got.error };
  // The version of 2026 has no code of its own for a resource that is not there.
  if (error.code === -32002 && version === "2026-07-28") error.code = -32602;
  if (client === "inspector") {
    delete error.code;
    // It looks for the tool in the list, and does not ask the server.
    if (call.what === "tool") error.message = `Tool '${call.name}' not found on server.`;
  }
  return { error };
}

const plain = await raw(INDEX);
const calls = await concrete(plain);
const file = join(WORK, "calls.json");
writeFileSync(file, JSON.stringify(calls));

await test("each call has the outcome that it should have", async (fail) => {
  if (CALLS.length !== 40) fail(`${CALLS.length} calls`);
  for (const { label, expected: should, message, got } of calls) {
    const is = got.error ? "error" : got.isError ? "refused" : "answer";
    const words = got.error?.message ?? got.text?.join("\n") ?? "";
    if (is !== should || (message && !words.includes(message))) fail(`${label}: ${is}: ${words}`);
  }
});

await test("both halves of every success: text, and JSON that is as the schema says", async (fail) => {
  const ajv = new Ajv({ strict: true, logger: { log: fail, warn: fail, error: fail } });
  const validators = Object.fromEntries(calls[0].got.list.map(({ name, inputSchema, outputSchema }) => [name, [inputSchema, outputSchema].map((schema) => ajv.compile(schema))]));
  for (const { label, what, name, args, expected: should, got } of calls.filter(({ what }) => what === "tool")) {
    if (should === "error") continue;
    if (should === "refused" && got.structured !== undefined) fail(`${label}: refused with JSON`);
    if (got.text.length !== 1 || got.text[0].trim() === "") fail(`${label}: no text`);
    if (should === "refused") continue;
    const [input, output] = validators[name];
    for (const [validate, value] of [[input, args], [output, got.structured]]) {
      if (!validate(value)) fail(`${label}: ${ajv.errorsText(validate.errors)}`);
    }
  }
});

await test("the list of tools is 1,500 tokens at most", async (fail) => {
  const counted = tokens(JSON.stringify(calls[0].got.list));
  if (most(counted) > 1500) fail(JSON.stringify(counted));
});

const server = await serve(INDEX);
const NODE = process.execPath;
const CLIENTS = [
  ["TypeScript, older SDK", "2025-11-25", NODE, "old.mjs"],
  ["TypeScript, newer SDK, default", "2025-11-25", NODE, "new.mjs", "default"],
  ["TypeScript, newer SDK, auto", "2026-07-28", NODE, "new.mjs", "auto"],
  ["TypeScript, newer SDK, pinned", "2026-07-28", NODE, "new.mjs", "pinned"],
  ["Python, Client", "2026-07-28", PYTHON, "client.py", "modern"],
  ["Python, ClientSession", "2025-11-25", PYTHON, "client.py", "legacy"],
  // It starts a program for each call: an era for each transport is enough.
  ["Inspector, legacy", "legacy", NODE22 && NODE, "inspector.mjs", "legacy", "stdio"],
  ["Inspector, modern", "modern", NODE22 && NODE, "inspector.mjs", "modern", "HTTP"],
];
for (const [client, version, program, script, mode, alone] of CLIENTS) {
  for (const [transport, where] of [["stdio", INDEX], ["HTTP", server.url]]) {
    if (alone && alone !== transport) continue;
    const name = `${client}, over ${transport}: the same answers, without a warning`;
    if (!program) { console.log(`skipped ${name}`); continue; }
    await test(name, async (fail) => {
      const { stdout, stderr } = await run(program, [join(here, script), file, where, ...(mode ? [mode] : [])], big);
      if (stderr !== "") fail(`a warning: ${stderr.slice(0, 600)}`);
      const { version: spoken, answers } = JSON.parse(stdout);
      // The older SDK tells it over HTTP only.
      if (spoken && spoken !== version) fail(`it speaks ${spoken}`);
      for (const [at, call] of calls.entries()) {
        const [is, should] = [answers[at], expected(call, script.replace(/\..*/, ""), version)].map(canonical);
        if (is !== should) fail(`${call.label}: ${is?.slice(0, 300)} in place of ${should.slice(0, 300)}`);
      }
    });
  }
}

await protocol(test, INDEX, server, PACKAGES, NODE22);
await pages(test, plain);
await test("300 random calls are within their budgets", async (fail) => {
  const { stdout } = await run(NODE, [join(here, "budget.mjs"), INDEX, "300"], big).catch((error) => error);
  for (const line of stdout.split("\n").filter((line) => line.startsWith("FAILED"))) fail(line);
  if (!stdout.includes("300 calls")) fail(stdout);
});

server.stop();
await plain.close();
for (const failure of failures) console.error(failure);
process.exitCode = failures.length > 0 ? 1 : 0;
