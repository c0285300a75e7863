import { expect } from 'vitest';
import type { Json } from './data.ts';

/** Names of the oracles' own making, which describe a case and measure nothing. */
const descriptive = new Set([
  'status',
  'kind',
  'bins',
  'rule',
  'control',
  'candidate',
  'method',
  'watermark',
  'watermarkTs',
]);

/** Differences that are known and allowed, by figure; all others are held to 1e-9, p-values to 1e-6, relative. */
type Allowance = { readonly relative?: number; readonly absolute?: number };

export type Tally = { cases: number; comparisons: number };

/** scipy stops its series at terms below 1e-7: its tail is 0 or up to 2.8e-7 where the true one is 1e-20. */
const cramerVonMises = { absolute: 3e-7 };

/** Over all files of the suite, which share their modules: the last line printed has the totals. */
const sofar = { public: 0, cases: 0, comparisons: 0 };

export class Comparison {
  readonly tally: Tally = { cases: 0, comparisons: 0 };
  readonly #failures: string[] = [];
  readonly #name: string;

  readonly #isPublic: boolean;

  /** `public`: one of the 436 that the manifest counts as statistics, performance and embeddings. */
  constructor(name: string, kind: 'public' | 'further' = 'further') {
    this.#name = name;
    this.#isPublic = kind === 'public';
  }

  /** Every figure of `expected` must be in `actual` and agree. */
  case(path: string, expected: Json, actual: Json, allowances: Readonly<Record<string, Allowance>> = {}): void {
    this.tally.cases += 1;
    this.#walk(path, expected, actual, allowances);
  }

  /** Prints the counts; fails with all disagreements at once. */
  finish(): void {
    if (this.#isPublic) sofar.public += this.tally.cases;
    sofar.cases += this.tally.cases;
    sofar.comparisons += this.tally.comparisons;
    const total = `so far ${sofar.cases} cases, ${sofar.public} of the public 436, ${sofar.comparisons} comparisons`;
    console.log(`${this.#name}: ${this.tally.cases} cases, ${this.tally.comparisons} comparisons (${total})`);
    expect(this.#failures.slice(0, 40)).toEqual([]);
    expect(this.tally.comparisons).toBeGreaterThan(0);
  }

  #walk(path: string, expected: Json, actual: Json, allowances: Readonly<Record<string, Allowance>>): void {
    if (expected !== null && typeof expected === 'object') {
      if (Array.isArray(expected) && expected.length !== actual?.length) this.#fail(path, expected, actual);
      for (const key of Object.keys(expected)) {
        if (!descriptive.has(key)) this.#walk(`${path}.${key}`, expected[key], actual?.[key], allowances);
      }
      return;
    }
    this.tally.comparisons += 1;
    if (!agree(path, expected, actual, allowances)) this.#fail(path, expected, actual);
  }

  #fail(path: string, expected: Json, actual: Json): void {
    this.#failures.push(`${path}: expected ${JSON.stringify(expected)}, computed ${JSON.stringify(actual)}`);
  }
}

function agree(path: string, expected: Json, actual: Json, allowances: Readonly<Record<string, Allowance>>): boolean {
  // Infinity is how the oracles write "a bin is empty on one side"; ours is undefined with a reason.
  if (expected === null || expected === 'Infinity') return actual === null;
  // scipy has none for one row against one; any probability will do.
  if (expected === 'NaN') return actual === null || (actual >= 0 && actual <= 1);
  if (typeof expected !== 'number') return expected === actual;
  if (typeof actual !== 'number') return false;
  const { relative = isPValue(path) ? 1e-6 : 1e-9, absolute = 1e-15 } = allowanceOf(path, allowances);
  return Math.abs(actual - expected) <= relative * Math.abs(expected) + absolute;
}

function allowanceOf(path: string, allowances: Readonly<Record<string, Allowance>>): Allowance {
  if (path.endsWith('cramerVonMises.pAsymptotic')) return cramerVonMises;
  const suffix = Object.keys(allowances).find((name) => path.endsWith(name));
  return suffix === undefined ? {} : (allowances[suffix] ?? {});
}

function isPValue(path: string): boolean {
  return /\.(p[A-Z]\w*|\w+P)$/.test(path);
}
