// The seam over the desktop shell: the only file that knows Tauri.

import { Channel, invoke } from '@tauri-apps/api/core';

import { asProblem, type Api, type Listener } from './api';

/** Calls one command; every failure leaves as a `Problem`. */
async function command<Answer>(name: string, values: Record<string, unknown> = {}): Promise<Answer> {
  try {
    return await invoke<Answer>(name, values);
  } catch (reason) {
    throw asProblem(reason);
  }
}

/** Calls a command that answers through a stream. */
function stream<Message>(name: string, listener: Listener<Message>, values: Record<string, unknown> = {}): Promise<void> {
  return command(name, { ...values, channel: new Channel<Message>(listener) });
}

/** The backend of this window. */
export const tauriApi: Api = {
  getOverview: () => command('get_overview'),
  listDevices: () => command('list_devices'),
  subscribeApp: (listener) => stream('subscribe_app', listener),

  connect: () => command('connect'),
  endCall: () => command('end_call'),
  sendText: (text) => command('send_text', { text }),
  setMuted: (muted) => command('set_muted', { muted }),
  pushToTalk: (down) => command('push_to_talk', { down }),
  chooseInput: (id) => command('choose_input', { id }),
  chooseOutput: (id) => command('choose_output', { id }),
  subscribeCall: (callId, listener) => stream('subscribe_call', listener, { callId }),
  subscribeLevels: (listener) => stream('subscribe_levels', listener),
  unsubscribeLevels: () => command('unsubscribe_levels'),
  getSoundDiagnostics: () => command('get_sound_diagnostics'),

  listCalls: (query) => command('list_calls', { query }),
  getCall: (id) => command('get_call', { id }),
  deleteCall: (id) => command('delete_call', { id }),
  exportCall: (id, format) => command('export_call', { id, format }),
  exportAll: () => command('export_all'),

  getAgenda: (query) => command('get_agenda', { query }),
  book: (wish) => command('book', { wish }),
  moveBooking: (id, date, time) => command('move_booking', { id, date, time }),
  cancelBooking: (id) => command('cancel_booking', { id }),
  exportAgenda: (query) => command('export_agenda', { query }),
  listContacts: (query) => command('list_contacts', { query }),
  editContact: (contact) => command('edit_contact', { contact }),
  getContactTraces: (id) => command('get_contact_traces', { id }),
  eraseContact: (id) => command('erase_contact', { id }),

  subscribeWire: (listener) => stream('subscribe_wire', listener),
  unsubscribeWire: () => command('unsubscribe_wire'),
  exportWireLog: () => command('export_wire_log'),

  saveSettings: (settings) => command('save_settings', { settings }),
  setKey: (key, keepInMemory) => command('set_key', { key, keepInMemory }),
  testKey: () => command('test_key'),
  deleteKey: () => command('delete_key'),
  findChatServers: () => command('find_chat_servers'),
  testChatModel: (server, model) => command('test_chat_model', { server, model }),

  fetchModels: (betterVoices) => command('fetch_models', { betterVoices }),
  cancelFetchModels: () => command('cancel_fetch_models'),
  verifyModels: () => command('verify_models'),
  removeModels: (betterVoices) => command('remove_models', { betterVoices }),
  previewVoice: (name) => command('preview_voice', { name }),
  measureVoices: () => command('measure_voices'),

  requestMicrophone: () => command('request_microphone'),
  openSystemPrivacy: () => command('open_system_privacy'),
  playTestTone: () => command('play_test_tone'),
  startMicrophonePreview: () => command('start_microphone_preview'),
  stopMicrophonePreview: () => command('stop_microphone_preview'),
  chooseCompanyFile: () => command('choose_company_file'),
  closeIntroduction: () => command('close_introduction'),
};
