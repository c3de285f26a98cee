// The window over the mock, in a plain browser: `?state=speaking` opens a state, without it an idle window plays a call on Connect.

import { openWindow } from '../../src/open-window';
import { MockApi } from './mock-api';
import { SCENARIOS } from './scenarios';

const name = new URLSearchParams(location.search).get('state') ?? 'idle';
const scenario = SCENARIOS[name];
if (!scenario) throw new Error(`There is no state "${name}". States: ${Object.keys(SCENARIOS).join(', ')}`);

const mock = new MockApi(scenario());
// For the tests, which look at what the window asked for.
Object.assign(window, { frontdeskMock: mock, frontdeskStates: Object.keys(SCENARIOS) });
openWindow(mock);
