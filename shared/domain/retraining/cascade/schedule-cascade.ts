import { minuteMillis, toMillis } from '../../time.ts';
import { capacityOf } from '../queue/capacity.ts';
import { createOffPeak, type OffPeak, type OffPeakWindow } from '../queue/off-peak.ts';
import { simulateSlots } from '../queue/simulate-slots.ts';
import type { Admission } from './admit-dependants.ts';
import { cooldownOf } from './cascade-model.ts';
import type { CascadeModel, CascadeRequest } from './cascade-plan.ts';
import type { AcyclicReach } from './cut-cycles.ts';

export type ScheduledRetrain = {
  readonly model: CascadeModel;
  readonly wave: number;
  /** NaN when it never starts. */
  readonly startsAt: number;
  /** 0 when the plan runs without batches. */
  readonly batch: number;
};

/**
 * When each retrain starts under the limits: the most urgent that is ready goes first, and is ready when all that it
 * depends on is promoted and the cooldown after that is over. In order of wave, then of priority.
 */
export function scheduleCascade(
  request: CascadeRequest,
  reach: AcyclicReach,
  admission: Admission,
): readonly ScheduledRetrain[] {
  const { nodes, rules } = request;
  const jobs = rankJobs(request, reach, admission);
  const models = jobs.map((node) => nodes[node]!.model!);
  const isLarge = jobs.length > rules.blastRadius.dependants;
  const teams = numberTeams(models, request);
  const windows = models.map(
    ({ cascade }): OffPeakWindow | undefined => cascade.offPeak ?? (isLarge ? rules.blastRadius.window : undefined),
  );
  const offPeakOf = rememberWindows();
  const batches = new Int32Array(jobs.length);
  const changes = passOnChanges(request, reach, jobs);
  const starts = simulateSlots(
    {
      jobCount: jobs.length,
      running: [],
      capacities: teams.capacities,
      groupsOf: (job) => teams.groups[job]!,
      durationOf: (job) => models[job]!.trainingMinutes * minuteMillis,
      opensAt: (job, at) => (windows[job] === undefined ? at : offPeakOf(windows[job]).nextOpening(at)),
      batchSize: isLarge ? rules.blastRadius.batchSize : undefined,
      onStart: (job, _, batch) => {
        batches[job] = batch;
      },
      onEnd: (job, at, ready) => changes.promote(jobs[job]!, at + models[job]!.rolloutMinutes * minuteMillis, ready),
    },
    changes.initial(),
  );
  return jobs
    .map((node, job) => ({
      model: models[job]!,
      wave: admission.waves[node]!,
      startsAt: starts[job]!,
      batch: batches[job]!,
    }))
    .toSorted((a, b) => a.wave - b.wave);
}

/** Numbers of the nodes that retrain, the most urgent first. */
function rankJobs({ nodes }: CascadeRequest, { order }: AcyclicReach, { waves }: Admission): readonly number[] {
  return [...order]
    .filter((node) => waves[node]! > 0)
    .sort((a, b) => {
      const [left, right] = [nodes[a]!.model!, nodes[b]!.model!];
      return left.tier - right.tier || (right.stalenessScore ?? 0) - (left.stalenessScore ?? 0) || a - b;
    });
}

function numberTeams(models: readonly CascadeModel[], { rules }: CascadeRequest) {
  const names = [...new Set(models.map(({ team }) => team))];
  const groups = new Map(names.map((name, index) => [name, [index + 1]]));
  return {
    capacities: [rules.overall, ...names.map((name) => capacityOf(rules.perTeam, name))],
    groups: models.map(({ team }) => groups.get(team)!),
  };
}

function rememberWindows(): (window: OffPeakWindow) => OffPeak {
  const known = new Map<string, OffPeak>();
  return (window) => {
    const key = `${window.from} ${window.to} ${window.timeZone}`;
    const offPeak = known.get(key) ?? createOffPeak(window);
    known.set(key, offPeak);
    return offPeak;
  };
}

/** Passes on along the edges that are left when something is promoted; what retrains is ready when all before it is. */
function passOnChanges(
  { graph: { nodeCount }, nodes, promoted, rules, now }: CascadeRequest,
  { order, eachDependant }: AcyclicReach,
  jobs: readonly number[],
) {
  const roots = new Set(promoted);
  const jobOf = new Int32Array(nodeCount).fill(-1);
  for (const [job, node] of jobs.entries()) jobOf[node] = job;
  const pending = new Int32Array(nodeCount);
  const changedAt = new Float64Array(nodeCount);
  for (const node of order)
    eachDependant(node, (dependant) => {
      pending[dependant]! += 1;
    });

  function promote(from: number, promotedAt: number, ready: (job: number, at: number) => void): void {
    const stack = [from];
    changedAt[from] = promotedAt;
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const at = changedAt[node]!;
      eachDependant(node, (dependant) => {
        if (roots.has(dependant)) return;
        if (at > changedAt[dependant]!) changedAt[dependant] = at;
        pending[dependant]! -= 1;
        if (pending[dependant] !== 0) return;
        const job = jobOf[dependant]!;
        if (job < 0) stack.push(dependant);
        else ready(job, changedAt[dependant]! + cooldownOf(nodes[dependant]!.model!, rules) * minuteMillis);
      });
    }
  }

  return {
    promote,
    /** What is ready through the roots alone. */
    initial(): readonly (readonly [number, number])[] {
      const ready: (readonly [number, number])[] = [];
      for (const root of promoted) promote(root, toMillis(now), (job, at) => ready.push([job, at]));
      return ready;
    },
  };
}
