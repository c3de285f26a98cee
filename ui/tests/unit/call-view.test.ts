// The view of a call, folded from its events: rows, states, gaps.

import { describe, expect, it } from 'vitest';

import { EMPTY_CALL_VIEW, foldCall, toolCalls, withEvent, type CallView } from '../../src/lib/call-view';
import type { CallEvent } from '../../src/lib/types';
import { CallScript } from '../mock/call-script';

function started(): CallScript {
  return new CallScript().add({ type: 'callStarted', leg: 'native', company: 'Prime Auto Lab', backend: 'Local engine', model: 'local' });
}

function texts(view: CallView): string[] {
  return view.rows.map((row) => (row.kind === 'caller' || row.kind === 'reply' ? `${row.kind}: ${row.text}` : row.id));
}

describe('a call view', () => {
  it('takes company, backend and start from the first event', () => {
    const view = foldCall(started().events);
    expect(view).toMatchObject({ company: 'Prime Auto Lab', backend: 'Local engine', leg: 'native', startedAt: '2026-11-22T14:05:00.000Z' });
  });

  it('shows a reply growing by its deltas and whole at its end', () => {
    const script = started().add({ type: 'replyStarted', itemId: 'r' }, { type: 'replyDelta', itemId: 'r', delta: 'Hello, ' });
    script.add({ type: 'replyDelta', itemId: 'r', delta: 'there' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ text: 'Hello, there', final: false });
    script.add({ type: 'replyTranscript', itemId: 'r', text: 'Hello there.' }, { type: 'replyDelta', itemId: 'r', delta: 'late' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ text: 'Hello there.', final: true });
  });

  it('holds a place for a turn whose words are not known yet', () => {
    const script = started().add({ type: 'callerTurnStarted', itemId: 'c' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ kind: 'caller', stage: 'speaking', text: '' });
    script.add({ type: 'callerTurnStopped', itemId: 'c' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ stage: 'writing' });
    script.add({ type: 'callerTranscriptDelta', itemId: 'c', delta: 'How ' }, { type: 'callerTranscriptDelta', itemId: 'c', delta: 'much' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ stage: 'writing', text: 'How much' });
    script.add({ type: 'callerTranscript', itemId: 'c', text: 'How much?', medium: 'voice' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ stage: 'final', text: 'How much?' });
  });

  it('slots late words of the caller in before the reply that answers them', () => {
    const script = started().reply('greeting', undefined, 'Hello.').played('greeting');
    script.add({ type: 'replyStarted', itemId: 'answer', previousItemId: 'question' });
    script.add({ type: 'replyDelta', itemId: 'answer', delta: 'Fifty dollars.' });
    script.add({ type: 'callerTranscript', itemId: 'question', previousItemId: 'greeting', text: 'How much?', medium: 'voice' });
    expect(texts(foldCall(script.events))).toEqual(['reply: Hello.', 'caller: How much?', 'reply: Fifty dollars.']);
  });

  it('moves a row when its predecessor turns out to be another', () => {
    const script = started().reply('a', undefined, 'A').add({ type: 'callerTurnStarted', itemId: 'c', previousItemId: 'a' });
    script.reply('b', 'a', 'B').add({ type: 'callerTranscript', itemId: 'c', previousItemId: 'b', text: 'C', medium: 'voice' });
    expect(texts(foldCall(script.events))).toEqual(['reply: A', 'reply: B', 'caller: C']);
  });

  it('keeps what was heard of an interrupted reply, whatever comes after', () => {
    const script = started().reply('r', undefined, 'One two three four.');
    script.add({ type: 'replyInterrupted', itemId: 'r', heardText: 'One two', heardMs: 640 }, { type: 'replyDelta', itemId: 'r', delta: ' five' });
    expect(foldCall(script.events).rows[0]).toMatchObject({ over: true, final: true, heard: { text: 'One two', ms: 640 }, text: 'One two three four.' });
  });

  it('keeps the first-sound time of each reply and of the newest', () => {
    const script = started().reply('a', undefined, 'Hello.').played('a').caller('c', 'a', 'Hi').reply('b', 'c', 'Yes?', 710);
    const view = foldCall(script.events);
    expect(view.rows.map((row) => (row.kind === 'reply' ? row.firstSoundMs : 'none'))).toEqual([null, 'none', 710]);
    expect(view.firstSoundMs).toBe(710);
  });

  it('shows a tool call pending, then done or failed, newest first in the panel', () => {
    const script = started().caller('c', undefined, 'Are you open?');
    script.wait(5).add({ type: 'toolStarted', toolCallId: 't1', name: 'checkOpeningHours', arguments: '{}' });
    expect(toolCalls(foldCall(script.events))[0]).toMatchObject({ name: 'checkOpeningHours', outcome: null });
    script.add({ type: 'toolFinished', toolCallId: 't1', outcome: 'done', durationMs: 12, output: '{"open":true}' });
    script.wait(5).add({ type: 'toolStarted', toolCallId: 't2', name: 'checkOpeningHours', arguments: 'not json' });
    script.add({ type: 'toolFinished', toolCallId: 't2', outcome: 'failed', durationMs: 3, output: 'bad arguments' });
    expect(toolCalls(foldCall(script.events)).map((call) => [call.id, call.outcome, call.durationMs])).toEqual([
      ['t2', 'failed', 3],
      ['t1', 'done', 12],
    ]);
  });

  it('leaves a tool crumb between the turn that asked and the reply that answers', () => {
    const script = started().caller('c', undefined, 'Open?');
    script.add({ type: 'toolStarted', toolCallId: 't', name: 'checkOpeningHours', arguments: '{}' }).reply('r', 'c', 'Yes.');
    expect(texts(foldCall(script.events))).toEqual(['caller: Open?', 't', 'reply: Yes.']);
  });

  it('notes devices that changed during the call and not the one it began with', () => {
    const script = started().add({ type: 'deviceChanged', direction: 'input', name: 'Headset', reason: 'opened' });
    script.add({ type: 'deviceChanged', direction: 'input', name: 'Built-in', reason: 'fallback' });
    const view = foldCall(script.events);
    expect(view.rows).toHaveLength(1);
    expect(view.devices.input).toBe('Built-in');
  });

  it('counts reconnection tries and forgets them when the connection is back', () => {
    const script = started().add({ type: 'reconnecting', attempt: 2 });
    expect(foldCall(script.events).reconnectAttempt).toBe(2);
    expect(foldCall(script.add({ type: 'reconnected' }).events).reconnectAttempt).toBeNull();
  });

  it('follows microphone, details, warnings and usage', () => {
    const script = started().add({ type: 'microphoneChanged', state: 'muted' }, { type: 'callerDetails', details: { name: 'Sarah' } });
    script.add({ type: 'warning', problem: { kind: 'notSaved', sentence: 'The disk is full.' } });
    const usage = { inputTextTokens: 1, inputAudioTokens: 2, cachedTokens: 0, outputTextTokens: 3, outputAudioTokens: 4 };
    const view = foldCall(script.add({ type: 'usage', usage }, { type: 'usage', usage }).events);
    expect(view).toMatchObject({ microphone: 'muted', caller: { name: 'Sarah' } });
    expect(view.warnings.map((warning) => warning.problem.kind)).toEqual(['notSaved']);
    expect(view.usage.outputAudioTokens).toBe(8);
  });

  it('leaves nothing half done when the call ends', () => {
    const script = started().reply('r', undefined, 'Goodbye.').add({ type: 'callerTurnStarted', itemId: 'c', previousItemId: 'r' });
    const view = foldCall(script.add({ type: 'callEnded', reason: 'goodbye' }).events);
    expect(view.state).toBe('ended');
    expect(view.end).toEqual({ reason: 'goodbye', problem: null });
    expect(view.rows).toEqual([expect.objectContaining({ id: 'r', over: true })]);
  });
});

