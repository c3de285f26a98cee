// What the mocked backend knows: a company, settings, devices, files, and a call history of any length. Made for tests and for developing
// the window in a plain browser; never part of the product.

import type { CallSummary, DevicesView, EndReason, LocalVoiceView, ModelFileView, ModelsView, Overview, Settings, SoundDiagnosticsView, WireEntry } from '../../src/lib/types';

export const SETTINGS: Settings = {
  backend: { kind: 'automatic', baseUrl: '', model: 'gpt-realtime-2.1', voice: 'marin', localVoice: '', transcriptionModel: 'gpt-transcribe', speed: 1 },
  supervisor: { kind: 'automatic', baseUrl: '', model: 'gpt-6-luna' },
  engine: { dialogue: 'builtIn', server: '', model: '' },
  audio: { inputDevice: '', outputDevice: '', echoCancellation: true, noiseSuppression: true, gainControl: true },
  turns: { mode: 'voice', silenceMs: 500, threshold: 0.5, prefixPaddingMs: 300, eagerness: 'auto' },
  limits: { maximumMinutes: 120, idleMinutes: 5 },
  companyFile: '',
  appearance: 'system',
  models: { mirror: '' },
  introductionSeen: true,
};

const FILES: Omit<ModelFileView, 'state'>[] = [
  { name: 'silero_vad.onnx', purpose: 'Notices when somebody speaks', bytes: 2_327_524, licence: 'MIT' },
  { name: 'moonshine-tiny-en/encoder_model.ort', purpose: 'Understands speech, first half', bytes: 13_281_600, licence: 'MIT' },
  { name: 'moonshine-tiny-en/decoder_model_merged.ort', purpose: 'Understands speech, second half', bytes: 30_419_152, licence: 'MIT' },
  { name: 'moonshine-tiny-en/tokenizer.bin', purpose: 'Turns sounds into letters', bytes: 249_974, licence: 'MIT' },
  { name: 'en_US-joe-medium.onnx', purpose: 'The voice of the receptionist', bytes: 63_201_294, licence: 'CC0-1.0' },
  { name: 'cmudict.dict', purpose: 'How words are pronounced', bytes: 3_618_488, licence: 'BSD-2-Clause' },
];

const BETTER_VOICES: Omit<ModelFileView, 'state'>[] = [
  { name: 'kokoro/af_heart.bin', purpose: 'How the voice Heart sounds', bytes: 522_240, licence: 'Apache-2.0' },
  { name: 'kokoro/kokoro-v1.0.int8.onnx', purpose: 'Speaks with the better voices', bytes: 92_361_271, licence: 'Apache-2.0' },
];

const VOICES = [
  { name: 'en_US-joe-medium', title: 'Joe, American, light' },
  { name: 'af_heart', title: 'Heart, American' },
  { name: 'af_bella', title: 'Bella, American' },
  { name: 'am_michael', title: 'Michael, American' },
  { name: 'am_fenrir', title: 'Fenrir, American' },
];

/** The voices as the backend would show them with these files at this pace. */
export function withVoices(betterVoices: ModelFileView[], pace?: number): Pick<ModelsView, 'betterVoices' | 'voices' | 'pace'> {
  const isHere = betterVoices.every((file) => file.state === 'present');
  const state = !isHere ? 'notHere' : pace === undefined ? 'notMeasured' : pace <= 0.4 ? 'ready' : 'tooSlow';
  const voices: LocalVoiceView[] = VOICES.map((voice, index) => ({ ...voice, state: index === 0 ? 'ready' : state }));
  return pace === undefined ? { betterVoices, voices } : { betterVoices, voices, pace };
}

export const MODELS_READY: ModelsView = {
  files: FILES.map((file) => ({ ...file, state: 'present' })),
  ready: true,
  ...withVoices(BETTER_VOICES.map((file) => ({ ...file, state: 'missing' }))),
};

/** With the better voices on a computer that takes `pace` seconds for a second of speech. */
export function modelsWithVoices(pace: number): ModelsView {
  return { ...MODELS_READY, ...withVoices(BETTER_VOICES.map((file) => ({ ...file, state: 'present' })), pace) };
}

export const MODELS_MISSING: ModelsView = {
  ...MODELS_READY,
  files: FILES.map((file, index) => ({ ...file, state: index === 0 ? 'present' : index === 4 ? 'damaged' : 'missing' })),
  ready: false,
};

export const MODELS_LOADING: ModelsView = {
  ...MODELS_MISSING,
  download: { file: 'moonshine-tiny-en/decoder_model_merged.ort', doneBytes: 41_200_000, totalBytes: 113_098_032 },
};

export const OVERVIEW: Overview = {
  version: '0.1.0',
  settings: SETTINGS,
  company: { name: 'Prime Auto Lab', hoursLine: 'Open until 6:00 PM' },
  key: 'notSet',
  models: MODELS_READY,
  microphonePermission: 'granted',
  firstRun: false,
  problems: [],
};

export const DEVICES: DevicesView = {
  inputs: [
    { name: 'System default · Built-in microphone' },
    { id: 'alsa:headset', name: 'Jabra Evolve2 65 Headset' },
    { id: 'alsa:webcam', name: 'HD Pro Webcam C920 Analogue Stereo' },
  ],
  outputs: [{ name: 'System default · Built-in speakers' }, { id: 'alsa:headset-out', name: 'Jabra Evolve2 65 Headset' }],
};

