import { describe, expect, it } from 'vitest';
import { runHistory, type Sabotage } from '../../simulation/history.ts';
import type { History } from '../../simulation/history-figures.ts';

const seeds = Array.from({ length: 100 }, (_, index) => index + 1);

/** Violations of the first seeds that have one. */
async function firstViolation(sabotage: Sabotage): Promise<string | undefined> {
  for (const seed of seeds.slice(0, 40)) {
    const { violation } = await runHistory(seed, sabotage);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

describe('simulated histories of duplicates, delays, losses, crashes and outages', () => {
  it('lose no retrain and start none twice, whatever order their seed gives them', async () => {
    const histories: History[] = [];
    for (const seed of seeds) histories.push(await runHistory(seed));
    expect(histories.filter(({ violation }) => violation !== undefined)).toEqual([]);
    const sum = (of: (history: History) => number) => histories.reduce((all, one) => all + of(one), 0);
    expect(sum(({ retrains }) => retrains)).toBeGreaterThan(300);
    expect(sum(({ requeues }) => requeues)).toBeGreaterThan(50);
  }, 60_000);

  it('are the same again from the same seed', async () => {
    expect(await runHistory(7)).toEqual(await runHistory(7));
  });
});

describe('a simulation of something that is broken', () => {
  const broken: Readonly<Record<string, { readonly sabotage: Sabotage; readonly finds: RegExp }>> = {
    'slots are taken without looking at who else took one': {
      finds: /hold slots|the limit is/,
      sabotage: {
        events: (events) => ({
          ...events,
          append: async (commits) => {
            for (const commit of commits) {
              const expectedVersion = (await events.head(commit.streamId))?.version ?? 0;
              const isSlots = commit.streamId === 'retraining-slots';
              await events.append([isSlots ? { ...commit, expectedVersion } : commit]);
            }
          },
        }),
      },
    },
    'a start that is repeated has another id': {
      finds: /nobody asked for the training/,
      sabotage: {
        orchestrator: (orchestrator) => {
          const asked = new Set<string>();
          return {
            ...orchestrator,
            start: (request) => {
              const requestId = asked.has(request.requestId) ? `${request.requestId}-again` : request.requestId;
              asked.add(request.requestId);
              return orchestrator.start({ ...request, requestId });
            },
          };
        },
      },
    },
    'the queue is not read': {
      finds: /was acknowledged and never ended/,
      sabotage: { events: (events) => ({ ...events, list: async () => ({ items: [] }) }) },
    },
  };
  for (const [name, { sabotage, finds }] of Object.entries(broken))
    it(`is found: ${name}`, async () => {
      expect(await firstViolation(sabotage)).toMatch(finds);
    });
});
