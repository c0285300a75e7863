import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createOffPeak,
  nextOffPeak,
  type OffPeakWindow,
  offPeakWindowSchema,
} from '../../../shared/domain/retraining/queue/off-peak.ts';
import { minuteMillis, toMillis } from '../../../shared/domain/time.ts';

const berlin = (from: string, to: string): OffPeakWindow => ({ from, to, timeZone: 'Europe/Berlin' });

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall shows. */
function wallTime(timeZone: string, at: number): string {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  clocks.set(timeZone, clock);
  return clock.format(at);
}

function isOpenByClock({ from, to, timeZone }: OffPeakWindow, at: number): boolean {
  const wall = wallTime(timeZone, at);
  if (from === to) return true;
  return from < to ? from <= wall && wall < to : from <= wall || wall < to;
}

const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const windows: fc.Arbitrary<OffPeakWindow> = fc.record({
  from: times,
  to: times,
  timeZone: fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'UTC',
  ),
});
/** Around the days on which clocks change, in either hemisphere. */
const instants = fc
  .tuple(
    fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04', '2026-07-01'),
    fc.integer({ min: -36 * 60, max: 36 * 60 }),
  )
  .map(([day, minutes]) => Date.parse(`${day}T00:00:00.000Z`) + minutes * minuteMillis);

describe('nextOffPeak', () => {
  it('is now while the window is open, across midnight too', () => {
    expect(nextOffPeak(berlin('22:00', '06:00'), '2026-01-10T23:30:00.000Z')).toBe('2026-01-10T23:30:00.000Z');
    expect(nextOffPeak(berlin('22:00', '06:00'), '2026-01-10T05:00:00.000Z')).toBe('2026-01-10T21:00:00.000Z');
  });

  it('keeps to the clocks when they change', () => {
    expect(nextOffPeak(berlin('22:00', '06:00'), '2026-03-28T12:00:00.000Z')).toBe('2026-03-28T21:00:00.000Z');
    expect(nextOffPeak(berlin('22:00', '06:00'), '2026-03-29T12:00:00.000Z')).toBe('2026-03-29T20:00:00.000Z');
  });

  it('opens when the clocks jump over its beginning', () => {
    expect(nextOffPeak(berlin('02:30', '04:00'), '2026-03-28T23:00:00.000Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  it('opens a day later when the clocks jump over all of it', () => {
    expect(nextOffPeak(berlin('02:15', '02:45'), '2026-03-28T23:00:00.000Z')).toBe('2026-03-30T00:15:00.000Z');
  });

  it('opens twice in the hour that comes twice', () => {
    const offPeak = createOffPeak(berlin('02:00', '02:30'));
    expect(offPeak.isOpen(toMillis('2026-10-25T00:10:00.000Z'))).toBe(true);
    expect(offPeak.nextOpening(toMillis('2026-10-25T00:40:00.000Z'))).toBe(toMillis('2026-10-25T01:00:00.000Z'));
  });

  it('is the first minute at which the clock is in the window', () => {
    fc.assert(
      fc.property(windows, instants, (window, at) => {
        const next = createOffPeak(window).nextOpening(at);
        expect(isOpenByClock(window, next)).toBe(true);
        for (let minute = at; minute < next; minute += minuteMillis) {
          if (isOpenByClock(window, minute)) expect(minute).toBe(next);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes no zone that nobody knows and no hour that no clock shows', () => {
    expect(offPeakWindowSchema.safeParse(berlin('22:00', '06:00')).success).toBe(true);
    expect(offPeakWindowSchema.safeParse(berlin('24:00', '06:00')).success).toBe(false);
    expect(offPeakWindowSchema.safeParse({ from: '22:00', to: '06:00', timeZone: 'Europe/Atlantis' }).success).toBe(
      false,
    );
  });
});
