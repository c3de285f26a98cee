// The picture of some calendar days: which hours are shown, where an appointment stands, and how dates step. Pure; every date and minute
// is one of the company's clocks, as the backend gives it.

import type { AgendaBooking, AgendaDay, AgendaView, Minutes } from './types';

/** Minutes of a day. */
export const DAY_MINUTES = 24 * 60;

/** The hours that are drawn when nothing says otherwise: a day at a desk. */
const USUAL: Minutes = { from: 8 * 60, until: 18 * 60 };

/** Whole hours that hold all opening hours and appointments of these days. */
export function shownHours(view: AgendaView): Minutes {
  const stretches = [...view.days.flatMap((day) => day.open), ...view.bookings.map((placed) => placed.minutes)];
  if (stretches.length === 0) return USUAL;
  const from = Math.min(...stretches.map((stretch) => stretch.from));
  const until = Math.min(DAY_MINUTES, Math.max(...stretches.map((stretch) => stretch.until)));
  return { from: Math.floor(from / 60) * 60, until: Math.ceil(until / 60) * 60 };
}

/** An appointment with the lane that it stands in, of so many beside each other. */
export interface Lane {
  readonly placed: AgendaBooking;
  readonly lane: number;
  readonly lanes: number;
}

/** The appointments of one day, those at the same time beside each other. */
export function lanesOf(bookings: readonly AgendaBooking[], date: string): Lane[] {
  const ofDay = bookings.filter((placed) => placed.date === date).sort((left, right) => left.minutes.from - right.minutes.from);
  const result: Lane[] = [];
  let group: { placed: AgendaBooking; lane: number }[] = [];
  let until = -1;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    result.push(...group.map(({ placed, lane }) => ({ placed, lane, lanes })));
    group = [];
  };
  for (const placed of ofDay) {
    if (placed.minutes.from >= until) close();
    const taken = new Set(group.filter((other) => other.placed.minutes.until > placed.minutes.from).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    group.push({ placed, lane });
    until = Math.max(until, placed.minutes.until);
  }
  close();
  return result;
}

/** A time of day for people: `9:00`, `17:30`. */
export function timeText(minute: number): string {
  return `${Math.floor(minute / 60) % 24}:${String(minute % 60).padStart(2, '0')}`;
}

/** A time of day for a time field: `09:00`. */
export function timeField(minute: number): string {
  return timeText(minute).padStart(5, '0');
}

/** The date so many days later; dates are counted in UTC, where every day has 24 hours. */
export function daysLater(date: string, days: number): string {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return daysLater(date, -((weekday + 6) % 7));
}

/** A date for people: `Tue 24`, or with `long` `Tuesday, 24 November 2026`. */
export function dateText(date: string, long = false, locale = 'en-GB'): string {
  const options: Intl.DateTimeFormatOptions = long
    ? { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }
    : { weekday: 'short', day: 'numeric' };
  return new Date(`${date}T00:00:00Z`).toLocaleDateString(locale, { ...options, timeZone: 'UTC' });
}

/** The month or months of some days: `November 2026`, `November – December 2026`. */
export function monthsText(days: readonly AgendaDay[], locale = 'en-GB'): string {
  const month = (date: string, year: boolean) =>
    new Date(`${date}T00:00:00Z`).toLocaleDateString(locale, { month: 'long', ...(year ? { year: 'numeric' } : {}), timeZone: 'UTC' });
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  if (first === undefined || last === undefined) return '';
  if (first.slice(0, 7) === last.slice(0, 7)) return month(first, true);
  return `${month(first, first.slice(0, 4) !== last.slice(0, 4))} – ${month(last, true)}`;
}
