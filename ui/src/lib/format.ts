// Numbers, times and sizes as people read them. Pure: `now` and the locale are inputs where they matter.

/** Length of a call: `02:14`, from an hour on `1:02:14`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** Moment within a call, without a leading zero: `0:07`. */
export function moment(ms: number): string {
  return clock(ms).replace(/^0(?=\d:)/, '');
}

/** A short span: `0.03 s` below a tenth, `0.7 s` below ten seconds, `12 s` above. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds >= 10) return `${Math.round(seconds)} s`;
  return `${seconds.toFixed(seconds < 0.1 ? 2 : 1)} s`;
}

/** Size in decimal units: `812 B`, `1.2 kB`, `113 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = Math.max(0, count);
  let unit = 0;
  // 999.5 is where rounding would print "1000".
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Level in whole decibels of full scale, with a real minus sign: `−23 dB`. */
export function decibels(db: number): string {
  const whole = Math.round(db);
  return `${whole < 0 ? `\u2212${-whole}` : whole} dB`;
}

/** A number in groups of three digits, with at most one after the point: `1,234.5`. */
export function grouped(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 1 });
}

/** A count with its noun: `1 call`, `10,000 calls`. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Day of a call, relative where that is shorter: `Today`, `Yesterday`, `Fri, 20 Nov`, `20 Nov 2025`. */
export function day(at: string, now: Date, locale = 'en-GB'): string {
  const when = new Date(at);
  const days = Math.round((midnight(now) - midnight(when)) / 86_400_000);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  if (when.getFullYear() === now.getFullYear()) {
    return when.toLocaleDateString(locale, { weekday: 'short', day: 'numeric', month: 'short' });
  }
  return when.toLocaleDateString(locale, { day: 'numeric', month: 'short', year: 'numeric' });
}

/** Time of day, to the minute: `14:05`. */
export function timeOfDay(at: string, locale = 'en-GB'): string {
  return new Date(at).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
}

/** Time of day to the millisecond, for the event log: `14:05:09.123`. */
export function preciseTime(at: string): string {
  const when = new Date(at);
  return `${two(when.getHours())}:${two(when.getMinutes())}:${two(when.getSeconds())}.${String(when.getMilliseconds()).padStart(3, '0')}`;
}

/** Last part of a path, for a short confirmation of where a file went. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Midnight of the day in local time, so that daylight saving does not move a day. */
function midnight(when: Date): number {
  return Date.UTC(when.getFullYear(), when.getMonth(), when.getDate());
}
