import type { Relation } from '../../api/graph-types.ts';
import type { EdgeDirection } from '../../format/edge-words.ts';

/** What readers of a type ask first, answered by the relations that fit. */
export type Panel = {
  readonly title: string;
  /** Said when nothing fits. */
  readonly none: string;
  readonly edges: readonly (readonly [EdgeDirection, string])[];
  /** @default any */
  readonly types?: readonly string[];
};

const models = ['model', 'model-version'] as const;

/** A type without an entry has the panel of its relations only. */
const panels: Readonly<Record<string, readonly Panel[]>> = {
  model: [
    { title: 'Serves now', none: 'no version serves', edges: [['out', 'servedBy']] },
    {
      title: 'Features it reads',
      none: 'no feature is known',
      edges: [['out', 'consumes']],
      types: ['feature', 'feature-view', 'embedding'],
    },
    {
      title: 'Models it needs',
      none: 'none',
      edges: [
        ['out', 'consumes'],
        ['out', 'explains'],
        ['out', 'derivedFrom'],
      ],
      types: models,
    },
    {
      title: 'Who uses it',
      none: 'no consumer is known',
      edges: [
        ['in', 'consumes'],
        ['in', 'explains'],
      ],
    },
    { title: 'Experiments', none: 'in no experiment', edges: [['out', 'testedBy']] },
  ],
  'model-version': [
    { title: 'Trained on', none: 'no dataset is known', edges: [['out', 'trainedOn']] },
    { title: 'Made by', none: 'no run is known', edges: [['out', 'producedBy']] },
    {
      title: 'Model',
      none: 'none',
      edges: [
        ['out', 'versionOf'],
        ['in', 'servedBy'],
      ],
    },
    { title: 'Experiments', none: 'in no experiment', edges: [['out', 'testedBy']] },
    { title: 'Evaluations', none: 'judged by nothing yet', edges: [['in', 'evaluates']] },
  ],
  feature: [
    { title: 'Models that use it', none: 'no model is known to use it', edges: [['in', 'consumes']], types: models },
    {
      title: 'Made from',
      none: 'where it comes from is not known',
      edges: [
        ['out', 'consumes'],
        ['out', 'derivedFrom'],
        ['out', 'producedBy'],
      ],
    },
    { title: 'Features made from it', none: 'none', edges: [['in', 'derivedFrom']] },
    { title: 'Feature views', none: 'in none', edges: [['out', 'partOf']] },
  ],
  pipeline: [
    {
      title: 'Inputs',
      none: 'no input is known',
      edges: [
        ['out', 'consumes'],
        ['out', 'trainedOn'],
      ],
    },
    { title: 'Outputs', none: 'no output is known', edges: [['in', 'producedBy']] },
    { title: 'Runs', none: 'no run is known', edges: [['in', 'runOf']] },
    {
      title: 'Steps and schedules',
      none: 'none',
      edges: [
        ['in', 'partOf'],
        ['out', 'scheduledBy'],
        ['out', 'triggeredBy'],
      ],
    },
  ],
  'pipeline-run': [
    { title: 'Pipeline', none: 'not known', edges: [['out', 'runOf']] },
    { title: 'Inputs', none: 'no input is known', edges: [['out', 'consumes']] },
    { title: 'Outputs', none: 'no output is known', edges: [['in', 'producedBy']] },
    { title: 'Started by', none: 'not known', edges: [['out', 'triggeredBy']] },
  ],
  dataset: [
    { title: 'Producers', none: 'no producer is known', edges: [['out', 'producedBy']] },
    {
      title: 'Consumers',
      none: 'no consumer is known',
      edges: [
        ['in', 'consumes'],
        ['in', 'trainedOn'],
      ],
    },
    { title: 'Made from', none: 'no source is known', edges: [['out', 'derivedFrom']] },
    { title: 'Sources of', none: 'nothing is known to be made from it', edges: [['in', 'derivedFrom']] },
    { title: 'Columns', none: 'no column is known', edges: [['in', 'partOf']], types: ['column'] },
  ],
  experiment: [
    { title: 'Cells', none: 'no cell is known', edges: [['in', 'partOf']], types: ['experiment-cell'] },
    { title: 'Models tested', none: 'no model is known to be tested', edges: [['in', 'testedBy']] },
    { title: 'Judged by', none: 'no evaluation is known', edges: [['in', 'partOf']], types: ['evaluation'] },
  ],
  'experiment-cell': [
    { title: 'Experiment', none: 'not known', edges: [['out', 'partOf']] },
    { title: 'Models tested', none: 'no model is known to be tested', edges: [['in', 'testedBy']] },
  ],
  team: [
    { title: 'Owns', none: 'nothing', edges: [['in', 'ownedBy']] },
    { title: 'Members', none: 'no member is known', edges: [['in', 'memberOf']] },
  ],
};

/** The panels of a type with the relations in each, current ones, each entity once. */
export function panelsOf(
  type: string,
  relations: readonly Relation[],
): readonly (Panel & { readonly relations: readonly Relation[] })[] {
  return (Object.hasOwn(panels, type) ? (panels[type] ?? []) : []).map((panel) => {
    const fitting = relations.filter(
      ({ type: edge, direction, entityType }) =>
        panel.edges.some(([way, name]) => way === direction && name === edge) &&
        (panel.types === undefined || panel.types.includes(entityType)),
    );
    return { ...panel, relations: [...new Map(fitting.map((relation) => [relation.uri, relation])).values()] };
  });
}
