// What a call is doing, in one or two words and a colour, and whether its voice is heard. Pure.

import { isRunning, type CallView } from './call-view';
import type { CallState } from './types';
import { STATE_WORDS } from './words';

/** The colour of a phase: the receptionist's, the caller's, a warning, or none. */
export type Tone = 'accent' | 'caller' | 'warn' | 'still';

/** A phase for the pill in the head. */
export interface Phase {
  readonly words: string;
  readonly tone: Tone;
}

const TONES: Record<CallState, Tone> = {
  connecting: 'still',
  greeting: 'accent',
  listening: 'accent',
  hearing: 'caller',
  thinking: 'accent',
  speaking: 'accent',
  reconnecting: 'warn',
  ending: 'accent',
  ended: 'still',
};

/** Phases in which the caller is expected to be heard; without a microphone their own words would promise that. */
const NEEDS_MICROPHONE: ReadonlySet<CallState> = new Set(['greeting', 'listening', 'thinking', 'speaking']);

/** The phase of the call; before the first one, whether a call could start now. */
export function phaseOf(call: CallView | null, ready: boolean): Phase {
  if (!call) return ready ? { words: 'Ready', tone: 'still' } : { words: 'Not ready yet', tone: 'warn' };
  if (call.end !== null) return { words: STATE_WORDS.ended, tone: TONES.ended };
  if (call.microphone === 'lost' && NEEDS_MICROPHONE.has(call.state)) return { words: 'No microphone', tone: 'warn' };
  const attempt = call.state === 'reconnecting' ? (call.reconnectAttempt ?? 1) : 1;
  return { words: attempt > 1 ? `${STATE_WORDS.reconnecting} · ${attempt}` : STATE_WORDS[call.state], tone: TONES[call.state] };
}

/** True while sound of a reply comes out of the speaker: words alone do not make it, a speaker may be missing. */
export function isPlaying(call: CallView | null): boolean {
  return isRunning(call) && call.rows.some((row) => row.kind === 'reply' && row.audible && !row.over);
}
