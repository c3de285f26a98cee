// What the callers of both npm packages share: what the test wants to be said, the voice on the line, and what is told of it afterwards.
// tests/src/sdk_clients.rs writes the plan and reads the report.

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** { baseUrl, token, tools, answers, turns, folder }; the recordings in `turns` are PCM16, 24 kHz, mono. */
export const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** 100 ms of PCM16 at 24 kHz. */
const PIECE = 4_800;
const SILENCE = Buffer.alloc(PIECE);

/** Far longer than any conversation here takes: a server that falls silent fails the test and does not hang it. */
const PATIENCE_MS = 600_000;
setTimeout(() => fail("the conversation came to no end"), PATIENCE_MS).unref();

/** Keeps an event as the server sent it. */
export function record(event) {
  appendFileSync(join(plan.folder, "events.jsonl"), `${JSON.stringify(event)}\n`);
}

/** Speaks a recording, then keeps the line open as a microphone does, until the server has `heard` the end of it. */
export async function speak(recording, send, heard) {
  const voice = readFileSync(recording);
  for (let at = 0; at < voice.length; at += PIECE) send(voice.subarray(at, at + PIECE));
  let listening = true;
  const stop = heard.then(() => {
    listening = false;
  });
  while (listening) {
    send(SILENCE);
    await pause(20);
  }
  await stop;
}

/** Says nothing for as long as a reply plays. */
export function listen(reply, send) {
  for (let at = 0; at < reply.length; at += PIECE) send(SILENCE);
}

const report = { turns: [], calls: [] };

/** The function's answer as the plan has it, and a note that it was called. */
export function answered(name, givenArguments) {
  report.calls.push({ name, arguments: givenArguments });
  return JSON.stringify(plan.answers[name]);
}

/** Notes one turn: what the server understood, what it said, and the sound of that. */
export function turnIsOver({ heard, said, sound }) {
  const reply = join(plan.folder, `reply-${report.turns.length + 1}.pcm`);
  writeFileSync(reply, sound);
  report.turns.push({ heard: heard.join(" "), said: said.join(" "), reply });
}

/** Tells the test everything. */
export function finish(more = {}) {
  process.stdout.write(`${JSON.stringify({ ...report, ...more })}\n`);
}

/** Ends at once. */
export function fail(reason) {
  process.stderr.write(`${reason?.stack ?? reason?.message ?? JSON.stringify(reason)}\n`);
  process.exit(1);
}
