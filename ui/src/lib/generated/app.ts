// Generated from the Rust types of `frontdesk-app`; do not edit. FRONTDESK_UPDATE=1 cargo test -p frontdesk-tests generated
import type { CallEvent, CallId, CallerDetails, EndReason, LegKind, MicrophoneState, Problem, WallTime } from './call';

/**
 * An appointment and its place on the company's calendar.
 */
export type AgendaBooking = { 
/**
 * The appointment.
 */
booking: Booking, 
/**
 * The day on which it begins, as `2026-11-24`.
 */
date: string, 
/**
 * Its time on that day, the end after the begin also where the clocks are set back meanwhile.
 */
minutes: Minutes, };

/**
 * One day.
 */
export type AgendaDay = { 
/**
 * As `2026-11-24`.
 */
date: string, 
/**
 * It is today.
 */
today: boolean, 
/**
 * The holiday that changes its hours.
 */
holiday?: string, 
/**
 * When the company is open on this day, in order, also after a night that began the day before; none on a closed day. At most 1440.
 */
open: Array<Minutes>, };

/**
 * Which days of the calendar to show.
 */
export type AgendaQuery = { 
/**
 * The first day as `2026-11-24` on the company's calendar; today when absent.
 */
first?: string, 
/**
 * How many days, 1–42.
 */
days: number, 
/**
 * Cancelled appointments too.
 */
withCancelled: boolean, };

/**
 * Some days of the calendar. Days and minutes are those of the company's clocks, so that nobody else computes with time zones.
 */
export type AgendaView = { 
/**
 * Name of the company.
 */
company: string, 
/**
 * IANA name of its time zone.
 */
timeZone: string, 
/**
 * The days, in order.
 */
days: Array<AgendaDay>, 
/**
 * Names of the services that can be booked.
 */
services: Array<string>, 
/**
 * Whether the receptionist books too; if not, only the desk does, by hand.
 */
receptionistBooks: boolean, 
/**
 * The appointments that begin or run on these days, in order of time.
 */
bookings: Array<AgendaBooking>, };

/**
 * What the application tells the window outside of a call.
 */
export type AppMessage = { "type": "devicesChanged", 
/**
 * The new menus.
 */
devices: DevicesView, } | { "type": "modelsChanged", 
/**
 * The new state.
 */
models: ModelsView, } | { "type": "overviewChanged", 
/**
 * The new overview.
 */
overview: Overview, };

/**
 * Colours of the window.
 */
export type Appearance = "system" | "light" | "dark";

/**
 * Microphone, speaker and sound processing.
 */
export type AudioSettings = { 
/**
 * Identity of the chosen microphone; empty for the system default.
 */
inputDevice: string, 
/**
 * Identity of the chosen speaker; empty for the system default.
 */
outputDevice: string, 
/**
 * Remove the receptionist's own voice from the microphone.
 */
echoCancellation: boolean, 
/**
 * Remove steady noise.
 */
noiseSuppression: boolean, 
/**
 * Even out the caller's loudness.
 */
gainControl: boolean, };

/**
 * Kind of backend.
 */
export type BackendKind = "automatic" | "local" | "openAi" | "azure" | "compatible";

/**
 * Who answers.
 */
export type BackendSettings = { 
/**
 * Which kind of backend; `automatic` takes OpenAI when its key is set and the local engine otherwise.
 */
kind: BackendKind, 
/**
 * Base URL of Azure or a compatible server, for example `wss://resource.openai.azure.com/openai/v1`.
 */
baseUrl: string, 
/**
 * Voice model, or the deployment's name on Azure.
 */
model: string, 
/**
 * Voice of the keyed backend.
 */
voice: string, 
/**
 * Voice of the local engine; empty for the company's, or the light one.
 */
localVoice: string, 
/**
 * Model that writes down the caller's words; empty switches it off.
 */
transcriptionModel: string, 
/**
 * Speaking speed, 0.25 … 1.5.
 */
speed: number, };

/**
 * One appointment. Times are UTC with milliseconds; the company's zone turns them into days and hours.
 */
