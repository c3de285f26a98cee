// The states of the window, by name: what the mocked backend is like in each.

import type { CallEvent, ChatServerView, DevicesView, Overview, Problem, Settings, SoundDiagnosticsView } from '../../src/lib/types';
import { callEvents, type CallName } from './calls';
import { DEVICES, MODELS_LOADING, MODELS_MISSING, modelsWithVoices, OVERVIEW, SETTINGS, SOUND, SOUND_TROUBLED } from './samples';

/** What one state is made of. */
export interface Scenario {
  readonly overview: Overview;
  readonly devices: DevicesView;
  /** Events of the call that is there when the window opens. */
  readonly call: CallEvent[];
  /** Calls in the history. */
  readonly calls: number;
  /** Which voices the levels show. */
  readonly voices: { readonly input: boolean; readonly output: boolean };
  /** A call is made only when it is ended before: the keychain waits for its password. */
  readonly slow: boolean;
  /** What the sound of the call in progress or the last one counts. */
  readonly sound: SoundDiagnosticsView | null;
  /** Servers of chat models on this computer. */
  readonly chatServers: ChatServerView[];
  /** What functions of the seam reject with. */
  readonly problems: { readonly [name: string]: Problem };
}

const CALL_ID = 'call-now';

type Change = Partial<Omit<Scenario, 'overview'>> & { overview?: Partial<Overview>; settings?: Partial<Settings> };

function scenario({ overview, settings, ...rest }: Change = {}): Scenario {
  const whole = { ...OVERVIEW, ...overview, settings: { ...SETTINGS, ...settings } };
  return { devices: DEVICES, call: [], calls: 24, voices: { input: false, output: false }, slow: false, sound: null, chatServers: [], problems: {}, ...rest, overview: whole };
}

function inCall(name: CallName, voices: Partial<Scenario['voices']> = {}, change: Change = {}): Scenario {
  const call = callEvents(name, CALL_ID, Date.now());
  const { overview, ...rest } = change;
  return scenario({ call, voices: { input: false, output: false, ...voices }, sound: SOUND, ...rest, overview: { callId: CALL_ID, ...overview } });
}

const NO_DEVICE: Problem = { kind: 'noDevice', sentence: 'This computer has no microphone. Plug one in; it appears by itself.', action: 'tryAgain' };
const NO_MICROPHONE: DevicesView = { inputs: [], outputs: DEVICES.outputs, problem: NO_DEVICE };
const OPENAI = { ...SETTINGS.backend, kind: 'openAi' as const };
const CHAT = { dialogue: 'chatModel' as const, server: 'http://127.0.0.1:11434/v1', model: 'qwen3:1.7b' };
const OLLAMA: ChatServerView = { name: 'Ollama', address: CHAT.server, models: ['qwen3:1.7b', 'llama3.2:3b-instruct-q4_K_M', 'gemma3:1b'] };
const EMPTY_STUDIO: ChatServerView = { name: 'LM Studio', address: 'http://127.0.0.1:1234/v1', models: [] };
const TALK = { ...SETTINGS.turns, mode: 'pushToTalk' as const };
const DATABASE: Problem = {
  kind: 'storageFailed',
  sentence: 'The call history cannot be opened. Calls work, and are kept in memory until Frontdesk closes.',
  action: 'tryAgain',
};
const BROKEN_COMPANY: Problem = {
  kind: 'companyInvalid',
  sentence:
    'The company file was not taken; Prime Auto Lab stays in force.\nLine 12: "monday" closes at 08:00, before it opens at 18:00.\nLine 31: the price "fifty" is not a number.\nLine 48: there is no time zone "America/Chikago". Did you mean "America/Chicago"?',
};

