"""Tells which recorded events do not fit the official SDK's models. One JSON text a line on standard input, one JSON list out.

The SDK itself reads events without looking (`construct`), so that a server's mistakes stay hidden; here every event is validated strictly:
required members are there, literals and types are right, and there is no member that the model does not name.
"""

import functools
import json
import sys
import typing

import pydantic
from openai.types.realtime import RealtimeServerEvent
from openai.types.realtime.realtime_session_create_response import RealtimeSessionCreateResponse

SESSION_EVENTS = {"session.created", "session.updated"}


def models_by_type():
    """The models of the SDK's union of server events, by the type that each is for."""
    union = typing.get_args(RealtimeServerEvent)[0]
    return {typing.get_args(model.model_fields["type"].annotation)[0]: model for model in typing.get_args(union)}


MODELS = models_by_type()


@functools.cache
def adapter(model):
    return pydantic.TypeAdapter(model)


def strangers(value, path):
    """Members that the models do not name, anywhere below."""
    if isinstance(value, pydantic.BaseModel):
        yield from (f"{path}.{name} is not a member of {type(value).__name__}" for name in value.model_extra or {})
        for name in value.model_fields_set:
            yield from strangers(getattr(value, name, None), f"{path}.{name}")
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from strangers(one, f"{path}[{at}]")


def against(model, text, path):
    """What a JSON text has that the model forbids, and lacks that it requires."""
    try:
        value = adapter(model).validate_json(text, strict=True)
    except pydantic.ValidationError as error:
        return [f"{path}.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return list(strangers(value, path))


def faults(text):
    """Everything that is wrong with one event."""
    event = json.loads(text)
    kind = event.get("type")
    if kind not in MODELS:
        return [f"the SDK knows no event {kind!r}"]
    if kind not in SESSION_EVENTS:
        return against(MODELS[kind], text, kind)
    # The events' model is the session as a client asks for it; what a server adds to it (id, object, end) is in the model of an answer.
    session = event.get("session")
    answer = against(RealtimeSessionCreateResponse, json.dumps(session), f"{kind}.session")
    if isinstance(session, dict):
        added = RealtimeSessionCreateResponse.model_fields.keys() & {"id", "object", "expires_at"}
        asked = {name: value for name, value in session.items() if name not in added}
        text = json.dumps({**event, "session": asked})
    return answer + against(MODELS[kind], text, kind)


def main():
    verdicts = [{"event": line, "faults": faults(line)} for line in map(str.strip, sys.stdin) if line]
    json.dump([verdict for verdict in verdicts if verdict["faults"]], sys.stdout)


if __name__ == "__main__":
    main()
