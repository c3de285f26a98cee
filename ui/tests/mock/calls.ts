// The calls of the mocked backend, one for every phase that the window must be able to show.

import type { CallEvent } from '../../src/lib/types';
import { CallScript, type EventBody } from './call-script';

/** Calls in a certain phase, by name; each starts so long before `now` that its newest event is now. */
export type CallName = keyof typeof CALLS;

function opened(script: CallScript): CallScript {
  const begin: EventBody[] = [
    { type: 'callStarted', leg: 'native', company: 'Prime Auto Lab', backend: 'Local engine', model: 'moonshine + piper' },
    { type: 'stateChanged', state: 'connecting' },
    { type: 'deviceChanged', direction: 'input', name: 'Built-in microphone', reason: 'opened' },
  ];
  return script.add(...begin);
}

function greeting(script: CallScript): CallScript {
  opened(script).wait(900).add({ type: 'microphoneChanged', state: 'live' });
  script.add({ type: 'stateChanged', state: 'greeting' }, { type: 'replyStarted', itemId: 'greeting' });
  script.add({ type: 'replyDelta', itemId: 'greeting', delta: 'Hello, this is the automated assistant of Prime Auto Lab. ' });
  return script.add({ type: 'replyAudible', itemId: 'greeting' });
}

/** A computer without sound: the receptionist speaks and nobody can hear or be heard. */
function deviceless(script: CallScript): CallScript {
  script.add({ type: 'callStarted', leg: 'native', company: 'Prime Auto Lab', backend: 'Local engine', model: 'frontdesk-local' });
  script.add({ type: 'stateChanged', state: 'connecting' }).wait(700);
  script.add({ type: 'stateChanged', state: 'greeting' }, { type: 'microphoneChanged', state: 'lost' });
  script.add({ type: 'warning', problem: { kind: 'noDevice', sentence: 'No microphone was found.', action: 'useDefaultDevice' } });
  const text = 'Hello, this is the automated assistant of Prime Auto Lab. How can I help you today?';
  return script.add({ type: 'replyStarted', itemId: 'greeting' }, { type: 'replyTranscript', itemId: 'greeting', text });
}

function greeted(script: CallScript): CallScript {
  const text = 'Hello, this is the automated assistant of Prime Auto Lab. How can I help you today?';
  return greeting(script).add({ type: 'replyTranscript', itemId: 'greeting', text }).played('greeting');
}

function interrupted(script: CallScript): CallScript {
  greeted(script).wait(600).caller('oil', 'greeting', 'Hi, how much is an oil change, and could I come in on Friday morning?');
  script.wait(200).reply('price', 'oil', 'An oil change runs from fifty to eighty dollars and takes about half an hour. Let me check Friday for you.', 640);
  script.wait(3_200).add({ type: 'callerTurnStarted', itemId: 'sorry', previousItemId: 'price' }, { type: 'stateChanged', state: 'hearing' });
  const heardText = 'An oil change runs from fifty to eighty dollars and takes about half an hour. Let me check';
  return script.add({ type: 'replyInterrupted', itemId: 'price', heardText, heardMs: 5_120 });
}

function asked(script: CallScript): CallScript {
  interrupted(script).wait(1_500).add({ type: 'callerTurnStopped', itemId: 'sorry' }, { type: 'stateChanged', state: 'thinking' });
  script.wait(200).add({ type: 'callerTranscript', itemId: 'sorry', previousItemId: 'price', text: 'Sorry, are you open this Friday after ten?', medium: 'voice' });
  script.add({ type: 'callerDetails', details: { reason: 'Oil change' } });
  const args = '{"day":"2026-11-27","from":"10:00"}';
  return script.add({ type: 'toolStarted', toolCallId: 'hours', name: 'checkOpeningHours', arguments: args });
}

function talked(script: CallScript): CallScript {
  const output = '{"day":"Friday, 27 November","open":"08:00 to 18:00","openAtThatTime":true}';
  asked(script).wait(28).add({ type: 'toolFinished', toolCallId: 'hours', outcome: 'done', durationMs: 28, output });
  script.reply('friday', 'sorry', 'Yes, on Friday we are open from eight in the morning to six in the evening. May I have your name?', 710).played('friday');
  script.caller('name', 'friday', "Sarah Thompson. My number is five five five, oh one four, two three six seven.");
  script.add({ type: 'callerDetails', details: { name: 'Sarah Thompson', phone: '(555) 014-2367', reason: 'Oil change' } });
  return script.reply('thanks', 'name', 'Thank you, Sarah. I have noted an oil change for Friday after ten, and your number.', 580);
}

function finished(script: CallScript): CallScript {
  talked(script).played('thanks').caller('bye', 'thanks', 'That is all, thank you. Bye.');
  script.reply('goodbye', 'bye', 'Thank you for calling Prime Auto Lab. Goodbye!', 490).played('goodbye');
  return script.add({ type: 'stateChanged', state: 'ending' }).wait(400).add({ type: 'stateChanged', state: 'ended' });
}

