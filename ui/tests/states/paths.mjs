// What a person does, step by step, and what must come of it. Each path gives what is wrong.
// @ts-check

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {{
 *   name: string,
 *   scenario: string,
 *   viewport?: { width: number, height: number },
 *   options?: import('playwright-core').BrowserContextOptions,
 *   shifts?: boolean,
 *   walk: (page: Page) => Promise<string[]>,
 * }} Path
 */

const NARROW = { width: 800, height: 600 };

/**
 * @param {boolean} right
 * @param {string} otherwise
 */
const expect = (right, otherwise) => (right ? [] : [otherwise]);

/**
 * Calls of the seam with a name, with their arguments.
 * @param {Page} page
 * @param {string} name
 * @returns {Promise<unknown[][]>}
 */
const asked = (page, name) =>
  page.evaluate((wanted) => /** @type {any} */ (window).frontdeskMock.calls.filter((/** @type {any[]} */ call) => call[0] === wanted), name);

/**
 * Presses Tab until the focus is on the control with this accessible name.
 * @param {Page} page
 * @param {RegExp} name
 */
async function tabTo(page, name) {
  for (let presses = 0; presses < 40; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
    if (name.test(focused.trim())) return;
  }
  throw new Error(`Tab never reaches ${name}`);
}

/** @param {Page} page */
const focusedText = (page) => page.evaluate(() => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim());