describe('a warning', () => {
  it('goes when its failure is over, and only then', () => {
    const script = started().add({ type: 'warning', problem: { kind: 'notSaved', sentence: 'The disk is full.' } });
    script.add({ type: 'warning', problem: { kind: 'deviceLost', sentence: 'The microphone went away.' } });
    script.add({ type: 'recovered', kind: 'notSaved' });
    expect(foldCall(script.events).warnings.map((warning) => warning.problem.kind)).toEqual(['deviceLost']);
  });
});

describe('the sequence of events', () => {
  it('asks for a new snapshot when an event was missed, and changes nothing until then', () => {
    const { events } = started().reply('r', undefined, 'Hello.');
    const before = foldCall(events.slice(0, 3));
    const after = withEvent(before, events[4] as CallEvent);
    expect(after.gap).toBe(true);
    expect(after.rows).toBe(before.rows);
    expect(foldCall(events).gap).toBe(false);
  });

  it('ignores an event that it has seen', () => {
    const { events } = started().reply('r', undefined, 'Hello.');
    const view = foldCall(events);
    expect(withEvent(view, events[2] as CallEvent)).toBe(view);
  });

  it('ignores an event of another call', () => {
    const view = foldCall(started().events);
    const [other] = new CallScript('call-2').add({ type: 'reconnected' }).events;
    expect(withEvent(view, { ...(other as CallEvent), seq: 1 })).toBe(view);
  });

  it('counts an event of an unknown type and shows nothing of it', () => {
    const unknown = { v: 1, seq: 0, callId: 'x', at: '2026-11-22T14:05:00Z', ms: 5, type: 'somethingNew' } as unknown as CallEvent;
    expect(withEvent(EMPTY_CALL_VIEW, unknown)).toMatchObject({ nextSeq: 1, rows: [], lastMs: 5 });
  });

  it('gives the same view live and from a snapshot', () => {
    const { events } = started().reply('a', undefined, 'Hello.').played('a').caller('c', 'a', 'Hi').reply('b', 'c', 'Yes?', 500);
    const live = events.reduce(withEvent, foldCall(events.slice(0, 4)));
    expect(live).toEqual(foldCall(events));
  });
});
