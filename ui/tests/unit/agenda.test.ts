import { describe, expect, it } from 'vitest';

import {
  dateText,
  daysLater,
  erasureSentence,
  lanesOf,
  mondayOf,
  monthsText,
  shownHours,
  stepped,
  timeField,
  timeText,
  unbookedNote,
  zoneNote,
} from '../../src/lib/agenda';
import type { AgendaBooking, AgendaDay, AgendaView } from '../../src/lib/types';

function booking(id: string, from: number, until: number, date = '2026-11-24'): AgendaBooking {
  const moment = '2026-11-24T15:00:00.000Z';
  return {
    date,
    minutes: { from, until },
    booking: {
      id,
      confirmation: '482193',
      service: 'oil-change',
      serviceName: 'Oil change',
      resource: 'service bay',
      startsAt: moment,
      endsAt: moment,
      occupiedUntil: moment,
      contact: 'c',
      customerName: 'Ana Perez',
      customerPhone: '+15551234567',
      notes: '',
      cancelled: false,
      revision: 0,
      createdAt: moment,
      changedAt: moment,
    },
  };
}

const day = (date: string, ...open: [number, number][]): AgendaDay => ({ date, today: false, open: open.map(([from, until]) => ({ from, until })) });

const view = (days: AgendaDay[], bookings: AgendaBooking[] = []): AgendaView => ({ company: 'C', timeZone: 'UTC', days, services: [], receptionistBooks: true, bookings });

describe('shown hours', () => {
  it('hold every opening and every appointment in whole hours', () => {
    expect(shownHours(view([day('2026-11-24', [8 * 60, 17 * 60 + 30])]))).toEqual({ from: 480, until: 1080 });
    expect(shownHours(view([day('2026-11-24', [540, 960])], [booking('a', 455, 500)]))).toEqual({ from: 420, until: 960 });
  });

  it('are those of a desk where nothing is open, and end with the day where a night is', () => {
    expect(shownHours(view([day('2026-11-29')]))).toEqual({ from: 480, until: 1080 });
    expect(shownHours(view([day('2026-11-27', [18 * 60, 24 * 60])]))).toEqual({ from: 1080, until: 1440 });
  });

  it('begin at midnight where a night goes on', () => {
    expect(shownHours(view([day('2026-11-27', [22 * 60, 24 * 60]), day('2026-11-28', [0, 6 * 60])]))).toEqual({ from: 0, until: 1440 });
    const late = booking('a', 23 * 60, 25 * 60, '2026-11-27');
    expect(shownHours(view([day('2026-11-28', [540, 960])], [late]))).toEqual({ from: 0, until: 960 });
    const gone = booking('a', 23 * 60, 24 * 60, '2026-11-27');
    expect(shownHours(view([day('2026-11-28', [540, 960])], [gone]))).toEqual({ from: 540, until: 960 });
  });
});

describe('lanes', () => {
  const lanes = (...bookings: AgendaBooking[]) => lanesOf(bookings, '2026-11-24').map(({ placed, lane, lanes: count }) => `${placed.booking.id}${lane}/${count}`);

  it('put what is at the same time beside each other and what follows below', () => {
    expect(lanes(booking('a', 540, 600), booking('b', 570, 660), booking('c', 600, 630))).toEqual(['a0/2', 'b1/2', 'c0/2']);
    expect(lanes(booking('a', 540, 600), booking('b', 600, 660))).toEqual(['a0/1', 'b0/1']);
  });

  it('leave other days out', () => {
    expect(lanes(booking('a', 540, 600, '2026-11-25'))).toEqual([]);
  });
});

