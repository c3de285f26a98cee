// What the sound of a call counts: asked for while somebody looks, and written as a text to copy.

import { asProblem, type Api } from './api';
import { grouped } from './format';
import type { Problem, QueueDiagnostics, SoundDiagnosticsView, StreamDiagnostics } from './types';

/** Time between an answer and the next question: the figures change twice a second. */
export const ASK_AGAIN_MS = 500;

/** What the speaker has in hand; a longer pause of the audio thread is heard as a gap. */
const SPEAKER_FILL_MS = 50;

/** One figure: its name, its value in words, and whether it tells of trouble. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly troubled: boolean;
}

/** Asks until the returned function is called; not while the window is hidden. */
export function followSoundDiagnostics(
  api: Api,
  take: (view: SoundDiagnosticsView | null) => void,
  fail: (problem: Problem) => void,
): () => void {
  let stopped = false;
  let asking = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    asking = true;
    try {
      const view = await api.getSoundDiagnostics();
      if (!stopped) take(view);
    } catch (reason) {
      if (!stopped) fail(asProblem(reason));
    }
    asking = false;
    timer = setTimeout(settle, ASK_AGAIN_MS);
  }

  function settle(): void {
    clearTimeout(timer);
    if (!stopped && !asking && document.visibilityState === 'visible') void ask();
  }

  document.addEventListener('visibilitychange', settle);
  settle();
  return () => {
    stopped = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', settle);
  };
}

/** The figures of the whole path. */
export function pathFigures({ figures }: SoundDiagnosticsView): Figure[] {
  return [
    count('Speaker ran dry in a reply', figures.underruns),
    count('Model slower than its speech', figures.starved),
    count('Devices replaced after a fault', figures.restarts),
    count('Faults of echo cancellation', figures.processingFaults),
    { name: 'Raised priority', value: figures.raisedPriority ? 'Yes' : 'No', troubled: !figures.raisedPriority },
    { name: 'Longest pause', value: `${grouped(figures.longestPauseMs)} ms`, troubled: figures.longestPauseMs > SPEAKER_FILL_MS },
    { name: 'Threads for devices', value: grouped(figures.streamThreads), troubled: false },
  ];
}

/** The figures of one device. */
export function streamFigures(stream: StreamDiagnostics): Figure[] {
  return [
    { name: 'Format', value: `${grouped(stream.rate)} Hz, ${stream.channels} ch, ${stream.sampleFormat}`, troubled: false },
    { name: 'Buffer', value: `${stream.negotiatedFrames > 0 ? grouped(stream.negotiatedFrames) : 'not said'}, largest ${grouped(stream.largestCallback)} frames`, troubled: false },
    { name: 'Delay', value: `${grouped(stream.latencyMs)} ms`, troubled: false },
    { name: 'Callbacks', value: grouped(stream.callbacks), troubled: false },
    count('Buffers too late', stream.xruns),
    { name: 'Real-time priority', value: stream.realtimeDenied ? 'Refused' : 'Not refused', troubled: stream.realtimeDenied },
  ];
}

/** How full a queue is. */
export function fillOf(queue: QueueDiagnostics): string {
  return queue.capacity === 0 ? 'closed' : `${grouped(queue.waiting)} of ${grouped(queue.capacity)} ${queue.unit}`;
}

/** Everything as a text for a person who helps: one line for each figure. */
export function diagnosticsText(view: SoundDiagnosticsView, version: string): string {
  const { callId, inProgress, figures } = view;
  const streams: [string, StreamDiagnostics | undefined][] = [
    ['Microphone', figures.input],
    ['Speaker', figures.output],
  ];
  return [
    `Frontdesk ${version}, sound of call ${callId} (${inProgress ? 'in progress' : 'at its end'})`,
    ...pathFigures(view).map(line),
    ...streams.flatMap(([side, stream]) => [`${side}: ${stream?.device ?? 'none open'}`, ...(stream ? streamFigures(stream) : []).map((figure) => `  ${line(figure)}`)]),
    ...figures.queues.map((queue) => `Queue "${queue.name}": ${fillOf(queue)}, ${grouped(queue.dropped)} lost; when full: ${queue.overflow}`),
    '',
  ].join('\n');
}

function line({ name, value }: Figure): string {
  return `${name}: ${value}`;
}

function count(name: string, value: number): Figure {
  return { name, value: grouped(value), troubled: value > 0 };
}
