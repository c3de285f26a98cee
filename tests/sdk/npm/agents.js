// A caller made with the npm package `@openai/agents-realtime`: its session runs the functions and keeps the history by itself.

import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool } from "@openai/agents-realtime";

import { answered, fail, finish, listen, plan, record, speak, turnIsOver } from "./caller.js";

let turn;
const agent = new RealtimeAgent({
  name: "Receptionist",
  instructions: "Answer the phone.",
  tools: plan.tools.map(({ name, description, parameters }) =>
    tool({
      name,
      description,
      parameters,
      strict: false,
      execute: (given) => answered(name, given),
    }),
  ),
});
const transport = new OpenAIRealtimeWebSocket();
const session = new RealtimeSession(agent, { transport, model: "gpt-realtime" });

// The package hands an event that does not fit its schemas to "*" only: what is missing from its own listener was not understood.
const unread = {};
transport.on("*", (event) => {
  record(event);
  if (event.type === "error") return;
  if (!(event.type in unread)) {
    unread[event.type] = 0;
    transport.on(event.type, () => {
      unread[event.type] -= 1;
    });
  }
  unread[event.type] += 1;
});

session.on("error", ({ error }) => fail(error));
session.on("audio", ({ data }) => turn.sound.push(Buffer.from(data)));
transport.on("conversation.item.input_audio_transcription.completed", ({ transcript }) => turn.heard.push(transcript));
transport.on("response.output_audio_transcript.done", ({ transcript }) => turn.said.push(transcript));
transport.on("turn_done", ({ response }) => {
  if (!response.output.some((item) => item.type === "function_call")) turn.replied();
});

const append = (piece) => session.sendAudio(piece.buffer.slice(piece.byteOffset, piece.byteOffset + piece.byteLength));
const once = (type) => new Promise((resolve) => transport.once(type, resolve));

const updated = once("session.updated");
await session.connect({ apiKey: plan.token, url: `${plan.baseUrl.replace("http", "ws")}/realtime?model=gpt-realtime` });
await updated;

for (const recording of plan.turns) {
  const replied = new Promise((resolve) => {
    turn = { heard: [], said: [], sound: [], replied: resolve };
  });
  await speak(recording, append, once("input_audio_buffer.speech_stopped"));
  await replied;
  const sound = Buffer.concat(turn.sound);
  turnIsOver({ ...turn, sound });
  listen(sound, append);
}

// Last the caller breaks into a long answer: the package stops playing it and tells how much was heard, and the engine answers what was said.
const replied = new Promise((resolve) => {
  turn = { heard: [], said: [], sound: [], replied: () => turn.heard.length > 0 && resolve() };
});
const cut = once("conversation.item.truncated");
const sounds = once("audio");
session.sendMessage("Which services do you offer, what do they cost, and when are you open?");
await sounds;
await speak(plan.turns[0], append, once("input_audio_buffer.speech_stopped"));
await Promise.all([cut, replied]);

const history = session.history.map((item) => item.type);
session.close();
finish({ history, unread: Object.keys(unread).filter((type) => unread[type] !== 0) });
