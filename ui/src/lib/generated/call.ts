// Generated from the Rust types of `frontdesk-call`; do not edit. FRONTDESK_UPDATE=1 cargo test -p frontdesk-tests generated

/**
 * Which way the audio goes.
 */
export type AudioDirection = "input" | "output";

/**
 * One event of one call.
 */
export type CallEvent = { 
/**
 * Format version, [`EVENT_VERSION`].
 */
v: number, 
/**
 * Position in the call: 0, 1, 2 … without gaps.
 */
seq: number, 
/**
 * The call it belongs to.
 */
callId: CallId, 
/**
 * Wall clock, UTC.
 */
at: WallTime, 
/**
 * Milliseconds since the call started, from a clock that never goes back.
 */
ms: number, } & ({ "type": "callStarted", 
/**
 * Where the caller speaks.
 */
leg: LegKind, 
/**
 * Company that answers, by name.
 */
company: string, 
/**
 * Backend that answers, for people: "Local engine", "OpenAI".
 */
backend: string, 
/**
 * Voice model, as the backend names it.
 */
model: string, } | { "type": "stateChanged", 
/**
 * The new phase.
 */
state: CallState, } | { "type": "callerTurnStarted", 
/**
 * The turn's conversation item.
 */
itemId: ItemId, 
/**
 * Item before it in the conversation; absent for the first.
 */
previousItemId?: ItemId, } | { "type": "callerTurnStopped", 
/**
 * The turn's conversation item.
 */
itemId: ItemId, } | { "type": "callerTranscriptDelta", 
/**
 * The turn's conversation item.
 */
itemId: ItemId, 
/**
 * Only the new text.
 */
delta: string, } | { "type": "callerTranscript", 
/**
 * The turn's conversation item.
 */
itemId: ItemId, 
/**
 * Item before it in the conversation; absent for the first.
 */
previousItemId?: ItemId, 
/**
 * The whole text; empty when the turn could not be understood.
 */
text: string, 
/**
 * How it was said.
 */
medium: Medium, } | { "type": "replyStarted", 
/**
 * The reply's conversation item.
 */
itemId: ItemId, 
/**
 * Item before it in the conversation; absent for the first.
 */
previousItemId?: ItemId, } | { "type": "replyDelta", 
/**
 * The reply's conversation item.
 */
itemId: ItemId, 
/**
 * Only the new text.
 */
delta: string, } | { "type": "replyAudible", 
/**
 * The reply's conversation item.
 */
itemId: ItemId, 
/**
 * Milliseconds from the end of the caller's speech to this sound; absent for a greeting.
 */
sinceSpeechEndMs?: number, } | { "type": "replyTranscript", 
/**
 * The reply's conversation item.
 */
itemId: ItemId, 
/**
 * The whole text.
 */
text: string, } | { "type": "replyInterrupted", 
/**
 * The reply's conversation item.
 */
itemId: ItemId, 
/**
 * The heard part of the text; empty when nothing was heard.
 */
heardText: string, 
/**
 * Milliseconds of audio that were really played.
 */
heardMs: number, } | { "type": "replyPlayed", 
/**
 * The reply's conversation item.
 */
itemId: ItemId, } | { "type": "toolStarted", 
/**
 * Pairs with the `toolFinished` of the same id.
 */
toolCallId: ToolCallId, 
/**
 * Name of the tool.
 */
name: string, 
/**
 * Arguments as the model gave them: a JSON text, possibly invalid.
 */
arguments: string, } | { "type": "toolFinished", 
/**
 * Pairs with the `toolStarted` of the same id.
 */
toolCallId: ToolCallId, 
/**
 * How it ended.
 */
outcome: ToolOutcome, 
/**
 * Milliseconds that it ran.
 */
durationMs: number, 
/**
 * What the model was told, as text.
 */
output: string, } | { "type": "callerDetails", 
/**
 * The details.
 */
details: CallerDetails, } | { "type": "microphoneChanged", 
/**
 * The new state.
 */
state: MicrophoneState, } | { "type": "deviceChanged", 
/**
 * Which side.
 */
direction: AudioDirection, 
/**
 * The device's name for people.
 */
name: string, 
/**
 * Why it changed.
 */
reason: DeviceChangeReason, } | { "type": "reconnecting", 
/**
 * 1 for the first try.
 */
attempt: number, } | { "type": "reconnected" } | { "type": "warning", 
/**
 * The failure in people's words.
 */
problem: Problem, } | { "type": "recovered", 
/**
 * Kind of the warnings that are over.
 */
kind: ProblemKind, } | { "type": "usage", 
/**
 * The figures.
 */
usage: UsageFigures, } | { "type": "callEnded", 
/**
 * Why.
 */
reason: EndReason, 
/**
 * The failure, where the reason is one.
 */
problem?: Problem, });

