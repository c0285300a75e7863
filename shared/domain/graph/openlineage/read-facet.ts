import * as z from '../../zod.ts';
import type { EntityUri } from '../entity-ref.ts';
import { canonicalDataset, canonicalJob } from './canonical-name.ts';
import { nameSchema, nodeNameSchema, runIdSchema } from './names.ts';
import { datasetKey, jobKey, type NodeKey, ownerUri } from './node-key.ts';
import {
  type Assertion,
  assertionsSchema,
  metricsSchema,
  type OutputStatistics,
  type QualityMetrics,
  statisticsSchema,
} from './read-quality.ts';
import { readableSql, withoutCredentials } from './without-credentials.ts';

/** A column's sources: dataset and field. */
export type ColumnSources = readonly (readonly [column: string, sources: readonly (readonly [NodeKey, string])[]])[];

/** What is kept of the facets that mean something to the graph; of a facet that cannot be read nothing is. */
export type Facets = {
  readonly documentation: string;
  readonly ownership: readonly EntityUri[];
  readonly tags: readonly { readonly tag: string; readonly field?: string | undefined }[];
  readonly schema: readonly (readonly [column: string, dataType: string])[];
  readonly columnLineage: ColumnSources;
  readonly symlinks: readonly NodeKey[];
  readonly version: string;
  readonly datasetType: string;
  readonly lifecycleStateChange: { readonly state: string; readonly previous?: NodeKey | undefined };
  readonly dataSource: string;
  readonly storage: string;
  readonly jobType: Readonly<Record<string, string>>;
  readonly sourceCodeLocation: string;
  readonly processing_engine: string;
  readonly nominalTime: string;
  readonly errorMessage: string;
  readonly parent: { readonly runId: string; readonly job?: NodeKey | undefined };
  readonly test: readonly TestResult[];
  readonly lineage: DatasetLineage;
  readonly sql: { readonly query: string; readonly dialect?: string | undefined };
  readonly dataQualityMetrics: QualityMetrics;
  readonly dataQualityAssertions: readonly Assertion[];
  readonly outputStatistics: OutputStatistics;
};

export type TestResult = {
  readonly name: string;
  readonly status: string;
  readonly severity?: string | undefined;
  readonly metric?: string | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
};

/** Of the explicit lineage facet: where a dataset comes from, and its columns. */
export type DatasetLineage = { readonly inputs: readonly NodeKey[]; readonly columns: ColumnSources };

export type FacetName = keyof Facets;

/** Of one facet; what goes beyond is left out. */
const maximumItems = 2_000;
const shortText = (value: string) => value.slice(0, 2_000);
const text = z.string().transform((value) => value.toWellFormed().slice(0, 10_000));
const short = z.string().transform((value) => shortText(value.toWellFormed()));
const items = <T extends z.ZodType>(item: T) =>
  z.array(z.unknown()).transform((all) =>
    all.slice(0, maximumItems).flatMap((each): readonly z.output<T>[] => {
      const parsed = item.safeParse(each);
      return parsed.success ? [parsed.data] : [];
    }),
  );
const dataset = nodeNameSchema.transform((node) => datasetKey(canonicalDataset(node)));
const job = nodeNameSchema.transform((node) => jobKey(canonicalJob(node)));

