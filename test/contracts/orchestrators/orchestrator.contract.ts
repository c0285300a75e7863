import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { trainingParameters } from '../../../shared/domain/retraining/training-parameters.ts';
import { type Instant, minuteMillis, toInstant, toMillis } from '../../../shared/domain/time.ts';
import type {
  Orchestrator,
  RunHandle,
  RunStatus,
  StartRequest,
  StartResult,
} from '../../../shared/ports/orchestrator.ts';
import { type Fault, faults, type StandInServer } from './stand-in-server.ts';

/** An orchestrator whose other side is a server in this process. */
export type StandIn = {
  readonly server: StandInServer;
  /** The adapter under test. */
  readonly orchestrator: (limits: { readonly timeoutMilliseconds: number }) => Orchestrator;
  readonly pipeline: string;
  /** How many runs there are for a request id. */
  readonly runsOf: (requestId: string) => number;
  /** Ends that request's run, long enough ago to be believed at `now`. */
  readonly end: (requestId: string, state: 'succeeded' | 'failed' | 'stopped', now: Instant) => void;
};

/** What an orchestrator cannot do, by its nature. */
export type Traits = {
  /** A pipeline that is not there is noticed at the start. */
  readonly refusesUnknownPipelines: boolean;
  readonly tellsStatus: boolean;
  readonly endings: readonly ('succeeded' | 'failed' | 'stopped')[];
  readonly stops: boolean;
  /** Faults that its answers cannot show. */
  readonly harmless?: readonly Fault[];
};

const patient = { timeoutMilliseconds: 10_000 };
const impatient = { timeoutMilliseconds: 100 };
const now: Instant = '2001-02-05T10:00:00.000Z';

export function training(runId: string) {
  return trainingParameters({
    runId,
    retrainId: 'late-live-r3',
    modelId: 'late-live',
    team: 'flights',
    causes: ['performance', 'schedule'],
    requestedAt: now,
    championVersion: 2,
    championArtifactUri: 's3://artifacts/late-live/2.json',
    correlationId: 'request-1',
  });
}