/** @type {Path[]} */
export const PATHS = [
  {
    name: 'path-callByKeyboard',
    scenario: 'idle',
    walk: async (page) => {
      await tabTo(page, /^Connect$/);
      await page.keyboard.press('Enter');
      await page.getByText('How can I help you today?').first().waitFor();
      const afterConnect = await focusedText(page);
      await page.keyboard.press('m');
      await page.locator('button[aria-pressed="true"]', { has: page.locator('svg') }).waitFor();
      await page.keyboard.press('m');
      await page.locator('button[aria-label^="Mute"][aria-pressed="false"]').waitFor();
      await page.keyboard.press('t');
      await page.keyboard.type('Do you take credit cards?');
      await page.keyboard.press('Enter');
      await page.getByRole('article').filter({ hasText: 'Do you take credit cards?' }).waitFor();
      await page.keyboard.press('Escape');
      const fieldLeft = await page.getByLabel('Message to the receptionist').count();
      await tabTo(page, /^End call$/);
      await page.keyboard.press('Enter');
      await page.getByText('You ended the call').waitFor();
      const afterEnd = await focusedText(page);
      await page.keyboard.press('Enter');
      await page.getByText(/^Saved as /).waitFor();
      return [
        ...expect(/^Mute/.test(afterConnect), `after Connect the focus is on "${afterConnect}"`),
        ...expect(fieldLeft === 0, 'Escape leaves the message field open'),
        ...expect(afterEnd === 'Export', `after the end the focus is on "${afterEnd}"`),
        ...expect((await asked(page, 'exportCall')).length === 1, 'Export needs more than one press'),
      ];
    },
  },
  ...[NARROW, { width: 1440, height: 900 }].map((viewport) => ({
    name: `path-wholeCallWithoutShift-${viewport.width}`,
    scenario: 'idle',
    viewport,
    walk: async (/** @type {Page} */ page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByText('The receptionist said goodbye').waitFor({ timeout: 40_000 });
      const order = await page.getByRole('article').evaluateAll((rows) => rows.map((row) => row.className.includes('caller')));
      return expect(order.length === 9, `the transcript has ${order.length} turns instead of 9`);
    },
  })),
  {
    name: 'path-doubleClickOnConnect',
    scenario: 'idle',
    walk: async (page) => {
      const box = await page.getByRole('button', { name: 'Connect' }).boundingBox();
      if (!box) return ['there is no Connect'];
      await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
      await page.getByRole('button', { name: /Cancel|End call/ }).waitFor();
      await page.waitForTimeout(200);
      return expect((await asked(page, 'endCall')).length === 0, 'a double click on Connect ends the call');
    },
  },
  {
    name: 'path-cancelWhileConnecting',
    scenario: 'slowStart',
    walk: async (page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Connect' }).waitFor();
      const alerts = await page.getByRole('alert').count();
      return expect(alerts === 0, 'a cancelled call is told as a failure');
    },
  },
  {
    name: 'path-cancelAppointmentTakesTwoWords',
    scenario: 'idle',
    shifts: true,
    walk: async (page) => {
      await page.getByRole('navigation').getByRole('button', { name: 'Calendar' }).click();
      await page.getByRole('button', { name: /Engine diagnostics/ }).click();
      const box = await page.getByRole('button', { name: 'Cancel appointment' }).boundingBox();
      if (!box) return ['there is no Cancel appointment'];
      await page.mouse.dblclick(box.x + box.width / 2, box.y + box.height / 2);
      await page.getByRole('button', { name: 'Keep it' }).click();
      const cancelled = (await asked(page, 'cancelBooking')).length;
      await page.getByRole('button', { name: 'Close' }).click();
      const afterClose = await focusedText(page);
      return [
        ...expect(cancelled === 0, 'a double click cancels the appointment'),
        ...expect(/Engine diagnostics/.test(afterClose), `after Close the focus is on "${afterClose}"`),
      ];
    },
  },
  {
    name: 'path-answerOfCancellingIsNotLost',
    scenario: 'idle',
    shifts: true,
    walk: async (page) => {
      await page.getByRole('navigation').getByRole('button', { name: 'Calendar' }).click();
      await page.getByRole('button', { name: /Engine diagnostics/ }).click();
      await page.evaluate(() => {
        const mock = /** @type {any} */ (window).frontdeskMock;
        const cancel = mock.cancelBooking;
        mock.cancelBooking = async (/** @type {string} */ id) => {
          await new Promise((answer) => (mock.answerNow = answer));
          return cancel(id);
        };
      });
      await page.getByRole('button', { name: 'Cancel appointment' }).click();
      await page.getByRole('button', { name: 'Yes, cancel it' }).click();
      for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape');
      const open = await page.locator('dialog[open][aria-busy="true"]').count();
      await page.evaluate(() => /** @type {any} */ (window).frontdeskMock.answerNow());
      await page.getByText('is cancelled').first().waitFor();
      const left = await page.locator('dialog[open]').count();
      return [...expect(open === 1, 'Escape closes the dialog before the answer is there'), ...expect(left === 0, 'the dialog stays open')];
    },
  },
  {
    name: 'path-twoWeeksAhead',
    scenario: 'idle',
    shifts: true,
    walk: async (page) => {
      await page.getByRole('navigation').getByRole('button', { name: 'Calendar' }).click();
      await page.getByRole('button', { name: /Engine diagnostics/ }).waitFor();
      await page.getByRole('button', { name: 'Next week' }).evaluate((/** @type {HTMLElement} */ button) => {
        button.click();
        button.click();
      });
      await page.getByText('Mon 7').waitFor();
      return [];
    },
  },
  {
    name: 'path-lostEvent',
    scenario: 'idle',
    walk: async (page) => {
      await page.getByRole('button', { name: 'Connect' }).click();
      await page.getByText('How can I help you today?').first().waitFor();
      await page.evaluate(() => /** @type {any} */ (window).frontdeskMock.lose());
      await page.getByText('how much is an oil change').first().waitFor({ timeout: 20_000 });
      return expect((await asked(page, 'subscribeCall')).length === 2, 'a lost event asks for no new snapshot');
    },
  },
  {
    name: 'path-hiddenWindowHasNoLevels',
    scenario: 'hearing',
    walk: async (page) => {
      const running = () => page.evaluate(() => /** @type {any} */ (window).frontdeskMock.streams.levels);
      /** @param {string} state */
      const become = (state) =>
        page.evaluate((visibility) => {
          Object.defineProperty(document, 'visibilityState', { value: visibility, configurable: true });
          document.dispatchEvent(new Event('visibilitychange'));
        }, state);
      const seen = await running();
      await become('hidden');
      const hidden = await running();
      await become('visible');
      const again = await running();
      return expect(seen && !hidden && again, `levels run: seen ${seen}, hidden ${hidden}, seen again ${again}`);
    },
  },
  {
    name: 'path-metersMoveAndSpeak',
    scenario: 'hearing',
    walk: async (page) => {
      const bar = page.getByRole('meter', { name: 'Microphone level' }).locator('.bar');
      const first = await bar.evaluate((node) => /** @type {HTMLElement} */ (node).style.transform);
      await page.waitForTimeout(400);
      const second = await bar.evaluate((node) => /** @type {HTMLElement} */ (node).style.transform);
      const value = await page.getByRole('meter', { name: 'Speaker level' }).getAttribute('aria-valuenow');
      return [...expect(first !== second, 'the meter stands still'), ...expect(value === '-60', `the silent speaker says ${value}`)];
    },
  },
  {
    name: 'path-pushToTalk',
    scenario: 'pushToTalk',
    walk: async (page) => {
      await page.getByRole('button', { name: 'End call' }).focus();
      await page.keyboard.down(' ');
      await page.getByRole('button', { name: 'Talking…' }).waitFor();
      await page.keyboard.up(' ');
      await page.getByRole('button', { name: 'Hold to talk' }).waitFor();
      const talk = await asked(page, 'pushToTalk');
      return [
        ...expect(JSON.stringify(talk) === '[["pushToTalk",true],["pushToTalk",false]]', `Space asked for ${JSON.stringify(talk)}`),
        ...expect((await asked(page, 'endCall')).length === 0, 'Space pressed End call'),
      ];
    },
  },
  {
    name: 'path-drawer',
    scenario: 'speaking',
    viewport: NARROW,
    walk: async (page) => {
      const tools = page.getByRole('heading', { name: /^Tool calls/ });
      const before = await tools.isVisible();
      await page.getByRole('button', { name: /Details/ }).click();
      await tools.waitFor();
      await page.keyboard.press('Escape');
      await tools.waitFor({ state: 'hidden' });
      const focus = await focusedText(page);
      return [...expect(!before, 'the drawer is open at first'), ...expect(/Details/.test(focus), `after Escape the focus is on "${focus}"`)];
    },
  },
  {
    name: 'path-longHistory',
    scenario: 'longHistory',
    walk: async (page) => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'History' }).click();
      const list = page.getByRole('listbox');
      await page.getByRole('option').first().waitFor();
      await list.focus();
      await page.keyboard.press('End');
      await page.locator('#call-9999').waitFor();
      await page.locator('#call-9999', { hasText: ':' }).waitFor();
      const drawn = await page.getByRole('option').count();
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Transcript' }).waitFor();
      const pages = (await asked(page, 'listCalls')).length;
      await page.getByRole('searchbox').fill('sundays');
      await page.getByText('1,250 calls').waitFor();
      return [...expect(drawn < 60, `${drawn} rows are drawn`), ...expect(pages <= 4, `${pages} pages were loaded to show the first and the last`)];
    },
  },
  {
    name: 'path-deleteCall',
    scenario: 'idle',
    walk: async (page) => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'History' }).click();
      await page.getByRole('option').first().click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.keyboard.press('Escape');
      const kept = (await asked(page, 'deleteCall')).length === 0;
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete the call' }).click();
      await page.getByText('23 calls').waitFor();
      return expect(kept, 'Escape deletes');
    },
  },
  {
    name: 'path-keyLeavesTheWindow',
    scenario: 'keychainUnavailable',
    walk: async (page) => {
      await page.getByRole('button', { name: 'Open settings' }).click();
      await page.getByLabel('API key').fill('sk-window-secret');
      await page.getByRole('button', { name: 'Store' }).click();
      await page.getByRole('button', { name: 'Keep it for this run' }).click();
      await page.getByText('Set for this run').waitFor();
      const left = await page.evaluate(() => {
        const fields = [...document.querySelectorAll('input')].map((field) => field.value).join();
        return `${document.documentElement.outerHTML}${fields}${JSON.stringify({ ...localStorage })}`.includes('sk-window-secret');
      });
      return expect(!left, 'the key is still in the window');
    },
  },
  {
    name: 'path-companyFaultsByLine',
    scenario: 'brokenCompany',
    walk: async (page) => {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('button', { name: 'Choose a company file' }).click();
      await page.getByText('Line 12').waitFor();
      const lines = await page.getByRole('alert').getByRole('listitem').count();
      return expect(lines === 3, `${lines} faults are shown instead of 3`);
    },
  },
  {
    name: 'path-soundDiagnosticsWhileOpen',
    scenario: 'speaking',
    options: { permissions: ['clipboard-read', 'clipboard-write'] },
    // The card grows because the person opens it.
    shifts: false,
    walk: async (page) => {
      const questions = async () => (await asked(page, 'getSoundDiagnostics')).length;
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('button', { name: 'Settings' }).click();
      const card = page.getByRole('region', { name: 'Sound diagnostics' });
      await card.getByRole('button', { name: 'Show' }).waitFor();
      const closed = await questions();
      await card.getByRole('button', { name: 'Show' }).click();
      await page.waitForFunction(() => /** @type {any} */ (window).frontdeskMock.calls.filter((/** @type {any[]} */ call) => call[0] === 'getSoundDiagnostics').length > 1);
      await card.getByRole('button', { name: 'Copy' }).click();
      await page.getByText('Copied the sound diagnostics').waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      await card.getByRole('button', { name: 'Hide' }).click();
      const hidden = await questions();
      await page.waitForTimeout(1_200);
      const later = await questions();
      return [
        ...expect(closed === 0, `asked ${closed} times before it was opened`),
        ...expect(later === hidden, `asked ${later - hidden} times after it was closed`),
        ...expect(copied.includes('sound of call call-now') && copied.includes('Queue "speaker ring"'), `copied: ${copied}`),
      ];
    },
  },
  {
    name: 'path-introductionIsSkipped',
    scenario: 'firstRun',
    walk: async (page) => {
      await page.getByRole('button', { name: 'Skip' }).click();
      await page.getByRole('button', { name: 'Connect' }).waitFor();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      return expect((await asked(page, 'closeIntroduction')).length === 1, 'the skipped introduction is not remembered');
    },
  },
  {
    name: 'path-reducedMotion',
    scenario: 'hearing',
    options: { reducedMotion: 'reduce' },
    walk: async (page) => {
      const moving = await page.locator('canvas').isVisible();
      const words = await page.getByText('Speaking…').isVisible();
      return expect(!moving && words, `under reduced motion: trace ${moving}, words ${words}`);
    },
  },
];
