"""The Python SDK: makes the calls of a file, and prints what came of each.

    python client.py CALLS INDEX|URL modern|legacy
"""
import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack

from mcp import Client, ClientSession, MCPError, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client


def plain(model):
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def ask(client, what, name, args):
    if what == "list":
        lists = {"tools": client.list_tools, "resources": client.list_resources, "prompts": client.list_prompts}
        listed = plain(await lists.get(name, client.list_resource_templates)())
        return {"list": listed["resourceTemplates" if name == "templates" else name]}
    if what == "resource":
        return {"text": [one["text"] for one in plain(await client.read_resource(name))["contents"]]}
    if what == "prompt":
        return {"text": [one["content"]["text"] for one in plain(await client.get_prompt(name, args))["messages"]]}
    given = plain(await client.call_tool(name, args))
    text = [one["text"] for one in given["content"]]
    answer = {"text": text, "isError": given.get("isError", False)}
    if "structuredContent" in given:
        answer["structured"] = given["structuredContent"]
    return answer


async def main(calls, where, era):
    with open(calls, encoding="utf-8") as file:
        calls = json.load(file)
    local = StdioServerParameters(command=os.environ["BINARY"], args=["--index", where, "mcp"])
    is_url = where.startswith("http")
    answers = []
    async with AsyncExitStack() as stack:
        if era == "modern":
            client = await stack.enter_async_context(Client(where if is_url else local))
            version = client.protocol_version
        else:
            pipes = await stack.enter_async_context(streamable_http_client(where) if is_url else stdio_client(local))
            client = await stack.enter_async_context(ClientSession(pipes[0], pipes[1]))
            version = (await client.initialize()).protocol_version
        for call in calls:
            try:
                answers.append(await ask(client, call["what"], call["name"], call["args"]))
            except MCPError as error:
                answers.append({"error": {"code": error.error.code, "message": error.error.message}})
    print(json.dumps({"version": version, "answers": answers}))


asyncio.run(main(*sys.argv[1:]))
