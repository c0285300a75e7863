import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { evolveModel } from '../../../shared/domain/registry/evolve-model.ts';
import type { ModelState } from '../../../shared/domain/registry/model.ts';
import type { ModelCommand, ModelEvent } from '../../../shared/domain/registry/model-events.ts';
import { defaultPolicy } from '../../../shared/domain/registry/policy.ts';
import { modelDefinitionSchema } from '../../../shared/domain/registry/schemas.ts';
import { hourMillis, type Instant, toInstant } from '../../../shared/domain/time.ts';

export const definition = modelDefinitionSchema.parse({
  name: 'late-basic',
  domain: 'flights',
  team: 'flights',
  tier: 2,
  taskType: 'binary',
  features: [
    { name: 'hour', type: 'categorical' },
    { name: 'distance', type: 'numeric' },
  ],
});
export const policy = defaultPolicy(2);

export const register: ModelCommand = { type: 'RegisterModel', definition, policy };
export const addVersion: ModelCommand = { type: 'AddVersion' };
export const deploy: ModelCommand = { type: 'DeployChampion', version: 1, trainingDataEnd: '2001-01-21T00:00:00.000Z' };
export const breach: ModelCommand = {
  type: 'ReportHealth',
  status: 'at-risk',
  evaluationId: 'e1',
  causes: ['performance'],
};
export const recovery: ModelCommand = { type: 'ReportHealth', status: 'healthy', evaluationId: 'e2', causes: [] };
export const proposeDeprecation: ModelCommand = { type: 'ProposeDeprecation' };
export const requestRetrain: ModelCommand = { type: 'RequestRetrain', causes: ['performance'] };
export const closeWithCandidate: ModelCommand = {
  type: 'CloseRetrain',
  retrainId: 'late-basic-r1',
  result: 'candidate',
};
export const closeFailed: ModelCommand = { type: 'CloseRetrain', retrainId: 'late-basic-r1', result: 'failed' };
export const openRollout: ModelCommand = { type: 'OpenRollout', candidate: 2 };
export const shift = (candidatePercent: number): ModelCommand => ({
  type: 'ShiftTraffic',
  rolloutId: 'late-basic-o1',
  candidatePercent,
});
export const refuse: ModelCommand = {
  type: 'RefuseCandidate',
  rolloutId: 'late-basic-o1',
  reason: 'worse on the hold-out',
};
export const startRollback: ModelCommand = {
  type: 'StartRollback',
  rolloutId: 'late-basic-o1',
  reason: 'worse in the canary',
};
export const completeRollback: ModelCommand = { type: 'CompleteRollback', rolloutId: 'late-basic-o1' };
export const promote: ModelCommand = {
  type: 'PromoteCandidate',
  rolloutId: 'late-basic-o1',
  trainingDataEnd: '2001-02-20T00:00:00.000Z',
};
export const deprecate: ModelCommand = { type: 'Deprecate', reason: 'replaced' };
export const retire: ModelCommand = { type: 'Retire', reason: 'gone' };

export const serving = [register, addVersion, deploy];
export const canary = [...serving, addVersion, openRollout, shift(20)];

/** The hour in which the n-th command of a story comes. */
export function hour(n: number): Instant {
  return toInstant(Date.parse('2001-01-22T00:00:00.000Z') + n * hourMillis);
}

export type Told = { readonly state: ModelState | undefined; readonly events: readonly ModelEvent[] };

/** Commands an hour apart, each decided on what the ones before left. */
export function tell(commands: readonly ModelCommand[], from = 0, start?: ModelState): Told {
  return commands.reduce<Told>(
    ({ state, events }, command, n) => {
      const decided = decideModel(command, state, hour(from + n));
      const next = decided.reduce<ModelState | undefined>(
        (inner, event) => evolveModel(inner, event, hour(from + n)),
        state,
      );
      return { state: next, events: [...events, ...decided] };
    },
    { state: start, events: [] },
  );
}

/** Given what happened, when a command comes (an hour later): its events and the state after them. */
export function when(given: readonly ModelCommand[], command: ModelCommand) {
  const before = tell(given);
  const { state, events } = tell([command], given.length, before.state);
  return { before: before.state!, state: state!, events, at: hour(given.length) };
}