export type Booking = { 
/**
 * Names it for ever, also in calendar files.
 */
id: string, 
/**
 * The digits that the customer was told.
 */
confirmation: string, 
/**
 * Id of the service in the company file.
 */
service: string, 
/**
 * Name of the service when it was booked.
 */
serviceName: string, 
/**
 * Name of what it occupies; empty where the company names no resources.
 */
resource: string, 
/**
 * When it begins.
 */
startsAt: WallTime, 
/**
 * When it ends.
 */
endsAt: WallTime, 
/**
 * Until when the resource is occupied, at least to the end.
 */
occupiedUntil: WallTime, 
/**
 * Id of the contact.
 */
contact: string, 
/**
 * Whom it is for.
 */
customerName: string, 
/**
 * The contact's phone number.
 */
customerPhone: string, 
/**
 * What else was said, possibly empty.
 */
notes: string, 
/**
 * It was called off; its time is free.
 */
cancelled: boolean, 
/**
 * How often it was changed, from 0.
 */
revision: number, 
/**
 * The call that made it; absent when it was made by hand.
 */
call?: CallId, 
/**
 * When it was made.
 */
createdAt: WallTime, 
/**
 * When it was last changed.
 */
changedAt: WallTime, };

/**
 * An appointment that somebody wants to make by hand. Day and time are those of the company's clocks.
 */
export type BookingWish = { 
/**
 * Name of the service.
 */
service: string, 
/**
 * Day, as `2026-11-24`.
 */
date: string, 
/**
 * Time of day, as `09:30`.
 */
time: string, 
/**
 * Whom it is for.
 */
name: string, 
/**
 * How to reach them, in any form.
 */
phone: string, 
/**
 * What else is to be known, possibly empty.
 */
notes: string, };

/**
 * How much happened in a call.
 */
export type CallCounts = { 
/**
 * Events of every type.
 */
events: number, 
/**
 * Finished turns of the caller.
 */
callerTurns: number, 
/**
 * Replies that were begun.
 */
replies: number, 
/**
 * Tools that were asked for.
 */
toolCalls: number, 
/**
 * Failures that the call survived.
 */
warnings: number, };

/**
 * What a subscriber of a call gets: first everything so far, then each event as it happens.
 */
export type CallMessage = { "type": "snapshot", 
/**
 * In order.
 */
events: Array<CallEvent>, } | { "type": "event", 
/**
 * The event; its `seq` follows the last one.
 */
event: CallEvent, };

/**
 * One line of the call history.
 */
export type CallSummary = { 
/**
 * The call.
 */
id: CallId, 
/**
 * When it began, UTC.
 */
startedAt: WallTime, 
/**
 * Milliseconds from the start to the last event.
 */
durationMs: number, 
/**
 * Where the caller spoke. A kind that this version does not know reads as [`LegKind::Native`].
 */
leg: LegKind, 
/**
 * Company that answered.
 */
company: string, 
/**
 * Backend that answered, for people.
 */
backend: string, 
/**
 * Voice model, as the backend names it.
 */
model: string, 
/**
 * First words of the caller, or of the receptionist where the caller said none; shortened, on one line, possibly empty.
 */
preview: string, 
/**
 * What is known of the caller.
 */
details: CallerDetails, 
/**
 * The call has not ended; another process may be running it.
 */
open: boolean, 
/**
 * Why it ended; absent while it is open, and for a reason that this version does not know.
 */
endReason?: EndReason, 
/**
 * The program died in the middle of it.
 */
interrupted: boolean, 
/**
 * How much happened.
 */
counts: CallCounts, };

/**
 * A server of chat models on this computer.
 */
export type ChatServerView = { 
/**
 * The program that usually listens there.
 */
name: string, 
/**
 * Base URL for the setting.
 */
address: string, 
/**
 * Its models; empty when it has none yet.
 */
models: Array<string>, };

/**
 * What a chat model answered to a test.
 */
export type ChatTestView = { 
/**
 * Its words.
 */
words: string, 
/**
 * How long the whole answer took.
 */
milliseconds: number, };

/**
 * The company that answers, for people.
 */
export type CompanyView = { 
/**
 * Name.
 */
name: string, 
/**
 * Path of its file; absent for the built-in sample.
 */
file?: string, 
/**
 * What is open now, in one line: "Open until 6:00 PM".
 */
hoursLine: string, };