/** Every state, made fresh at each start so that its times end now. */
export const SCENARIOS: { readonly [name: string]: () => Scenario } = {
  idle: () => scenario(),
  idleOpenAi: () => scenario({ overview: { key: 'set' } }),
  firstRun: () => scenario({ overview: { firstRun: true, microphonePermission: 'notAsked' } }),
  firstRunDenied: () => scenario({ overview: { firstRun: true, microphonePermission: 'denied' } }),
  firstRunOff: () => scenario({ overview: { firstRun: true, microphonePermission: 'offForAll' } }),
  firstRunGranted: () => scenario({ overview: { firstRun: true }, voices: { input: true, output: false } }),
  firstRunNoMicrophone: () => scenario({ overview: { firstRun: true }, devices: NO_MICROPHONE }),
  agendaFailed: () => scenario({ problems: { getAgenda: DATABASE, listContacts: DATABASE } }),
  connecting: () => inCall('connecting'),
  greeting: () => inCall('greeting', { output: true }),
  listening: () => inCall('listening'),
  hearing: () => inCall('hearing', { input: true }),
  thinking: () => inCall('thinking'),
  toolPending: () => inCall('toolPending'),
  toolFailed: () => inCall('toolFailed', { output: true }),
  speaking: () => inCall('speaking', { output: true }),
  interrupted: () => inCall('interrupted', { input: true }),
  muted: () => inCall('muted'),
  microphoneSilent: () => inCall('silent'),
  microphoneLost: () => inCall('lost'),
  deviceFallback: () => inCall('fallback', { input: true }),
  notSaved: () => inCall('notSaved', { output: true }),
  reconnecting: () => inCall('reconnecting'),
  reconnected: () => inCall('reconnected'),
  typed: () => inCall('typed', { output: true }),
  pushToTalk: () => inCall('listening', {}, { settings: { turns: TALK } }),
  ending: () => inCall('ending', { output: true }),
  ended: () => inCall('ended'),
  failed: () => inCall('failed', {}, { sound: SOUND_TROUBLED }),
  long: () => inCall('long'),
  offline: () =>
    scenario({
      overview: { key: 'set' },
      problems: { connect: { kind: 'offline', sentence: 'OpenAI cannot be reached. Check the internet connection of this computer.', action: 'useLocalEngine' } },
    }),
  noMicrophone: () => scenario({ devices: NO_MICROPHONE }),
  inCallNoDevices: () => inCall('deviceless', {}, { devices: { inputs: [], outputs: [], problem: NO_DEVICE } }),
  failedNoMicrophone: () => inCall('failedWithoutMicrophone', {}, { devices: NO_MICROPHONE }),
  microphoneDenied: () => scenario({ overview: { microphonePermission: 'denied' } }),
  noKey: () => scenario({ settings: { backend: OPENAI } }),
  keychainUnavailable: () =>
    scenario({
      overview: { key: 'keychainUnavailable' },
      settings: { backend: OPENAI },
      problems: {
        setKey: { kind: 'keychainUnavailable', sentence: 'The keychain of this computer cannot be reached, so the key was not stored.', action: 'keepKeyInMemory' },
      },
    }),
  keychainAsking: () => scenario({ overview: { key: 'asking' }, settings: { backend: OPENAI } }),
  keylessServer: () =>
    scenario({ settings: { backend: { ...OPENAI, kind: 'compatible', baseUrl: 'ws://localhost:8765/v1' } } }),
  slowStart: () => scenario({ slow: true }),
  betterVoices: () => scenario({ overview: { models: modelsWithVoices(0.22) } }),
  slowForVoices: () => scenario({ overview: { models: modelsWithVoices(1.3) } }),
  modelsMissing: () => scenario({ overview: { models: MODELS_MISSING } }),
  modelsLoading: () => scenario({ overview: { models: MODELS_LOADING } }),
  modelsFailed: () =>
    scenario({
      overview: {
        models: {
          ...MODELS_MISSING,
          problem: { kind: 'offline', sentence: 'The download stopped: the server cannot be reached. What is here stays.', action: 'tryAgain' },
        },
      },
    }),
  keySet: () => scenario({ overview: { key: 'set' }, settings: { backend: OPENAI } }),
  badKey: () =>
    scenario({
      overview: { key: 'set' },
      settings: { backend: OPENAI },
      problems: { testKey: { kind: 'badKey', sentence: 'OpenAI refused the key. It may have been revoked, or belong to another service.' } },
    }),
  chatModel: () => scenario({ settings: { engine: CHAT }, chatServers: [OLLAMA, EMPTY_STUDIO] }),
  chatModelNone: () => scenario({ settings: { engine: { ...CHAT, server: '', model: '' } } }),
  chatModelOffline: () =>
    scenario({
      settings: { engine: CHAT },
      problems: {
        testChatModel: { kind: 'offline', sentence: 'Nothing answers at http://127.0.0.1:11434. Start the program that serves the model.', action: 'tryAgain' },
      },
    }),
  azure: () => scenario({ overview: { key: 'setForThisRun' }, settings: { backend: { ...OPENAI, kind: 'azure' } } }),
  brokenCompany: () => scenario({ problems: { chooseCompanyFile: BROKEN_COMPANY } }),
  emptyHistory: () => scenario({ calls: 0 }),
  longHistory: () => scenario({ calls: 10_000 }),
  soundUnknown: () => scenario({ problems: { getSoundDiagnostics: { kind: 'internal', sentence: 'Something inside Frontdesk went wrong.' } } }),
  historyFailed: () => scenario({ problems: { listCalls: DATABASE } }),
  standingProblem: () => scenario({ overview: { problems: [DATABASE] } }),
  startFailed: () =>
    scenario({ problems: { getOverview: { kind: 'databaseNewer', sentence: 'The database was written by a newer version of Frontdesk. It was not touched.' } } }),
};
