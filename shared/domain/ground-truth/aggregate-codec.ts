import type { ArmSums, Paired, Profile } from './aggregates.ts';
import type { PerformancePoint } from './hour-aggregates.ts';
import { packJson, unpackJson } from './packed-json.ts';
import { type PerformanceRows, performanceHour, performancePoints } from './performance-codec.ts';
import { decodePoints, decodePointsAsHour, encodePoints, pointsFormat } from './point-codec.ts';

/**
 * What is stored for one hour and bucket: the inputs and outputs, the results, the comparison of two versions, or the
 * business metric of the units of an arm.
 */
export type AggregateKind = 'profile' | 'performance' | 'paired' | 'arm';

export function encodeProfile(profile: Profile): Uint8Array {
  return packJson(profile);
}

export function encodePerformance(points: readonly PerformancePoint[]): Uint8Array {
  return encodePoints(points);
}

export function encodePaired(paired: Paired): Uint8Array {
  return packJson(paired);
}

export function encodeArm(sums: ArmSums): Uint8Array {
  return packJson(sums);
}

// What is decoded are our own bytes, under a key that names their kind; a window reads hundreds of them. Each throws
// when the bytes are not from its counterpart.

export function decodeProfile(data: Uint8Array): Profile {
  return unpackJson(data) as Profile;
}

export function decodePerformance(data: Uint8Array): readonly PerformancePoint[] {
  if (data[0] === pointsFormat) return decodePoints(data);
  // As they were written until points had a format of their own.
  return performancePoints(unpackJson(data) as PerformanceRows);
}

/** All points of the hour as one. */
export function decodePerformanceHour(data: Uint8Array): readonly PerformancePoint[] {
  if (data[0] === pointsFormat) return decodePointsAsHour(data);
  return performanceHour(unpackJson(data) as PerformanceRows);
}

export function decodePaired(data: Uint8Array): Paired {
  return unpackJson(data) as Paired;
}

export function decodeArm(data: Uint8Array): ArmSums {
  return unpackJson(data) as ArmSums;
}
