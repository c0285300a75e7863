import { describe, expect, it } from 'vitest';
import { createMetaflowProvider } from '../../../../shared/adapters/providers/metaflow/metaflow-provider.ts';
import type { Statement } from '../../../../shared/domain/graph/provider-contribution.ts';
import {
  codePackage,
  executionTriggers,
  gitInfo,
  loadedModels,
  rowOf,
  savedModels,
} from './fixtures/metaflow-lineage-rows.ts';

type Row = ReturnType<typeof rowOf>;

const run = 'aip://pipeline-run/metaflow/RankerTrainFlow/argo-rankertrainflow-7k2xq';
const ranker = 'aip://model/metaflow/mf.models/models/artifacts/ranker_5f2a';
const embedder = 'aip://model/metaflow/mf.models/models/artifacts/embedder_77aa';
const retried = (row: Row): Row => ({ ...row, ts_epoch: row.ts_epoch - 1, tags: ['attempt_id:1'] });

/** What a run says whose tasks left these rows. */
async function said(...rows: readonly Row[]): Promise<readonly Statement[]> {
  const id = 'RankerTrainFlow/argo-rankertrainflow-7k2xq';
  const path = '/flows/RankerTrainFlow/runs/argo-rankertrainflow-7k2xq';
  const { flow_id, run_number, user_name, ts_epoch } = executionTriggers;
  const answers: Readonly<Record<string, unknown>> = {
    [path]: { flow_id, run_number, user_name, ts_epoch, tags: [], system_tags: [] },
    [`${path}/metadata`]: rows,
  };
  const get = async (at: string) => ({ isFound: at in answers, body: answers[at], headers: {} });
  const now = '2025-08-21T00:00:00.000Z';
  const statements = await createMetaflowProvider({ platform: 'metaflow', get, callsPerSecond: 10 }).hydrate(
    { type: 'run', id },
    { now, fresh: true },
  );
  return statements === 'gone' ? [] : statements;
}

const edgesOf = (statements: readonly Statement[], subject: string, type: string) =>
  statements.filter((each) => each.subject === subject).flatMap(({ edges }) => edges.filter((e) => e.type === type));

describe('models of a run', () => {
  it('that it loads are what it consumes, and what the models it saves are made of', async () => {
    const statements = await said(savedModels, loadedModels);
    const consumed = [{ type: 'consumes', to: embedder, evidence: 'loaded-models' }];
    expect(edgesOf(statements, run, 'consumes')).toEqual(consumed);
    expect(edgesOf(statements, ranker, 'consumes')).toEqual(consumed);
    expect(edgesOf(statements, ranker, 'producedBy')).toEqual([
      { type: 'producedBy', to: run, evidence: 'saved-models' },
    ]);
    expect(statements.map(({ subject }) => subject)).not.toContain(embedder);
  });

  it('that it loads and saves are not made of themselves', async () => {
    const statements = await said(savedModels, { ...savedModels, field_name: 'loaded-models' });
    expect(edgesOf(statements, ranker, 'consumes')).toEqual([]);
    expect(edgesOf(statements, run, 'consumes').map(({ to }) => to)).toEqual([ranker]);
  });

  it('are those of all tasks, of each as its last attempt says, whenever that was written', async () => {
    const other = { ...rowOf('loaded-models', 'model-registry', '{"keys": ["other"]}'), task_id: 't-2' };
    const last = retried(rowOf('loaded-models', 'model-registry', '{"keys": ["newer"]}'));
    const consumed = edgesOf(await said(last, loadedModels, other), run, 'consumes');
    expect(consumed.map(({ to }) => to)).toEqual(['aip://model/metaflow/newer', 'aip://model/metaflow/other']);
  });

  it.each(['None', '{}', '{"keys": "one"}', '[', '{"keys": [1, "", "a\\u0000b"]}'])('are none in %s', async (value) => {
    const statements = await said({ ...savedModels, value }, { ...loadedModels, value });
    expect(statements.filter(({ subject }) => subject.startsWith('aip://model/'))).toEqual([]);
    expect(edgesOf(statements, run, 'consumes')).toEqual([]);
  });
});

describe('what started a run', () => {
  it('is the run whose task sent the event', async () => {
    expect(edgesOf(await said(executionTriggers), run, 'triggeredBy')).toEqual([
      {
        type: 'triggeredBy',
        to: 'aip://pipeline-run/metaflow/FeatureFlow/argo-featureflow-9x',
        evidence: 'execution-triggers',
      },
    ]);
  });

  it.each([
    '[{"id": "FeatureFlow/9/end/t-9", "type": "event"}]',
    '[{"id": "FeatureFlow/9", "type": "run"}]',
    '[{"id": "FeatureFlow/9/end/t-9/more", "type": "run"}]',
    '[{"id": null, "type": "run"}]',
    '{"id": "FeatureFlow/9/end/t-9", "type": "run"}',
    'None',
  ])('is unknown of %s', async (value) => {
    expect(edgesOf(await said({ ...executionTriggers, value }), run, 'triggeredBy')).toEqual([]);
  });
});

describe('where the code of a run is', () => {
  const linkOf = async (...rows: readonly Row[]) => (await said(...rows))[0]?.description?.attributes?.codeLink;

  it('is the commit in its repository, before the package that was uploaded', async () => {
    expect(await linkOf(codePackage, gitInfo)).toBe('https://example.invalid/ranker/tree/9fceb02');
  });

  it('is the package when no commit is known', async () => {
    const value = '{"repo_url": "https://example.invalid/ranker.git", "branch_name": "main"}';
    expect(await linkOf(codePackage, { ...gitInfo, value })).toBe('s3://mf/RankerTrainFlow/data/0f/0f3c');
    expect(await linkOf(codePackage)).toBe('s3://mf/RankerTrainFlow/data/0f/0f3c');
  });

  it('is unknown when nothing says so', async () => {
    expect(await linkOf(executionTriggers)).toBeUndefined();
  });
});