const CALLS = {
  connecting: opened,
  greeting,
  listening: greeted,
  hearing: (script: CallScript) =>
    greeted(script).wait(700).add({ type: 'stateChanged', state: 'hearing' }, { type: 'callerTurnStarted', itemId: 'c', previousItemId: 'greeting' }),
  thinking: (script: CallScript) => greeted(script).wait(600).caller('oil', 'greeting', 'Hi, how much is an oil change?'),
  toolPending: asked,
  speaking: talked,
  interrupted,
  muted: (script: CallScript) => talked(script).played('thanks').add({ type: 'microphoneChanged', state: 'muted' }),
  silent: (script: CallScript) => greeted(script).wait(5_000).add({ type: 'microphoneChanged', state: 'silent' }),
  lost: (script: CallScript) => greeted(script).add({ type: 'microphoneChanged', state: 'lost' }),
  deviceless,
  failedWithoutMicrophone: (script: CallScript) =>
    deviceless(script)
      .wait(400)
      .add({ type: 'callEnded', reason: 'failed', problem: { kind: 'noDevice', sentence: 'No microphone was found.', action: 'tryAgain' } }),
  fallback: (script: CallScript) => {
    greeted(script).add({ type: 'microphoneChanged', state: 'lost' });
    const sentence = 'The microphone "Jabra Evolve2 65 Headset" went away. The call goes on with the built-in one.';
    script.add({ type: 'warning', problem: { kind: 'deviceLost', sentence, action: 'openSettings' } });
    script.add({ type: 'deviceChanged', direction: 'input', name: 'Built-in microphone', reason: 'fallback' });
    return script.add({ type: 'microphoneChanged', state: 'live' });
  },
  notSaved: (script: CallScript) => {
    const sentence = 'This call is not being saved at the moment: the disk is full. It goes on, and is written when there is space.';
    return talked(script).add({ type: 'warning', problem: { kind: 'notSaved', sentence } });
  },
  reconnecting: (script: CallScript) =>
    talked(script).add({ type: 'stateChanged', state: 'reconnecting' }, { type: 'reconnecting', attempt: 1 }, { type: 'reconnecting', attempt: 2 }),
  reconnected: (script: CallScript) => talked(script).add({ type: 'reconnecting', attempt: 1 }, { type: 'reconnected' }, { type: 'stateChanged', state: 'listening' }),
  toolFailed: (script: CallScript) => {
    asked(script).wait(15_000);
    const output = 'The tool did not answer within 15 seconds.';
    script.add({ type: 'toolFinished', toolCallId: 'hours', outcome: 'failed', durationMs: 15_000, output });
    return script.reply('sorryNot', 'sorry', 'I am sorry, I cannot look that up right now. May I take your number?', 900);
  },
  typed: (script: CallScript) =>
    greeted(script)
      .add({ type: 'callerTranscript', itemId: 'typed', previousItemId: 'greeting', text: 'Do you take credit cards?', medium: 'text' })
      .reply('cards', 'typed', 'Yes. We take cash, credit cards and Apple Pay.', 320),
  ending: (script: CallScript) => talked(script).played('thanks').add({ type: 'stateChanged', state: 'ending' }),
  ended: (script: CallScript) => finished(script).add({ type: 'callEnded', reason: 'goodbye' }),
  failed: (script: CallScript) => {
    const sentence = 'The connection to OpenAI was lost and could not be restored within 60 seconds.';
    return talked(script).add({ type: 'callEnded', reason: 'failed', problem: { kind: 'connectionLost', sentence, action: 'tryAgain' } });
  },
  long: (script: CallScript) => {
    greeted(script);
    for (let turn = 0; turn < 60; turn += 1) {
      const before = turn === 0 ? 'greeting' : `r${turn - 1}`;
      script.caller(`c${turn}`, before, `Question number ${turn + 1}: what does the general maintenance include, and how long does it take?`);
      const answer = 'General maintenance takes about forty-five minutes and costs between eighty and three hundred dollars, with a free multi-point inspection.';
      script.reply(`r${turn}`, `c${turn}`, answer, 400 + turn * 7).played(`r${turn}`);
    }
    return script;
  },
};

/** The events of a call; `id` names it, and its newest event happens at `now`. */
export function callEvents(name: CallName, id: string, now: number): CallEvent[] {
  const length = CALLS[name](new CallScript()).events.at(-1)?.ms ?? 0;
  return CALLS[name](new CallScript(id, now - length)).events;
}

/** A whole call with the pauses between its events, for playing it live. */
export function liveCall(id: string, now: number): CallEvent[] {
  return CALLS.ended(new CallScript(id, now)).events;
}
