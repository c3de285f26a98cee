// A caller made with the npm package `openai`: a spoken conversation in which the receptionist uses the caller's functions.

import { connect } from "node:net";

import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";

import { answered, fail, finish, listen, plan, record, speak, turnIsOver } from "./caller.js";

const client = new OpenAI({ baseURL: plan.baseUrl, apiKey: plan.token });
const realtime = new OpenAIRealtimeWS(
  {
    model: "gpt-realtime",
    // The package knows only wss://, and on loopback there is no TLS.
    options: { createConnection: ({ host, port }) => connect({ host, port }) },
  },
  client,
);

let turn;
const append = (piece) => realtime.send({ type: "input_audio_buffer.append", audio: piece.toString("base64") });

realtime.on("event", record);
realtime.on("error", fail);
realtime.on("conversation.item.input_audio_transcription.completed", ({ transcript }) => turn.heard.push(transcript));
realtime.on("response.output_audio.delta", ({ delta }) => turn.sound.push(Buffer.from(delta, "base64")));
realtime.on("response.output_audio_transcript.done", ({ transcript }) => turn.said.push(transcript));
realtime.on("response.done", ({ response }) => {
  const calls = response.output.filter((item) => item.type === "function_call");
  for (const call of calls) {
    const output = answered(call.name, JSON.parse(call.arguments));
    realtime.send({
      type: "conversation.item.create",
      item: { type: "function_call_output", call_id: call.call_id, output },
    });
  }
  if (calls.length > 0) realtime.send({ type: "response.create" });
  else if (response.status === "completed") turn.replied();
});

await realtime.emitted("session.created");
realtime.send({
  type: "session.update",
  session: {
    type: "realtime",
    audio: {
      input: {
        format: { type: "audio/pcm", rate: 24_000 },
        transcription: { model: "gpt-4o-mini-transcribe" },
        turn_detection: { type: "server_vad" },
      },
      output: { format: { type: "audio/pcm", rate: 24_000 }, voice: "marin" },
    },
    tools: plan.tools.map((tool) => ({ type: "function", ...tool })),
    tool_choice: "auto",
  },
});
await realtime.emitted("session.updated");

for (const recording of plan.turns) {
  const replied = new Promise((resolve) => {
    turn = { heard: [], said: [], sound: [], replied: resolve };
  });
  await speak(recording, append, realtime.emitted("input_audio_buffer.speech_stopped"));
  await replied;
  const sound = Buffer.concat(turn.sound);
  turnIsOver({ ...turn, sound });
  listen(sound, append);
}

realtime.close();
finish();
