import * as z from '../zod.ts';

/** Abstract groups of types; providers implement them. */
export const entityDomains = [
  'registry',
  'features',
  'data',
  'pipelines',
  'experimentation',
  'serving',
  'identity',
] as const;
export type EntityDomain = (typeof entityDomains)[number];

export type EntityTypeDefinition = {
  readonly domain: EntityDomain;
  /** As people read it, one and many. */
  readonly title: string;
  readonly plural: string;
  /**
   * What a provider may say beside name, description and tags; what is not named here is kept as it comes. The more of them
   * an entity has the better its metadata are, so that what only one kind of source measures is not among them.
   */
  readonly attributes: z.ZodObject;
};

const text = z.string().max(2_000);
const count = z.number().int().min(0);
const time = z.iso.datetime();
const attributes = <T extends z.core.$ZodLooseShape>(shape: T) => z.object(shape).partial();

const runAttributes = attributes({ status: text, startedAt: time, endedAt: time, codeLink: text });

/**
 * Every type of entity. One more entry here is all that a new type takes: validation, search, GraphQL, its page and the
 * navigation read this table.
 */
export const entityTypeDefinitions = {
  model: {
    domain: 'registry',
    title: 'Model',
    plural: 'Models',
    attributes: attributes({ domain: text, tier: count, taskType: text, lifecycle: text }),
  },
  'model-version': {
    domain: 'registry',
    title: 'Model version',
    plural: 'Model versions',
    attributes: attributes({ version: z.union([text, count]), digest: text, trainingRun: text, codeLink: text }),
  },
  deployment: {
    domain: 'registry',
    title: 'Deployment',
    plural: 'Deployments',
    attributes: attributes({ stage: text }),
  },
  evaluation: {
    domain: 'registry',
    title: 'Evaluation',
    plural: 'Evaluations',
    attributes: attributes({ metric: text, value: z.number(), status: text }),
  },
  artifact: {
    domain: 'registry',
    title: 'Artifact',
    plural: 'Artifacts',
    attributes: attributes({ digest: text, location: text }),
  },
  feature: {
    domain: 'features',
    title: 'Feature',
    plural: 'Features',
    attributes: attributes({ dataType: text, deprecated: z.boolean() }),
  },
  'feature-view': {
    domain: 'features',
    title: 'Feature view',
    plural: 'Feature views',
    attributes: attributes({ entityKey: text }),
  },
  embedding: {
    domain: 'features',
    title: 'Embedding',
    plural: 'Embeddings',
    attributes: attributes({ dimensions: count }),
  },
  dataset: {
    domain: 'data',
    title: 'Dataset',
    plural: 'Datasets',
    attributes: attributes({ location: text, format: text, version: text, columnCount: count, digest: text }),
  },
  column: { domain: 'data', title: 'Column', plural: 'Columns', attributes: attributes({ dataType: text }) },
  pipeline: {
    domain: 'pipelines',
    title: 'Pipeline',
    plural: 'Pipelines',
    attributes: attributes({ codeLink: text, integration: text }),
  },
  'pipeline-run': { domain: 'pipelines', title: 'Pipeline run', plural: 'Pipeline runs', attributes: runAttributes },
  schedule: {
    domain: 'pipelines',
    title: 'Schedule',
    plural: 'Schedules',
    attributes: attributes({ expression: text, timeZone: text }),
  },
  'run-request': { domain: 'pipelines', title: 'Run request', plural: 'Run requests', attributes: runAttributes },
  step: { domain: 'pipelines', title: 'Step', plural: 'Steps', attributes: attributes({ kind: text }) },
  'job-attempt': { domain: 'pipelines', title: 'Job attempt', plural: 'Job attempts', attributes: runAttributes },
  experiment: {
    domain: 'experimentation',
    title: 'Experiment',
    plural: 'Experiments',
    attributes: attributes({ status: text, hypothesis: text }),
  },
  'experiment-cell': {
    domain: 'experimentation',
    title: 'Experiment cell',
    plural: 'Experiment cells',
    attributes: attributes({ number: count }),
  },
  service: { domain: 'serving', title: 'Service', plural: 'Services', attributes: attributes({ url: text }) },
  surface: { domain: 'serving', title: 'Surface', plural: 'Surfaces', attributes: attributes({ url: text }) },
  team: { domain: 'identity', title: 'Team', plural: 'Teams', attributes: attributes({ email: text }) },
  person: {
    domain: 'identity',
    title: 'Person',
    plural: 'People',
    attributes: attributes({ email: text, left: z.boolean() }),
  },
} as const satisfies Record<string, EntityTypeDefinition>;

export type EntityType = keyof typeof entityTypeDefinitions;

export const entityTypes = Object.keys(entityTypeDefinitions) as [EntityType, ...EntityType[]];

export function isEntityType(type: string): type is EntityType {
  return Object.hasOwn(entityTypeDefinitions, type);
}
