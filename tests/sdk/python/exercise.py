"""A caller made with the official Python SDK that asks for what a plain conversation leaves out, so that every kind of event is seen.

Each step waits for the server's answer and looks at it; the test checks the recorded events against the SDK's models afterwards.
"""

import base64
import pathlib

from openai import AsyncOpenAI

from line import Line, run


class Caller:
    def __init__(self, plan, connection):
        self.plan = plan
        self.connection = connection
        self.line = Line(connection, plan["folder"])

    async def update(self, **members):
        await self.connection.session.update(session={"type": "realtime", **members})
        return (await self.line.until("session.updated")).session

    async def turns_found_by(self, detection):
        await self.update(
            audio={"input": {"transcription": {"model": "gpt-4o-mini-transcribe"}, "turn_detection": detection}}
        )

    async def write(self, text, item_id):
        content = [{"type": "input_text", "text": text}]
        item = {"id": item_id, "type": "message", "role": "user", "content": content}
        await self.connection.conversation.item.create(item=item)
        await self.line.until("conversation.item.done")

    async def refused(self, code):
        """Waits for the refusal of what was just sent."""
        event = await self.line.until("error")
        assert event.error.code == code, event

    async def texts(self):
        """A written question, written answers, and the items of both."""
        session = await self.update(output_modalities=["text"])
        assert session.output_modalities == ["text"], session
        await self.write("How much is an oil change?", "item_price")
        await self.connection.response.create()
        said = await self.line.until("response.output_text.done")
        assert "50" in said.text, said
        done = await self.line.until("response.done")
        assert done.response.status == "completed", done
        answer = done.response.output[0].id
        await self.connection.conversation.item.retrieve(item_id=answer)
        retrieved = await self.line.until("conversation.item.retrieved")
        assert retrieved.item.content[0].text == said.text, retrieved
        await self.connection.conversation.item.delete(item_id=answer)
        deleted = await self.line.until("conversation.item.deleted")
        assert deleted.item_id == answer, deleted
        await self.connection.conversation.item.retrieve(item_id=answer)
        await self.refused("item_not_found")

    async def out_of_band(self):
        """An answer beside the conversation, recognised by its label."""
        question = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Where are you?"}]}
        await self.connection.response.create(
            response={
                "conversation": "none",
                "output_modalities": ["text"],
                "metadata": {"purpose": "directions"},
                "input": [question],
                "tools": [],
            }
        )
        done = await self.line.until("response.done")
        assert done.response.metadata == {"purpose": "directions"}, done
        assert done.response.conversation_id is None, done
        assert done.response.output, done

    async def interruption(self):
        """A spoken answer that is stopped, and cut at what was heard of it."""
        await self.write("Which services do you offer, what do they cost, and when are you open?", "item_all")
        await self.connection.response.create(response={"output_modalities": ["audio"]})
        piece = await self.line.until("response.output_audio.delta")
        await self.connection.response.cancel()
        done = await self.line.until("response.done")
        assert done.response.status == "cancelled", done
        assert done.response.status_details.reason == "client_cancelled", done
        heard_ms = len(base64.b64decode(piece.delta)) // 48
        await self.connection.conversation.item.truncate(
            item_id=piece.item_id, content_index=piece.content_index, audio_end_ms=heard_ms
        )
        truncated = await self.line.until("conversation.item.truncated")
        assert truncated.audio_end_ms == heard_ms, truncated
        await self.connection.response.cancel()
        await self.refused("response_cancel_not_active")

    async def push_to_talk(self):
        """The caller decides what a turn is."""
        await self.turns_found_by(None)
        await self.line.be_silent(0.5)
        await self.connection.input_audio_buffer.clear()
        await self.line.until("input_audio_buffer.cleared")
        await self.connection.input_audio_buffer.commit()
        await self.refused("input_audio_buffer_commit_empty")
        await self.line.append(pathlib.Path(self.plan["turns"][0]).read_bytes())
        await self.connection.input_audio_buffer.commit()
        committed = await self.line.until("input_audio_buffer.committed")
        heard = await self.line.until("conversation.item.input_audio_transcription.completed")
        assert heard.item_id == committed.item_id, heard
        assert "oil change" in heard.transcript.lower(), heard
        await self.connection.conversation.item.retrieve(item_id=heard.item_id)
        retrieved = await self.line.until("conversation.item.retrieved")
        assert retrieved.item.content[0].transcript == heard.transcript, retrieved

    async def silence(self):
        """Nobody speaks after an answer, and the server asks."""
        await self.turns_found_by({"type": "server_vad", "idle_timeout_ms": 5_000})
        await self.connection.response.create(response={"output_modalities": ["audio"]})
        await self.line.until("response.done")
        # As long as the answer may take to play, and the time after which the caller counts as idle.
        await self.line.be_silent(40)
        await self.line.until("input_audio_buffer.timeout_triggered")
        done = await self.line.until("response.done")
        assert done.response.output, done

    async def history(self):
        """A conversation of before is put in front of this one, as after a lost connection."""
        items = [
            {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "Do not greet again."}]},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Are you open today?"}]},
            {"type": "function_call", "name": "checkOpeningHours", "call_id": "call_before", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "call_before", "output": '{"status": "We are open."}'},
            {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Yes, we are."}]},
        ]
        previous = "root"
        for item in items:
            await self.connection.conversation.item.create(item=item, previous_item_id=previous)
            added = await self.line.until("conversation.item.added")
            assert added.item.type == item["type"], added
            previous = added.item.id

    async def settings(self):
        """Settings are told back as they were asked for."""
        law = {"type": "audio/pcmu"}
        audio = {
            "input": {
                "format": law,
                "noise_reduction": {"type": "far_field"},
                "transcription": None,
                "turn_detection": {"type": "semantic_vad", "eagerness": "low", "interrupt_response": False},
            },
            "output": {"format": law, "speed": 1.2},
        }
        tools = [{"type": "function", **tool} for tool in self.plan["tools"]]
        session = await self.update(
            audio=audio,
            instructions="Be brief.",
            max_output_tokens=400,
            output_modalities=["audio"],
            tools=tools,
            tool_choice={"type": "function", "name": tools[0]["name"]},
            tracing="auto",
            truncation={"type": "retention_ratio", "retention_ratio": 0.8},
        )
        # What was left out is told as it is in force.
        audio["input"]["turn_detection"]["create_response"] = True
        assert session.audio.input.to_dict() == audio["input"], session
        assert session.audio.output.format.type == "audio/pcmu" and session.audio.output.speed == 1.2, session
        assert session.instructions == "Be brief." and session.max_output_tokens == 400, session
        assert [tool.to_dict() for tool in session.tools] == tools, session
        assert session.tool_choice.to_dict() == {"type": "function", "name": tools[0]["name"]}, session
        assert session.truncation.to_dict() == {"type": "retention_ratio", "retention_ratio": 0.8}, session


async def exercise(plan):
    client = AsyncOpenAI(base_url=plan["baseUrl"], api_key=plan["token"])
    async with client.realtime.connect(model="gpt-realtime") as connection:
        caller = Caller(plan, connection)
        await caller.line.until("session.created")
        await caller.texts()
        await caller.out_of_band()
        await caller.interruption()
        await caller.push_to_talk()
        await caller.silence()
        await caller.history()
        await caller.settings()
    return {}


if __name__ == "__main__":
    run(exercise)