/**
 * One person in the contact book.
 */
export type Contact = { 
/**
 * Names the contact for ever.
 */
id: string, 
/**
 * Phone number in the form in which it is compared; unique in the company.
 */
phone: string, 
/**
 * Name, possibly empty.
 */
name: string, 
/**
 * E-mail address, possibly empty.
 */
email: string, 
/**
 * What else is known, possibly empty.
 */
notes: string, 
/**
 * When it was made.
 */
createdAt: WallTime, 
/**
 * When it was last changed.
 */
changedAt: WallTime, };

/**
 * A part of the contact book, by name.
 */
export type ContactPage = { 
/**
 * Contacts that fit in all.
 */
total: number, 
/**
 * The asked part.
 */
contacts: Array<Contact>, };

/**
 * Which contacts to list.
 */
export type ContactQuery = { 
/**
 * A part of the name or number; empty for all.
 */
search: string, 
/**
 * How many to pass over.
 */
offset: number, 
/**
 * Most to list.
 */
limit: number, };

/**
 * What is kept of a contact beside its own entry, and goes with it.
 */
export type ContactTraces = { 
/**
 * Appointments in all, past and cancelled ones too.
 */
appointments: number, 
/**
 * Those of them that are still to come.
 */
toCome: number, };

/**
 * One entry of a device menu.
 */
export type DeviceView = { 
/**
 * Stable identity; absent for "System default".
 */
id?: string, 
/**
 * Name for people: "System default · Built-in microphone".
 */
name: string, };

/**
 * Both device menus, "System default" first.
 */
export type DevicesView = { 
/**
 * Microphones.
 */
inputs: Array<DeviceView>, 
/**
 * Speakers.
 */
outputs: Array<DeviceView>, 
/**
 * Why a menu is empty.
 */
problem?: Problem, };

/**
 * The audio path of one call at one moment.
 */
export type Diagnostics = { 
/**
 * The microphone's stream, while there is one.
 */
input?: StreamDiagnostics, 
/**
 * The speaker's stream, while there is one.
 */
output?: StreamDiagnostics, 
/**
 * Every queue of the path, from the microphone to the speaker.
 */
queues: Array<QueueDiagnostics>, 
/**
 * Times that the speaker's ring ran dry in the middle of a reply.
 */
underruns: number, 
/**
 * Times that the model was slower than its own speech.
 */
starved: number, 
/**
 * Streams that broke and were replaced.
 */
restarts: number, 
/**
 * Faults of echo cancellation and its companions.
 */
processingFaults: number, 
/**
 * True when the audio thread runs with raised priority.
 */
raisedPriority: boolean, 
/**
 * Longest pause between two steps of the audio thread so far, in milliseconds; 3 is normal.
 */
longestPauseMs: number, 
/**
 * Stream threads alive; more than streams in use means that one hangs while it closes.
 */
streamThreads: number, };

/**
 * What finds the words of the local engine.
 */
export type DialogueKind = "builtIn" | "chatModel";

/**
 * Progress of a download.
 */
export type DownloadView = { 
/**
 * File being fetched.
 */
file: string, 
/**
 * Bytes that are here, of all files.
 */
doneBytes: number, 
/**
 * Bytes of all files.
 */
totalBytes: number, };

/**
 * How soon the model answers.
 */
export type Eagerness = "low" | "medium" | "high" | "auto";

/**
 * What finds the words of the local engine.
 */
export type EngineSettings = { 
/**
 * Rules, or a chat model.
 */
dialogue: DialogueKind, 
/**
 * Base URL of the chat model's server, for example `http://127.0.0.1:11434/v1`.
 */
server: string, 
/**
 * The chat model, as its server names it.
 */
model: string, };

/**
 * What an exported call can be written as.
 */
export type ExportFormat = "markdown" | "text" | "json" | "vtt" | "srt" | "csv";

/**
 * One page of the call history, newest first.
 */
export type HistoryPage = { 
/**
 * The calls of this page.
 */
calls: Array<CallSummary>, 
/**
 * Calls that match in all.
 */
total: number, };

/**
 * Which calls to list.
 */
