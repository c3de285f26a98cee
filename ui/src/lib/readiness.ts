// What stands between the person and a call. Pure: decided from the overview and the device menus, so that the window can say it before
// anybody clicks Connect.

import type { BackendKind, DevicesView, Overview } from './types';

/** Something that must be done first, in the order in which it is shown. */
export type Blocker = 'noKey' | 'keychainUnavailable' | 'keychainAsking' | 'modelsMissing' | 'microphoneDenied' | 'microphoneOff' | 'noMicrophone';

/** The backend that would answer a call now, as far as it is known: that of `automatic` is open while the keychain is asked. */
export function answeringBackend(overview: Overview): Exclude<BackendKind, 'automatic'> {
  const { kind } = overview.settings.backend;
  if (kind !== 'automatic') return kind;
  return hasKey(overview) ? 'openAi' : 'local';
}

/** What must be done before a call can start; null when nothing stands in the way. */
export function blocker(overview: Overview, devices: DevicesView | null): Blocker | null {
  const obstacle = backendBlocker(overview);
  if (obstacle !== null) return obstacle;
  if (overview.microphonePermission === 'denied') return 'microphoneDenied';
  if (overview.microphonePermission === 'offForAll') return 'microphoneOff';
  return hasNoMicrophone(devices) ? 'noMicrophone' : null;
}

/** True when there is no microphone to allow, choose or mute. Until the menus are known nothing is missing. */
export function hasNoMicrophone(devices: DevicesView | null): boolean {
  return devices !== null && devices.inputs.length === 0;
}

function backendBlocker(overview: Overview): Blocker | null {
  const { kind } = overview.settings.backend;
  // Many a compatible server asks for no key; one that does says so when it is called.
  if (kind === 'compatible') return null;
  if (kind !== 'local' && overview.key === 'asking') return 'keychainAsking';
  if (answeringBackend(overview) === 'local') return overview.models.ready ? null : 'modelsMissing';
  if (hasKey(overview)) return null;
  return overview.key === 'keychainUnavailable' ? 'keychainUnavailable' : 'noKey';
}

function hasKey(overview: Overview): boolean {
  return overview.key === 'set' || overview.key === 'setForThisRun';
}

/** Bytes that a download of the local engine still has to fetch. */
export function missingBytes(overview: Overview): number {
  return overview.models.files.filter((file) => file.state !== 'present').reduce((total, file) => total + file.bytes, 0);
}
