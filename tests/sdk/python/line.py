"""The line to the engine, as both Python callers use it: the plan of the test, the caller's voice, and every event as it was received."""

import asyncio
import base64
import json
import pathlib
import sys

PIECE = 4_800
"""100 ms of PCM16 at 24 kHz."""

PATIENCE = 600
"""Seconds; far longer than any conversation here takes, so that a silent server fails the test and does not hang it."""


class Line:
    """One connection of the SDK; keeps each event as the server sent it."""

    def __init__(self, connection, folder):
        self.connection = connection
        self.events = pathlib.Path(folder, "events.jsonl").open("a", encoding="utf-8")

    async def receive(self):
        """The next event as the SDK reads it."""
        received = await self.connection.recv_bytes()
        self.events.write(received.decode() + "\n")
        self.events.flush()
        return self.connection.parse_event(received)

    async def until(self, kind):
        """The next event of this type. An error event on the way is a failure, unless it is waited for."""
        while True:
            event = await self.receive()
            if event.type == kind:
                return event
            if event.type == "error":
                raise RuntimeError(event.error.message)

    async def append(self, sound):
        for at in range(0, len(sound), PIECE):
            piece = base64.b64encode(sound[at : at + PIECE]).decode()
            await self.connection.input_audio_buffer.append(audio=piece)

    async def be_silent(self, seconds):
        await self.append(bytes(int(seconds * 24_000) * 2))

    async def speak(self, recording, heard):
        """Speaks a recording, then keeps the line open as a microphone does, until the server has `heard` the end of it."""
        await self.append(pathlib.Path(recording).read_bytes())
        while not heard.is_set():
            await self.be_silent(0.1)
            await asyncio.sleep(0.02)


def run(caller):
    """Runs one caller with the plan that the first argument names, and prints what it tells."""

    async def in_time():
        async with asyncio.timeout(PATIENCE):
            plan = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
            return await caller(plan)

    json.dump(asyncio.run(in_time()), sys.stdout)
