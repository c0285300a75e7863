import { everyItem, type RunwayClient, unwrap } from '../../../sdk/client.ts';
import type { Evaluation, Retrain, Rollout } from './runway-views.ts';

/** What became of one model, as Runway's API tells it after the replay. */
export type ModelStory = {
  readonly model: string;
  readonly evaluations: readonly Evaluation[];
  readonly retrains: readonly Retrain[];
  readonly rollouts: readonly Rollout[];
  /** Over all versions: predictions Runway holds, and those of them that have their outcome. */
  readonly predictions: number;
  readonly attributed: number;
};

export async function readStory(
  client: RunwayClient,
  model: string,
  window: { from: string; to: string },
): Promise<ModelStory> {
  const path = { modelId: model };
  const query = { limit: 100 };
  const [{ versionCount }, evaluations, retrains, rollouts] = await Promise.all([
    unwrap(client.GET('/v1/models/{modelId}', { params: { path } })),
    allEvaluations(client, model),
    unwrap(client.GET('/v1/models/{modelId}/retrains', { params: { path, query } })),
    unwrap(client.GET('/v1/models/{modelId}/rollouts', { params: { path, query } })),
  ]);
  const versions = Array.from({ length: versionCount }, (_, i) => i + 1);
  const counts = await Promise.all(
    versions.map((version) =>
      unwrap(
        client.GET('/v1/models/{modelId}/performance', {
          params: { path, query: { ...window, version, bucket: 'all' } },
        }),
      ),
    ),
  );
  const points = counts.flatMap((count) => count.points);
  return {
    model,
    evaluations,
    retrains: retrains.items,
    rollouts: rollouts.items,
    predictions: points.reduce((sum, point) => sum + point.predictions, 0),
    attributed: points.reduce((sum, point) => sum + point.n, 0),
  };
}

async function allEvaluations(client: RunwayClient, modelId: string): Promise<readonly Evaluation[]> {
  const all: Evaluation[] = [];
  const path = { modelId };
  const evaluations = everyItem((cursor) => {
    const query = { limit: 100, ...(cursor !== undefined && { cursor }) };
    return unwrap(client.GET('/v1/models/{modelId}/evaluations', { params: { path, query } }));
  });
  for await (const evaluation of evaluations) all.push(evaluation);
  return all;
}

/** Whether the loop closed: a breach was found, the policy decided a retrain, a candidate was judged. */
export function loopClosed(stories: readonly ModelStory[]): Readonly<Record<'found' | 'decided' | 'judged', boolean>> {
  return {
    found: stories.some(({ evaluations }) => evaluations.some(({ verdict }) => verdict === 'at-risk')),
    decided: stories.some(({ retrains }) =>
      retrains.some(({ triggers }) => triggers.some(({ cause }) => cause !== 'manual')),
    ),
    judged: stories.some(({ rollouts }) => rollouts.some(({ validation }) => validation !== undefined)),
  };
}

/** One row per model, padded for a terminal. */
export function summaryTable(stories: readonly ModelStory[]): readonly string[] {
  const rows = [
    [
      '',
      'evaluations',
      'performance breaches',
      'drift breaches',
      'retrains by cause',
      'promoted',
      'refused',
      'rolled back',
    ],
    ...stories.map(summaryRow),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function summaryRow({ model, evaluations, retrains, rollouts }: ModelStory): string[] {
  const scheduled = evaluations.filter(({ kind }) => kind === 'scheduled');
  const breaches = (names: readonly string[]) =>
    String(
      scheduled.filter(({ signals }) =>
        signals.some(({ name, verdict }) => names.includes(name) && verdict === 'breach'),
      ).length,
    );
  const ended = (status: Rollout['status']) => String(rollouts.filter((rollout) => rollout.status === status).length);
  return [
    model,
    String(scheduled.length),
    breaches(['performance']),
    breaches(['dataDrift', 'predictionDrift']),
    retrainsByCause(retrains),
    ended('promoted'),
    ended('refused'),
    ended('rolled-back'),
  ];
}

function retrainsByCause(retrains: readonly Retrain[]): string {
  const causes = retrains.map(({ triggers }) =>
    triggers
      .map(({ cause }) => cause)
      .toSorted()
      .join('+'),
  );
  const counts = [...Map.groupBy(causes, (cause) => cause)].map(([cause, all]) => `${all.length} ${cause}`);
  return counts.length === 0 ? 'none' : counts.join(', ');
}
