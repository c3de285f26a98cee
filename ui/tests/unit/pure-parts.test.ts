// The small pure parts: shortcuts, tool texts, problems, the window of a long list.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { asProblem } from '../../src/lib/api';
import { shortcutOf, type Key, type KeyContext } from '../../src/lib/shortcuts';
import { copyText, readable, summary } from '../../src/lib/tool-text';
import { scrollToShow, visibleRange } from '../../src/lib/virtual-window';

function key(name: string, change: Partial<Key> = {}): Key {
  return { type: 'keydown', key: name, repeat: false, ctrlKey: false, metaKey: false, altKey: false, inField: false, ...change };
}

const CALL: KeyContext = { inCall: true, pushToTalk: false };
const TALK: KeyContext = { inCall: true, pushToTalk: true };

describe('shortcuts', () => {
  it('mute and type in a call only', () => {
    expect([shortcutOf(key('m'), CALL), shortcutOf(key('T'), CALL)]).toEqual(['toggleMute', 'openComposer']);
    expect(shortcutOf(key('m'), { inCall: false, pushToTalk: false })).toBeNull();
  });

  it('mean nothing while letters are typed, with a modifier, or while a key repeats', () => {
    expect(shortcutOf(key('m', { inField: true }), CALL)).toBeNull();
    expect(shortcutOf(key('m', { ctrlKey: true }), CALL)).toBeNull();
    expect(shortcutOf(key('m', { repeat: true }), CALL)).toBeNull();
  });

  it('talk while Space is held, in push-to-talk only', () => {
    expect([shortcutOf(key(' '), TALK), shortcutOf(key(' ', { type: 'keyup' }), TALK)]).toEqual(['talkDown', 'talkUp']);
    expect(shortcutOf(key(' '), CALL)).toBeNull();
  });

  it('keep a held Space from pressing the focused button', () => {
    expect(shortcutOf(key(' ', { repeat: true }), TALK)).toBe('talkDown');
  });

  it('close what lies on top with Escape, also from a field', () => {
    expect(shortcutOf(key('Escape', { inField: true }), CALL)).toBe('close');
  });
});

describe('readable tool texts', () => {
  it('show a flat object by its members', () => {
    expect(readable('{"day":"Friday","open":true,"hours":["8","18"]}')).toEqual([
      { name: 'day', value: 'Friday' },
      { name: 'open', value: 'true' },
      { name: 'hours', value: '8, 18' },
    ]);
    expect(summary('{"day":"Friday","open":true}')).toBe('Friday · true');
  });

  it('show anything else as it came', () => {
    expect(readable('{broken')).toEqual([{ name: null, value: '{broken' }]);
    expect(readable('"text"')).toEqual([{ name: null, value: 'text' }]);
    expect(readable('{}')).toEqual([]);
    expect(readable('  ')).toEqual([]);
  });

  it('never fail, whatever the model wrote', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(readable(text))));
  });

  it('copy as one JSON object with parsed members', () => {
    const text = copyText({ name: 'n', arguments: '{"a":1}', outcome: 'done', durationMs: 3, output: 'plain' });
    expect(JSON.parse(text)).toEqual({ name: 'n', arguments: { a: 1 }, outcome: 'done', durationMs: 3, output: 'plain' });
  });
});

describe('a long list', () => {
  it('draws every visible row and never more than the frame needs', () => {
    const anyList = fc.tuple(fc.nat(20_000), fc.integer({ min: 20, max: 100 }), fc.nat(1_000_000), fc.nat(2_000));
    fc.assert(
      fc.property(anyList, ([count, rowHeight, scrollTop, height]) => {
        const { from, to } = visibleRange(count, rowHeight, scrollTop, height);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(count);
        expect(to - from).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 17);
        const first = Math.floor(scrollTop / rowHeight);
        if (first < count && height > 0) expect(from <= first && first < to).toBe(true);
      }),
    );
  });

  it('scrolls as little as needed to show a row', () => {
    expect(scrollToShow(2, 50, 0, 200)).toBe(0);
    expect(scrollToShow(10, 50, 0, 200)).toBe(350);
    expect(scrollToShow(1, 50, 300, 200)).toBe(50);
  });
});

describe('a failure of the seam', () => {
  it('passes a problem on and leaks nothing of anything else', () => {
    const problem = { kind: 'offline' as const, sentence: 'OpenAI cannot be reached.' };
    expect(asProblem(problem)).toBe(problem);
    expect(asProblem(new Error('secret path')).sentence).not.toContain('secret');
    expect(asProblem('text').kind).toBe('internal');
  });
});
