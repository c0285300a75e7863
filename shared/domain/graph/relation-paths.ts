import type { EdgeType } from './edge-types.ts';
import type { EntityType } from './entity-types.ts';

/** One hop: along edges that begin at the entity (`out`) or back along those that end at it (`in`). */
export type Step = {
  readonly direction: 'out' | 'in';
  readonly edge: EdgeType;
  /** Types that are gone to. @default any */
  readonly to?: readonly EntityType[];
};

export type Path = readonly Step[];

/** What people ask for by one word, told as the edges it reads. */
export type RelationField = {
  /** `one` is the newest of what is found. */
  readonly gives: 'one' | 'list' | 'connection';
  /** Of what it gives; undefined is any. */
  readonly type?: EntityType;
  readonly summary: string;
  /** What the paths of one group lead to is taken together; a later group counts only when all before it lead nowhere. */
  readonly groups: readonly (readonly Path[])[];
};

const out = (edge: EdgeType, ...to: readonly EntityType[]): Step => step('out', edge, to);
const back = (edge: EdgeType, ...to: readonly EntityType[]): Step => step('in', edge, to);

function step(direction: Step['direction'], edge: EdgeType, to: readonly EntityType[]): Step {
  return to.length === 0 ? { direction, edge } : { direction, edge, to };
}

function field(
  gives: RelationField['gives'],
  type: EntityType | undefined,
  summary: string,
  ...groups: RelationField['groups']
): RelationField {
  return { gives, summary, groups, ...(type !== undefined && { type }) };
}

const featurePaths: readonly Path[] = [
  [out('consumes', 'feature')],
  [out('consumes', 'feature-view'), back('partOf', 'feature')],
];
const experimentPaths: readonly Path[] = [
  [out('testedBy', 'experiment')],
  [out('testedBy', 'experiment-cell'), out('partOf', 'experiment')],
];
const dataPaths: readonly Path[] = [[out('derivedFrom', 'dataset')], [out('consumes', 'dataset')]];
const testedModelPaths: readonly Path[] = [
  [back('testedBy', 'model')],
  [back('testedBy', 'model-version'), out('versionOf', 'model')],
];
const readingModelPaths = (edge: EdgeType): readonly Path[] => [
  [back(edge, 'model')],
  [back(edge, 'model-version'), out('versionOf', 'model')],
];
const before = (first: Step, paths: readonly Path[]): readonly Path[] => paths.map((path) => [first, ...path]);

/** Of every type. */
export const commonRelationFields: Readonly<Record<string, RelationField>> = {
  owners: field('list', undefined, 'People and teams that answer for it', [[out('ownedBy', 'person', 'team')]]),
};

