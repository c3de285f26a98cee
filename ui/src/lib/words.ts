// What the codes of the backend are called in the window. One entry for every code: a new code does not compile until it has its words.

import type { NoteRow } from './call-view';
import type {
  Appearance,
  BackendKind,
  CallState,
  DialogueKind,
  Eagerness,
  EndReason,
  ExportFormat,
  KeyView,
  LegKind,
  MicrophoneState,
  ModelFileState,
  ProblemAction,
  SupervisorKind,
  TurnMode,
} from './types';

/** The call's phase, for the pill in the head. */
export const STATE_WORDS: Record<CallState, string> = {
  connecting: 'Connecting',
  greeting: 'Greeting',
  listening: 'Listening',
  hearing: 'Caller speaking',
  thinking: 'Thinking',
  speaking: 'Speaking',
  reconnecting: 'Reconnecting',
  ending: 'Saying goodbye',
  ended: 'Call ended',
};

/** Why a call ended. */
export const END_WORDS: Record<EndReason, string> = {
  hungUp: 'You ended the call',
  legClosed: 'The caller left',
  goodbye: 'The receptionist said goodbye',
  idle: 'Nobody spoke',
  maximumLength: 'The longest allowed length was reached',
  failed: 'The call could not go on',
  interrupted: 'Frontdesk was stopped in the middle',
};

/** The microphone, under its menu. */
export const MICROPHONE_WORDS: Record<MicrophoneState, string> = {
  starting: 'Starting…',
  live: 'Live',
  muted: 'Muted',
  silent: 'No sound for 5 s',
  lost: 'Lost',
};

/** Labels of the buttons that solve a problem. */
export const ACTION_WORDS: Record<ProblemAction, string> = {
  openSettings: 'Open settings',
  tryAgain: 'Try again',
  useDefaultDevice: 'Use the system default',
  openSystemPrivacy: 'Open system settings',
  downloadModels: 'Download',
  useLocalEngine: 'Use the local engine',
  keepKeyInMemory: 'Keep it for this run',
};

/** Formats of an exported call, in the order of the menu. */
export const FORMAT_WORDS: Record<ExportFormat, string> = {
  markdown: 'Markdown (.md)',
  text: 'Plain text (.txt)',
  json: 'JSON (.json)',
  vtt: 'WebVTT subtitles (.vtt)',
  srt: 'SubRip subtitles (.srt)',
  csv: 'Table (.csv)',
};

/** Where a caller speaks. */
export const LEG_WORDS: Record<LegKind, string> = {
  native: 'This computer',
  file: 'Audio file',
  browser: 'Browser',
  sdk: 'Client program',
  phone: 'Telephone',
};

/** Backends, for the menu of the settings. */
export const BACKEND_WORDS: Record<BackendKind, { name: string; hint: string }> = {
  automatic: { name: 'Automatic', hint: 'OpenAI when a key is set, otherwise the local engine.' },
  local: { name: 'Local engine', hint: 'Runs on this computer. Nothing leaves it, except to a chat model that you choose.' },
  openAi: { name: 'OpenAI', hint: 'Needs your own key.' },
  azure: { name: 'Azure OpenAI', hint: 'Needs a base URL and the key of your resource.' },
  compatible: { name: 'Compatible server', hint: 'Any server that speaks the Realtime protocol.' },
};

/** Where the text model is, for the menu of the settings. */
export const SUPERVISOR_WORDS: Record<SupervisorKind, { name: string; hint: string }> = {
  automatic: { name: 'Automatic', hint: 'At OpenAI when OpenAI answers, otherwise none.' },
  off: { name: 'None', hint: 'The voice model works with the calendar itself.' },
  openAi: { name: 'OpenAI', hint: 'Needs your own key.' },
  azure: { name: 'Azure OpenAI', hint: 'A deployment of your resource.' },
  compatible: { name: 'Compatible server', hint: 'Any server of the Chat Completions API.' },
};

/** What finds the words of the local engine, for the menu of the settings. */
export const DIALOGUE_WORDS: Record<DialogueKind, { name: string; hint: string }> = {
  builtIn: { name: 'Built in', hint: 'Fixed rules over the company file. Answers at once.' },
  chatModel: { name: 'Chat model', hint: 'A model that you run or rent. When it fails, the built-in dialogue helps out.' },
};

/** Where the provider key stands. */
export const KEY_WORDS: Record<KeyView, string> = {
  set: 'Set',
  setForThisRun: 'Set for this run',
  notSet: 'Not set',
  keychainUnavailable: 'Keychain unavailable',
  asking: 'Asking the keychain',
};

/** State of a file of the local engine. */
export const FILE_WORDS: Record<ModelFileState, string> = {
  present: 'Ready',
  missing: 'Missing',
  damaged: 'Damaged',
};

/** What ends a caller's turn. */
export const TURN_WORDS: Record<TurnMode, { name: string; hint: string }> = {
  voice: { name: 'A pause', hint: 'The receptionist answers after a short silence.' },
  meaning: { name: 'The meaning', hint: 'The voice model decides when a thought is complete.' },
  pushToTalk: { name: 'Push to talk', hint: 'Hold Space, or the button, while you speak.' },
};

/** How soon the model answers. */
export const EAGERNESS_WORDS: Record<Eagerness, string> = {
  auto: 'Automatic',
  low: 'Patient (up to 8 s)',
  medium: 'Balanced (up to 4 s)',
  high: 'Quick (up to 2 s)',
};

/** Colours of the window. */
export const APPEARANCE_WORDS: Record<Appearance, string> = {
  system: 'As the system',
  light: 'Light',
  dark: 'Dark',
};

/** A note between the words of a transcript. */
export function noteWords(note: NoteRow['note']): string {
  if (note.about === 'reconnected') return 'The connection was restored';
  const device = note.direction === 'input' ? 'Microphone' : 'Speaker';
  switch (note.reason) {
    case 'opened':
      return `${device}: ${note.name}`;
    case 'chosen':
      return `${device} switched to ${note.name}`;
    case 'fallback':
      return `${device} lost, going on with ${note.name}`;
    case 'restarted':
      return `${device} is back: ${note.name}`;
    default:
      return note.reason satisfies never;
  }
}
