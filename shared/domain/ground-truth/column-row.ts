import { toInstant } from '../time.ts';
import type { JoinInput } from './join-input.ts';
import { type ColumnGroup, cellAt, type WireColumn } from './wire-columns.ts';

const timeFields: ReadonlySet<string> = new Set(['predictedAt', 'scoredAt', 'observedAt', 'assignedAt']);
const latestMillis = 8.64e15;

/** A row as the record it would be on a line of its own, to be checked as such. Null fields are left out. */
export function recordOfRow(kind: JoinInput['kind'], group: ColumnGroup, row: number, modelId: string): object {
  const { fields, features, shadows } = group;
  const scores = presentAt(shadows, row).map(([version, score]) => ({ modelVersion: versionOf(version), score }));
  const times = presentAt(fields, row).map(([name, value]) => [name, timeFields.has(name) ? timeOf(value) : value]);
  return {
    modelId,
    ...Object.fromEntries(times),
    ...(kind === 'prediction' && { features: Object.fromEntries(presentAt(features, row)) }),
    ...(scores.length > 0 && { shadows: scores }),
  };
}

function presentAt(columns: ReadonlyMap<string, WireColumn>, row: number): (readonly [string, unknown])[] {
  return [...columns].flatMap(([name, values]) => {
    const value = cellAt(values, row);
    return value === null || value === undefined ? [] : [[name, value] as const];
  });
}

function versionOf(name: string): number | string {
  return /^[1-9]\d{0,6}$/.test(name) ? Number(name) : name;
}

function timeOf(value: unknown): unknown {
  return Number.isInteger(value) && Math.abs(Number(value)) <= latestMillis ? toInstant(Number(value)) : value;
}

const shownLength = 1_000;
const shownDepth = 4;

/** A copy that is safe to write down, whatever a hostile writer nested or stretched. */
export function shownRecord(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === shownDepth) return Array.isArray(value) ? '[…]' : '{…}';
  if (Array.isArray(value)) return value.slice(0, shownLength).map((item) => shownRecord(item, depth + 1));
  const entries = Object.entries(value).slice(0, shownLength);
  return Object.fromEntries(entries.map(([name, item]) => [name, shownRecord(item, depth + 1)]));
}
