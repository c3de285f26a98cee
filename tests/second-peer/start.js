// Starts aimock, a server of the Realtime protocol that others wrote, for tests/tests/second_peer.rs. It ends with its standard input,
// so it never outlives the test that started it.
//
// Standard input, one JSON value a line: first { keys, fixtures } in the form of aimock's fixture files, then any line for each question
// what the server has understood so far. Standard output, one JSON value a line: first { port }, then for each question an array with
// the messages of every response that was asked for, as the server understood them.

import { createInterface } from "node:readline";

import { LLMock } from "@copilotkit/aimock";

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

let server;
for await (const line of createInterface({ input: process.stdin })) {
  if (server === undefined) {
    const { keys, fixtures } = JSON.parse(line);
    server = new LLMock({ host: "127.0.0.1", port: 0, logLevel: "silent", auth: { apiKeys: keys } });
    server.addFixturesFromJSON(fixtures);
    await server.start();
    say({ port: server.port });
  } else {
    say(server.getRequests().map((request) => request.body.messages));
  }
}
// Connections that a test has left open would keep the process.
process.exit(0);
