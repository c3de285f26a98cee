// Lengths, sizes, times and names as people read them.

import { describe, expect, it } from 'vitest';

import { bytes, clock, counted, day, decibels, fileName, moment, preciseTime, span } from '../../src/lib/format';

describe('formats', () => {
  it('write lengths with minutes and seconds, and hours where there are some', () => {
    expect([0, 7_000, 134_999, 3_734_000, -5].map(clock)).toEqual(['00:00', '00:07', '02:14', '1:02:14', '00:00']);
  });

  it('write a moment of a call without a leading zero', () => {
    expect([7_000, 134_000, 605_000, 3_734_000].map(moment)).toEqual(['0:07', '2:14', '10:05', '1:02:14']);
  });

  it('write spans as precise as they matter', () => {
    expect([12, 30, 710, 1_249, 12_400].map(span)).toEqual(['0.01 s', '0.03 s', '0.7 s', '1.2 s', '12 s']);
  });

  it('write sizes in decimal units and never four digits', () => {
    expect([0, 812, 999, 1_000, 9_940, 9_960, 113_000_000, 2_500_000_000].map(bytes)).toEqual([
      '0 B',
      '812 B',
      '999 B',
      '1.0 kB',
      '9.9 kB',
      '10 kB',
      '113 MB',
      '2.5 GB',
    ]);
  });

  it('write decibels with a real minus sign', () => {
    expect([-23.4, 0, -0.2].map(decibels)).toEqual(['\u221223 dB', '0 dB', '0 dB']);
  });

  it('count in words', () => {
    expect([counted(1, 'call', 'calls'), counted(10_000, 'call', 'calls')]).toEqual(['1 call', '10,000 calls']);
  });

  it('name days relative to now', () => {
    const now = new Date(2026, 10, 22, 9, 0);
    const at = (...date: [number, number, number, number]) => new Date(...date).toISOString();
    expect(day(at(2026, 10, 22, 0), now)).toBe('Today');
    expect(day(at(2026, 10, 21, 23), now)).toBe('Yesterday');
    expect(day(at(2026, 10, 20, 12), now)).toBe('Fri 20 Nov');
    expect(day(at(2025, 10, 20, 12), now)).toBe('20 Nov 2025');
  });

  it('write the time of day to the millisecond', () => {
    expect(preciseTime(new Date(2026, 10, 22, 9, 5, 7, 42).toISOString())).toBe('09:05:07.042');
  });

  it('take the last part of a path of any system', () => {
    expect(['/home/me/call.md', 'C:\\calls\\call.md', 'call.md'].map(fileName)).toEqual(['call.md', 'call.md', 'call.md']);
  });
});
