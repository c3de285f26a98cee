// The one seam between the window and the backend. Types only: `tauri-api.ts` implements it over the desktop shell's commands, and the
// mock under `tests/mock` implements it for a plain browser. Views never import anything else of the backend.
//
// | function                | command of the shell        | answer              |
// | ----------------------- | --------------------------- | ------------------- |
// | getOverview             | get_overview                | Overview            |
// | listDevices             | list_devices                | DevicesView         |
// | subscribeApp            | subscribe_app               | stream AppMessage   |
// | connect                 | connect                     | CallId or null      |
// | endCall                 | end_call                    |                     |
// | sendText                | send_text                   |                     |
// | setMuted                | set_muted                   |                     |
// | pushToTalk              | push_to_talk                |                     |
// | chooseInput             | choose_input                |                     |
// | chooseOutput            | choose_output               |                     |
// | subscribeCall           | subscribe_call              | stream CallMessage  |
// | subscribeLevels         | subscribe_levels            | stream LevelsView   |
// | unsubscribeLevels       | unsubscribe_levels          |                     |
// | getSoundDiagnostics     | get_sound_diagnostics       | view or null        |
// | listCalls               | list_calls                  | HistoryPage         |
// | getCall                 | get_call                    | CallEvent[]         |
// | deleteCall              | delete_call                 |                     |
// | exportCall              | export_call                 | path or null        |
// | exportAll               | export_all                  | path or null        |
// | getAgenda               | get_agenda                  | AgendaView          |
// | book                    | book                        | Booking             |
// | moveBooking             | move_booking                | Booking             |
// | cancelBooking           | cancel_booking              | Booking             |
// | exportAgenda            | export_agenda               | path or null        |
// | listContacts            | list_contacts               | ContactPage         |
// | editContact             | edit_contact                | Contact             |
// | getContactTraces        | get_contact_traces          | ContactTraces       |
// | eraseContact            | erase_contact               | ContactTraces       |
// | subscribeWire           | subscribe_wire              | stream WireEntry[]  |
// | unsubscribeWire         | unsubscribe_wire            |                     |
// | exportWireLog           | export_wire_log             | path or null        |
// | saveSettings            | save_settings               | Overview            |
// | setKey                  | set_key                     |                     |
// | testKey                 | test_key                    |                     |
// | deleteKey               | delete_key                  |                     |
// | findChatServers         | find_chat_servers           | ChatServerView[]    |
// | testChatModel           | test_chat_model             | ChatTestView        |
// | fetchModels             | fetch_models                |                     |
// | cancelFetchModels       | cancel_fetch_models         |                     |
// | verifyModels            | verify_models               |                     |
// | removeModels            | remove_models               |                     |
// | previewVoice            | preview_voice               |                     |
// | measureVoices           | measure_voices              |                     |
// | requestMicrophone       | request_microphone          |                     |
// | openSystemPrivacy       | open_system_privacy         |                     |
// | playTestTone            | play_test_tone              |                     |
// | startMicrophonePreview  | start_microphone_preview    |                     |
// | stopMicrophonePreview   | stop_microphone_preview     |                     |
// | chooseCompanyFile       | choose_company_file         | Overview or null    |
// | closeIntroduction       | close_introduction          |                     |
//
// Rules of the seam:
// - Argument names are those below; the shell sees them in camelCase, a stream is the argument `channel`.
// - A window has at most one subscription of each stream; a new one replaces the old.
// - Every function may reject, and then always with a `Problem`.
// - What changes outside of an answer (key, permission, models, company, chosen devices, call in progress) arrives through `subscribeApp`.
// - A null path means that the person closed the native dialog.

import type {
  AgendaQuery,
  AgendaView,
  AppMessage,
  Booking,
  BookingWish,
  CallEvent,
  CallId,
  CallMessage,
  ChatServerView,
  ChatTestView,
  Contact,
  ContactPage,
  ContactQuery,
  ContactTraces,
  DevicesView,
  ExportFormat,
  HistoryPage,
  HistoryQuery,
  LevelsView,
  Overview,
  Problem,
  Settings,
  SoundDiagnosticsView,
  WireEntry,
} from './types';

/** Receives the messages of one stream, in order. */
export type Listener<Message> = (message: Message) => void;

/** All that the window can ask of the backend. */
export interface Api {
  /** All that the window needs to draw itself the first time. */
  getOverview(): Promise<Overview>;
  /** Both device menus. */
  listDevices(): Promise<DevicesView>;
  /** Changes of devices, models and overview. */
  subscribeApp(listener: Listener<AppMessage>): Promise<void>;

  /**
   * Starts a call. Resolves as soon as the call has an identity; how it goes on is told by its events. Null when `endCall` was faster: then
   * nothing was opened.
   */
  connect(): Promise<CallId | null>;
  /** Ends the call in progress, and cancels one that `connect` is still making; does nothing when there is none. */
  endCall(): Promise<void>;
  /** Says something to the receptionist by keyboard. */
  sendText(text: string): Promise<void>;
  /** Mutes or opens the microphone; confirmed by a `microphoneChanged` event. */
  setMuted(muted: boolean): Promise<void>;
  /** The push-to-talk key went down or up. */
  pushToTalk(down: boolean): Promise<void>;
  /** Takes a microphone by identity; null is the system default. Remembered. */
  chooseInput(id: string | null): Promise<void>;
  /** Takes a speaker by identity; null is the system default. Remembered. */
  chooseOutput(id: string | null): Promise<void>;
  /** First a snapshot of the call's events, then each one as it happens. */
  subscribeCall(callId: CallId, listener: Listener<CallMessage>): Promise<void>;
  /** Levels of both sides, 15 times a second. */
  subscribeLevels(listener: Listener<LevelsView>): Promise<void>;
  /** Stops the levels; the backend then computes none. */
  unsubscribeLevels(): Promise<void>;
  /** What the sound of the call in progress counts, or of the last one as it was at its end; null before the first call of this run. */
  getSoundDiagnostics(): Promise<SoundDiagnosticsView | null>;

