// What the protocol asks of a server, beside what clients use: headers, hosts and origins over HTTP; how standard input ends;
// and the conformance suite.
import { execFile } from "node:child_process";
import { request } from "node:http";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { HELLO, start } from "./server.mjs";

const run = promisify(execFile);
const MODERN = "2026-07-28";
const META = {
  "io.modelcontextprotocol/protocolVersion": MODERN,
  "io.modelcontextprotocol/clientInfo": HELLO.clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};
const old = (method, params = {}) => ({ jsonrpc: "2.0", id: 1, method, params });
const modern = (method, params = {}, meta = {}) => old(method, { ...params, _meta: { ...META, ...meta } });
const initialize = (protocolVersion) => old("initialize", { protocolVersion, ...HELLO });
const of = (method, name) => ({ "MCP-Protocol-Version": MODERN, "Mcp-Method": method, ...(name ? { "Mcp-Name": name } : {}) });
const overview = { name: "overview", arguments: {} };

// What is sent, with which headers, and the status that must come, with the code of the error or what the answer has.
const REQUESTS = [
  ["an Origin alone", initialize("2025-11-25"), { Origin: "https://evil.example" }, 403],
  ["an opaque Origin", initialize("2025-11-25"), { Origin: "null" }, 403],
  ["another Host", initialize("2025-11-25"), { Host: "evil.example" }, 421],
  ["another Host with its Origin", initialize("2025-11-25"), { Host: "evil.example", Origin: "http://evil.example" }, [403, 421]],
  ["initialize for 2026-07-28", initialize(MODERN), {}, 200, '"protocolVersion":"2025-11-25"'],
  ["initialize for 2025-11-25", initialize("2025-11-25"), {}, 200, '"protocolVersion":"2025-11-25"'],
  ["initialize for 2025-06-18", initialize("2025-06-18"), {}, 200, '"protocolVersion":"2025-06-18"'],
  ["initialize for 2025-03-26", initialize("2025-03-26"), {}, 200, '"protocolVersion":"2025-03-26"'],
  ["initialize for no version", initialize("1999-01-01"), {}, 200, '"protocolVersion":"2025-11-25"'],
  ["discover", modern("server/discover"), of("server/discover"), 200, '"name":"crosshead"'],
  ["discover: how long it stays", modern("server/discover"), of("server/discover"), 200, '"ttlMs":3600000'],
  ["a list", modern("tools/list"), of("tools/list"), 200, '"ttlMs":3600000,"cacheScope":"public"'],
  ["a resource", modern("resources/read", { uri: "crosshead://help/query" }), of("resources/read", "crosshead://help/query"), 200, '"ttlMs":0,"cacheScope":"private"'],
  ["a call", modern("tools/call", overview), of("tools/call", "overview"), 200, '"structuredContent"'],
  ["a call of an older client", old("tools/call", overview), { "MCP-Protocol-Version": "2025-11-25" }, 200, '"structuredContent"'],
  ["no Mcp-Method", modern("tools/list"), { "MCP-Protocol-Version": MODERN }, 400, -32020],
  ["another Mcp-Method", modern("tools/list"), of("tools/call"), 400, -32020],
  ["no Mcp-Name", modern("tools/call", overview), of("tools/call"), 400, -32020],
  ["another Mcp-Name", modern("tools/call", overview), of("tools/call", "search"), 400, -32020],
  ["no MCP-Protocol-Version", modern("tools/list"), { "Mcp-Method": "tools/list" }, 400, -32020],
  ["another MCP-Protocol-Version", modern("tools/list"), { ...of("tools/list"), "MCP-Protocol-Version": "2025-11-25" }, 400, -32020],
  ["a version to come", modern("tools/list", {}, { "io.modelcontextprotocol/protocolVersion": "2099-01-01" }), { ...of("tools/list"), "MCP-Protocol-Version": "2099-01-01" }, 400, -32022],
  ["a method that is none", modern("no/such"), of("no/such"), 404, -32601],
  ["a method that is none, of an older client", old("no/such"), { "MCP-Protocol-Version": "2025-11-25" }, 200, -32601],
  ["what is not spoken", old("logging/setLevel", { level: "info" }), {}, 200, -32601],
  ["ping", old("ping"), {}, 200, '"result":{}'],
  ["no JSON", "{not json", {}, [400, 415]],
  ["several in one", [initialize("2025-03-26")], {}, [400, 415]],
  ["a notification", { jsonrpc: "2.0", method: "notifications/initialized" }, {}, 202],
];