/** What every orchestrator keeps, whatever its server does. */
export function orchestratorContract(name: string, create: () => Promise<StandIn>, traits: Traits): void {
  describe(name, () => {
    let standIn: StandIn;
    let orchestrator: Orchestrator;
    let count = 0;
    const requestOf = (pipeline = standIn.pipeline): StartRequest => {
      count += 1;
      const requestId = `late-live-r${count}-a1`;
      return { requestId, pipeline, parameters: training(requestId), now };
    };

    beforeAll(async () => {
      standIn = await create();
      orchestrator = standIn.orchestrator(patient);
    });
    afterAll(() => standIn.server.close());
    // A timeout may come before the request has arrived.
    afterEach(() => {
      standIn.server.faults.length = 0;
    });

    it('starts one run, which is queued or runs', async () => {
      const request = requestOf();
      const { run } = expectRun(await orchestrator.start(request), 'started');
      expect(run).toMatchObject({ pipeline: standIn.pipeline, requestedAt: now });
      expect(standIn.runsOf(request.requestId)).toBe(1);
      expect(['queued', 'running']).toContain((await orchestrator.status(run, now)).state);
    });

    it('finds the same run when it is started again with the same id', async () => {
      const request = requestOf();
      const first = expectRun(await orchestrator.start(request), 'started');
      const later = toInstant(toMillis(now) + 5_000);
      const again = await orchestrator.start({ ...request, now: later, askedBefore: now });
      expect(expectRun(again).run.id).toBe(first.run.id);
      expect(standIn.runsOf(request.requestId)).toBe(1);
    });

    it('starts a run for each id', async () => {
      const one = expectRun(await orchestrator.start(requestOf()));
      const other = expectRun(await orchestrator.start(requestOf()));
      expect(other.run.id).not.toBe(one.run.id);
    });

    it.runIf(traits.refusesUnknownPipelines)('answers with a refusal when there is no such pipeline', async () => {
      const request = requestOf('NoSuchPipeline');
      expect(await orchestrator.start(request)).toEqual({ outcome: 'refused', reason: expect.stringMatching(/.{10}/) });
      expect(standIn.runsOf(request.requestId)).toBe(0);
    });

    describe.each(faults.filter((fault) => !traits.harmless?.includes(fault)))('a server that %s', (fault) => {
      const limits = fault.endsWith('hangs') ? impatient : patient;

      it('makes a start fail as unavailable, and asking again gives one run', async () => {
        const request = requestOf();
        standIn.server.faults.push(fault);
        await expect(standIn.orchestrator(limits).start(request)).rejects.toMatchObject({
          name: 'DependencyUnavailable',
        });
        standIn.server.faults.length = 0;
        const { run, at } = await startUntilKnown(orchestrator, request);
        expect(standIn.runsOf(request.requestId)).toBe(1);
        expect(['queued', 'running']).toContain((await orchestrator.status(run, at)).state);
      });

      it.runIf(traits.tellsStatus)('never makes up a status', async () => {
        const { run } = expectRun(await orchestrator.start(requestOf()));
        standIn.server.faults.push(fault);
        await expect(standIn.orchestrator(limits).status(run, now)).rejects.toMatchObject({
          name: 'DependencyUnavailable',
        });
      });

      it('tells nobody its credentials', async () => {
        standIn.server.faults.push(fault);
        const error = await standIn
          .orchestrator(limits)
          .start(requestOf())
          .catch((thrown: unknown) => thrown);
        expect(`${String(error)} ${String((error as Error).cause)}`).not.toMatch(/hush|secret/i);
      });
    });

    it.runIf(traits.tellsStatus).each(traits.endings)('tells that a run has %s, and since when', async (state) => {
      const request = requestOf();
      const { run } = expectRun(await orchestrator.start(request));
      standIn.end(request.requestId, state, now);
      const status = await orchestrator.status(run, now);
      expect(status.state).toBe(state);
      expect(status.endedAt).toMatch(/^\d{4}-.*Z$/);
      if (state === 'failed') expect(status.reason).toMatch(/.{10}/);
    });

    it.runIf(traits.tellsStatus)('says that it does not know a run that never was', async () => {
      const { run } = expectRun(await orchestrator.start(requestOf()));
      const id = run.id.replace(/r\d+-a1$|\d+$/, '99999');
      const muchLater = toInstant(toMillis(now) + 60 * minuteMillis);
      expect((await orchestrator.status({ ...run, id }, muchLater)).state).toBe('unknown');
    });

    it('stops a run, or says that it cannot', async () => {
      const request = requestOf();
      const { run } = expectRun(await orchestrator.start(request));
      const result = await orchestrator.stop(run, 'superseded');
      expect(result.outcome).toBe(traits.stops ? 'asked' : 'refused');
      if (!traits.stops) return;
      // Asking is not stopping: the status tells when it has.
      standIn.end(request.requestId, 'stopped', now);
      expect((await orchestrator.status(run, now)).state).toBe('stopped');
      expect(await orchestrator.stop(run, 'superseded')).toEqual({ outcome: 'asked' });
    });
  });
}

function expectRun(result: StartResult, outcome?: StartResult['outcome']): { readonly run: RunHandle } {
  if (result.outcome === 'refused') throw new Error(`expected a run, got a refusal: ${result.reason}`);
  if (outcome !== undefined) expect(result.outcome).toBe(outcome);
  return result;
}

/** Asks as the retrain workflow does: again while it fails, and again when the run that should be there is not known. */
async function startUntilKnown(
  orchestrator: Orchestrator,
  request: StartRequest,
): Promise<{ readonly run: RunHandle; readonly at: Instant }> {
  let askedBefore = request.now;
  let at = toInstant(toMillis(request.now) + 4_000);
  for (let tries = 0; tries < 4; tries += 1) {
    const { run } = expectRun(await orchestrator.start({ ...request, now: at, askedBefore }));
    askedBefore = run.requestedAt;
    const later = toInstant(toMillis(at) + 5 * minuteMillis);
    const status: RunStatus = await orchestrator.status(run, later);
    if (status.state !== 'unknown' && tries > 0) return { run, at: later };
    at = later;
  }
  throw new Error('expected a run that is known');
}
