// The window's session: what a person's Connect and Cancel come to, whatever the backend is busy with.

import { describe, expect, it, vi } from 'vitest';

import { EMPTY_CALL_VIEW } from '../../src/lib/call-view';
import { WindowSession } from '../../src/lib/window-session.svelte';
import { MockApi } from '../mock/mock-api';
import { SCENARIOS } from '../mock/scenarios';

// Colours and levels look at the page; here there is none.
vi.mock('../../src/lib/theme', () => ({ setAppearance: () => undefined }));
vi.stubGlobal('document', new EventTarget());

function sessionIn(name: string): { session: WindowSession; mock: MockApi } {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`There is no state "${name}".`);
  const mock = new MockApi(scenario());
  return { session: new WindowSession(mock), mock };
}

describe('a window session', () => {
  it('is idle again, without a notice, when a call is cancelled before it began', async () => {
    const { session, mock } = sessionIn('slowStart');
    const connecting = session.connect();
    expect(session.running).toBe(true);
    await session.endCall();
    await connecting;
    expect(session.running).toBe(false);
    expect(session.call).toBeNull();
    expect(session.notices).toEqual([]);
    expect(mock.calls.map(([name]) => name)).toEqual(['connect', 'endCall']);
  });

  it('shows the call before again when the next one is cancelled', async () => {
    const { session } = sessionIn('slowStart');
    const before = { ...EMPTY_CALL_VIEW, end: { reason: 'hungUp' as const, problem: null } };
    session.call = before;
    const connecting = session.connect();
    await session.endCall();
    await connecting;
    expect(session.call).toBe(before);
  });
});
