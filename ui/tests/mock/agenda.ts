// A calendar for the mocked backend: one week of a workshop, kept in memory and changed by what the window asks.

import { daysLater } from '../../src/lib/agenda';
import type { AgendaBooking, AgendaDay, AgendaQuery, AgendaView, Booking, BookingWish, Contact, ContactTraces, Problem } from '../../src/lib/types';

/** Today on the company's calendar: a Wednesday. */
const TODAY = '2026-11-25';
const MOMENT = '2026-11-24T15:00:00.000Z';

const SERVICES: [string, number][] = [
  ['Oil change', 30],
  ['Brake repair', 120],
  ['Tire service', 60],
  ['Engine diagnostics', 90],
];

const PEOPLE: [string, string][] = [
  ['Ana Perez', '+15551234567'],
  ['Bartholomew Featherstonehaugh-Cholmondeley', '+15557654321'],
  ['Bo Li', '+15552223344'],
  ['Cy Young', '+15559876543'],
];

/** Date, minute, service, person, made in a call. */
const BOOKED: [string, number, number, number, boolean][] = [
  ['2026-11-23', 480, 1, 0, true],
  ['2026-11-23', 540, 2, 1, false],
  ['2026-11-24', 600, 0, 2, true],
  ['2026-11-25', 510, 3, 3, true],
  ['2026-11-25', 540, 2, 0, true],
  ['2026-11-25', 660, 0, 1, false],
  ['2026-11-26', 870, 1, 2, true],
  ['2026-11-28', 540, 0, 3, true],
];

/** The calendar of one mocked backend. */
export class MockAgenda {
  #bookings: AgendaBooking[];
  #contacts: Contact[];

  constructor(empty: boolean) {
    this.#bookings = empty ? [] : BOOKED.map(([date, minute, service, person, called], index) => placed(index, date, minute, service, person, called));
    this.#contacts = empty
      ? []
      : PEOPLE.map(([name, phone], index) => ({
          id: `contact-${index}`,
          phone,
          name,
          email: index === 0 ? 'ana@example.com' : '',
          notes: index === 3 ? 'Drives a van; likes the first appointment of the day.' : '',
          createdAt: MOMENT,
          changedAt: MOMENT,
        }));
  }

  view(query: AgendaQuery): AgendaView {
    const first = query.first ?? TODAY;
    const days = Array.from({ length: query.days }, (_, index) => day(daysLater(first, index)));
    const dates = new Set(days.map(({ date }) => date));
    return {
      company: 'Prime Auto Lab',
      timeZone: 'America/Chicago',
      days,
      services: SERVICES.map(([name]) => name),
      receptionistBooks: true,
      bookings: this.#bookings.filter((one) => dates.has(one.date) && (query.withCancelled || !one.booking.cancelled)),
    };
  }

  book(wish: BookingWish): Booking {
    if (day(wish.date).open.length === 0) throw refusal('Prime Auto Lab is closed at that time. It opens next on Monday, November 30 at 8:00 AM.');
    const service = Math.max(0, SERVICES.findIndex(([name]) => name === wish.service));
    const made = placed(this.#bookings.length, wish.date, minuteOf(wish.time), service, 0, false);
    const booking = { ...made.booking, customerName: wish.name, customerPhone: wish.phone, notes: wish.notes };
    this.#bookings = [...this.#bookings, { ...made, booking }];
    return booking;
  }

  move(id: string, date: string, time: string): Booking {
    if (time === '18:00') throw refusal('It would not be finished before closing time, which is Wednesday, November 25 at 6:00 PM.');
    return this.#change(id, (one) => {
      const from = minuteOf(time);
      return { ...one, date, minutes: { from, until: from + one.minutes.until - one.minutes.from } };
    });
  }

  cancel(id: string): Booking {
    return this.#change(id, (one) => ({ ...one, booking: { ...one.booking, cancelled: true } }));
  }

  contacts(search: string, offset: number, limit: number): { total: number; contacts: Contact[] } {
    const words = search.toLowerCase();
    const found = this.#contacts.filter((contact) => contact.name.toLowerCase().includes(words) || contact.phone.includes(words));
    return { total: found.length, contacts: found.slice(offset, offset + limit) };
  }

  edit(edited: Contact): Contact {
    this.#contacts = this.#contacts.map((contact) => (contact.id === edited.id ? edited : contact));
    return edited;
  }

  traces(id: string): ContactTraces {
    const ofContact = this.#bookings.filter((one) => one.booking.contact === id);
    return { appointments: ofContact.length, toCome: ofContact.filter((one) => one.date >= TODAY && !one.booking.cancelled).length };
  }

  erase(id: string): ContactTraces {
    const traces = this.traces(id);
    this.#bookings = this.#bookings.filter((one) => one.booking.contact !== id);
    this.#contacts = this.#contacts.filter((contact) => contact.id !== id);
    return traces;
  }

  #change(id: string, change: (one: AgendaBooking) => AgendaBooking): Booking {
    this.#bookings = this.#bookings.map((one) => (one.booking.id === id ? change(one) : one));
    const changed = this.#bookings.find((one) => one.booking.id === id);
    if (!changed) throw refusal('There is no such appointment, or it was cancelled.');
    return changed.booking;
  }
}

const refusal = (sentence: string): Problem => ({ kind: 'bookingRefused', sentence });

function minuteOf(time: string): number {
  const [hour = '0', minute = '0'] = time.split(':');
  return Number(hour) * 60 + Number(minute);
}

function day(date: string): AgendaDay {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const holiday = date === '2026-11-26' ? { holiday: 'Thanksgiving' } : {};
  const open = weekday === 0 ? [] : [weekday === 6 ? { from: 540, until: 960 } : { from: 480, until: 1080 }];
  return { date, today: date === TODAY, open, ...holiday };
}

function placed(index: number, date: string, minute: number, service: number, person: number, called: boolean): AgendaBooking {
  const [serviceName, length] = SERVICES[service] ?? ['Oil change', 30];
  const [customerName, customerPhone] = PEOPLE[person] ?? ['', ''];
  return {
    date,
    minutes: { from: minute, until: minute + length },
    booking: {
      id: `booking-${index}`,
      confirmation: String(482_193 + index),
      service: serviceName.toLowerCase().replace(' ', '-'),
      serviceName,
      resource: 'service bay',
      startsAt: MOMENT,
      endsAt: MOMENT,
      occupiedUntil: MOMENT,
      contact: `contact-${person}`,
      customerName,
      customerPhone,
      notes: called ? 'Squeaks when it rains.' : '',
      cancelled: false,
      revision: 0,
      ...(called ? { call: 'call-1' } : {}),
      createdAt: MOMENT,
      changedAt: MOMENT,
    },
  };
}
