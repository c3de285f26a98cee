// Folds the events of one call into what the window shows of it. Pure: the same events always give the same view, views are never changed
// in place, and no clock is read. The live call and a call of the history go through the same function.

import { arranged, EMPTY_ORDER, withItem, type ItemOrder, type Placed } from './row-order';
import type {
  AudioDirection,
  CallerDetails,
  CallEvent,
  CallId,
  CallState,
  DeviceChangeReason,
  EndReason,
  LegKind,
  Medium,
  MicrophoneState,
  Problem,
  ToolOutcome,
  UsageFigures,
  WallTime,
} from './types';

interface RowBase extends Placed {
  /** Milliseconds since the call started at which the row appeared. */
  readonly ms: number;
}

/** One turn of the caller. */
export interface CallerRow extends RowBase {
  readonly kind: 'caller';
  readonly text: string;
  /** `speaking` while the voice is heard, `writing` until the words are known, `final` when `text` is whole. */
  readonly stage: 'speaking' | 'writing' | 'final';
  readonly medium: Medium;
}

/** One reply of the receptionist. */
export interface ReplyRow extends RowBase {
  readonly kind: 'reply';
  readonly text: string;
  /** All words are known. */
  readonly final: boolean;
  /** Sound of it was heard. */
  readonly audible: boolean;
  /** It was played to its end or cut off; no sound of it follows. */
  readonly over: boolean;
  /** Milliseconds from the end of the caller's speech to the first sound; null for a greeting or before it is known. */
  readonly firstSoundMs: number | null;
  /** Set when the reply was cut off: what was heard of it. */
  readonly heard: { readonly text: string; readonly ms: number } | null;
}

/** One tool call. */
export interface ToolRow extends RowBase {
  readonly kind: 'tool';
  readonly name: string;
  readonly arguments: string;
  readonly outcome: ToolOutcome | null;
  readonly durationMs: number | null;
  readonly output: string;
}

/** Something about the connection or the devices that belongs between the words. */
export interface NoteRow extends RowBase {
  readonly kind: 'note';
  readonly note:
    | { readonly about: 'device'; readonly direction: AudioDirection; readonly name: string; readonly reason: DeviceChangeReason }
    | { readonly about: 'reconnected' };
}

/** One row of the transcript. */
export type Row = CallerRow | ReplyRow | ToolRow | NoteRow;

/** A failure after which the call went on. */
export interface CallWarning {
  readonly seq: number;
  readonly problem: Problem;
}

/** All that the window shows of one call. */
export interface CallView {
  /** Null until the first event. */
  readonly callId: CallId | null;
  /** The `seq` that the next event must have. */
  readonly nextSeq: number;
  /** True when an event was missed: the view waits for a new snapshot. */
  readonly gap: boolean;
  readonly leg: LegKind | null;
  readonly company: string;
  readonly backend: string;
  readonly model: string;
  readonly startedAt: WallTime | null;
  /** Milliseconds since the start, of the newest event. */
  readonly lastMs: number;
  readonly state: CallState;
  /** In conversation order. */
  readonly rows: readonly Row[];
  readonly order: ItemOrder;
  readonly caller: CallerDetails;
  /** Null until the microphone reported itself. */
  readonly microphone: MicrophoneState | null;
  /** Names of the devices in use, as far as events told. */
  readonly devices: Readonly<Record<AudioDirection, string | null>>;
  /** Which try the reconnection is at; null while connected. */
  readonly reconnectAttempt: number | null;
  /** First-sound time of the newest reply that has one. */
  readonly firstSoundMs: number | null;
  readonly warnings: readonly CallWarning[];
  /** Sum over all responses. */
  readonly usage: UsageFigures;
  /** Set when the call is over. */
  readonly end: { readonly reason: EndReason; readonly problem: Problem | null } | null;
}

/** A call of which nothing is known yet. */
export const EMPTY_CALL_VIEW: CallView = {
  callId: null,
  nextSeq: 0,
  gap: false,
  leg: null,
  company: '',
  backend: '',
  model: '',
  startedAt: null,
  lastMs: 0,
  state: 'connecting',
  rows: [],
  order: EMPTY_ORDER,
  caller: {},
  microphone: null,
  devices: { input: null, output: null },
  reconnectAttempt: null,
  firstSoundMs: null,
  warnings: [],
  usage: { inputTextTokens: 0, inputAudioTokens: 0, cachedTokens: 0, outputTextTokens: 0, outputAudioTokens: 0 },
  end: null,
};

