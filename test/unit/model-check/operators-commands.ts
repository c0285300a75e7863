import type { Commands } from './retrain-world.ts';

const reason = 'because';

/** What people do to a retrain and to its run. */
export const operatorsCommands: Pick<
  Commands,
  'HoldRetrain' | 'ReleaseRetrain' | 'BumpRetrain' | 'AttachRun' | 'EndRun'
> = {
  HoldRetrain: ({ bounds: { people } }) =>
    people ? [{ name: 'is held', retrain: { type: 'HoldRetrain', by: 'operator', reason } }] : [],
  ReleaseRetrain: ({ bounds: { people } }) =>
    people ? [{ name: 'is released', retrain: { type: 'ReleaseRetrain' } }] : [],
  BumpRetrain: ({ bounds: { people } }) =>
    [0, 1]
      .filter(() => people)
      .map((bump) => ({ name: `is bumped to ${bump}`, retrain: { type: 'BumpRetrain', bump } })),
  AttachRun: ({ bounds: { people } }) =>
    people
      ? [
          {
            name: 'has a run attached',
            retrain: { type: 'AttachRun', run: { connection: 'maestro', pipeline: 'train', id: 'run-2' } },
          },
        ]
      : [],
  EndRun: ({ bounds: { people } }) =>
    people ? [{ name: 'has its run ended', retrain: { type: 'EndRun', end: { outcome: 'ended' } } }] : [],
};
