const hour = 3_600_000;
const start = Date.parse('2001-05-03T06:00:00.000Z');
const at = (hours: number) => new Date(start + hours * hour).toISOString();
const cost = (known: number, unknown = 0) => ({ known, unknown });
const member = (modelId: string, wave: number, change: object) => ({
  modelId,
  team: 'flights',
  tier: 2,
  wave,
  cost: 12.5,
  after: [],
  status: 'waiting',
  startsAt: at(14 * (wave - 1)),
  ...change,
});

/** A cascade of three waves in its middle, with a member of every kind. */
export function madeUpCascade(cascadeId: string) {
  return {
    cascadeId,
    modelId: 'departure-embeddings',
    team: 'flights',
    tier: 1,
    version: 14,
    rolloutId: 'departure-embeddings-o9',
    promotedAt: at(0),
    status: 'running',
    plan: {
      plannedAt: at(0),
      waves: [
        { wave: 1, retrains: 3, cost: cost(25, 1), startsAt: at(0), promotedAt: at(10) },
        { wave: 2, retrains: 3, cost: cost(37.5), startsAt: at(14), promotedAt: at(24) },
        { wave: 3, retrains: 1, cost: cost(12.5), startsAt: at(28), promotedAt: at(38) },
      ],
      excluded: [
        { modelId: 'late-archive', reason: 'retired', detail: 'retired since 2001-03-01' },
        { modelId: 'crew-delays', reason: 'rollout-open', detail: 'crew-delays-o3 is a canary' },
      ],
      cycles: [
        {
          members: ['gate-waits', 'taxi-times'],
          cuts: [{ dependant: 'gate-waits', dependency: 'taxi-times', reason: 'its claim is the least sure' }],
        },
      ],
      blastRadius: { retrains: 7, limit: 50, isExceeded: false },
      cost: cost(75, 1),
      costByTeam: { flights: cost(75, 1) },
      endsAt: at(38),
      truncated: false,
    },
    members: [
      member('departure-explainer', 1, {
        companionOf: 'departure-embeddings',
        status: 'promoted',
        requestedAt: at(0.1),
        endedAt: at(3),
        retrainId: 'departure-explainer-r4',
      }),
      member('arrival-delay', 1, {
        tier: 1,
        cost: null,
        status: 'requested',
        requestedAt: at(4),
        retrainId: 'arrival-delay-r12',
      }),
      member('fuel-burn', 1, { status: 'not-promoted', requestedAt: at(4), endedAt: at(6), reason: 'out of memory' }),
      member('gate-waits', 2, { after: [1] }),
      member('taxi-times', 2, { after: [2], hold: 'the budget of team flights is spent until 1 June' }),
      member('turnaround', 2, { after: [1], status: 'skipped', endedAt: at(5), reason: 'its own cooldown' }),
      member('connection-risk', 3, { tier: 3, after: [1, 3, 4] }),
    ],
  };
}