/** The view of a call of which all events are at hand, for example a snapshot or a call of the history. */
export function foldCall(events: readonly CallEvent[]): CallView {
  return events.reduce(withEvent, EMPTY_CALL_VIEW);
}

/**
 * The view after one more event. An event that was seen before, or that belongs to another call, changes nothing. An event that comes too
 * early sets `gap` and is dropped: the caller then asks for a new snapshot.
 */
export function withEvent(view: CallView, event: CallEvent): CallView {
  if (view.callId !== null && event.callId !== view.callId) return view;
  if (event.seq < view.nextSeq) return view;
  if (event.seq > view.nextSeq) return view.gap ? view : { ...view, gap: true };
  const counted: CallView = { ...view, callId: event.callId, nextSeq: event.seq + 1, lastMs: Math.max(view.lastMs, event.ms) };
  return applied(counted, event);
}

/** What one event changes, its place in the sequence already being counted. */
function applied(view: CallView, event: CallEvent): CallView {
  switch (event.type) {
    case 'callStarted':
      return { ...view, leg: event.leg, company: event.company, backend: event.backend, model: event.model, startedAt: event.at };
    case 'stateChanged':
      return { ...view, state: event.state };
    case 'callerTurnStarted':
      return withCallerRow(view, event, (row) => (row.stage === 'final' ? {} : { stage: 'speaking' }));
    case 'callerTurnStopped':
      return withCallerRow(view, event, (row) => (row.stage === 'final' ? {} : { stage: 'writing' }));
    case 'callerTranscriptDelta':
      return withCallerRow(view, event, (row) => ({ text: row.text + event.delta }));
    case 'callerTranscript':
      return withCallerRow(view, event, { text: event.text, medium: event.medium, stage: 'final' });
    case 'replyStarted':
      return withReplyRow(view, event, {});
    case 'replyDelta':
      return withReplyRow(view, event, (row) => (row.final ? {} : { text: row.text + event.delta }));
    case 'replyAudible': {
      const firstSoundMs = event.sinceSpeechEndMs ?? null;
      const audible = withReplyRow(view, event, { audible: true, firstSoundMs });
      return firstSoundMs === null ? audible : { ...audible, firstSoundMs };
    }
    case 'replyTranscript':
      return withReplyRow(view, event, { text: event.text, final: true });
    case 'replyInterrupted':
      return withReplyRow(view, event, { final: true, over: true, heard: { text: event.heardText, ms: event.heardMs } });
    case 'replyPlayed':
      return withReplyRow(view, event, { over: true });
    case 'toolStarted':
      return withAttachedRow(view, {
        ...attachedRow(view, event, event.toolCallId),
        kind: 'tool',
        name: event.name,
        arguments: event.arguments,
        outcome: null,
        durationMs: null,
        output: '',
      });
    case 'toolFinished':
      return withToolResult(view, event);
    case 'callerDetails':
      return { ...view, caller: event.details };
    case 'microphoneChanged':
      return { ...view, microphone: event.state };
    case 'deviceChanged': {
      const named = { ...view, devices: { ...view.devices, [event.direction]: event.name } };
      // The device that the call began with is no news.
      if (event.reason === 'opened') return named;
      const note = { about: 'device', direction: event.direction, name: event.name, reason: event.reason } as const;
      return withAttachedRow(named, { ...attachedRow(view, event, `note-${event.seq}`), kind: 'note', note });
    }
    case 'reconnecting':
      return { ...view, reconnectAttempt: event.attempt };
    case 'reconnected':
      return withAttachedRow(
        { ...view, reconnectAttempt: null },
        { ...attachedRow(view, event, `note-${event.seq}`), kind: 'note', note: { about: 'reconnected' } },
      );
    case 'warning':
      return { ...view, warnings: [...view.warnings, { seq: event.seq, problem: event.problem }] };
    case 'recovered':
      return { ...view, warnings: view.warnings.filter((warning) => warning.problem.kind !== event.kind) };
    case 'usage':
      return { ...view, usage: sum(view.usage, event.usage) };
    case 'callEnded':
      return ended(view, event.reason, event.problem ?? null);
    default:
      return unknownEvent(view, event);
  }
}

