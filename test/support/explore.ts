import { isRunwayError } from '../../shared/domain/errors.ts';

/** `run` gives the next state, or throws a `RunwayError` where the action is forbidden. */
export type Action<S> = { readonly name: string; readonly run: () => S };

export type Space<S> = {
  readonly initial: S;
  /** Everything that may be tried in a state, forbidden or not. */
  readonly actions: (state: S) => Iterable<Action<S>>;
  /** Equal texts for equal states. */
  readonly keyOf: (state: S) => string;
  /** What is wrong with a state, or with the step into it. */
  readonly problem: (state: S, before?: S) => string | undefined;
};

export type Counterexample = {
  readonly problem: string;
  /** The shortest way to it. */
  readonly trace: readonly string[];
};

export type Explored<S> = {
  readonly states: readonly S[];
  /** Numbers of the other states that one action leads to. */
  readonly next: readonly (readonly number[])[];
  readonly steps: number;
  /** Forbidden actions, each of which threw and changed nothing. */
  readonly refused: number;
  readonly counterexample?: Counterexample;
  /** Actions on the shortest way to a state. */
  readonly traceTo: (state: number) => readonly string[];
};

/** A bounded model that turns out larger was bounded wrongly. */
const maximumStates = 400_000;

/**
 * Every state that any order of actions reaches, breadth first, so that a counterexample is a shortest one. States are
 * frozen: an action that changes one in place, or throws anything but a `RunwayError`, is a counterexample too.
 * Explicit-state reachability as in Clarke, Henzinger, Veith and Bloem, *Handbook of Model Checking* (2018), chapter 5.
 */
export function explore<S>({ initial, actions, keyOf, problem }: Space<S>): Explored<S> {
  const states: S[] = [];
  const next: number[][] = [];
  const reachedBy: { readonly from: number; readonly name: string }[] = [];
  const numbers = new Map<string, number>();
  let [steps, refused] = [0, 0];

  function add(state: S, from: number, name: string): number {
    const key = keyOf(state);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = states.length;
    if (number >= maximumStates) throw new Error(`more than ${maximumStates} states, expected a bounded model`);
    numbers.set(key, number);
    states.push(freeze(state));
    next.push([]);
    reachedBy.push({ from, name });
    return number;
  }
  function traceTo(state: number): readonly string[] {
    const names: string[] = [];
    for (let at = state; at > 0; at = reachedBy[at]!.from) names.push(reachedBy[at]!.name);
    return names.toReversed();
  }
  function finish(counterexample?: Counterexample): Explored<S> {
    return { states, next, steps, refused, traceTo, ...(counterexample && { counterexample }) };
  }

  // Most actions are forbidden, and nobody reads where they were refused.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return walk();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }

  function walk(): Explored<S> {
    add(initial, 0, '');
    const wrong = problem(initial);
    if (wrong !== undefined) return finish({ problem: wrong, trace: [] });
    for (let from = 0; from < states.length; from += 1) {
      const before = states[from]!;
      const seen = new Set<number>();
      for (const { name, run } of actions(before)) {
        const outcome = attempt(run);
        const trace = () => [...traceTo(from), name];
        if (outcome.kind === 'refused') refused += 1;
        else if (outcome.kind === 'broken') return finish({ problem: outcome.problem, trace: trace() });
        else {
          steps += 1;
          if (outcome.state === before) continue;
          const found = problem(outcome.state, before);
          if (found !== undefined) return finish({ problem: found, trace: trace() });
          const to = add(outcome.state, from, name);
          if (to !== from) seen.add(to);
        }
      }
      next[from] = [...seen];
    }
    return finish();
  }
}

/** Numbers of the states from which no action leads to another. */
export function deadEnds<S>({ next }: Explored<S>): readonly number[] {
  return next.flatMap((followers, state) => (followers.length === 0 ? [state] : []));
}

/** Numbers of the states from which no way leads to one that satisfies `isGoal`. */
export function stuckStates<S>({ states, next }: Explored<S>, isGoal: (state: S) => boolean): readonly number[] {
  const before: number[][] = states.map(() => []);
  for (const [from, followers] of next.entries()) for (const to of followers) before[to]!.push(from);
  const open = states.flatMap((state, number) => (isGoal(state) ? [number] : []));
  const canReach = new Set(open);
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const from of before[at]!)
      if (!canReach.has(from)) {
        canReach.add(from);
        open.push(from);
      }
  return states.flatMap((_, number) => (canReach.has(number) ? [] : [number]));
}

/** Whether some way goes round for ever. Kahn, CACM 5 (1962). */
export function isEndless<S>({ next }: Explored<S>): boolean {
  const waits = next.map(() => 0);
  for (const followers of next) for (const to of followers) waits[to]! += 1;
  const open = waits.flatMap((count, state) => (count === 0 ? [state] : []));
  let left = next.length;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    left -= 1;
    for (const to of next[at]!) {
      waits[to]! -= 1;
      if (waits[to] === 0) open.push(to);
    }
  }
  return left > 0;
}

/** For the log: what was explored, and the counterexample line by line. */
export function describeExplored<S>(what: string, { states, steps, refused, counterexample }: Explored<S>): string {
  const size = `${what}: ${states.length} states, ${steps} steps, ${refused} forbidden commands`;
  if (counterexample === undefined) return size;
  const lines = counterexample.trace.map((name, index) => `  ${index + 1}. ${name}`);
  return [size, `counterexample: ${counterexample.problem}`, ...lines].join('\n');
}

type Outcome<S> =
  | { readonly kind: 'reached'; readonly state: S }
  | { readonly kind: 'refused' }
  | { readonly kind: 'broken'; readonly problem: string };

function attempt<S>(run: () => S): Outcome<S> {
  try {
    return { kind: 'reached', state: run() };
  } catch (error) {
    return isRunwayError(error) ? { kind: 'refused' } : { kind: 'broken', problem: String(error) };
  }
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const member of Object.values(value)) freeze(member);
  return Object.freeze(value);
}

/** Remembers the text of each part of a state, of which a step changes few. */
export function createKeys<P extends object>(textOf: (part: P) => string): (part: P) => string {
  const texts = new WeakMap<P, string>();
  return (part) => {
    const known = texts.get(part);
    if (known !== undefined) return known;
    const text = textOf(part);
    texts.set(part, text);
    return text;
  };
}