/** A call without any trouble. */
export const SOUND: SoundDiagnosticsView = {
  callId: 'call-now',
  inProgress: true,
  figures: {
    input: {
      device: 'Built-in microphone',
      rate: 44_100,
      channels: 2,
      sampleFormat: 'f32',
      negotiatedFrames: 882,
      largestCallback: 882,
      latencyMs: 21.3,
      callbacks: 6_312,
      xruns: 0,
      realtimeDenied: false,
    },
    output: {
      device: 'Jabra Evolve2 65 Headset, Analogue Stereo, front left and front right',
      rate: 48_000,
      channels: 2,
      sampleFormat: 'i16',
      negotiatedFrames: 0,
      largestCallback: 1_024,
      latencyMs: 34,
      callbacks: 5_917,
      xruns: 0,
      realtimeDenied: false,
    },
    queues: [
      { name: 'microphone ring', unit: 'frames', capacity: 44_100, overflow: 'drops the newest', waiting: 441, dropped: 0 },
      { name: 'events for the session', unit: 'frames', capacity: 160, overflow: 'drops the oldest frame, other events wait', waiting: 0, dropped: 0 },
      { name: 'messages to the audio thread', unit: 'messages', capacity: 4_096, overflow: 'refuses and ends the leg', waiting: 0, dropped: 0 },
      { name: "receptionist's voice", unit: 'samples', capacity: 21_600_000, overflow: 'drops the newest', waiting: 91_200, dropped: 0 },
      { name: 'speaker ring', unit: 'frames', capacity: 192_000, overflow: 'the audio thread waits', waiting: 2_400, dropped: 0 },
    ],
    underruns: 0,
    starved: 0,
    restarts: 0,
    processingFaults: 0,
    raisedPriority: true,
    longestPauseMs: 4.12,
    streamThreads: 2,
  },
};

/** A call that is over, on a computer that could not keep up, with the microphone pulled out at last. */
export const SOUND_TROUBLED: SoundDiagnosticsView = (() => {
  const { input: _, output, queues, ...rest } = SOUND.figures;
  const lossy = queues.map((queue, index) => (index === 0 ? { ...queue, capacity: 0, waiting: 0, dropped: 48_120 } : queue));
  const late = output ? { output: { ...output, xruns: 31, realtimeDenied: true } } : {};
  const figures = { ...rest, ...late, queues: lossy, underruns: 12, starved: 3, restarts: 2, raisedPriority: false, longestPauseMs: 812.6, streamThreads: 1 };
  return { callId: 'call-now', inProgress: false, figures };
})();

const PREVIEWS = [
  'Hi, how much is an oil change, and could I come in on Friday morning?',
  'Do you have a shuttle? I live about six miles away.',
  'My brakes make a grinding noise since yesterday.',
  'Are you open on Sundays?',
  'I would like to know how long the warranty on repairs is.',
  'The air conditioning blows warm air. What would that cost to fix?',
  '',
  'Can I pay with Apple Pay, and do you offer financing?',
];

const CALLERS = ['Sarah Thompson', 'Miguel Ortega', 'Priya Raman', 'Tom Becker'];

const ENDS: EndReason[] = ['hungUp', 'goodbye', 'goodbye', 'legClosed', 'idle', 'hungUp', 'failed', 'interrupted'];

/** A history of any length, newest first, with the newest call an hour before `now`. */
export function history(count: number, now: number): CallSummary[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `call-${index}`,
    startedAt: new Date(now - 3_600_000 - index * 5_460_000).toISOString(),
    durationMs: 45_000 + ((index * 37_123) % 540_000),
    company: 'Prime Auto Lab',
    backend: index % 5 === 3 ? 'OpenAI' : 'Local engine',
    preview: PREVIEWS[index % PREVIEWS.length] ?? '',
    leg: 'native',
    model: 'frontdesk-local',
    details: index % 3 === 0 ? { name: CALLERS[index % CALLERS.length] ?? '' } : {},
    open: false,
    interrupted: ENDS[index % ENDS.length] === 'interrupted',
    counts: { events: 40, callerTurns: 3, replies: 4, toolCalls: 1, warnings: 0 },
    endReason: ENDS[index % ENDS.length] ?? 'hungUp',
  }));
}

const KINDS: { sent: boolean; kind: string; bytes: number }[] = [
  { sent: true, kind: 'input_audio_buffer.append', bytes: 1_324 },
  { sent: true, kind: 'input_audio_buffer.append', bytes: 1_324 },
  { sent: false, kind: 'input_audio_buffer.speech_started', bytes: 148 },
  { sent: true, kind: 'input_audio_buffer.append', bytes: 1_324 },
  { sent: false, kind: 'input_audio_buffer.speech_stopped', bytes: 151 },
  { sent: false, kind: 'conversation.item.added', bytes: 402 },
  { sent: false, kind: 'response.created', bytes: 1_893 },
  { sent: false, kind: 'response.output_audio.delta', bytes: 12_804 },
  { sent: false, kind: 'response.output_audio_transcript.delta', bytes: 231 },
  { sent: false, kind: 'response.done', bytes: 2_410 },
];

/** Messages of the event log from `first` on. */
export function wire(first: number, count: number, now: number): WireEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const number = first + index;
    const shape = KINDS[number % KINDS.length] ?? { sent: true, kind: 'session.update', bytes: 0 };
    return { number, at: new Date(now - (count - index) * 20).toISOString(), ...shape };
  });
}
