// Changes one part of the settings at a time, always on top of what is in force now.

import type { Settings } from '../../lib/types';
import type { WindowSession } from '../../lib/window-session.svelte';

/** Parts of the settings that are groups of members. */
type Group = 'backend' | 'supervisor' | 'engine' | 'audio' | 'turns' | 'limits' | 'models';

/** What every section of the settings is given. */
export interface SectionProps {
  readonly settings: Settings;
  readonly editor: SettingsEditor;
}

/** Puts single changes in force. A change that is refused is said in a notice, and the answer is false. */
export class SettingsEditor {
  readonly #session: WindowSession;

  constructor(session: WindowSession) {
    this.#session = session;
  }

  /** Changes members of one group. */
  async group<Name extends Group>(name: Name, change: Partial<Settings[Name]>): Promise<boolean> {
    const settings = this.#session.overview?.settings;
    if (!settings) return false;
    return this.#session.saveSettings({ ...settings, [name]: { ...settings[name], ...change } });
  }

  /** Changes members that stand alone. */
  async whole(change: Partial<Omit<Settings, Group>>): Promise<boolean> {
    const settings = this.#session.overview?.settings;
    if (!settings) return false;
    return this.#session.saveSettings({ ...settings, ...change });
  }
}