function post(url, body, headers) {
  return new Promise((resolve, reject) => {
    const sent = { "Content-Type": "application/json", Accept: "application/json, text/event-stream", ...headers };
    const call = request(url, { method: "POST", headers: sent }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (data) => { text += data; }).on("end", () => resolve({ status: answer.statusCode, text }));
    });
    call.on("error", reject);
    // A server that has refused a body closes while the rest is written, perhaps after its answer was read.
    call.on("socket", (socket) => { if (socket.listenerCount("error") < 8) socket.on("error", () => {}); });
    call.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

const line = (message) => `${JSON.stringify(message)}\n`;
const hello = line(initialize("2025-11-25")) + line({ jsonrpc: "2.0", method: "notifications/initialized" });
const search = line({ ...old("tools/call", { name: "search", arguments: { query: "the", limit: 50, max_tokens: 8000 } }), id: 2 });
// What is written before standard input is closed, and the ids whose answers must have come.
const ENDINGS = [
  ["before a word", "", []],
  ["in the middle of a line", '{"jsonrpc":"2.0","id":1,"met', []],
  ["after initialize", line(initialize("2025-11-25")), [1]],
  ["after the first hello", hello, [1]],
  ["with a call under way", hello + search, null],
  ["with many calls under way", hello + search.repeat(40), null],
  ["after lines that are no messages", `${hello}garbage\n\n{"a":1}\n[]\n`, [1]],
  ["after a first line that is no message", "garbage\n", []],
  ["after bytes that are no text", Buffer.from([0xff, 0xfe, 0x00, 0x0a]), []],
];

/** The server's end: its code, what it printed, and how long it took from the end of its input. */
async function ending(index, input) {
  const server = start(index);
  let printed = "";
  server.child.stdout.on("data", (data) => { printed += data; });
  server.child.stdin.write(input);
  const begun = performance.now();
  server.child.stdin.end();
  const timer = setTimeout(() => server.child.kill("SIGKILL"), 10_000);
  const { code, signal } = await server.ended;
  clearTimeout(timer);
  return { code, signal, printed, errors: server.errors, took: performance.now() - begun };
}

function messages(printed, fail) {
  if (printed !== "" && !printed.endsWith("\n")) fail(`the last line has no end: ${printed.slice(-80)}`);
  return printed.split("\n").filter((one) => one !== "").map((one) => {
    try {
      const message = JSON.parse(one);
      if (message.jsonrpc !== "2.0") fail(`a line that is no message: ${one.slice(0, 200)}`);
      return message;
    } catch {
      fail(`a line that is no JSON: ${one.slice(0, 200)}`);
      return {};
    }
  });
}

/** The tests of this file. */
export async function protocol(test, index, server, packages, node22) {
  await test("HTTP: headers, versions, hosts and origins", async (fail) => {
    for (const [name, body, headers, status, expected] of REQUESTS) {
      const got = await post(server.url, body, headers);
      if (![status].flat().includes(got.status)) fail(`${name}: ${got.status} ${got.text.slice(0, 200)}`);
      const has = typeof expected === "number" ? `"code":${expected}` : expected ?? "";
      if (!got.text.includes(has)) fail(`${name}: no ${has} in ${got.text.slice(0, 200)}`);
      if (expected === -32022 && !got.text.includes(MODERN)) fail(`${name}: the versions are not told`);
    }
  });
  await test("HTTP: a body of too many bytes is refused, and the server goes on", async (fail) => {
    const got = await post(server.url, old("tools/list", { x: "a".repeat(8 << 20) }), {}).catch((error) => ({ status: error.code }));
    if (![413, "EPIPE", "ECONNRESET"].includes(got.status)) fail(`${got.status}`);
    const { status } = await post(server.url, old("ping"), {});
    if (status !== 200) fail(`then ${status}`);
  });
  for (const [name, input, ids] of ENDINGS) {
    await test(`stdio: closed ${name}`, async (fail) => {
      const { code, signal, printed, took, errors } = await ending(index, input);
      if (code !== 0) fail(`exit ${code ?? signal}: ${errors.slice(0, 300)}`);
      if (took > 5_000) fail(`it took ${Math.round(took)} ms`);
      const got = messages(printed, fail).map((message) => message.id).filter((id) => id !== undefined && id !== null);
      if (ids && JSON.stringify(got) !== JSON.stringify(ids)) fail(`answers to ${JSON.stringify(got)}`);
    });
  }
  await test("stdio: a client that does not read does not keep the server", async (fail) => {
    const child = start(index);
    child.child.stdout.pause();
    child.child.stdin.write(hello + search.repeat(200));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    child.child.stdin.end();
    // Nobody reads what is still to come: the pipe is closed, as when a client dies.
    child.child.stdout.destroy();
    const timer = setTimeout(() => child.child.kill("SIGKILL"), 5_000);
    const { code, signal } = await child.ended;
    clearTimeout(timer);
    if (signal === "SIGKILL" || code === 101) fail(`exit ${code ?? signal}: ${child.errors.slice(0, 300)}`);
  });
  await test("stdio: lines that are no messages are answered or passed over, and the next is answered", async (fail) => {
    const { code, printed, errors } = await ending(index, `${hello}garbage\n{"jsonrpc":"2.0"}\n[1]\n"x"\n${line({ ...old("ping"), id: 9 })}`);
    if (code !== 0) fail(`exit ${code}: ${errors.slice(0, 300)}`);
    const ids = messages(printed, fail).map((message) => message.id);
    if (!ids.includes(1) || !ids.includes(9)) fail(`answers to ${JSON.stringify(ids)}`);
  });
  if (!node22) { console.log("skipped the conformance suite"); return; }
  for (const scenario of ["server-initialize", "ping", "tools-list", "resources-list", "prompts-list", "dns-rebinding-protection"]) {
    await test(`conformance: ${scenario}`, async (fail) => {
      const program = join(packages, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
      const cwd = mkdtempSync(join(process.env.WORK, "conformance-"));
      const { stdout, stderr, code } = await run(node22, [program, "server", "--url", server.url, "--scenario", scenario], { cwd })
        .catch((error) => error);
      if (code || !/Passed: (\d+)\/\1, 0 failed/.test(stdout)) fail(`${stdout.slice(-600)}${stderr.slice(-300)}`);
    });
  }
}
