// The state of the window: what the backend told, what the person opened, and the actions that the views call. One object per window,
// handed down by context. It talks to the backend through the seam only.

import { createContext } from 'svelte';

import { asProblem, type Api } from './api';
import { EMPTY_CALL_VIEW, foldCall, isRunning, withEvent, type CallView } from './call-view';
import { fileName } from './format';
import { LevelsFeed } from './levels';
import { setAppearance } from './theme';
import type { AppMessage, CallId, CallMessage, DevicesView, ExportFormat, Overview, Problem, ProblemAction, Settings } from './types';

/** The pages of the window. */
export type Page = 'call' | 'calendar' | 'history' | 'log' | 'settings';

/** A failure that the person has not put away yet. */
export interface Notice {
  readonly id: string;
  readonly problem: Problem;
  /** Does the same again, where that is possible. */
  readonly retry?: () => void;
}

/** Handle over the session for every component. */
export const [windowSession, provideWindowSession] = createContext<WindowSession>();

/** All that the window knows. */
export class WindowSession {
  readonly api: Api;
  readonly levels: LevelsFeed;

  overview = $state.raw<Overview | null>(null);
  /** Null until the menus are known. */
  devices = $state.raw<DevicesView | null>(null);
  /** The call in progress, or the last one until the next begins. */
  call = $state.raw<CallView | null>(null);
  page = $state<Page>('call');
  /** The field for a typed message is open. */
  composerOpen = $state(false);
  /** The side panel is open as a drawer; counts only where the window is too narrow for the panel. */
  drawerOpen = $state(false);
  /** The push-to-talk key or button is held. */
  talking = $state(false);
  /** Why the window cannot be drawn at all. */
  startProblem = $state.raw<Problem | null>(null);
  /** A short confirmation, for example where an export went. */
  confirmation = $state('');

  readonly running = $derived(isRunning(this.call));
  readonly muted = $derived(this.call?.microphone === 'muted');
  readonly pushToTalk = $derived(this.overview?.settings.turns.mode === 'pushToTalk');
  readonly notices = $derived.by(() => this.#shownNotices());

  #own = $state.raw<readonly Notice[]>([]);
  #putAway = $state.raw<ReadonlySet<string>>(new Set());
  #followed: CallId | null = null;
  #starting = false;
  #subscription = 0;
  #noticeCount = 0;
  #confirmationTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api) {
    this.api = api;
    this.levels = new LevelsFeed(api);
  }