/** A newer backend may send events that this window does not know; they count in the sequence and change nothing. */
function unknownEvent(view: CallView, _event: never): CallView {
  return view;
}

type Change<Kind extends Row> = Partial<Kind> | ((row: Kind) => Partial<Kind>);

interface ItemEvent {
  readonly itemId: string;
  readonly ms: number;
  readonly previousItemId?: string;
}

/** Changes the caller's row of an item, and makes it first where it is new. */
function withCallerRow(view: CallView, event: ItemEvent, change: Change<CallerRow>): CallView {
  return withItemRow(view, event, { id: event.itemId, ms: event.ms, kind: 'caller', text: '', stage: 'speaking', medium: 'voice' }, change);
}

/** Changes the reply's row of an item, and makes it first where it is new. */
function withReplyRow(view: CallView, event: ItemEvent, change: Change<ReplyRow>): CallView {
  const unheard = { final: false, audible: false, over: false, firstSoundMs: null, heard: null };
  return withItemRow(view, event, { id: event.itemId, ms: event.ms, kind: 'reply', text: '', ...unheard }, change);
}

function withItemRow<Kind extends CallerRow | ReplyRow>(view: CallView, event: ItemEvent, blank: Kind, change: Change<Kind>): CallView {
  // The row that changes is nearly always among the last, so the search starts at the end.
  const index = view.rows.findLastIndex((row) => row.id === blank.id && row.kind === blank.kind);
  const old = index < 0 ? blank : (view.rows[index] as Kind);
  const row: Kind = { ...old, ...(typeof change === 'function' ? change(old) : change) };
  const order = withItem(view.order, row.id, event.previousItemId ?? null);
  const rows = index < 0 ? [...view.rows, row] : view.rows.with(index, row);
  return { ...view, order, rows: order === view.order ? rows : arranged(rows, order) };
}

/** Adds a row that is no item of the conversation. */
function withAttachedRow(view: CallView, row: ToolRow | NoteRow): CallView {
  if (view.rows.some((other) => other.id === row.id)) return view;
  return { ...view, rows: arranged([...view.rows, row], view.order) };
}

/** What a row has that stays behind the item that is last at this moment. */
function attachedRow(view: CallView, event: { readonly ms: number }, id: string): RowBase & { behind: string | null } {
  return { id, ms: event.ms, behind: view.order.items.at(-1) ?? null };
}

function withToolResult(view: CallView, event: Extract<CallEvent, { type: 'toolFinished' }>): CallView {
  const index = view.rows.findLastIndex((row) => row.kind === 'tool' && row.id === event.toolCallId);
  if (index < 0) return view;
  const row = { ...(view.rows[index] as ToolRow), outcome: event.outcome, durationMs: event.durationMs, output: event.output };
  return { ...view, rows: view.rows.with(index, row) };
}

/** Nothing stays half done in a call that is over: placeholders of unheard turns go, replies and tools are closed. */
function ended(view: CallView, reason: EndReason, problem: Problem | null): CallView {
  const rows = view.rows
    .filter((row) => !(row.kind === 'caller' && row.stage !== 'final' && row.text === ''))
    .filter((row) => !(row.kind === 'reply' && row.text === '' && row.heard === null))
    .map((row): Row => {
      if (row.kind === 'caller') return { ...row, stage: 'final' };
      if (row.kind === 'reply') return { ...row, final: true, over: true };
      return row;
    });
  return { ...view, state: 'ended', reconnectAttempt: null, rows, end: { reason, problem } };
}

function sum(left: UsageFigures, right: UsageFigures): UsageFigures {
  return {
    inputTextTokens: left.inputTextTokens + right.inputTextTokens,
    inputAudioTokens: left.inputAudioTokens + right.inputAudioTokens,
    cachedTokens: left.cachedTokens + right.cachedTokens,
    outputTextTokens: left.outputTextTokens + right.outputTextTokens,
    outputAudioTokens: left.outputAudioTokens + right.outputAudioTokens,
  };
}

/** The tool calls of a call, newest first. */
export function toolCalls(view: CallView): ToolRow[] {
  return view.rows.filter((row) => row.kind === 'tool').reverse().sort((left, right) => right.ms - left.ms);
}

/** True from Connect until the last event. */
export function isRunning(view: CallView | null): view is CallView {
  return view !== null && view.end === null;
}