const inputFields = items(nodeNameSchema.extend({ field: nameSchema })).transform((fields) =>
  fields.map(({ field, ...node }) => [datasetKey(canonicalDataset(node)), field] as const),
);
const fieldsOf = <T extends z.ZodType<readonly (readonly [NodeKey, string])[]>>(key: string, sources: T) =>
  z.record(z.string(), z.unknown()).transform(
    (fields): ColumnSources =>
      Object.entries(fields)
        .slice(0, maximumItems)
        .flatMap(([column, value]) => {
          const name = nameSchema.safeParse(column);
          const read = sources.safeParse(fieldOf(value, key));
          return name.success && read.success ? [[name.data, read.data] as const] : [];
        })
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const lineageInput = z.union([
  nodeNameSchema.extend({ type: z.literal('DATASET'), field: nameSchema.optional() }),
  nodeNameSchema.extend({ type: z.literal('JOB') }),
  // Without a name it is the event's own job, which is known to be one already.
  z.object({ type: z.literal('JOB'), namespace: z.undefined().optional(), name: z.undefined().optional() }),
]);

export const lineageInputs = items(lineageInput).transform((inputs) => ({
  nodes: inputs.flatMap((input): readonly NodeKey[] => {
    if (input.name === undefined) return [];
    return [input.type === 'JOB' ? jobKey(canonicalJob(input)) : datasetKey(canonicalDataset(input))];
  }),
  fields: inputs.flatMap((input) =>
    input.type === 'DATASET' && input.field !== undefined
      ? [[datasetKey(canonicalDataset(input)), input.field] as const]
      : [],
  ),
}));

export const lineageFields = fieldsOf(
  'inputs',
  lineageInputs.transform(({ fields }) => fields),
);

type Schemas = { readonly [N in FacetName]: z.ZodType<Facets[N]> };

const schemas: Schemas = {
  documentation: z.object({ description: text }).transform(({ description }) => description),
  ownership: z.object({ owners: items(z.object({ name: short })) }).transform(({ owners }) => {
    const uris = owners.map(({ name }) => ownerUri(name)).filter((uri) => uri !== undefined);
    return [...new Set(uris)].toSorted();
  }),
  tags: z
    .object({ tags: items(z.object({ key: short, value: short.optional(), field: nameSchema.optional() })) })
    .transform(({ tags }) =>
      tags.map(({ key, value = 'true', field }) => ({ tag: `${key}::${value}`.slice(0, 300), field })),
    ),
  schema: z.object({ fields: z.array(z.unknown()) }).transform(({ fields }) => columnsOf(fields)),
  columnLineage: z.object({ fields: fieldsOf('inputFields', inputFields) }).transform(({ fields }) => fields),
  symlinks: z
    .object({ identifiers: items(dataset) })
    .transform(({ identifiers }) => [...new Set(identifiers)].toSorted().slice(0, 50)),
  version: z.object({ datasetVersion: nameSchema }).transform(({ datasetVersion }) => datasetVersion),
  datasetType: z.object({ datasetType: short }).transform(({ datasetType }) => datasetType.toUpperCase()),
  lifecycleStateChange: z
    .object({ lifecycleStateChange: short, previousIdentifier: dataset.optional() })
    .transform(({ lifecycleStateChange, previousIdentifier: previous }) => ({
      state: lifecycleStateChange.toUpperCase(),
      ...(previous !== undefined && { previous }),
    })),
  dataSource: z.object({ uri: short }).transform(({ uri }) => withoutCredentials(uri)),
  storage: z
    .object({ fileFormat: short.optional(), storageLayer: short.optional() })
    .transform(({ fileFormat, storageLayer }) => fileFormat ?? storageLayer ?? ''),
  jobType: z
    .object({ processingType: short.optional(), integration: short.optional(), jobType: short.optional() })
    .transform(defined),
  sourceCodeLocation: z.object({ url: short }).transform(({ url }) => withoutCredentials(url)),
  processing_engine: z
    .object({ name: short.optional(), version: short })
    .transform(({ name, version }) => `${name ?? ''} ${version}`.trim()),
  nominalTime: z.object({ nominalStartTime: short }).transform(({ nominalStartTime }) => nominalStartTime),
  errorMessage: z.object({ message: short }).transform(({ message }) => message),
  parent: z
    .object({ run: z.object({ runId: runIdSchema }), job: job.optional().catch(undefined) })
    .transform(({ run: { runId }, job }) => ({ runId, ...(job !== undefined && { job }) })),
  test: z
    .object({
      tests: items(
        z.object({
          name: nameSchema,
          status: short,
          severity: short.optional(),
          type: short.optional(),
          expected: short.optional(),
          actual: short.optional(),
        }),
      ),
    })
    .transform(({ tests }) => tests.map(({ type: metric, ...test }) => ({ ...test, metric }))),
  lineage: z
    .object({ inputs: lineageInputs.optional(), fields: lineageFields.optional() })
    .transform(({ inputs, fields }) => ({ inputs: inputs?.nodes ?? [], columns: fields ?? [] })),
  sql: z
    .object({ query: z.string(), dialect: short.optional() })
    .transform(({ query, dialect }) => ({ query: readableSql(query), dialect })),
  dataQualityMetrics: metricsSchema,
  dataQualityAssertions: assertionsSchema,
  outputStatistics: statisticsSchema,
};

export function isFacetName(name: string): name is FacetName {
  return Object.hasOwn(schemas, name);
}

/** Undefined of a facet that is not as its schema says: one odd facet costs no event. */
export function readFacet(name: FacetName, facet: unknown): Facets[FacetName] | undefined {
  const parsed = schemas[name].safeParse(facet);
  return parsed.success ? parsed.data : undefined;
}

/** Nested fields as `outer.inner`. */
function columnsOf(fields: readonly unknown[], prefix = ''): Facets['schema'] {
  const schema = z.object({ name: nameSchema, type: short.optional(), fields: z.array(z.unknown()).optional() });
  const columns: (readonly [string, string])[] = [];
  for (const field of fields.slice(0, maximumItems)) {
    const { data } = schema.safeParse(field);
    if (data === undefined) continue;
    columns.push([`${prefix}${data.name}`, data.type ?? '']);
    columns.push(...columnsOf(data.fields ?? [], `${prefix}${data.name}.`));
    if (columns.length >= maximumItems) break;
  }
  return columns.slice(0, maximumItems);
}

function defined(facet: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(facet).flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]])),
  );
}
