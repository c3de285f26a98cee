// What the head and the bar say of a call: never more than is so.

import { describe, expect, it } from 'vitest';

import { foldCall, type CallView } from '../../src/lib/call-view';
import { isPlaying, phaseOf } from '../../src/lib/phase';
import { callEvents, type CallName } from '../mock/calls';

function callIn(name: CallName): CallView {
  return foldCall(callEvents(name, 'call', Date.parse('2026-11-22T10:00:00Z')));
}

describe('the phase of a call', () => {
  it('is its state while both sides can be heard', () => {
    expect(phaseOf(callIn('greeting'), true)).toEqual({ words: 'Greeting', tone: 'accent' });
    expect(phaseOf(callIn('hearing'), true)).toEqual({ words: 'Caller speaking', tone: 'caller' });
    expect(phaseOf(callIn('reconnecting'), true)).toEqual({ words: 'Reconnecting · 2', tone: 'warn' });
  });

  it('is a missing microphone and no greeting, where there is none', () => {
    const call = callIn('deviceless');
    expect(call.state).toBe('greeting');
    expect(phaseOf(call, true)).toEqual({ words: 'No microphone', tone: 'warn' });
  });

  it('is over when the call failed for want of a microphone, whatever it was doing', () => {
    expect(phaseOf(callIn('failedWithoutMicrophone'), true)).toEqual({ words: 'Call ended', tone: 'still' });
  });

  it('says before a call whether one could start', () => {
    expect([phaseOf(null, true).words, phaseOf(null, false).words]).toEqual(['Ready', 'Not ready yet']);
  });
});

describe('a reply is playing', () => {
  it('while its sound is heard, and not while nobody can hear it', () => {
    expect(isPlaying(callIn('greeting'))).toBe(true);
    expect(isPlaying(callIn('deviceless'))).toBe(false);
    expect(isPlaying(callIn('listening'))).toBe(false);
    expect(isPlaying(callIn('failed'))).toBe(false);
    expect(isPlaying(null)).toBe(false);
  });
});
