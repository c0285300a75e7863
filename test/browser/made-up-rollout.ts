const hour = 3_600_000;
const start = Date.parse('2001-05-01T00:00:00.000Z');
const at = (hours: number) => new Date(start + hours * hour).toISOString();

/** Looks of a canary as a rollout's page gets them: bounds that close, a step that waited, shares as expected. */
export function madeUpRollout(rolloutId: string, modelId: string) {
  return {
    rolloutId,
    modelId,
    champion: 1,
    candidate: 2,
    requestedBy: ['ada'],
    status: 'canary',
    startedAt: at(0),
    policy: {
      steps: [5, 20, 50, 100],
      nonInferiorityMarginRatio: 0.02,
      businessDropRatio: 0.03,
      minimumRowsPerArm: 200,
      approvals: { before: ['promotion'], expiryHours: 72, onExpiry: 'roll-back', reminderHours: 24 },
    },
    validationPolicy: {},
    loadability: { verdict: 'pass', checkedAt: at(0), reason: 'the artefact has the registered digest' },
    validation: {
      verdict: 'pass',
      judgedAt: at(0),
      paired: pairedAt(2_000, 0.03),
      reason: 'loss −1 % against the champion, interval −4 % to +2 %',
    },
    step: 2,
    stepStartedAt: at(36),
    stepStarts: [at(0), at(16), at(36)],
    judgements: Array.from({ length: 14 }, (_, look) => judgement(look)),
    approvals: [
      {
        approvalId: `${rolloutId}-a1`,
        before: 3,
        percent: 100,
        status: 'waiting',
        requestedAt: at(56),
        expiresAt: at(128),
        delegates: [],
      },
    ],
  };
}

function judgement(look: number) {
  const hours = 4 * (look + 1);
  const step = hours <= 16 ? 0 : hours <= 36 ? 1 : 2;
  const n = 1_500 * (look + 1);
  const halfWidth = 0.16 / Math.sqrt(look + 1);
  const arms = { champion: { n: 19 * n, mean: 0.2031 }, candidate: { n, mean: 0.2052 } };
  return {
    step,
    percent: [5, 20, 50][step],
    judgedAt: at(hours),
    verdict: look > 10 || hours === 16 || hours === 36 ? 'pass' : 'inconclusive',
    paired: pairedAt(20 * n, halfWidth / 4),
    business: {
      metric: 'on-time boardings',
      ...arms,
      relativeChange: 0.01 + 0.004 * Math.sin(look),
      interval: [0.01 - halfWidth / 3, 0.01 + halfWidth / 3],
      verdict: 'pass',
      sequence: { significance: 0.025, unit: 'hour', blocks: hours, has: n, needed: 14_000 },
    },
    sampleRatio: { served: sampleRatio(n), labelled: sampleRatio(n) },
    reason: `loss −1.2 % against the champion, n ${20 * n} in ${hours} hour blocks; business arms pass`,
  };
}

function pairedAt(n: number, halfWidth: number) {
  return {
    n,
    blocks: 24,
    championLoss: 0.412,
    candidateLoss: 0.407,
    relativeDifference: -0.012,
    interval: [-0.012 - halfWidth, -0.012 + halfWidth],
    sequence: { significance: 0.025, unit: 'hour', blocks: 24, has: n, needed: 12_000 },
  };
}

function sampleRatio(n: number) {
  return { champion: 19 * n, candidate: n, expectedRatio: 0.05, logEvidence: -3, verdict: 'match' };
}