/** Further ones by type. A type that is not here has its attributes, owners, relations, lineage and impact all the same. */
export const relationFields: Readonly<Partial<Record<EntityType, Readonly<Record<string, RelationField>>>>> = {
  model: {
    currentInstance: field(
      'one',
      'model-version',
      'The version that serves, else the newest',
      [[out('servedBy', 'model-version')]],
      [[back('versionOf', 'model-version')]],
    ),
    versions: field('connection', 'model-version', 'Every version', [[back('versionOf', 'model-version')]]),
    features: field('connection', 'feature', 'Features that it reads', [
      ...featurePaths,
      ...before(out('servedBy', 'model-version'), featurePaths),
    ]),
    associatedAbTests: field('list', 'experiment', 'Experiments that serve it, or a version of it, to some', [
      ...experimentPaths,
      ...before(back('versionOf', 'model-version'), experimentPaths),
    ]),
    upstreamModels: field('connection', 'model', 'Models that it reads', [[out('consumes', 'model')]]),
    consumers: field('connection', undefined, 'Services and models that read it', [
      [back('consumes', 'service', 'model')],
    ]),
  },
  'model-version': {
    model: field('one', 'model', 'The model that it is a version of', [[out('versionOf', 'model')]]),
    pipeline: field('one', 'pipeline', 'The pipeline that made it', [
      [out('producedBy', 'pipeline')],
      [out('producedBy', 'pipeline-run'), out('runOf', 'pipeline')],
    ]),
    pipelineRun: field('one', 'pipeline-run', 'The run that made it', [[out('producedBy', 'pipeline-run')]]),
    features: field(
      'connection',
      'feature',
      'Features that it reads, else those of its model',
      [...featurePaths, ...before(out('producedBy', 'pipeline-run'), featurePaths)],
      before(out('versionOf', 'model'), featurePaths),
    ),
    trainingData: field(
      'connection',
      'dataset',
      'Datasets that it was trained on, else those that its run read',
      [[out('trainedOn', 'dataset')]],
      [[out('producedBy', 'pipeline-run'), out('consumes', 'dataset')]],
    ),
    associatedAbTests: field(
      'list',
      'experiment',
      'Experiments that serve it to some, else those of its model',
      experimentPaths,
      before(out('versionOf', 'model'), experimentPaths),
    ),
    evaluations: field('connection', 'evaluation', 'Evaluations of it', [[back('evaluates', 'evaluation')]]),
  },
  feature: {
    data: field(
      'connection',
      'dataset',
      'Datasets that it is computed from, else those of its feature view',
      dataPaths,
      before(out('partOf', 'feature-view'), dataPaths),
    ),
    models: field(
      'connection',
      'model',
      'Models that read it, or a version of which does',
      readingModelPaths('consumes'),
    ),
  },
  dataset: {
    features: field('connection', 'feature', 'Features that are computed from it', [
      [back('derivedFrom', 'feature')],
      [back('consumes', 'feature')],
    ]),
    models: field('connection', 'model', 'Models that were trained on it, or read it', [
      ...readingModelPaths('trainedOn'),
      ...readingModelPaths('consumes'),
    ]),
    pipeline: field('one', 'pipeline', 'The pipeline that makes it', [
      [out('producedBy', 'pipeline')],
      [out('producedBy', 'pipeline-run'), out('runOf', 'pipeline')],
    ]),
    columns: field('connection', 'column', 'Its columns', [[back('partOf', 'column')]]),
  },
  pipeline: {
    runs: field('connection', 'pipeline-run', 'Its runs', [[back('runOf', 'pipeline-run')]]),
    data: field('connection', 'dataset', 'Datasets that it, or a run of it, reads', [
      [out('consumes', 'dataset')],
      [back('runOf', 'pipeline-run'), out('consumes', 'dataset')],
    ]),
    models: field('connection', 'model', 'Models of which it made a version', [
      [back('producedBy', 'model-version'), out('versionOf', 'model')],
      [back('runOf', 'pipeline-run'), back('producedBy', 'model-version'), out('versionOf', 'model')],
    ]),
  },
  'pipeline-run': {
    pipeline: field('one', 'pipeline', 'The pipeline that it is a run of', [[out('runOf', 'pipeline')]]),
    cells: field('list', 'experiment-cell', 'Experiment cells that it was run for', [
      [out('partOf', 'experiment-cell')],
      [out('consumes', 'experiment-cell')],
    ]),
    products: field('connection', undefined, 'What it made', [[back('producedBy')]]),
  },
  experiment: {
    cells: field('list', 'experiment-cell', 'Its cells', [[back('partOf', 'experiment-cell')]]),
    models: field('connection', 'model', 'Models that it tests, itself or in a cell', [
      ...testedModelPaths,
      ...before(back('partOf', 'experiment-cell'), testedModelPaths),
    ]),
  },
  'experiment-cell': {
    experiment: field('one', 'experiment', 'The experiment that it is a cell of', [[out('partOf', 'experiment')]]),
    models: field('connection', 'model', 'Models that it tests', testedModelPaths),
  },
  service: {
    models: field('connection', 'model', 'Models that it reads', [[out('consumes', 'model')]]),
  },
  team: {
    members: field('connection', 'person', 'People in it', [[back('memberOf', 'person')]]),
    owned: field('connection', undefined, 'What it answers for', [[back('ownedBy')]]),
  },
  person: {
    teams: field('list', 'team', 'Teams that the person is in', [[out('memberOf', 'team')]]),
    owned: field('connection', undefined, 'What the person answers for', [[back('ownedBy')]]),
  },
};

/** In words, e.g. `servedBy → model-version; else ← versionOf model-version`. */
export function pathsInWords(groups: RelationField['groups']): string {
  return groups.map((paths) => paths.map((path) => path.map(stepInWords).join(', ')).join(' | ')).join('; else ');
}

function stepInWords({ direction, edge, to }: Step): string {
  const arrow = direction === 'out' ? `${edge} →` : `← ${edge}`;
  return `${arrow} ${to?.join(' or ') ?? 'any'}`;
}
