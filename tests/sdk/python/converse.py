"""A caller made with the official Python SDK: a spoken conversation in which the receptionist uses the caller's functions."""

import asyncio
import base64
import json
import pathlib

from openai import AsyncOpenAI

from line import Line, run


class Caller:
    def __init__(self, plan, connection):
        self.plan = plan
        self.connection = connection
        self.line = Line(connection, plan["folder"])
        self.calls = []

    async def prepare(self):
        await self.line.until("session.created")
        await self.connection.session.update(
            session={
                "type": "realtime",
                "audio": {
                    "input": {
                        "format": {"type": "audio/pcm", "rate": 24_000},
                        "transcription": {"model": "gpt-4o-mini-transcribe"},
                        "turn_detection": {"type": "server_vad"},
                    },
                    "output": {"format": {"type": "audio/pcm", "rate": 24_000}, "voice": "marin"},
                },
                "tools": [{"type": "function", **tool} for tool in self.plan["tools"]],
                "tool_choice": "auto",
            }
        )
        await self.line.until("session.updated")

    async def answer(self, call):
        """Runs the function that the receptionist calls."""
        self.calls.append({"name": call.name, "arguments": json.loads(call.arguments)})
        output = json.dumps(self.plan["answers"][call.name])
        await self.connection.conversation.item.create(
            item={"type": "function_call_output", "call_id": call.call_id, "output": output}
        )

    async def turn(self, recording):
        """Says something, and listens to the reply: what was understood, what was said, and its sound."""
        end_heard = asyncio.Event()
        speaking = asyncio.create_task(self.line.speak(recording, end_heard))
        heard, said, sound = [], [], bytearray()
        while True:
            event = await self.line.receive()
            match event.type:
                case "error":
                    raise RuntimeError(event.error.message)
                case "input_audio_buffer.speech_stopped":
                    end_heard.set()
                case "conversation.item.input_audio_transcription.completed":
                    heard.append(event.transcript)
                case "response.output_audio.delta":
                    sound += base64.b64decode(event.delta)
                case "response.output_audio_transcript.done":
                    said.append(event.transcript)
                case "response.done":
                    calls = [item for item in event.response.output if item.type == "function_call"]
                    for call in calls:
                        await self.answer(call)
                    if calls:
                        await self.connection.response.create()
                    elif event.response.status == "completed":
                        break
        await speaking
        await self.line.be_silent(len(sound) / 48_000)
        return " ".join(heard), " ".join(said), sound


async def converse(plan):
    client = AsyncOpenAI(base_url=plan["baseUrl"], api_key=plan["token"])
    async with client.realtime.connect(model="gpt-realtime") as connection:
        caller = Caller(plan, connection)
        await caller.prepare()
        turns = []
        for number, recording in enumerate(plan["turns"], start=1):
            heard, said, sound = await caller.turn(recording)
            reply = pathlib.Path(plan["folder"], f"reply-{number}.pcm")
            reply.write_bytes(sound)
            turns.append({"heard": heard, "said": said, "reply": str(reply)})
    return {"turns": turns, "calls": caller.calls}


if __name__ == "__main__":
    run(converse)
