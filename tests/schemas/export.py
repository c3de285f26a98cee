"""Writes realtime-client-events.json: JSON Schemas of every event that a Realtime client may send.

The source is the official Python SDK, so the schemas know what OpenAI documents and not what this project believes. The SDK's models let
unknown members pass; here every object gets `additionalProperties: false`, because the server refuses unknown members too.

Regenerate with a virtual environment of its own:

    python3 -m venv /tmp/openai-sdk && /tmp/openai-sdk/bin/pip install openai==3.54.0
    /tmp/openai-sdk/bin/python tests/schemas/export.py
"""

import json
import pathlib
import typing

import openai
import pydantic
from openai.types.realtime import RealtimeClientEvent

TARGET = pathlib.Path(__file__).with_name("realtime-client-events.json")


def close_objects(node):
    """Forbids members that the SDK does not name, except in objects that are free by design."""
    if isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node["additionalProperties"] = False
        for key in ("title", "description"):
            # A property of the protocol may have such a name; then its value is a schema and not a text.
            if isinstance(node.get(key), str):
                del node[key]
        for value in node.values():
            close_objects(value)
    elif isinstance(node, list):
        for value in node:
            close_objects(value)


def union_members(union):
    """The classes of a possibly annotated union."""
    if typing.get_origin(union) is typing.Annotated:
        union = typing.get_args(union)[0]
    return typing.get_args(union)


def main():
    schemas = {}
    for model in union_members(RealtimeClientEvent):
        schema = pydantic.TypeAdapter(model).json_schema(by_alias=True)
        kind = schema["properties"]["type"]
        close_objects(schema)
        schemas[kind["const"]] = schema
    document = {
        "source": f"openai {openai.__version__} (Python), openai.types.realtime.RealtimeClientEvent",
        "regenerate": "tests/schemas/export.py",
        "events": dict(sorted(schemas.items())),
    }
    TARGET.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {len(schemas)} events, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
