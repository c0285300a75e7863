import type { Running } from './boot.ts';
import { calm, flight, right, type Scorer, score, type Weather } from './weather.ts';

const minute = 60_000;
const hour = 60 * minute;
const iso = (millis: number) => new Date(millis).toISOString();
const flightsPerHour = 12;

type Body = Record<string, unknown>;
export type Routing = {
  readonly generation: number;
  readonly arms: readonly { readonly version: number; readonly weightPercent: number }[];
  readonly shadows: readonly { readonly version: number; readonly until?: string }[];
  readonly rolloutId?: string;
};
export type Training = {
  readonly candidate: Scorer;
  /** What the hold-out says of the candidate. @default the truth */
  readonly claimed?: Scorer;
};
export type Served = {
  readonly table: Routing;
  readonly byVersion: Readonly<Record<number, number>>;
};

/** Short intervals, small numbers: a model whose loop closes in days. */
function quickPolicy(policy: Body): Body {
  const { signals, validation, retraining, rollout } = policy as Record<string, Body>;
  return {
    ...policy,
    evaluationIntervalMinutes: 180,
    windowDays: 3,
    minimumRows: 60,
    // Few flights on eight days cannot prove more; each test has its own level.
    significance: 0.05,
    fleetControl: false,
    signals: { ...signals, dataDrift: { ...Object(signals?.dataDrift), psiWarning: 0.075, psiBreach: 0.15 } },
    validation: { ...validation, minimumHoldoutRows: 100 },
    stalenessThreshold: 1,
    retraining: { ...retraining, cooldownDays: 30 },
    rollout: {
      ...rollout,
      // Nobody is there to be asked.
      approvals: undefined,
      steps: [5, 50, 100],
      holdHours: 6,
      maximumHoldHours: 36,
      minimumRowsPerArm: 50,
      businessMetricRequired: false,
      shadowDaysAfterPromotion: 1,
    },
  };
}

export type Airline = Awaited<ReturnType<typeof createAirline>>;

/**
 * A customer with one model: serves it by the routing table, tells Runway what it predicted and what turned out true, and
 * trains when asked. Everything goes through the HTTP API, the CDN and the AWS SDK.
 */
