// The server under test, and a client that is nobody's library: lines of JSON-RPC over standard input and output.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export const BINARY = process.env.BINARY;
export const HELLO = { capabilities: {}, clientInfo: { name: "crosshead-tests", version: "1" } };

/** Starts `crosshead mcp` on an index. Everything that it prints is kept. */
export function start(index) {
  const child = spawn(BINARY, ["--index", index, "mcp"], { stdio: ["pipe", "pipe", "pipe"] });
  const server = { child, errors: "", lines: [], ended: null };
  child.stderr.on("data", (data) => { server.errors += data; });
  child.stdin.on("error", () => {});
  server.ended = new Promise((resolve) => child.on("close", (code, signal) => resolve({ code, signal })));
  return server;
}

/** A client of the older era, which calls one after the other. */
export async function raw(index, version = "2025-11-25") {
  const server = start(index);
  const waiting = new Map();
  createInterface({ input: server.child.stdout }).on("line", (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let last = 0;
  const send = (message) => server.child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  const request = (method, params = {}) => new Promise((resolve, reject) => {
    last += 1;
    waiting.set(last, resolve);
    server.ended.then(({ code, signal }) => reject(new Error(`the server ended (${code ?? signal}): ${server.errors}`)));
    send({ id: last, method, params });
  });
  const hello = await request("initialize", { protocolVersion: version, ...HELLO });
  send({ method: "notifications/initialized" });
  return {
    hello: hello.result,
    request,
    call: (name, args) => request("tools/call", { name, arguments: args }),
    close: () => { server.child.stdin.end(); return server.ended; },
  };
}

/** Starts `crosshead serve` on an index, at a port that is free. */
export async function serve(index) {
  const child = spawn(BINARY, ["--index", index, "serve", "--port", "0", "--no-token"], { stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  const base = await new Promise((resolve, reject) => {
    const look = (data) => {
      printed += data;
      const found = /http:\/\/[^\s/]+:\d+/.exec(printed);
      if (found) resolve(found[0]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("close", () => reject(new Error(`the server ended: ${printed}`)));
  });
  return { url: `${base}/mcp`, base, stop: () => child.kill("SIGINT") };
}
