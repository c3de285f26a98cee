// Every state of the window that is rendered: a scenario of the mock, and what a person does to get there.
// @ts-check

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {{ name: string, scenario: string, prepare?: (page: Page) => Promise<void>, narrowOnly?: boolean }} State
 */

/**
 * @param {string} entry in the rail
 * @param {string} title of the page, where it is another
 * @returns {(page: Page) => Promise<void>}
 */
const open = (entry, title = entry) => async (page) => {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: entry }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
};

/** @type {(page: Page) => Promise<void>} */
const openFirstCall = async (page) => {
  await open('History')(page);
  await page.getByRole('option').first().click();
  await page.getByRole('region', { name: 'Transcript' }).waitFor();
};

/** @type {(page: Page) => Promise<void>} */
const openWeek = async (page) => {
  await open('Calendar')(page);
  await page.getByRole('button', { name: 'Next week' }).waitFor();
  await page.getByRole('region', { name: /^Monday/ }).waitFor();
};

/**
 * @param {string} section
 * @returns {(page: Page) => Promise<void>}
 */
const settingsAt = (section) => async (page) => {
  await open('Settings')(page);
  await page.getByRole('heading', { level: 2, name: section }).scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: section, exact: true }).click();
};

/** @type {(page: Page) => Promise<void>} */
const listVoices = async (page) => {
  await settingsAt('Voice model')(page);
  await page.getByText('Better voices').scrollIntoViewIfNeeded();
};

/** @type {(page: Page) => Promise<void>} */
const openDiagnostics = async (page) => {
  await settingsAt('Sound')(page);
  const card = page.getByRole('region', { name: 'Sound diagnostics' });
  await card.getByRole('button', { name: 'Show' }).click();
  await card.evaluate((node) => node.scrollIntoView({ block: 'start' }));
};

/** Scenarios that are a state of the call view as they open. */
const CALL_VIEW = [
  ...['idle', 'idleOpenAi', 'chatModel', 'noMicrophone', 'microphoneDenied', 'noKey', 'keychainUnavailable', 'keychainAsking', 'keylessServer', 'modelsMissing', 'modelsLoading', 'modelsFailed'],
  ...['connecting', 'greeting', 'listening', 'hearing', 'thinking', 'toolPending', 'toolFailed', 'speaking', 'interrupted', 'muted'],
  ...['microphoneSilent', 'microphoneLost', 'inCallNoDevices', 'failedNoMicrophone', 'deviceFallback', 'notSaved', 'reconnecting', 'reconnected', 'typed', 'pushToTalk', 'ending'],
  ...['ended', 'failed', 'long', 'standingProblem', 'startFailed'],
];

