// What stands between the person and a call: every obstacle, and where it is none.

import { describe, expect, it } from 'vitest';

import { answeringBackend, blocker, missingBytes } from '../../src/lib/readiness';
import type { BackendKind, DevicesView, Overview } from '../../src/lib/types';
import { OVERVIEW } from '../mock/samples';

const DEVICES: DevicesView = { inputs: [{ name: 'System default' }], outputs: [{ name: 'System default' }] };

function overview(kind: BackendKind, change: Partial<Overview> = {}): Overview {
  const { settings } = OVERVIEW;
  return { ...OVERVIEW, settings: { ...settings, backend: { ...settings.backend, kind } }, ...change };
}

const NO_MODELS = { files: [{ name: 'a', purpose: 'p', bytes: 7, licence: 'MIT', state: 'missing' as const }], ready: false, betterVoices: [], voices: [] };

describe('readiness', () => {
  it('answers with OpenAI when a key is there and with the local engine otherwise', () => {
    expect(answeringBackend(overview('automatic', { key: 'notSet' }))).toBe('local');
    expect(answeringBackend(overview('automatic', { key: 'set' }))).toBe('openAi');
    expect(answeringBackend(overview('automatic', { key: 'setForThisRun' }))).toBe('openAi');
    expect(answeringBackend(overview('azure', { key: 'notSet' }))).toBe('azure');
  });

  it('has nothing in the way when files, permission and microphone are there', () => {
    expect(blocker(overview('local'), DEVICES)).toBeNull();
    expect(blocker(overview('local'), null)).toBeNull();
  });

  it('asks for the files of the local engine only where it would answer', () => {
    expect(blocker(overview('local', { models: NO_MODELS }), DEVICES)).toBe('modelsMissing');
    expect(blocker(overview('openAi', { models: NO_MODELS, key: 'set' }), DEVICES)).toBeNull();
    expect(missingBytes(overview('local', { models: NO_MODELS }))).toBe(7);
  });

  it('asks for a key where a keyed provider is chosen', () => {
    expect(blocker(overview('openAi', { key: 'notSet' }), DEVICES)).toBe('noKey');
    expect(blocker(overview('azure', { key: 'keychainUnavailable' }), DEVICES)).toBe('keychainUnavailable');
  });

  it('asks for no key and no keychain where a compatible server is chosen', () => {
    for (const key of ['notSet', 'keychainUnavailable', 'asking'] as const) {
      expect(blocker(overview('compatible', { key }), DEVICES)).toBeNull();
    }
  });

  it('says that the keychain has not answered only where its answer matters', () => {
    expect(blocker(overview('openAi', { key: 'asking' }), DEVICES)).toBe('keychainAsking');
    expect(blocker(overview('automatic', { key: 'asking', models: NO_MODELS }), DEVICES)).toBe('keychainAsking');
    expect(blocker(overview('local', { key: 'asking' }), DEVICES)).toBeNull();
  });

  it('tells a refused microphone from one that is not there', () => {
    expect(blocker(overview('local', { microphonePermission: 'denied' }), DEVICES)).toBe('microphoneDenied');
    expect(blocker(overview('local', { microphonePermission: 'offForAll' }), DEVICES)).toBe('microphoneOff');
    expect(blocker(overview('local'), { inputs: [], outputs: [] })).toBe('noMicrophone');
  });
});
