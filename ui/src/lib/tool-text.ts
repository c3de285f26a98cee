// JSON of tool calls as people read it. Pure.

/** One line of a readable form: a name and its value, or a text without a name. */
export interface ReadableLine {
  readonly name: string | null;
  readonly value: string;
}

/** Arguments or a result as lines: a flat JSON object by its members, anything else as one text. Broken JSON is shown as it came. */
export function readable(text: string): ReadableLine[] {
  const value = parsed(text);
  if (value === undefined) return text.trim() === '' ? [] : [{ name: null, value: text }];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [{ name: null, value: asText(value) }];
  return Object.entries(value).map(([name, member]) => ({ name, value: asText(member) }));
}

/** The readable form in one line, for the crumb in the transcript. */
export function summary(text: string): string {
  return readable(text)
    .map((line) => line.value)
    .join(' · ');
}

/** What the copy button of a tool call puts on the clipboard: one JSON object, with arguments and output parsed where they are JSON. */
export function copyText(call: { name: string; arguments: string; outcome: string | null; durationMs: number | null; output: string }): string {
  const { name, outcome, durationMs } = call;
  const whole = { name, arguments: parsed(call.arguments) ?? call.arguments, outcome, durationMs, output: parsed(call.output) ?? call.output };
  return JSON.stringify(whole, null, 2);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object')) return value.join(', ');
  return JSON.stringify(value);
}
