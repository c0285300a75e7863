import type { Logged, Logs } from './event-log.ts';

export type Limits = {
  readonly overall: number;
  readonly perTeam: number;
  readonly perOrchestrator: Readonly<Record<string, number>>;
};
type Facts = {
  readonly tier: number;
  readonly team: string;
  readonly connection: string;
  readonly requestedAt: string;
};
type Held = { readonly retrainId: string } & Facts;

/** Naively: what a retrain said when it was asked for. */
export function factsOf({ retrains }: Logs): ReadonlyMap<string, Facts> {
  return new Map(
    [...retrains].map(([retrainId, log]) => {
      const [first] = log;
      if (first?.type !== 'RetrainRequested') throw new Error(`${retrainId} begins with ${first?.type}`);
      const { tier, team, connection = 'training-queue', requestedAt } = first;
      return [retrainId, { tier, team, connection, requestedAt }];
    }),
  );
}

const hours = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 3_600_000;
/** A tier more urgent for every six hours of waiting. */
const urgency = ({ tier, requestedAt }: Facts, now: string) => tier - Math.floor(hours(requestedAt, now) / 6);

/** Nobody in the drill has a staleness score: class, then age, then name. */
function isBefore(a: Held, b: Held, now: string): boolean {
  const [urgencyA, urgencyB] = [urgency(a, now), urgency(b, now)];
  if (urgencyA !== urgencyB) return urgencyA < urgencyB;
  if (a.requestedAt !== b.requestedAt) return a.requestedAt < b.requestedAt;
  return a.retrainId < b.retrainId;
}

/** When an orchestrator's circuit was not closed, both ends included. */
export function troubles(
  { circuits }: Logs,
  connection: string,
): readonly { readonly from: string; readonly to: string }[] {
  const found: { from: string; to: string }[] = [];
  for (const event of circuits.get(connection) ?? []) {
    const last = found.at(-1);
    const isOpen = last !== undefined && last.to === '9999';
    if (event.type === 'CircuitOpened' && !isOpen) found.push({ from: event.openedAt, to: '9999' });
    if (event.type === 'CircuitClosed' && isOpen) last.to = event.at;
  }
  return found;
}

export type Replay = {
  readonly violations: readonly string[];
  readonly most: { overall: number; team: number; orchestrators: Record<string, number> };
  readonly starts: number;
  /** Starts while something of a more urgent tier waited that might have started: by age. */
  readonly agedStarts: number;
  /** By tier. */
  readonly longestWaitHours: Readonly<Record<number, number>>;
};

/** Every slot that was ever taken, again, by counting and comparing one by one. */
export function replaySlots(logs: Logs, limits: Limits): Replay {
  const facts = factsOf(logs);
  const left = Map.groupBy(
    logs.slots.filter(({ type }) => type === 'SlotTaken'),
    ({ retrainId }) => retrainId,
  );
  const startsLeft = new Map([...left].map(([retrainId, starts]) => [retrainId, starts.length]));
  const waiting = new Map(
    [...facts].map(([retrainId, of]) => [retrainId, { retrainId, since: of.requestedAt, ...of }]),
  );
  const running = new Map<string, Held>();
  const trouble = new Map(Object.keys(limits.perOrchestrator).map((name) => [name, troubles(logs, name)]));
  const violations: string[] = [];
  const most = { overall: 0, team: 0, orchestrators: {} as Record<string, number> };
  const longestWaitHours: Record<number, number> = {};
  let [starts, agedStarts] = [0, 0];

  const count = (is: (held: Held) => boolean) => [...running.values()].filter(is).length;
  const mayStart = ({ team, connection, since }: Held & { since: string }, now: string) =>
    since < now &&
    count((held) => held.team === team) < limits.perTeam &&
    count((held) => held.connection === connection) < (limits.perOrchestrator[connection] ?? 0) &&
    !(trouble.get(connection) ?? []).some(({ from, to }) => from <= now && now <= to);

  function take({ retrainId, at }: Logged<{ retrainId: string }>): void {
    const taken = waiting.get(retrainId);
    if (taken === undefined) return void violations.push(`${retrainId} was not waiting at ${at}`);
    waiting.delete(retrainId);
    const passedOver = [...waiting.values()].filter((other) => mayStart(other, at));
    const earlier = passedOver.find((other) => isBefore(other, taken, at));
    if (earlier) violations.push(`${retrainId} before ${earlier.retrainId} at ${at}`);
    if (passedOver.some(({ tier }) => tier < taken.tier)) agedStarts += 1;
    longestWaitHours[taken.tier] = Math.max(longestWaitHours[taken.tier] ?? 0, hours(taken.requestedAt, at));
    running.set(retrainId, taken);
    starts += 1;
    startsLeft.set(retrainId, (startsLeft.get(retrainId) ?? 0) - 1);
    const { team, connection } = taken;
    const ofTeam = count((held) => held.team === team);
    const there = count((held) => held.connection === connection);
    most.overall = Math.max(most.overall, running.size);
    most.team = Math.max(most.team, ofTeam);
    most.orchestrators[connection] = Math.max(most.orchestrators[connection] ?? 0, there);
    if (running.size > limits.overall || ofTeam > limits.perTeam || there > (limits.perOrchestrator[connection] ?? 0))
      violations.push(`${running.size} overall, ${ofTeam} of ${team}, ${there} by ${connection} at ${at}`);
  }

  for (const event of logs.slots) {
    if (event.type === 'SlotTaken') {
      take(event);
      continue;
    }
    const released = running.get(event.retrainId);
    if (released === undefined) violations.push(`${event.retrainId} had no slot at ${event.at}`);
    else if ((startsLeft.get(event.retrainId) ?? 0) > 0) waiting.set(event.retrainId, { ...released, since: event.at });
    running.delete(event.retrainId);
  }
  for (const retrainId of running.keys()) violations.push(`${retrainId} keeps its slot`);
  for (const retrainId of waiting.keys()) violations.push(`${retrainId} was never started`);
  return { violations, most, starts, agedStarts, longestWaitHours };
}
