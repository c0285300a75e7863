import { expect, test } from 'vitest';
import { compilePattern } from '../../../local/services/event-pattern.ts';

const event = {
  source: 'runway',
  'detail-type': 'HealthChanged',
  detail: {
    status: 'at-risk',
    score: 0.7,
    modelId: 'late-basic',
    tags: ['a', 'b'],
    version: 0,
    signals: [{ id: 'age' }],
  },
};

test.each([
  ['an exact value', { source: ['runway'] }, true],
  ['one of several values', { source: ['other', 'runway'] }, true],
  ['another value', { source: ['other'] }, false],
  ['all fields at once', { source: ['runway'], 'detail-type': ['Other'] }, false],
  ['a nested field', { detail: { status: ['at-risk'] } }, true],
  ['a number as a number only', { detail: { version: ['0'] } }, false],
  ['an element of an array', { detail: { tags: ['b'] } }, true],
  ['an object in an array', { detail: { signals: { id: ['age'] } } }, true],
  ['a prefix', { detail: { modelId: [{ prefix: 'late-' }] } }, true],
  ['a suffix', { detail: { modelId: [{ suffix: '-live' }] } }, false],
  ['any case', { source: [{ 'equals-ignore-case': 'RUNWAY' }] }, true],
  ['anything but a value', { detail: { status: [{ 'anything-but': 'at-risk' }] } }, false],
  ['anything but a list', { detail: { status: [{ 'anything-but': ['active', 'retired'] }] } }, true],
  ['anything but a prefix', { detail: { modelId: [{ 'anything-but': { prefix: 'late-' } }] } }, false],
  ['anything but, on an absent field', { detail: { team: [{ 'anything-but': 'x' }] } }, false],
  ['presence', { detail: { status: [{ exists: true }] } }, true],
  ['absence', { detail: { team: [{ exists: false }] } }, true],
  ['absence of what is there', { detail: { status: [{ exists: false }] } }, false],
  ['a numeric range', { detail: { score: [{ numeric: ['>', 0.5, '<=', 0.7] }] } }, true],
  ['outside a numeric range', { detail: { score: [{ numeric: ['>', 0.7] }] } }, false],
  ['one side of $or', { $or: [{ source: ['other'] }, { detail: { status: ['at-risk'] } }] }, true],
  ['no side of $or', { $or: [{ source: ['other'] }, { source: ['third'] }] }, false],
])('%s: the pattern %j is %s', (_, pattern, matches) => {
  expect(compilePattern(pattern)(event)).toBe(matches);
});

test.each([
  [{ source: [{ cidr: '10.0.0.0/8' }] }],
  [{ source: [{ constructor: 'x' }] }],
  [{ source: 'runway' }],
  [{ detail: { score: [{ numeric: ['~', 1] }] } }],
  [{ source: [{ prefix: 1 }] }],
])('%j is an error', (pattern) => {
  expect(() => compilePattern(pattern)).toThrow();
});
