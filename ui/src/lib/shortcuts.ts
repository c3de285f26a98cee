// The keyboard of the window: which key means what, and when it means nothing. Pure; the window adds the listeners.

/** What a key asks for. */
export type Shortcut = 'toggleMute' | 'openComposer' | 'close' | 'talkDown' | 'talkUp';

/** What decides over the meaning of a key. */
export interface KeyContext {
  /** A call is running. */
  readonly inCall: boolean;
  /** Turns are taken by push-to-talk. */
  readonly pushToTalk: boolean;
}

/** The members of a keyboard event that count. */
export interface Key {
  readonly type: 'keydown' | 'keyup';
  readonly key: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  /** The key went to a place where letters are typed or a menu is open. */
  readonly inField: boolean;
}

/**
 * The meaning of a key, or null. In push-to-talk Space talks wherever the focus is, except in a field: otherwise it would press the button
 * that happens to have the focus, which after Connect is "End call". Enter still presses buttons.
 */
export function shortcutOf(key: Key, context: KeyContext): Shortcut | null {
  if (key.ctrlKey || key.metaKey || key.altKey) return null;
  if (key.key === 'Escape') return key.type === 'keydown' ? 'close' : null;
  if (key.inField || !context.inCall) return null;
  if (key.key === ' ') {
    if (!context.pushToTalk) return null;
    return key.type === 'keyup' ? 'talkUp' : 'talkDown';
  }
  if (key.type === 'keyup' || key.repeat) return null;
  switch (key.key.toLowerCase()) {
    case 'm':
      return 'toggleMute';
    case 't':
      return 'openComposer';
    default:
      return null;
  }
}

/** Whether an element takes letters or arrow keys itself. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role="menu"]') !== null;
}
