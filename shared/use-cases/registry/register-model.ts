import type { Actor } from '../../domain/actor.ts';
import { type FieldProblem, RunwayError } from '../../domain/errors.ts';
import { decideModel } from '../../domain/registry/decide-model.ts';
import { foldModel } from '../../domain/registry/evolve-model.ts';
import type { ModelState } from '../../domain/registry/model.ts';
import { modelLists } from '../../domain/registry/model-lists.ts';
import { modelRow, modelRows } from '../../domain/registry/model-row.ts';
import { policyFor } from '../../domain/registry/policy-defaults.ts';
import type { ModelDefinition } from '../../domain/registry/schemas.ts';
import { modelStream } from '../../domain/stream-ids.ts';
import type { Instant } from '../../domain/time.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { withRetryOnConflict } from '../with-retry-on-conflict.ts';
import { loadPolicyDefaults } from './change-policy-defaults.ts';

/**
 * Registers a model under the policy of its tier and its team's defaults. Throws `AlreadyExists` (code `model-exists`), and `InvalidRequest`
 * (code `unknown-upstream`) when a model that it consumes or accompanies is not registered.
 */
export function registerModel(
  events: EventStore,
  { definition, actor, now }: { readonly definition: ModelDefinition; readonly actor: Actor; readonly now: Instant },
): Promise<ModelState> {
  return withRetryOnConflict(async () => {
    const streamId = modelStream(definition.name);
    const [head, { state: team }] = await Promise.all([
      events.head<ModelState>(streamId),
      loadPolicyDefaults(events, definition.team),
    ]);
    const { defaults } = team;
    const registered = decideModel(
      { type: 'RegisterModel', definition, policy: policyFor(definition.tier, defaults) },
      head?.state,
      now,
    );
    await expectUpstreams(events, definition);
    const state = foldModel([{ events: registered, occurredAt: now }]);
    if (state === undefined) throw new Error('a registration gave no model');
    const commit = {
      streamId,
      expectedVersion: 0,
      events: registered,
      state,
      lists: modelLists(state),
      row: { list: modelRows, value: modelRow(state) },
      actor,
      reason: 'registered',
      occurredAt: now,
    };
    await events.append([commit]);
    return state;
  });
}

async function expectUpstreams(events: EventStore, { upstreamModels, companionOf }: ModelDefinition): Promise<void> {
  const named = upstreamModels.map((modelId, index) => ({ modelId, field: `/upstreamModels/${index}` }));
  if (companionOf !== undefined) named.push({ modelId: companionOf, field: '/companionOf' });
  const heads = await Promise.all(named.map(({ modelId }) => events.head(modelStream(modelId))));
  const problems: FieldProblem[] = named.flatMap(({ modelId, field }, index) =>
    heads[index] === undefined ? [{ field, code: 'unknown-model', reason: `no model ${JSON.stringify(modelId)}` }] : [],
  );
  if (problems.length > 0)
    throw new RunwayError('InvalidRequest', 'unknown-upstream', 'a model that it names is not registered', problems);
}