/**
 * Names one call for ever: in the journal, in exports and on the command line. Sorts by start time (UUID version 7).
 */
export type CallId = string;

/**
 * Phase of a call as people see it.
 */
export type CallState = "connecting" | "greeting" | "listening" | "hearing" | "thinking" | "speaking" | "reconnecting" | "ending" | "ended";

/**
 * What is known of the caller.
 */
export type CallerDetails = { 
/**
 * Name as given.
 */
name?: string, 
/**
 * Telephone number as given, digits grouped for reading.
 */
phone?: string, 
/**
 * Why they call, in a few words.
 */
reason?: string, };

/**
 * Why a device changed.
 */
export type DeviceChangeReason = "opened" | "chosen" | "fallback" | "restarted";

/**
 * Why a call ended.
 */
export type EndReason = "hungUp" | "legClosed" | "goodbye" | "idle" | "maximumLength" | "failed" | "interrupted";

/**
 * One conversation item: a message, a function call or its output. A client may choose it (OpenAI's own demo stays within 32 characters).
 */
export type ItemId = string;

/**
 * Where a caller speaks and listens.
 */
export type LegKind = "native" | "file" | "browser" | "sdk" | "phone";

/**
 * How a caller's turn was given.
 */
export type Medium = "voice" | "text";

/**
 * State of a live microphone.
 */
export type MicrophoneState = "starting" | "live" | "muted" | "silent" | "lost";

/**
 * One failure as people meet it.
 */
export type Problem = { 
/**
 * For programs.
 */
kind: ProblemKind, 
/**
 * For people: one or two plain sentences that end with a full stop.
 */
sentence: string, 
/**
 * What can be done, if anything.
 */
action?: ProblemAction, };

/**
 * What the person can do about it; the window shows it as a button.
 */
export type ProblemAction = "openSettings" | "tryAgain" | "useDefaultDevice" | "openSystemPrivacy" | "downloadModels" | "useLocalEngine" | "keepKeyInMemory";

/**
 * What went wrong, as a stable code. Kinds are added, never renamed.
 */
export type ProblemKind = "badKey" | "noKey" | "keychainUnavailable" | "noQuota" | "modelGone" | "rateLimited" | "offline" | "providerFailed" | "connectionLost" | "noDevice" | "microphoneDenied" | "deviceLost" | "deviceBusy" | "modelsMissing" | "modelsDamaged" | "companyInvalid" | "settingsInvalid" | "audioFileInvalid" | "notSaved" | "databaseNewer" | "storageFailed" | "bookingRefused" | "internal";

/**
 * One function call (`call_id`); its output must carry the same one.
 */
export type ToolCallId = string;

/**
 * How a tool call ended.
 */
export type ToolOutcome = "done" | "failed";

/**
 * Figures of one response. Zero where the backend reported nothing.
 */
export type UsageFigures = { 
/**
 * Text tokens in.
 */
inputTextTokens: number, 
/**
 * Audio tokens in.
 */
inputAudioTokens: number, 
/**
 * Tokens in that were cached, part of the two above.
 */
cachedTokens: number, 
/**
 * Text tokens out.
 */
outputTextTokens: number, 
/**
 * Audio tokens out.
 */
outputAudioTokens: number, };

/**
 * A moment on the wall clock, UTC, written as RFC 3339 with milliseconds (`2026-11-22T19:42:00.123Z`).
 */
export type WallTime = string;