/** @type {State[]} */
export const STATES = [
  ...CALL_VIEW.map((name) => ({ name: `call-${name}`, scenario: name })),
  { name: 'call-composer', scenario: 'listening', prepare: (page) => page.keyboard.press('t') },
  {
    name: 'call-drawer',
    scenario: 'speaking',
    narrowOnly: true,
    prepare: (page) => page.getByRole('button', { name: /^Details/ }).click(),
  },
  { name: 'call-exportMenu', scenario: 'ended', prepare: (page) => page.getByRole('button', { name: 'Other formats' }).click() },
  { name: 'call-exported', scenario: 'ended', prepare: (page) => page.getByRole('button', { name: 'Export' }).click() },
  { name: 'call-offline', scenario: 'offline', prepare: (page) => page.getByRole('button', { name: 'Connect' }).click() },
  {
    name: 'call-scrolledAway',
    scenario: 'long',
    prepare: (page) => page.getByRole('region', { name: 'Transcript' }).evaluate((node) => void (node.scrollTop = 200)),
  },
  ...['firstRun', 'firstRunDenied', 'firstRunOff', 'firstRunGranted', 'firstRunNoMicrophone'].map((name) => ({ name: `introduction-${name}`, scenario: name })),
  {
    name: 'introduction-devices',
    scenario: 'firstRunGranted',
    prepare: (page) => page.getByRole('button', { name: 'Continue' }).click(),
  },
  {
    name: 'introduction-speaker',
    scenario: 'firstRunGranted',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
    },
  },
  { name: 'history-list', scenario: 'idle', prepare: open('History') },
  { name: 'history-empty', scenario: 'emptyHistory', prepare: open('History') },
  { name: 'history-long', scenario: 'longHistory', prepare: open('History') },
  { name: 'history-failed', scenario: 'historyFailed', prepare: open('History') },
  { name: 'history-call', scenario: 'longHistory', prepare: openFirstCall },
  {
    name: 'history-delete',
    scenario: 'longHistory',
    prepare: async (page) => {
      await openFirstCall(page);
      await page.getByRole('button', { name: 'Delete' }).click();
    },
  },
  {
    name: 'history-nothingFound',
    scenario: 'idle',
    prepare: async (page) => {
      await open('History')(page);
      await page.getByRole('searchbox').fill('elephant');
      await page.getByText('No call matches').waitFor();
    },
  },
  { name: 'history-duringCall', scenario: 'speaking', prepare: open('History') },
  { name: 'calendar-week', scenario: 'idle', prepare: openWeek },
  { name: 'calendar-empty', scenario: 'emptyHistory', prepare: openWeek },
  { name: 'calendar-failed', scenario: 'agendaFailed', prepare: open('Calendar') },
  {
    name: 'calendar-day',
    scenario: 'idle',
    prepare: async (page) => {
      await openWeek(page);
      await page.getByRole('button', { name: 'Day', exact: true }).click();
      await page.getByRole('button', { name: 'Next day' }).waitFor();
    },
  },
  {
    name: 'calendar-new',
    scenario: 'idle',
    prepare: async (page) => {
      await openWeek(page);
      await page.getByRole('button', { name: 'New appointment', exact: true }).click();
    },
  },
  {
    name: 'calendar-booking',
    scenario: 'idle',
    prepare: async (page) => {
      await openWeek(page);
      await page.getByRole('button', { name: /Engine diagnostics/ }).click();
    },
  },
  {
    name: 'calendar-cancel',
    scenario: 'idle',
    prepare: async (page) => {
      await openWeek(page);
      await page.getByRole('button', { name: /Engine diagnostics/ }).click();
      await page.getByRole('button', { name: 'Cancel appointment' }).click();
      await page.getByRole('button', { name: 'Keep it' }).waitFor();
    },
  },
  {
    name: 'calendar-refused',
    scenario: 'idle',
    prepare: async (page) => {
      await openWeek(page);
      await page.getByRole('button', { name: /Engine diagnostics/ }).click();
      await page.getByLabel('at', { exact: true }).fill('18:00');
      await page.getByRole('button', { name: 'Move', exact: true }).click();
      await page.getByText('before closing time').waitFor();
    },
  },
  {
    name: 'calendar-contacts',
    scenario: 'idle',
    prepare: async (page) => {
      await open('Calendar')(page);
      await page.getByRole('button', { name: 'Contacts' }).click();
      await page.getByText('Ana Perez').waitFor();
    },
  },
  {
    name: 'calendar-contactEdited',
    scenario: 'idle',
    prepare: async (page) => {
      await open('Calendar')(page);
      await page.getByRole('button', { name: 'Contacts' }).click();
      await page.getByRole('button', { name: 'Edit Ana Perez' }).click();
    },
  },
  {
    name: 'calendar-eraseContact',
    scenario: 'idle',
    prepare: async (page) => {
      await open('Calendar')(page);
      await page.getByRole('button', { name: 'Contacts' }).click();
      await page.getByRole('button', { name: 'Edit Ana Perez' }).click();
      await page.getByRole('button', { name: 'Erase…' }).click();
      await page.getByText('still to come').waitFor();
    },
  },
  {
    name: 'calendar-noContacts',
    scenario: 'emptyHistory',
    prepare: async (page) => {
      await open('Calendar')(page);
      await page.getByRole('button', { name: 'Contacts' }).click();
      await page.getByText('No contacts yet').waitFor();
    },
  },
  { name: 'log-live', scenario: 'speaking', prepare: open('Log', 'Event log') },
  {
    name: 'log-paused',
    scenario: 'speaking',
    prepare: async (page) => {
      await open('Log', 'Event log')(page);
      await page.getByRole('searchbox').fill('response');
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.waitForTimeout(500);
    },
  },
  { name: 'settings-company', scenario: 'idle', prepare: open('Settings') },
  {
    name: 'settings-companyBroken',
    scenario: 'brokenCompany',
    prepare: async (page) => {
      await open('Settings')(page);
      await page.getByRole('button', { name: 'Choose a company file' }).click();
      await page.getByText('Line 12').waitFor();
    },
  },
  { name: 'settings-backendLocal', scenario: 'idle', prepare: settingsAt('Voice model') },
  {
    name: 'settings-chatModelFound',
    scenario: 'chatModel',
    prepare: async (page) => {
      await settingsAt('Voice model')(page);
      await page.getByRole('button', { name: 'Find on this computer' }).click();
      await page.getByRole('button', { name: 'gemma3:1b' }).click();
      await page.getByRole('button', { name: 'Test the chat model' }).click();
      await page.getByText('after 1.2 s').waitFor();
    },
  },
  {
    name: 'settings-chatModelNone',
    scenario: 'chatModelNone',
    prepare: async (page) => {
      await settingsAt('Voice model')(page);
      await page.getByRole('button', { name: 'Find on this computer' }).click();
      await page.getByText('No such program runs').waitFor();
    },
  },
  {
    name: 'settings-chatModelOffline',
    scenario: 'chatModelOffline',
    prepare: async (page) => {
      await settingsAt('Voice model')(page);
      await page.getByRole('button', { name: 'Test the chat model' }).click();
      await page.getByText('Nothing answers at').waitFor();
    },
  },
  { name: 'settings-backendAzure', scenario: 'azure', prepare: settingsAt('Voice model') },
  { name: 'settings-keyNotSet', scenario: 'noKey', prepare: settingsAt('Voice model') },
  { name: 'settings-keySet', scenario: 'keySet', prepare: settingsAt('Voice model') },
  {
    name: 'settings-keyRefused',
    scenario: 'badKey',
    prepare: async (page) => {
      await settingsAt('Voice model')(page);
      await page.getByRole('button', { name: 'Test', exact: true }).click();
      await page.getByText('refused the key').waitFor();
    },
  },
  {
    name: 'settings-keychainUnavailable',
    scenario: 'keychainUnavailable',
    prepare: async (page) => {
      await settingsAt('Voice model')(page);
      await page.getByLabel('API key').fill('sk-not-a-key');
      await page.getByRole('button', { name: 'Store' }).click();
      await page.getByText('was not stored').waitFor();
    },
  },
  { name: 'settings-keychainAsking', scenario: 'keychainAsking', prepare: settingsAt('Voice model') },
  { name: 'settings-keylessServer', scenario: 'keylessServer', prepare: settingsAt('Voice model') },
  { name: 'settings-betterVoices', scenario: 'betterVoices', prepare: listVoices },
  { name: 'settings-slowForVoices', scenario: 'slowForVoices', prepare: listVoices },
  { name: 'settings-turns', scenario: 'pushToTalk', prepare: settingsAt('Turn-taking') },
  { name: 'settings-sound', scenario: 'idle', prepare: settingsAt('Sound') },
  { name: 'settings-diagnosticsNone', scenario: 'idle', prepare: openDiagnostics },
  { name: 'settings-diagnosticsUnknown', scenario: 'soundUnknown', prepare: openDiagnostics },
  {
    name: 'settings-diagnosticsLive',
    scenario: 'speaking',
    prepare: async (page) => {
      await openDiagnostics(page);
      await page.getByText('Call in progress').waitFor();
    },
  },
  {
    name: 'settings-diagnosticsTroubled',
    scenario: 'failed',
    prepare: async (page) => {
      await openDiagnostics(page);
      await page.getByText('Last call, as it ended').waitFor();
    },
  },
  { name: 'settings-files', scenario: 'idle', prepare: settingsAt('Local engine files') },
  { name: 'settings-filesMissing', scenario: 'modelsMissing', prepare: settingsAt('Local engine files') },
  { name: 'settings-filesLoading', scenario: 'modelsLoading', prepare: settingsAt('Local engine files') },
  { name: 'settings-appearance', scenario: 'idle', prepare: settingsAt('Appearance') },
];