  /** Asks for everything the first time; again after a failure. */
  async start(): Promise<void> {
    this.startProblem = null;
    try {
      await this.api.subscribeApp((message) => this.#hear(message));
      this.#takeOverview(await this.api.getOverview());
    } catch (reason) {
      this.startProblem = asProblem(reason);
      return;
    }
    // The menus may take a second on some systems; the window does not wait for them.
    const devices = await this.attempt(() => this.api.listDevices());
    if (devices) this.devices ??= devices;
  }

  /** Asks for the overview again, where something outside may have changed. */
  async refresh(): Promise<void> {
    const overview = await this.attempt(() => this.api.getOverview());
    if (overview) this.#takeOverview(overview);
  }

  /** Carries out an action of the person; a failure becomes a notice and the answer is undefined. */
  async attempt<Answer>(action: () => Promise<Answer>, retry?: () => void): Promise<Answer | undefined> {
    try {
      return await action();
    } catch (reason) {
      this.report(asProblem(reason), retry);
      return undefined;
    }
  }

  /** Shows a failure until it is put away. The same failure is shown once. */
  report(problem: Problem, retry?: () => void): void {
    this.#noticeCount += 1;
    const others = this.#own.filter((notice) => notice.problem.kind !== problem.kind);
    this.#own = [...others, { id: `own-${this.#noticeCount}`, problem, ...(retry ? { retry } : {}) }];
  }

  /** Puts a notice away. */
  dismiss(id: string): void {
    this.#own = this.#own.filter((notice) => notice.id !== id);
    this.#putAway = new Set(this.#putAway).add(id);
  }

  /** Says briefly that something worked. */
  confirm(sentence: string): void {
    clearTimeout(this.#confirmationTimer);
    this.confirmation = sentence;
    this.#confirmationTimer = setTimeout(() => (this.confirmation = ''), 6000);
  }

  /** Puts a text on the clipboard, and says so. */
  async copy(text: string, done: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.confirm(done);
    } catch {
      this.report({ kind: 'internal', sentence: 'The clipboard did not take the text. Select the text and copy it by hand.' });
    }
  }

  /** Closes what lies on top: the drawer first, then the message field. */
  closeOnTop(): void {
    if (this.drawerOpen) this.drawerOpen = false;
    else this.composerOpen = false;
  }

  /** Starts a call. */
  async connect(): Promise<void> {
    if (this.#starting || this.running) return;
    this.#starting = true;
    const before = this.call;
    this.#own = [];
    this.call = EMPTY_CALL_VIEW;
    this.page = 'call';
    try {
      const id = await this.api.connect();
      if (id === null) this.call = before;
      else await this.#follow(id);
    } catch (reason) {
      this.#followed = null;
      this.call = before;
      this.report(asProblem(reason), () => void this.connect());
    } finally {
      this.#starting = false;
    }
  }

  /** Ends the call in progress, or cancels the one that is being made. */
  async endCall(): Promise<void> {
    await this.attempt(() => this.api.endCall());
  }

  /** Mutes the microphone, or opens it again. */
  async toggleMute(): Promise<void> {
    await this.attempt(() => this.api.setMuted(!this.muted));
  }

  /** Takes a microphone or a speaker; null is the system default. True when it was taken. */
  async chooseDevice(direction: 'input' | 'output', id: string | null): Promise<boolean> {
    const taken = await this.attempt(async () => {
      await (direction === 'input' ? this.api.chooseInput(id) : this.api.chooseOutput(id));
      return true;
    });
    return taken ?? false;
  }

  /** Writes a call to a file and says where. */
  async exportCall(id: CallId, format: ExportFormat): Promise<void> {
    this.#confirmPath(await this.attempt(() => this.api.exportCall(id, format), () => void this.exportCall(id, format)));
  }

  /** Writes all calls to one archive and says where. */
  async exportAll(): Promise<void> {
    this.#confirmPath(await this.attempt(() => this.api.exportAll(), () => void this.exportAll()));
  }

  /** Writes the event log to a file and says where. */
  async exportWireLog(): Promise<void> {
    this.#confirmPath(await this.attempt(() => this.api.exportWireLog(), () => void this.exportWireLog()));
  }

  /** Puts changed settings in force; true when they were taken. */
  async saveSettings(settings: Settings): Promise<boolean> {
    const overview = await this.attempt(() => this.api.saveSettings(settings));
    if (overview) this.#takeOverview(overview);
    return overview !== undefined;
  }

  /** Lets the person choose another company file. Gives the fault where it was refused. */
  async chooseCompanyFile(): Promise<Problem | null> {
    try {
      const overview = await this.api.chooseCompanyFile();
      if (overview) this.#takeOverview(overview);
      return null;
    } catch (reason) {
      return asProblem(reason);
    }
  }

  /** Does what a problem's button says. */
  async solve(action: ProblemAction, retry?: () => void): Promise<void> {
    switch (action) {
      case 'openSettings':
      case 'keepKeyInMemory':
        // The key itself is only ever in the field of the settings, so that is where it can be kept.
        this.page = 'settings';
        return;
      case 'tryAgain':
        if (retry) retry();
        else await this.connect();
        return;
      case 'useDefaultDevice':
        await this.#useDefaultDevices();
        return;
      case 'openSystemPrivacy':
        await this.attempt(() => this.api.openSystemPrivacy());
        return;
      case 'downloadModels':
        await this.attempt(() => this.api.fetchModels(false));
        return;
      case 'useLocalEngine':
        if (this.overview) {
          const { settings } = this.overview;
          await this.saveSettings({ ...settings, backend: { ...settings.backend, kind: 'local' } });
        }
        return;
      default:
        action satisfies never;
    }
  }

  #shownNotices(): readonly Notice[] {
    const standing = (this.overview?.problems ?? []).map((problem) => ({ id: `standing-${problem.kind}`, problem }));
    const warnings = (this.call?.warnings ?? []).map(({ seq, problem }) => ({ id: `call-${this.call?.callId}-${seq}`, problem }));
    // Warnings speak of a call in progress; once it is over its end says what matters.
    const all: Notice[] = [...standing, ...(this.running ? warnings : []), ...this.#own];
    return all.filter((notice) => !this.#putAway.has(notice.id));
  }

  #confirmPath(path: string | null | undefined): void {
    if (path) this.confirm(`Saved as ${fileName(path)}`);
  }

  /** Takes the default for the devices that are gone; when none is, for both: the problem does not say which side it means. */
  async #useDefaultDevices(): Promise<void> {
    const chosen = this.overview?.settings.audio;
    const inputs = this.devices?.inputs ?? [];
    const outputs = this.devices?.outputs ?? [];
    const inputGone = chosen !== undefined && chosen.inputDevice !== '' && !inputs.some((device) => device.id === chosen.inputDevice);
    const outputGone = chosen !== undefined && chosen.outputDevice !== '' && !outputs.some((device) => device.id === chosen.outputDevice);
    if (inputGone || !outputGone) await this.chooseDevice('input', null);
    if (outputGone || !inputGone) await this.chooseDevice('output', null);
  }

  #hear(message: AppMessage): void {
    switch (message.type) {
      case 'devicesChanged':
        this.devices = message.devices;
        return;
      case 'modelsChanged':
        if (this.overview) this.overview = { ...this.overview, models: message.models };
        return;
      case 'overviewChanged':
        this.#takeOverview(message.overview);
        return;
      default:
        message satisfies never;
    }
  }

  #takeOverview(overview: Overview): void {
    this.overview = overview;
    // A standing problem that went and comes back is news again.
    const standing = new Set(overview.problems.map((problem) => `standing-${problem.kind}`));
    this.#putAway = new Set([...this.#putAway].filter((id) => !id.startsWith('standing-') || standing.has(id)));
    setAppearance(overview.settings.appearance);
    // A call may be in progress when the window opens, or opens again.
    if (overview.callId && !this.#starting) void this.attempt(() => this.#follow(overview.callId as CallId));
  }

  async #follow(id: CallId): Promise<void> {
    if (this.#followed === id) return;
    this.#followed = id;
    this.call = EMPTY_CALL_VIEW;
    await this.#subscribe(id);
  }

  async #subscribe(id: CallId): Promise<void> {
    this.#subscription += 1;
    const subscription = this.#subscription;
    await this.api.subscribeCall(id, (message) => {
      if (subscription === this.#subscription) this.#hearCall(id, message);
    });
  }

  #hearCall(id: CallId, message: CallMessage): void {
    if (message.type === 'snapshot') {
      this.call = foldCall(message.events);
      return;
    }
    const before = this.call ?? EMPTY_CALL_VIEW;
    const after = withEvent(before, message.event);
    this.call = after;
    if (after.gap && !before.gap) void this.attempt(() => this.#subscribe(id));
  }
}
