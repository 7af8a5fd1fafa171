// What both TypeScript SDKs are asked, in the same words.
import { outcome } from "./calls.mjs";

const LISTS = { tools: "listTools", resources: "listResources", templates: "listResourceTemplates", prompts: "listPrompts" };

function ask(client, what, name, args) {
  if (what === "list") return client[LISTS[name]]();
  if (what === "resource") return client.readResource({ uri: name });
  if (what === "prompt") return client.getPrompt({ name, arguments: args });
  return client.callTool({ name, arguments: args });
}

export async function all(client, calls) {
  const answers = [];
  for (const { what, name, args } of calls) {
    try {
      answers.push(outcome(what, name, { result: await ask(client, what, name, args) }));
    } catch (error) {
      // The SDK puts the code before the server's own words.
      const message = error.message.replace(/^MCP error -?\d+: /, "");
      answers.push({ error: { code: error.code, message } });
    }
  }
  return answers;
}
