// The seam for a plain browser: answers from a scenario, plays a written call on Connect, and draws levels from two sine waves.

import type { Api, Listener } from '../../src/lib/api';
import type {
  AgendaQuery,
  AppMessage,
  BookingWish,
  CallEvent,
  CallMessage,
  CallSummary,
  Contact,
  ContactQuery,
  DevicesView,
  LevelsView,
  ModelFileView,
  Overview,
  Settings,
  WireEntry,
} from '../../src/lib/types';
import { MockAgenda } from './agenda';
import { callEvents, liveCall } from './calls';
import { history, wire, withVoices } from './samples';
import type { Scenario } from './scenarios';

/** Real time is too slow for tests; a played call runs so many times faster. */
const LIVE_SPEED = 4;
const LEVELS_EVERY_MS = 1000 / 15;
const WIRE_EVERY_MS = 200;

/** One mocked backend. */
export class MockApi implements Api {
  readonly #scenario: Scenario;
  /** Names of the functions that were called, with their arguments, for tests. */
  readonly calls: [string, ...unknown[]][] = [];
  /** Subscriptions that run now, by stream. */
  readonly streams = { levels: false, wire: false };

  #overview: Overview;
  #devices: DevicesView;
  #events: CallEvent[];
  #pending: CallEvent[] = [];
  #history: CallSummary[];
  #agenda: MockAgenda;
  #app: Listener<AppMessage> = () => undefined;
  #call: Listener<CallMessage> = () => undefined;
  #timers: { [name: string]: ReturnType<typeof setInterval> } = {};
  #muted = false;
  #cancel: () => void = () => undefined;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#overview = scenario.overview;
    this.#devices = scenario.devices;
    this.#events = scenario.call;
    this.#agenda = new MockAgenda(scenario.calls === 0);
    this.#history = history(scenario.calls, Date.now()).map((call, index) => {
      if (index > 0 || scenario.overview.callId === undefined) return call;
      const { endReason: _, ...rest } = call;
      return { ...rest, open: true };
    });
  }

  /** Notes the call of a function, and rejects where the scenario says so. */
  async #answer<Answer>(name: string, values: unknown[], answer: () => Answer | Promise<Answer>): Promise<Answer> {
    this.calls.push([name, ...values]);
    await Promise.resolve();
    const problem = this.#scenario.problems[name];
    if (problem) throw problem;
    return answer();
  }

  #change(change: Partial<Overview>): Overview {
    this.#overview = { ...this.#overview, ...change };
    this.#app({ type: 'overviewChanged', overview: this.#overview });
    return this.#overview;
  }

  /** Sends one more event of the call in progress, now. */
  emit(event: CallEvent): void {
    this.#events = [...this.#events, event];
    this.#call({ type: 'event', event });
    if (event.type === 'callEnded') {
      const { callId: _, ...rest } = this.#overview;
      this.#overview = rest;
      this.#app({ type: 'overviewChanged', overview: rest });
    }
  }

  /** Sends an event that was not planned, with the next number. */
  #say(body: object): void {
    const last = this.#events.at(-1);
    if (!last) return;
    const renumbered = { ...last, seq: last.seq + 1 };
    const { v, seq, callId, at, ms } = renumbered;
    this.#pending = this.#pending.map((event) => ({ ...event, seq: event.seq + 1 }));
    this.emit({ v, seq, callId, at, ms, ...body } as CallEvent);
  }

  /** Loses the next event of the call, as a broken stream would. */
  lose(): void {
    const lost = this.#pending.shift();
    if (lost) this.#events = [...this.#events, lost];
  }

  #play(): void {
    const next = this.#pending.shift();
    if (!next) return;
    this.emit(next);
    const after = this.#pending[0];
    if (after) this.#timers['call'] = setTimeout(() => this.#play(), (after.ms - next.ms) / LIVE_SPEED);
  }

  #stop(name: string): void {
    clearInterval(this.#timers[name]);
    delete this.#timers[name];
  }

  getOverview = () => this.#answer('getOverview', [], () => this.#overview);
  listDevices = () => this.#answer('listDevices', [], () => this.#devices);
  subscribeApp = (listener: Listener<AppMessage>) => this.#answer('subscribeApp', [], () => void (this.#app = listener));

  connect = () =>
    this.#answer('connect', [], () => {
      if (this.#scenario.slow) return new Promise<null>((answer) => (this.#cancel = () => answer(null)));
      const id = `call-live-${this.calls.length}`;
      this.#events = [];
      this.#pending = liveCall(id, Date.now());
      setTimeout(() => {
        this.#change({ callId: id, firstRun: false });
        this.#play();
      });
      return id;
    });

  endCall = () =>
    this.#answer('endCall', [], () => {
      this.#cancel();
      this.#stop('call');
      this.#pending = [];
      this.#say({ type: 'callEnded', reason: 'hungUp' });
    });

  sendText = (text: string) =>
    this.#answer('sendText', [text], () => {
      const items = this.#events.filter((event) => event.type === 'replyStarted' || event.type === 'callerTurnStarted');
      const previousItemId = items.at(-1)?.itemId;
      this.#say({ type: 'callerTranscript', itemId: `typed-${this.calls.length}`, previousItemId, text, medium: 'text' });
    });

  setMuted = (muted: boolean) =>
    this.#answer('setMuted', [muted], () => {
      this.#muted = muted;
      this.#say({ type: 'microphoneChanged', state: muted ? 'muted' : 'live' });
    });

  pushToTalk = (down: boolean) => this.#answer('pushToTalk', [down], () => undefined);

  chooseInput = (id: string | null) => this.#answer('chooseInput', [id], () => this.#chooseDevice({ inputDevice: id ?? '' }));
  chooseOutput = (id: string | null) => this.#answer('chooseOutput', [id], () => this.#chooseDevice({ outputDevice: id ?? '' }));

  #chooseDevice(change: Partial<Settings['audio']>): void {
    const { settings } = this.#overview;
    this.#change({ settings: { ...settings, audio: { ...settings.audio, ...change } } });
  }

  subscribeCall = (callId: string, listener: Listener<CallMessage>) =>
    this.#answer('subscribeCall', [callId], () => {
      this.#call = listener;
      listener({ type: 'snapshot', events: this.#events });
    });

  subscribeLevels = (listener: Listener<LevelsView>) =>
    this.#answer('subscribeLevels', [], () => {
      this.streams.levels = true;
      let step = 0;
      this.#stop('levels');
      this.#timers['levels'] = setInterval(() => listener(this.#levels((step += 1))), LEVELS_EVERY_MS);
    });

  unsubscribeLevels = () =>
    this.#answer('unsubscribeLevels', [], () => {
      this.streams.levels = false;
      this.#stop('levels');
    });

  #levels(step: number): LevelsView {
    const wave = Math.abs(Math.sin(step / 2.3) * Math.sin(step / 7.1));
    const loud = (speaks: boolean) => (speaks ? -34 + wave * 26 : -60);
    const input = loud(this.#scenario.voices.input && !this.#muted);
    const output = loud(this.#scenario.voices.output);
    const peak = (rms: number) => (rms <= -60 ? -60 : rms + 7);
    return { inputPeakDb: peak(input), inputRmsDb: input, outputPeakDb: peak(output), outputRmsDb: output, microphone: 'live' };
  }

  getSoundDiagnostics = () => this.#answer('getSoundDiagnostics', [], () => this.#scenario.sound);

  listCalls = (query: { search: string; offset: number; limit: number }) =>
    this.#answer('listCalls', [query], () => {
      const words = query.search.toLowerCase();
      const found = this.#history.filter((call) => call.preview.toLowerCase().includes(words));
      return { calls: found.slice(query.offset, query.offset + query.limit), total: found.length };
    });

  getCall = (id: string) => this.#answer('getCall', [id], () => callEvents('ended', id, Date.parse('2026-11-20T10:12:00Z')));

  deleteCall = (id: string) => this.#answer('deleteCall', [id], () => void (this.#history = this.#history.filter((call) => call.id !== id)));

  exportCall = (id: string, format: string) => this.#answer('exportCall', [id, format], () => '/home/sam/Documents/Prime Auto Lab 2026-11-22 14.05.md');
  exportAll = () => this.#answer('exportAll', [], () => '/home/sam/Documents/Frontdesk calls.zip');

  getAgenda = (query: AgendaQuery) => this.#answer('getAgenda', [query], () => this.#agenda.view(query));
  book = (wish: BookingWish) => this.#answer('book', [wish], () => this.#agenda.book(wish));
  moveBooking = (id: string, date: string, time: string) => this.#answer('moveBooking', [id, date, time], () => this.#agenda.move(id, date, time));
  cancelBooking = (id: string) => this.#answer('cancelBooking', [id], () => this.#agenda.cancel(id));
  exportAgenda = (query: AgendaQuery) => this.#answer('exportAgenda', [query], () => '/home/sam/Documents/appointments.ics');
  listContacts = (query: ContactQuery) => this.#answer('listContacts', [query], () => this.#agenda.contacts(query.search, query.offset, query.limit));
  editContact = (contact: Contact) => this.#answer('editContact', [contact], () => this.#agenda.edit(contact));

  getContactTraces = (id: string) => this.#answer('getContactTraces', [id], () => this.#agenda.traces(id));
  eraseContact = (id: string) => this.#answer('eraseContact', [id], () => this.#agenda.erase(id));

  subscribeWire = (listener: Listener<WireEntry[]>) =>
    this.#answer('subscribeWire', [], () => {
      this.streams.wire = true;
      let number = 400;
      listener(wire(0, number, Date.now()));
      this.#stop('wire');
      this.#timers['wire'] = setInterval(() => {
        listener(wire(number, 5, Date.now()));
        number += 5;
      }, WIRE_EVERY_MS);
    });

  unsubscribeWire = () =>
    this.#answer('unsubscribeWire', [], () => {
      this.streams.wire = false;
      this.#stop('wire');
    });

  exportWireLog = () => this.#answer('exportWireLog', [], () => '/home/sam/Documents/frontdesk-log.jsonl');

  saveSettings = (settings: Settings) => this.#answer('saveSettings', [settings], () => this.#change({ settings }));

  // The key is not noted: nothing of the window may keep it.
  setKey = (_key: string, keepInMemory: boolean) =>
    keepInMemory
      ? this.#answer('setKeyInMemory', [], () => void this.#change({ key: 'setForThisRun' }))
      : this.#answer('setKey', [], () => void this.#change({ key: 'set' }));
  testKey = () => this.#answer('testKey', [], () => undefined);
  findChatServers = () => this.#answer('findChatServers', [], () => this.#scenario.chatServers);
  testChatModel = (server: string, model: string) =>
    this.#answer('testChatModel', [server, model], () => ({ words: 'Prime Auto Lab, how can I help you?', milliseconds: 1_240 }));
  deleteKey = () => this.#answer('deleteKey', [], () => void this.#change({ key: 'notSet' }));

  fetchModels = (betterVoices: boolean) =>
    this.#answer('fetchModels', [betterVoices], () => {
      const { models } = this.#overview;
      const { problem: _, ...rest } = models;
      this.#change({ models: { ...rest, download: { file: betterVoices ? 'kokoro/kokoro-v1.0.int8.onnx' : 'en_US-joe-medium.onnx', doneBytes: 0, totalBytes: 113_098_032 } } });
    });
  cancelFetchModels = () =>
    this.#answer('cancelFetchModels', [], () => {
      const { download: _, ...models } = this.#overview.models;
      this.#change({ models });
    });
  verifyModels = () => this.#answer('verifyModels', [], () => undefined);
  removeModels = (betterVoices: boolean) =>
    this.#answer('removeModels', [betterVoices], () => {
      const { models } = this.#overview;
      const gone = (files: ModelFileView[]) => files.map((file) => ({ ...file, state: 'missing' as const }));
      this.#change({
        models: betterVoices ? { ...models, ...withVoices(gone(models.betterVoices)) } : { ...models, files: gone(models.files), ready: false },
      });
    });
  previewVoice = (name: string) => this.#answer('previewVoice', [name], () => undefined);
  measureVoices = () =>
    this.#answer('measureVoices', [], () => {
      const { models } = this.#overview;
      void this.#change({ models: { ...models, ...withVoices(models.betterVoices, 0.22) } });
    });

  requestMicrophone = () => this.#answer('requestMicrophone', [], () => void this.#change({ microphonePermission: 'granted' }));
  openSystemPrivacy = () => this.#answer('openSystemPrivacy', [], () => undefined);
  playTestTone = () => this.#answer('playTestTone', [], () => undefined);
  startMicrophonePreview = () => this.#answer('startMicrophonePreview', [], () => undefined);
  stopMicrophonePreview = () => this.#answer('stopMicrophonePreview', [], () => undefined);
  chooseCompanyFile = () =>
    this.#answer('chooseCompanyFile', [], () => this.#change({ company: { name: 'Harbour Dental', file: '/home/sam/dental.toml', hoursLine: 'Closed, opens Monday 8:00 AM' } }));
  closeIntroduction = () => this.#answer('closeIntroduction', [], () => void this.#change({ firstRun: false }));
}