export type HistoryQuery = { 
/**
 * Words to find in transcripts; empty for all calls.
 */
search: string, 
/**
 * Calls to skip.
 */
offset: number, 
/**
 * Calls to give, 1 … 200.
 */
limit: number, };

/**
 * What is known of the provider's key.
 */
export type KeyView = "set" | "setForThisRun" | "notSet" | "keychainUnavailable" | "asking";

/**
 * Levels of both sides, 15 times a second while someone looks. Peak and mean in decibels of full scale, −60 … 0.
 */
export type LevelsView = { 
/**
 * Microphone, peak.
 */
inputPeakDb: number, 
/**
 * Microphone, root mean square.
 */
inputRmsDb: number, 
/**
 * Speaker, peak.
 */
outputPeakDb: number, 
/**
 * Speaker, root mean square.
 */
outputRmsDb: number, 
/**
 * State of the microphone.
 */
microphone: MicrophoneState, };

/**
 * Limits of a call.
 */
export type LimitSettings = { 
/**
 * Longest call in minutes, 1 … 720.
 */
maximumMinutes: number, 
/**
 * Minutes without speech after which the receptionist asks, 1 … 60.
 */
idleMinutes: number, };

/**
 * What stands between a voice and a call.
 */
export type LocalVoiceState = "ready" | "notHere" | "notMeasured" | "tooSlow";

/**
 * One voice of the local engine.
 */
export type LocalVoiceView = { 
/**
 * Name, for the setting.
 */
name: string, 
/**
 * What it is like, for people.
 */
title: string, 
/**
 * Whether it can speak.
 */
state: LocalVoiceState, };

/**
 * Whether this program may use the microphone, as the operating system says.
 */
export type MicrophonePermission = "granted" | "notAsked" | "denied" | "offForAll";

/**
 * A stretch of one day in minutes after its midnight; the end is beyond 1440 when it lies on the next day.
 */
export type Minutes = { 
/**
 * First minute.
 */
from: number, 
/**
 * The minute after the last.
 */
until: number, };

/**
 * State of one file.
 */
export type ModelFileState = "present" | "missing" | "damaged";

/**
 * One file of the local engine.
 */
export type ModelFileView = { 
/**
 * Name, for example `moonshine-tiny-en/encoder_model.ort`.
 */
name: string, 
/**
 * What it is for, in plain words.
 */
purpose: string, 
/**
 * Size in bytes.
 */
bytes: number, 
/**
 * Licence, as an SPDX expression or its name.
 */
licence: string, 
/**
 * Its state on this computer.
 */
state: ModelFileState, };

/**
 * Where the local engine's files come from.
 */
export type ModelSettings = { 
/**
 * Base URL of a mirror that holds the files by name; empty for the upstream sources.
 */
mirror: string, };

/**
 * Files of the local engine.
 */
export type ModelsView = { 
/**
 * Every file that the engine cannot do without.
 */
files: Array<ModelFileView>, 
/**
 * True when a local call can start.
 */
ready: boolean, 
/**
 * The files of the better voices.
 */
betterVoices: Array<ModelFileView>, 
/**
 * Seconds of computing per second of speech with the better voices; absent before it was measured.
 */
pace?: number, 
/**
 * Every voice of the local engine, the light one first.
 */
voices: Array<LocalVoiceView>, 
/**
 * A download in progress.
 */
download?: DownloadView, 
/**
 * Why the last download or check failed.
 */
problem?: Problem, };

/**
 * All that the window needs to draw itself the first time.
 */
export type Overview = { 
/**
 * Version of Frontdesk.
 */
version: string, 
/**
 * Settings in force.
 */
settings: Settings, 
/**
 * The company that answers.
 */
company: CompanyView, 
/**
 * Key of the configured provider.
 */
key: KeyView, 
/**
 * Files of the local engine.
 */
models: ModelsView, 
/**
 * May this program use the microphone?
 */
microphonePermission: MicrophonePermission, 
/**
 * The call in progress, if there is one.
 */
callId?: CallId, 
/**
 * True until a first call was made or the introduction was closed.
 */
firstRun: boolean, 
/**
 * Standing problems: database, company file, settings.
 */
problems: Array<Problem>, };

/**
 * One bounded queue.
 */