describe('an appointment across midnight', () => {
  const parts = (date: string, ...bookings: AgendaBooking[]) =>
    lanesOf(bookings, date).map(({ placed, minutes, lane, lanes }) => `${placed.booking.id}${lane}/${lanes} ${minutes.from}-${minutes.until}`);

  it('stands on both days, with its part of each', () => {
    const night = booking('a', 23 * 60, 25 * 60 + 30);
    expect(parts('2026-11-24', night)).toEqual(['a0/1 1380-1440']);
    expect(parts('2026-11-25', night)).toEqual(['a0/1 0-90']);
    expect(parts('2026-11-23', night)).toEqual([]);
    expect(parts('2026-11-26', night)).toEqual([]);
  });

  it('shares the morning with what is there', () => {
    expect(parts('2026-11-25', booking('a', 23 * 60, 25 * 60 + 30), booking('b', 60, 120, '2026-11-25'))).toEqual(['a0/2 0-90', 'b1/2 60-120']);
  });

  it('has no part on a day at whose first minute it ends', () => {
    expect(parts('2026-11-25', booking('a', 23 * 60, 24 * 60))).toEqual([]);
  });

  it('stands on the days on which the clocks change as on others', () => {
    expect(parts('2026-11-02', booking('a', 23 * 60, 25 * 60, '2026-11-01'))).toEqual(['a0/1 0-60']);
    expect(parts('2027-03-15', booking('a', 23 * 60, 25 * 60, '2027-03-14'))).toEqual(['a0/1 0-60']);
  });
});

describe('a step through the weeks', () => {
  it('counts from what was asked for last, and from what is shown at first', () => {
    expect(stepped(null, '2026-11-23', 1, 7)).toBe('2026-11-30');
    // Clicked again before the answer came.
    expect(stepped('2026-11-30', '2026-11-23', 1, 7)).toBe('2026-12-07');
    expect(stepped('2026-11-30', '2026-11-23', -1, 7)).toBe('2026-11-23');
    expect(stepped(null, null, 1, 7)).toBe(null);
  });
});

describe('what is said before', () => {
  it('names the time zone only where it is another one', () => {
    expect(zoneNote('America/New_York', 'Europe/Paris')).toBe('Times are those of America/New York');
    expect(zoneNote('Europe/Paris', 'Europe/Paris')).toBe(null);
  });

  it('names why callers get no appointments', () => {
    const of = (receptionistBooks: boolean, services: string[]) => unbookedNote({ ...view([]), receptionistBooks, services });
    expect(of(true, ['Oil change'])).toBe(null);
    expect(of(false, ['Oil change'])).toContain('switched off');
    expect(of(false, [])).toContain('no services');
  });

  it('names everything that goes with a contact', () => {
    expect(erasureSentence({ appointments: 0, toCome: 0 })).toMatch(/^The name, the number and the notes are erased\./);
    expect(erasureSentence({ appointments: 3, toCome: 1 })).toContain('3 appointments, of which 1 is still to come and is called off.');
    expect(erasureSentence({ appointments: 1, toCome: 0 })).toContain('1 appointment. ');
  });
});

describe('dates', () => {
  it('step over months, years and changes of the clocks', () => {
    expect(daysLater('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysLater('2027-03-14', 1)).toBe('2027-03-15');
    expect(daysLater('2026-11-01', -1)).toBe('2026-10-31');
  });

  it('know the Monday of their week', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  });

  it('are written for people', () => {
    expect(dateText('2026-11-24')).toBe('Tue 24');
    // With or without a comma: the languages' data of one version writes it, the next does not.
    expect(dateText('2026-11-24', true).replace(',', '')).toBe('Tuesday 24 November 2026');
    expect(monthsText([day('2026-11-23'), day('2026-11-29')])).toBe('November 2026');
    expect(monthsText([day('2026-11-30'), day('2026-12-06')])).toBe('November – December 2026');
    expect(monthsText([day('2026-12-28'), day('2027-01-03')])).toBe('December 2026 – January 2027');
    expect(monthsText([])).toBe('');
  });
});

describe('times', () => {
  it('are written for people and for fields', () => {
    expect(timeText(9 * 60)).toBe('9:00');
    expect(timeText(25 * 60 + 5)).toBe('1:05');
    expect(timeField(9 * 60)).toBe('09:00');
  });
});
