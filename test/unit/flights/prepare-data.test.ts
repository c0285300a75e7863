import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanFlights } from '../../../examples/flights/clean-flights.ts';
import { deriveFlights } from '../../../examples/flights/derive-flights.ts';
import { instantOf, isLate, loadFlights, saveFlights } from '../../../examples/flights/flights.ts';
import { orderBy } from '../../../examples/flights/order-by.ts';
import { shuffleDates } from '../../../examples/flights/shuffle-dates.ts';
import { madeUpFlights } from './made-up-flights.ts';
import { rawFlights, zones } from './raw-flights.ts';

describe('cleaning', () => {
  it('drops what equals another row in every column, once', () => {
    const row = { at: '2001-02-01T10:00', delay: 5 };
    const { kept, cleaning } = cleanFlights(rawFlights([row, { ...row, delay: 6 }, row, { ...row, to: 'PHX' }, row]));
    expect(cleaning).toMatchObject({ rows: 5, duplicates: 2, kept: 3 });
    expect([...kept.delay]).toEqual([5, 6, 5]);
  });

  it('drops departures in the first five hours of the local day', () => {
    const rows = ['00:00', '04:59', '05:00', '23:59'].map((time) => ({ at: `2001-02-01T${time}`, delay: 0 }));
    expect(cleanFlights(rawFlights(rows)).cleaning).toMatchObject({ nightDepartures: 2, kept: 2 });
  });

  it('drops delays that a date off by a day explains', () => {
    const rows = [-1116, -121, -120, 0, 1380, 1381].map((delay) => ({ at: '2001-02-01T10:00', delay }));
    const { kept, cleaning } = cleanFlights(rawFlights(rows));
    expect(cleaning.impossibleDelays).toBe(3);
    expect([...kept.delay]).toEqual([-120, 0, 1380]);
  });
});

describe('derived flights', () => {
  it('leave in UTC and land after ground time, cruise and delay', () => {
    const flights = deriveFlights(rawFlights([{ at: '2001-02-01T10:00', delay: 20, distance: 750 }]), zones);
    expect(instantOf(flights.departure[0]!)).toBe('2001-02-01T15:00:00.000Z');
    expect(instantOf(flights.landing[0]!)).toBe('2001-02-01T17:35:00.000Z');
    expect([flights.hour[0], flights.weekday[0], isLate(flights, 0)]).toEqual([10, 4, true]);
  });

  it('never land before the cruise alone has ended', () => {
    const flights = deriveFlights(rawFlights([{ at: '2001-02-01T10:00', delay: -80, distance: 150 }]), zones);
    expect(flights.landing[0]! - flights.departure[0]!).toBe(20);
  });

  it('come in order of departure, whatever the local clocks say', () => {
    const rows = [
      { at: '2001-05-01T10:00', from: 'BOS', delay: 1 },
      { at: '2001-05-01T09:00', from: 'PHX', delay: 2 },
      { at: '2001-05-01T07:30', from: 'DEN', delay: 3 },
    ];
    expect([...deriveFlights(rawFlights(rows), zones).delay]).toEqual(
      [3, 1, 2].toSorted((a, b) => order(a) - order(b)),
    );
    function order(delay: number): number {
      // 14:00, 16:00 and 13:30 UTC.
      return [840, 960, 810][delay - 1] ?? 0;
    }
  });
});

describe('shuffled dates', () => {
  it('are the same dates, each flight keeping its time of day', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      at: `2001-03-${String((i % 30) + 1).padStart(2, '0')}T${10 + (i % 9)}:15`,
      delay: i,
    }));
    const raw = rawFlights(rows);
    const shuffled = shuffleDates(raw);
    const days = (minutes: Int32Array) => [...minutes].map((minute) => Math.floor(minute / 1_440)).toSorted();
    expect(days(shuffled.localDeparture)).toEqual(days(raw.localDeparture));
    expect([...shuffled.localDeparture].map((minute) => minute % 1_440)).toEqual(
      [...raw.localDeparture].map((minute) => minute % 1_440),
    );
    expect([...shuffled.localDeparture]).not.toEqual([...raw.localDeparture]);
  });
});

describe('orderBy', () => {
  it('is a stable sort', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1 }), (minutes) => {
        const expected = minutes.map((_, i) => i).toSorted((a, b) => minutes[a]! - minutes[b]!);
        expect([...orderBy(Int32Array.from(minutes))]).toEqual(expected);
      }),
    );
  });
});

describe('the prepared file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flights '));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives back what was saved, under the same key only', () => {
    const file = path.join(folder, 'flights.bin');
    const flights = madeUpFlights(3);
    saveFlights(file, 'a', { flights, notes: ['one'] });
    expect(loadFlights(file, 'a')).toEqual({ flights, notes: ['one'] });
    expect(loadFlights(file, 'b')).toBeUndefined();
    expect(loadFlights(`${file}.other`, 'a')).toBeUndefined();
  });
});