export type QueueDiagnostics = { 
/**
 * What waits in it.
 */
name: string, 
/**
 * What is counted.
 */
unit: string, 
/**
 * The most that can wait; 0 while its stream is closed.
 */
capacity: number, 
/**
 * What happens to the one too many.
 */
overflow: string, 
/**
 * Waiting now.
 */
waiting: number, 
/**
 * Lost so far.
 */
dropped: number, };

/**
 * All settings. Every member has a default, so an empty file is a whole one.
 */
export type Settings = { 
/**
 * Who answers.
 */
backend: BackendSettings, 
/**
 * The text model behind the voice model.
 */
supervisor: SupervisorSettings, 
/**
 * What finds the words of the local engine.
 */
engine: EngineSettings, 
/**
 * Microphone, speaker and sound processing.
 */
audio: AudioSettings, 
/**
 * How turns are taken.
 */
turns: TurnSettings, 
/**
 * Limits of a call.
 */
limits: LimitSettings, 
/**
 * Path of the company file; empty for the built-in sample.
 */
companyFile: string, 
/**
 * Colours of the window.
 */
appearance: Appearance, 
/**
 * Where the local engine's files come from.
 */
models: ModelSettings, 
/**
 * True when the introduction was seen.
 */
introductionSeen: boolean, };

/**
 * What the audio path of a call counts: the call in progress, or the last one as it was at its end.
 */
export type SoundDiagnosticsView = { 
/**
 * The call.
 */
callId: CallId, 
/**
 * True while it is in progress: the figures go on.
 */
inProgress: boolean, 
/**
 * The figures, at most half a second old.
 */
figures: Diagnostics, };

/**
 * One stream.
 */
export type StreamDiagnostics = { 
/**
 * Name of the device.
 */
device: string, 
/**
 * Frames per second.
 */
rate: number, 
/**
 * Channels.
 */
channels: number, 
/**
 * Sample format in the sound system's short name.
 */
sampleFormat: string, 
/**
 * Frames per callback as negotiated; 0 where the system does not say.
 */
negotiatedFrames: number, 
/**
 * Frames of the largest callback that really came.
 */
largestCallback: number, 
/**
 * Time between device and callback as the timestamps say, in milliseconds.
 */
latencyMs: number, 
/**
 * Callbacks so far.
 */
callbacks: number, 
/**
 * Buffers that came too late, as the sound system counts them.
 */
xruns: number, 
/**
 * True when the system refused real-time priority for the callback.
 */
realtimeDenied: boolean, };

/**
 * Where the text model is.
 */
export type SupervisorKind = "automatic" | "off" | "openAi" | "azure" | "compatible";

/**
 * The text model that works behind a voice model. The local engine never uses one.
 */
export type SupervisorSettings = { 
/**
 * Where it is, or that there is none.
 */
kind: SupervisorKind, 
/**
 * Base URL of Azure or a compatible server, for example `https://words.example.com/v1`; empty for the server of the voice model.
 */
baseUrl: string, 
/**
 * Text model, or the deployment's name on Azure.
 */
model: string, };

/**
 * What ends a caller's turn.
 */
export type TurnMode = "voice" | "meaning" | "pushToTalk";

/**
 * How turns are taken.
 */
export type TurnSettings = { 
/**
 * What ends a caller's turn.
 */
mode: TurnMode, 
/**
 * Silence that ends a turn in milliseconds, 200 … 2000; for `voice` only.
 */
silenceMs: number, 
/**
 * How sure the detector must be that it hears speech, 0 … 1; for `voice` only.
 */
threshold: number, 
/**
 * Audio kept from before speech was noticed in milliseconds, 0 … 1000; for `voice` only.
 */
prefixPaddingMs: number, 
/**
 * How soon the model answers; for `meaning` only.
 */
eagerness: Eagerness, };

/**
 * One message between this program and the voice model, for the event log. Never audio, never a secret.
 */
export type WireEntry = { 
/**
 * Position in the log of this run.
 */
number: number, 
/**
 * When.
 */
at: WallTime, 
/**
 * True for messages of this program, false for the model's.
 */
sent: boolean, 
/**
 * Protocol type, for example `response.create`.
 */
kind: string, 
/**
 * Size in bytes.
 */
bytes: number, };
