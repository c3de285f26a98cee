// The sound diagnostics: when the backend is asked, and what is copied.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ASK_AGAIN_MS, diagnosticsText, followSoundDiagnostics, pathFigures } from '../../src/lib/sound-diagnostics';
import type { Problem, SoundDiagnosticsView } from '../../src/lib/types';
import { MockApi } from '../mock/mock-api';
import { SOUND, SOUND_TROUBLED } from '../mock/samples';
import { SCENARIOS } from '../mock/scenarios';

/** A page that can be hidden. */
class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';

  become(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

function mockOf(name: string): MockApi {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`There is no state "${name}".`);
  return new MockApi(scenario());
}

describe('following the sound diagnostics', () => {
  let page: Page;
  beforeEach(() => {
    vi.useFakeTimers();
    page = new Page();
    vi.stubGlobal('document', page);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('asks at once and then at most twice a second, and never again when it was stopped', async () => {
    const mock = mockOf('speaking');
    const taken: (SoundDiagnosticsView | null)[] = [];
    const stop = followSoundDiagnostics(mock, (view) => taken.push(view), vi.fn());
    await vi.advanceTimersByTimeAsync(0);
    expect(taken).toEqual([SOUND]);
    await vi.advanceTimersByTimeAsync(3 * ASK_AGAIN_MS);
    expect(mock.calls).toHaveLength(4);
    expect(ASK_AGAIN_MS).toBeGreaterThanOrEqual(500);
    stop();
    await vi.advanceTimersByTimeAsync(10 * ASK_AGAIN_MS);
    page.become('visible');
    expect(mock.calls).toHaveLength(4);
  });

  it('asks nothing while the window is hidden, and goes on when it is seen', async () => {
    const mock = mockOf('speaking');
    page.visibilityState = 'hidden';
    const stop = followSoundDiagnostics(mock, vi.fn(), vi.fn());
    await vi.advanceTimersByTimeAsync(10 * ASK_AGAIN_MS);
    expect(mock.calls).toHaveLength(0);
    page.become('visible');
    await vi.advanceTimersByTimeAsync(ASK_AGAIN_MS);
    expect(mock.calls).toHaveLength(2);
    page.become('hidden');
    await vi.advanceTimersByTimeAsync(10 * ASK_AGAIN_MS);
    expect(mock.calls).toHaveLength(2);
    stop();
  });

  it('does not ask twice at a time when the window is hidden and seen again', async () => {
    const mock = mockOf('speaking');
    let answer: (view: null) => void = () => undefined;
    const ask = vi.spyOn(mock, 'getSoundDiagnostics').mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    const stop = followSoundDiagnostics(mock, vi.fn(), vi.fn());
    page.become('hidden');
    page.become('visible');
    await vi.advanceTimersByTimeAsync(10 * ASK_AGAIN_MS);
    expect(ask).toHaveBeenCalledTimes(1);
    answer(null);
    await vi.advanceTimersByTimeAsync(ASK_AGAIN_MS);
    expect(ask).toHaveBeenCalledTimes(2);
    stop();
  });

  it('tells a failure and asks again', async () => {
    const mock = mockOf('soundUnknown');
    const problems: Problem[] = [];
    const stop = followSoundDiagnostics(mock, vi.fn(), (problem) => problems.push(problem));
    await vi.advanceTimersByTimeAsync(ASK_AGAIN_MS);
    expect(problems.map((problem) => problem.kind)).toEqual(['internal', 'internal']);
    stop();
  });
});

describe('the figures', () => {
  it('mark what tells of trouble, and nothing of a call that went well', () => {
    const marked = (view: SoundDiagnosticsView) => pathFigures(view).filter((figure) => figure.troubled).map((figure) => figure.name);
    expect(marked(SOUND)).toEqual([]);
    expect(marked(SOUND_TROUBLED)).toEqual([
      'Speaker ran dry in a reply',
      'Model slower than its speech',
      'Devices replaced after a fault',
      'Raised priority',
      'Longest pause',
    ]);
  });
});

describe('the text to copy', () => {
  it('has the version, the call, both devices, every figure and every queue', () => {
    const text = diagnosticsText(SOUND, '0.1.0');
    expect(text.split('\n')[0]).toBe('Frontdesk 0.1.0, sound of call call-now (in progress)');
    expect(text).toContain('Microphone: Built-in microphone\n  Format: 44,100 Hz, 2 ch, f32\n  Buffer: 882, largest 882 frames');
    expect(text).toContain('Buffer: not said, largest 1,024 frames');
    expect(text).toContain('Longest pause: 4.1 ms');
    expect(text).toContain('Raised priority: Yes');
    for (const queue of SOUND.figures.queues) expect(text).toContain(`Queue "${queue.name}": `);
    expect(text).toContain("Queue \"receptionist's voice\": 91,200 of 21,600,000 samples, 0 lost; when full: drops the newest");
  });

  it('says what was lost, and that a device or queue is gone', () => {
    const text = diagnosticsText(SOUND_TROUBLED, '0.1.0');
    expect(text).toContain('(at its end)');
    expect(text).toContain('Microphone: none open\nSpeaker: ');
    expect(text).toContain('Queue "microphone ring": closed, 48,120 lost');
    expect(text).toContain('Speaker ran dry in a reply: 12');
    expect(text).toContain('Real-time priority: Refused');
  });
});