export async function createAirline(running: Running, modelId: string) {
  const { cloud, customer, now } = running;
  const { succeed, upload } = customer;
  const model = `/v1/models/${modelId}`;
  const writerKey = String(
    (await succeed('POST', '/v1/writers', { writer: 'flights/tests', scopes: ['predictions', 'outcomes'] })).key,
  );
  const scorers = new Map<number, Scorer>();
  const served: Served[] = [];
  let flown = 0;

  async function register(): Promise<void> {
    const { policy } = await succeed('POST', '/v1/models', {
      name: modelId,
      domain: 'flights',
      team: 'flights',
      tier: 1,
      taskType: 'binary',
      features: [{ name: 'crowding', type: 'numeric' }],
      businessMetric: { name: 'punctual-boardings', direction: 'higher-is-better' },
      attributionWindowMinutes: 60,
    });
    await succeed('PUT', `${model}/policy`, quickPolicy(Object(policy)), { 'if-match': '"1"' });
    await addVersion('first', right, calm);
    await succeed('POST', `${model}/versions/1/deployment`, { reason: 'the first' });
  }

  /** Uploads what a training run made and registers it. The training data ended a day ago. */
  async function addVersion(trainingRun: string, scorer: Scorer, weather: Weather): Promise<number> {
    const artifact = await upload(`${modelId}/${trainingRun}/model.json`, JSON.stringify(scorer));
    // Ten days, so that Runway learns how days differ.
    const [from, to] = [now() - 11 * 24 * hour, now() - 24 * hour];
    const rows = Array.from({ length: 4_000 }, (_, i) => flight(weather, i)).map(({ crowding, label }, i) =>
      JSON.stringify({
        features: { crowding },
        score: score(scorer, crowding),
        label,
        predictedAt: iso(from + Math.floor((i / 4_000) * (to - from))),
      }),
    );
    const window = await upload(`${modelId}/${trainingRun}/reference.ndjson`, rows.join('\n'));
    const { version } = await succeed('POST', `${model}/versions`, {
      artifactUri: artifact.uri,
      artifactDigest: artifact.digest,
      environmentLockDigest: artifact.digest,
      trainingRun,
      datasetVersions: [{ dataset: 'flights', version: iso(now()) }],
      trainingDataEnd: iso(to),
      codeLink: 'https://example.com/train',
      referenceWindow: { uri: window.uri, from: iso(from), to: iso(to) },
    });
    return Number(version);
  }

  /** Rows of the last day, later than the training data, scored by the champion and as the candidate is said to score. */
  function uploadHoldout(trainingRun: string, champion: Scorer, candidate: Scorer, weather: Weather) {
    const rows = Array.from({ length: 300 }, (_, i) => {
      const { crowding, label } = flight(weather, 10_000 + i);
      const predictedAt = iso(now() - 24 * hour + (i + 1) * 4 * minute);
      const scores = { championScore: score(champion, crowding), candidateScore: score(candidate, crowding) };
      return JSON.stringify({ predictionId: `${trainingRun}-${i}`, predictedAt, label, ...scores });
    });
    return upload(`${modelId}/${trainingRun}/holdout.ndjson`, rows.join('\n'));
  }

  async function routing(): Promise<Routing> {
    return (await (await fetch(`${cloud.cdnUrl}/routing/${modelId}.json`)).json()) as Routing;
  }

  /** Loads what the registry says a version is. */
  async function scorerOf(version: number): Promise<Scorer> {
    const known = scorers.get(version);
    if (known !== undefined) return known;
    const { artifactUri } = await succeed('GET', `${model}/versions/${version}`);
    const [, key = ''] = /^s3:\/\/[^/]+\/(.+)$/.exec(String(artifactUri)) ?? [];
    const [artifact = ''] = await customer.objects('ArtifactBucketName', key);
    const scorer: Scorer = JSON.parse(artifact);
    scorers.set(version, scorer);
    return scorer;
  }

  /** Serves the flights of the last hours by the table of this moment, and reports them with their outcomes. */
  async function serve(weather: Weather, hours: number): Promise<void> {
    const table = await routing();
    const versions = [...new Set([...table.arms, ...table.shadows].map(({ version }) => version))];
    for (const version of versions) await scorerOf(version);
    const from = now() - hours * hour;
    const made = Array.from({ length: hours * flightsPerHour }, (_, i) =>
      depart(table, weather, flown + i, from + i * (hour / flightsPerHour)),
    );
    flown += made.length;
    await customer.stream(modelId, writerKey, made.flat());
    const counts = Map.groupBy(made, ([{ record }]) => record.modelVersion);
    const byVersion = Object.fromEntries([...counts].map(([version, flights]) => [version, flights.length]));
    served.push({ table, byVersion });
  }

  function depart(table: Routing, weather: Weather, i: number, at: number) {
    const { crowding, label } = flight(weather, i);
    const modelVersion = armOf(table, (i * 0.618_033_988_75) % 1);
    const others = table.shadows.filter(({ version }) => version !== modelVersion);
    const scoreOf = (version: number) => score(scorers.get(version)!, crowding);
    const about = { predictionId: `${modelId}-${i}`, modelId, predictedAt: iso(at) };
    const prediction = {
      ...about,
      modelVersion,
      features: { crowding },
      score: scoreOf(modelVersion),
      ...(others.length > 0 && {
        shadows: others.map(({ version }) => ({ modelVersion: version, score: scoreOf(version) })),
      }),
      ...(table.rolloutId !== undefined && { rolloutId: table.rolloutId }),
    };
    const isForeseen = scoreOf(modelVersion) > 0.5 === (label === 1);
    const outcome = { ...about, observedAt: iso(at + minute), label, businessValue: isForeseen ? 1 : 0.5 };
    return [
      { kind: 'prediction', record: prediction } as const,
      { kind: 'outcome', record: outcome } as const,
    ] as const;
  }

  /** Answers a training request: a new version, the hold-out, the end of the run. */
  async function train(runId: string, { candidate, claimed = candidate }: Training, weather: Weather): Promise<void> {
    const modelVersion = await addVersion(runId, candidate, weather);
    const holdout = await uploadHoldout(runId, await scorerOf(1), claimed, weather);
    await succeed('POST', `/v1/runs/${runId}/completion`, { status: 'succeeded', modelVersion, holdout });
  }

  return { modelId, model, served, register, addVersion, uploadHoldout, routing, serve, train };
}

function armOf({ arms }: Routing, ratio: number): number {
  let reached = 0;
  const arm = arms.find(({ weightPercent }) => {
    reached += weightPercent;
    return ratio * 100 < reached;
  });
  return arm?.version ?? arms.at(-1)!.version;
}