  /** One page of the call history, newest first. */
  listCalls(query: HistoryQuery): Promise<HistoryPage>;
  /** Every event of one call. */
  getCall(id: CallId): Promise<CallEvent[]>;
  /** Deletes one call for ever. */
  deleteCall(id: CallId): Promise<void>;
  /** Writes one call to a file that the person names. */
  exportCall(id: CallId, format: ExportFormat): Promise<string | null>;
  /** Writes all calls to one archive that the person names. */
  exportAll(): Promise<string | null>;

  /** Some days of the calendar, on the clocks of the company. */
  getAgenda(query: AgendaQuery): Promise<AgendaView>;
  /** Makes an appointment by hand; rejects with `bookingRefused` and the reason where opening hours or capacity forbid it. */
  book(wish: BookingWish): Promise<Booking>;
  /** Gives an appointment another begin; rejects like `book`. */
  moveBooking(id: string, date: string, time: string): Promise<Booking>;
  /** Calls an appointment off. */
  cancelBooking(id: string): Promise<Booking>;
  /** Writes the appointments of some days to a calendar file that the person names. */
  exportAgenda(query: AgendaQuery): Promise<string | null>;
  /** A part of the contact book, by name. */
  listContacts(query: ContactQuery): Promise<ContactPage>;
  /** Replaces name, e-mail address and notes of a contact. */
  editContact(contact: Contact): Promise<Contact>;
  /** What is kept of a contact beside its own entry, and is erased with it. */
  getContactTraces(id: string): Promise<ContactTraces>;
  /** Erases a contact with all its appointments, those to come too; answers what was erased. */
  eraseContact(id: string): Promise<ContactTraces>;

  /** The event log: first what is kept of this run, then batches as messages pass. */
  subscribeWire(listener: Listener<WireEntry[]>): Promise<void>;
  /** Stops the event log's stream. */
  unsubscribeWire(): Promise<void>;
  /** Writes the redacted event log to a file that the person names. */
  exportWireLog(): Promise<string | null>;

  /** Puts settings in force and writes them down. */
  saveSettings(settings: Settings): Promise<Overview>;
  /** Stores the provider's key; in memory only for this run when asked to. The key never comes back. */
  setKey(key: string, keepInMemory: boolean): Promise<void>;
  /** Asks the provider whether it takes the stored key; rejects when it does not. */
  testKey(): Promise<void>;
  /** Forgets the stored key. */
  deleteKey(): Promise<void>;
  /** The servers of chat models that run on this computer, at their usual ports. */
  findChatServers(): Promise<ChatServerView[]>;
  /** Asks a chat model for one sentence; rejects with why calls would go without it. */
  testChatModel(server: string, model: string): Promise<ChatTestView>;

  /** Downloads what is missing of the local engine, or else of its better voices; progress arrives through `subscribeApp`. */
  fetchModels(betterVoices: boolean): Promise<void>;
  /** Stops the download; what is here stays and is resumed later. */
  cancelFetchModels(): Promise<void>;
  /** Checks size and checksum of every file. */
  verifyModels(): Promise<void>;
  /** Deletes the files of the local engine, or else of its better voices. */
  removeModels(betterVoices: boolean): Promise<void>;
  /** Speaks a sample with a voice of the local engine; resolves at its end. */
  previewVoice(name: string): Promise<void>;
  /** Measures whether this computer is fast enough for the better voices; takes seconds. */
  measureVoices(): Promise<void>;

  /** Lets the operating system ask for the microphone. */
  requestMicrophone(): Promise<void>;
  /** Opens the operating system's privacy page. */
  openSystemPrivacy(): Promise<void>;
  /** Plays a short tone on the chosen speaker. */
  playTestTone(): Promise<void>;
  /** Opens the microphone for its level only, outside of a call. */
  startMicrophonePreview(): Promise<void>;
  /** Closes it again. */
  stopMicrophonePreview(): Promise<void>;
  /**
   * Takes another company file that the person chooses; null when the dialog was closed. A broken file rejects with `companyInvalid`, whose
   * sentence has one line for each fault ("Line 12: …"); the last good file stays in force.
   */
  chooseCompanyFile(): Promise<Overview | null>;
  /** The introduction was finished or skipped. */
  closeIntroduction(): Promise<void>;
}

/** What a rejected function of the seam carries; anything that is no `Problem` becomes one without leaking its text. */
export function asProblem(reason: unknown): Problem {
  if (typeof reason === 'object' && reason !== null && 'kind' in reason && 'sentence' in reason) {
    return reason as Problem;
  }
  return { kind: 'internal', sentence: 'Something inside Frontdesk went wrong. What you did had no effect.', action: 'tryAgain' };
}
