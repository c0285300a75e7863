import { describe, expect, it } from 'vitest';
import { minutesToUtc, readAirports, zoneOf } from '../../../examples/flights/airports.ts';
import { sourcePath } from '../../../examples/flights/source-file.ts';

const airports = readAirports(sourcePath('airports.csv'));

/** Airports on both sides of every border that runs through a state, and where the clock does not move. */
const ianaZones = {
  BOS: 'America/New_York',
  MQT: 'America/Detroit',
  SDF: 'America/Kentucky/Louisville',
  IND: 'America/Indiana/Indianapolis',
  SBN: 'America/Indiana/Indianapolis',
  EVV: 'America/Chicago',
  TYS: 'America/New_York',
  CHA: 'America/New_York',
  BNA: 'America/Chicago',
  TLH: 'America/New_York',
  VPS: 'America/Chicago',
  ORD: 'America/Chicago',
  ICT: 'America/Chicago',
  OMA: 'America/Chicago',
  BIS: 'America/Chicago',
  FSD: 'America/Chicago',
  RAP: 'America/Denver',
  MAF: 'America/Chicago',
  ELP: 'America/Denver',
  DEN: 'America/Denver',
  BOI: 'America/Boise',
  PHX: 'America/Phoenix',
  LAS: 'America/Los_Angeles',
  PDX: 'America/Los_Angeles',
  ANC: 'America/Anchorage',
  DUT: 'America/Anchorage',
  HNL: 'Pacific/Honolulu',
  SJU: 'America/Puerto_Rico',
  STT: 'America/St_Thomas',
};

// Before and after each change of the clock in 2001; none in the hour that does not exist or exists twice.
const localTimes = [
  '2001-01-15T12:00',
  '2001-04-01T01:30',
  '2001-04-01T05:00',
  '2001-07-04T18:00',
  '2001-10-28T05:00',
  '2001-12-24T08:00',
];

describe('time zones of airports', () => {
  it.each(Object.entries(ianaZones))('agree for %s with %s of the time zone database', (code, iana) => {
    const airport = airports.get(code);
    expect(airport).toBeDefined();
    for (const local of localTimes) {
      const localMinute = Date.parse(`${local}Z`) / 60_000;
      const utcMinute = localMinute + minutesToUtc(zoneOf(airport!), localMinute);
      expect(clockIn(iana, utcMinute)).toBe(local);
    }
  });

  it('is an error for a state nobody knows', () => {
    expect(() => zoneOf({ code: 'XXX', state: 'ZZ', longitude: 0, latitude: 0 })).toThrow(
      'no time zone for airport XXX in state ZZ',
    );
  });
});

function clockIn(timeZone: string, utcMinute: number): string {
  const text = new Date(utcMinute * 60_000).toLocaleString('sv-SE', { timeZone });
  return text.slice(0, 16).replace(' ', 'T');
}
