import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../shared/domain/canonical-json.ts';
import { decideModel } from '../../../shared/domain/registry/decide-model.ts';
import { decideRetrain } from '../../../shared/domain/retraining/decide-retrain.ts';
import type { RetrainState } from '../../../shared/domain/retraining/retrain.ts';
import { decideSlots } from '../../../shared/domain/retraining/slots.ts';
import { deadEnds, describeExplored, explore, stuckStates } from '../../support/explore.ts';
import {
  type RetrainBounds,
  type RetrainDeciders,
  type RetrainWorld,
  retrainDeciders,
  retrainSpace,
} from './retrain-world.ts';

const oneModel: RetrainBounds = {
  models: ['alpha'],
  retrainsPerModel: 2,
  requeues: 1,
  taskTokens: ['first', 'second'],
  people: true,
  limit: 1,
  teamLimit: 1,
};
/** Of one team: whichever limit is lower lets only one of them run. */
const oneSlot: RetrainBounds = {
  models: ['alpha', 'beta'],
  retrainsPerModel: 1,
  requeues: 0,
  taskTokens: [],
  people: false,
  limit: 1,
  teamLimit: 2,
};
const oneOfTeam: RetrainBounds = { ...oneSlot, limit: 2, teamLimit: 1 };

function problem({ models, retrains, slots, ends }: RetrainWorld, before?: RetrainWorld): string | undefined {
  const all = Object.values(retrains);
  const running = all.filter(({ status }) => status === 'running').map(({ retrainId }) => retrainId);
  if (running.length > 1) return `${running} run at once`;
  if (running.join() !== slots.active.join()) return `${slots.active} hold slots, ${running} run`;
  for (const [modelId, { openRetrain }] of Object.entries(models)) {
    const open = all.filter((retrain) => retrain.modelId === modelId && retrain.endedAt === undefined);
    if (open.map(({ retrainId }) => retrainId).join() !== (openRetrain?.retrainId ?? ''))
      return `${modelId} has ${openRetrain?.retrainId} open, its retrains say ${open.length}`;
  }
  for (const { retrainId, endedAt } of all) {
    const count = ends[retrainId] ?? 0;
    if (count !== (endedAt === undefined ? 0 : 1)) return `${retrainId} ended ${count} times`;
    const was = before?.retrains[retrainId];
    // What becomes of a run that is left behind is still recorded.
    if (was?.endedAt !== undefined && was !== retrains[retrainId] && endOf(was) !== endOf(retrains[retrainId]!))
      return `${retrainId} changed after its end`;
  }
  return undefined;
}

function endOf({ run: _, runEnd: __, askedAt: ___, ...retrain }: RetrainState): string {
  return canonicalJson(retrain);
}

function check(bounds: RetrainBounds, by: RetrainDeciders = retrainDeciders) {
  const explored = explore(retrainSpace(bounds, problem, by));
  console.info(describeExplored(`retrains of ${bounds.models}`, explored));
  return explored;
}

function isDone({ retrains }: RetrainWorld): boolean {
  return Object.values(retrains).every(({ endedAt }) => endedAt !== undefined);
}

describe('every order of commands to retrains and slots', () => {
  for (const [name, bounds] of Object.entries({ oneModel, oneSlot, oneOfTeam }))
    it(`ends each queued request exactly once, those that went back to the queue too, and keeps the limits: ${name}`, () => {
      const explored = check(bounds);
      expect(explored.counterexample).toBeUndefined();
      expect(explored.states.length).toBeGreaterThan(600);
      // Wherever it stands it can still end, and where nothing is left to do it has.
      expect(stuckStates(explored, isDone)).toEqual([]);
      expect(deadEnds(explored).every((state) => isDone(explored.states[state]!))).toBe(true);
    }, 60_000);
});

describe('a guard that is weakened', () => {
  const weakened: Readonly<Record<string, { readonly by: Partial<RetrainDeciders>; readonly finds: string }>> = {
    'slots are not counted': {
      finds: 'run at once',
      by: {
        decideSlots: (command, slots) =>
          decideSlots(command.type === 'TakeSlot' ? { ...command, limit: 9, teamLimit: 9 } : command, slots),
      },
    },
    'what has ended fails once more': {
      finds: 'ended 2 times',
      by: {
        decideRetrain: (command, state, now) =>
          decideRetrain(
            command,
            command.type === 'FailRetrain' && state !== undefined ? { ...state, status: 'running' } : state,
            now,
          ),
        decideModel: (command, state, now) =>
          command.type === 'CloseRetrain' && state?.openRetrain === undefined ? [] : decideModel(command, state, now),
      },
    },
    'a slot is not given back': {
      finds: 'hold slots',
      by: { decideSlots: (command, slots) => (command.type === 'ReleaseSlot' ? [] : decideSlots(command, slots)) },
    },
  };
  for (const [name, { by, finds }] of Object.entries(weakened))
    it(`gives a counterexample: ${name}`, () => {
      const { counterexample } = check(name.includes('slot is not') ? oneModel : oneSlot, {
        ...retrainDeciders,
        ...by,
      });
      expect(counterexample?.problem).toContain(finds);
    });
});
