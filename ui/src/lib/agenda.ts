// The picture of some calendar days: which hours are shown, where an appointment stands, and how dates step. Pure; every date and minute
// is one of the company's clocks, as the backend gives it.

import { counted } from './format';
import type { AgendaBooking, AgendaDay, AgendaView, ContactTraces, Minutes } from './types';

/** Minutes of a day. */
export const DAY_MINUTES = 24 * 60;

/** The hours that are drawn when nothing says otherwise: a day at a desk. */
const USUAL: Minutes = { from: 8 * 60, until: 18 * 60 };

/** Whole hours that hold all opening hours of these days and what stands on them. */
export function shownHours(view: AgendaView): Minutes {
  const pieces = view.days.flatMap((day) => view.bookings.flatMap((placed) => pieceOf(placed, day.date) ?? []));
  const stretches = [...view.days.flatMap((day) => day.open), ...pieces];
  if (stretches.length === 0) return USUAL;
  const from = Math.min(...stretches.map((stretch) => stretch.from));
  const until = Math.min(DAY_MINUTES, Math.max(...stretches.map((stretch) => stretch.until)));
  return { from: Math.floor(from / 60) * 60, until: Math.ceil(until / 60) * 60 };
}

/** The part of an appointment that lies on a day, in that day's minutes; null where it has none there. */
export function pieceOf(placed: AgendaBooking, date: string): Minutes | null {
  const midnight = daysBetween(placed.date, date) * DAY_MINUTES;
  const from = Math.max(0, placed.minutes.from - midnight);
  const until = Math.min(DAY_MINUTES, placed.minutes.until - midnight);
  return from < until ? { from, until } : null;
}

/** What stands of an appointment on one day, with the lane that it stands in, of so many beside each other. */
export interface Lane {
  readonly placed: AgendaBooking;
  readonly minutes: Minutes;
  readonly lane: number;
  readonly lanes: number;
}

/** What stands on one day, at the same time beside each other; of an appointment across midnight its part of this day. */
export function lanesOf(bookings: readonly AgendaBooking[], date: string): Lane[] {
  const ofDay = bookings
    .flatMap((placed) => {
      const minutes = pieceOf(placed, date);
      return minutes ? [{ placed, minutes }] : [];
    })
    .sort((left, right) => left.minutes.from - right.minutes.from);
  const result: Lane[] = [];
  let group: { placed: AgendaBooking; minutes: Minutes; lane: number }[] = [];
  let until = -1;
  const close = () => {
    const lanes = Math.max(0, ...group.map(({ lane }) => lane + 1));
    result.push(...group.map((one) => ({ ...one, lanes })));
    group = [];
  };
  for (const { placed, minutes } of ofDay) {
    if (minutes.from >= until) close();
    const taken = new Set(group.filter((other) => other.minutes.until > minutes.from).map(({ lane }) => lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    group.push({ placed, minutes, lane });
    until = Math.max(until, minutes.until);
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

/** How many days `until` lies after `from`; negative before it. */
function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/**
 * The first day after a step back (-1) or ahead (1). It counts from what was asked for last, which the answer on the screen may not be yet;
 * nothing was asked for while the first answer, with today's date, is still to come.
 */
export function stepped(asked: string | null, shown: string | null, direction: number, days: number): string | null {
  const from = asked ?? shown;
  return from === null ? null : daysLater(from, direction * days);
}

/** What is said of the company's time zone to somebody whose computer has another one; null where they are the same. */
export function zoneNote(company: string, computer: string): string | null {
  return company === computer ? null : `Times are those of ${company.replaceAll('_', ' ')}`;
}

/** Why callers get no appointments; null where they get some. */
export function unbookedNote(view: AgendaView): string | null {
  if (view.receptionistBooks) return null;
  return view.services.length === 0
    ? 'The company file names no services, so nothing can be booked.'
    : 'Booking is switched off in the company file: the receptionist takes messages, and you can book by hand.';
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

/** What goes with a contact that is erased, before it is done. */
export function erasureSentence({ appointments, toCome }: ContactTraces): string {
  const entry = 'The name, the number and the notes are erased';
  const stays = 'What was said in calls stays in History until you delete it there.';
  if (appointments === 0) return `${entry}. ${stays}`;
  const off = toCome === 0 ? '' : `, of which ${counted(toCome, 'is still to come and is', 'are still to come and are')} called off`;
  return `${entry}, and ${counted(appointments, 'appointment', 'appointments')}${off}. ${stays}`;
}
