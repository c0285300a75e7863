import { personUri } from '../../../domain/graph/entities.ts';
import { type EntityUri, formatEntityRef, parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import type { EntityType } from '../../../domain/graph/entity-types.ts';
import type { StatedEdge, Statement } from '../../../domain/graph/provider-contribution.ts';
import type { Instant } from '../../../domain/time.ts';
import * as z from '../../../domain/zod.ts';
import { metaflowRunStatus } from '../../orchestrators/metaflow-run-status.ts';
import type { ArtifactRow, FlowRow, MetadataRow, RunRow } from './metaflow-rows.ts';
import { jsonField, modelKeys, newestRow } from './run-facts.ts';

export type RunRead = {
  readonly run: RunRow;
  readonly metadata: readonly MetadataRow[];
  readonly artifacts: readonly ArtifactRow[];
};

const gitSchema = z.object({ repo_url: z.string().max(500), commit_sha: z.string().max(100) }).partial();
const codeSchema = z.object({ location: z.string().max(1_000) });
const triggersSchema = z.array(z.object({ id: z.string().nullish(), type: z.string().nullish() }));
/** Of one run; a foreach makes as many as it has members. */
const maximumArtifacts = 300;
const parametersStep = '_parameters';
/** Reads of S3 leave no trace, so people say by a tag what a run reads: docs/providers.md. */
const tagged: readonly (readonly [prefix: string, type: EntityType, edge: StatedEdge['type']])[] = [
  ['dataset:', 'dataset', 'consumes'],
  ['feature:', 'feature', 'consumes'],
  ['experiment_cell:', 'experiment-cell', 'testedBy'],
];

export const flowUri = (platform: string, flow: string): EntityUri =>
  formatEntityRef({ type: 'pipeline', platform, id: flow });
export const runUri = (platform: string, flow: string, run: string): EntityUri =>
  formatEntityRef({ type: 'pipeline-run', platform, id: `${flow}/${run}` });

export function normaliseFlow(platform: string, flow: FlowRow): Statement {
  return {
    subject: flowUri(platform, flow.flow_id),
    description: { name: flow.flow_id, tags: tagsOf(flow), attributes: { integration: 'metaflow' } },
    edges: ownerOf(flow.user_name),
  };
}

/** The run first, then what is known through runs only: its steps, the artifacts by digest, the models it saved. */
export function normaliseRun(
  platform: string,
  { run, metadata, artifacts }: RunRead,
  now: Instant,
): readonly Statement[] {
  const flow = flowUri(platform, run.flow_id);
  const subject = runUri(platform, run.flow_id, run.run_number);
  const modelUri = (key: string) => formatEntityRef({ type: 'model', platform, id: key });
  const loaded = modelKeys(metadata, ['loaded-models']).map(modelUri);
  const saved = modelKeys(metadata, ['saved-models']).map(modelUri);
  const steps = [...new Set(metadata.map(({ step_name }) => step_name))].filter((step) => step !== parametersStep);
  const consumed = loaded.map((to): StatedEdge => ({ type: 'consumes', to, evidence: 'loaded-models' }));
  return [
    {
      subject,
      description: {
        name: `${run.flow_id}/${run.run_number}`,
        tags: tagsOf(run),
        attributes: attributesOf(run, metadata, now),
      },
      edges: [
        { type: 'runOf', to: flow },
        ...ownerOf(run.user_name),
        ...consumed,
        ...declared(run),
        ...triggers(platform, metadata),
      ],
    },
    ...steps.toSorted().map(
      (step): Statement => ({
        subject: formatEntityRef({ type: 'step', platform, id: `${run.flow_id}/${step}` }),
        description: { name: step },
        edges: [{ type: 'partOf', to: flow }],
      }),
    ),
    ...saved.map(
      (model): Statement => ({
        subject: model,
        description: {},
        edges: [
          { type: 'producedBy', to: subject, evidence: 'saved-models' },
          ...consumed.filter(({ to }) => to !== model),
        ],
      }),
    ),
    ...produced(platform, subject, artifacts),
  ];
}

function attributesOf(run: RunRow, metadata: readonly MetadataRow[], now: Instant) {
  const end = newestRow(metadata, 'end_step', parametersStep)?.value ?? 'end';
  // The newest task of the step that the run ends with: an older one was resumed or retried.
  const ofEnd = metadata.filter(({ step_name }) => step_name === end);
  const newest = ofEnd.toSorted((a, b) => a.ts_epoch - b.ts_epoch).at(-1)?.task_id;
  const rows = ofEnd.filter(({ task_id }) => task_id === newest);
  const status = metaflowRunStatus(run, rows, now);
  const codeLink = codeLinkOf(metadata);
  return {
    status: status.state,
    startedAt: status.startedAt ?? '',
    ...(status.state !== 'running' && status.endedAt !== undefined && { endedAt: status.endedAt }),
    ...(codeLink !== undefined && { codeLink }),
  };
}

function codeLinkOf(metadata: readonly MetadataRow[]): string | undefined {
  const git = gitSchema.safeParse(jsonField(metadata, 'git-info')).data;
  if (git?.repo_url !== undefined && git.commit_sha !== undefined)
    return `${git.repo_url.replace(/\.git$/, '')}/tree/${git.commit_sha}`;
  return codeSchema.safeParse(jsonField(metadata, 'code-package')).data?.location;
}

/** Runs whose end started this one: the id of such an event is the path of the task that sent it. */
function triggers(platform: string, metadata: readonly MetadataRow[]): readonly StatedEdge[] {
  const started = triggersSchema.safeParse(jsonField(metadata, 'execution-triggers')).data ?? [];
  return started.flatMap(({ id, type }): readonly StatedEdge[] => {
    const [flow, run, ...rest] = (id ?? '').split('/');
    const isRun = type === 'run' && flow && run && rest.length > 0 && rest.length <= 2;
    return isRun ? [{ type: 'triggeredBy', to: runUri(platform, flow, run), evidence: 'execution-triggers' }] : [];
  });
}

function declared({ tags }: RunRow): readonly StatedEdge[] {
  const edges = tagged.flatMap(([prefix, type, edge]) =>
    tags
      .filter((tag) => tag.startsWith(prefix))
      .map((tag) => uriIn(tag.slice(prefix.length), type))
      .filter((to) => to !== undefined)
      .map((to): StatedEdge => ({ type: edge, to, provenance: 'declared', evidence: `tag ${prefix}…` })),
  );
  return [...new Map(edges.map((edge) => [`${edge.type} ${edge.to}`, edge])).values()];
}

/** An entity's URI as it is; a bare id is one of the platform `tagged`. */
function uriIn(text: string, type: EntityType): EntityUri | undefined {
  try {
    if (text.startsWith('aip://')) return parseEntityRef(text).type === type ? text : undefined;
    const uri = formatEntityRef({ type, platform: 'tagged', id: text });
    parseEntityRef(uri);
    return uri;
  } catch {
    return undefined;
  }
}

/** What tasks wrote; what they were handed on has the digest of an earlier step, and parameters were given and not made. */
function produced(platform: string, run: EntityUri, artifacts: readonly ArtifactRow[]): readonly Statement[] {
  const given = new Set(artifacts.filter(({ step_name }) => step_name === parametersStep).map(({ sha }) => sha));
  const made = artifacts.filter(({ name, sha }) => !name.startsWith('_') && !given.has(sha));
  const first = new Map(made.toReversed().map((row) => [row.sha, row]));
  return [...first.values()]
    .toSorted((a, b) => (a.sha < b.sha ? -1 : 1))
    .slice(0, maximumArtifacts)
    .map(({ sha, name, step_name }) => ({
      subject: formatEntityRef({ type: 'artifact', platform, id: sha }),
      description: { name: sha.slice(0, 12), attributes: { digest: `sha1:${sha}` } },
      edges: [{ type: 'producedBy', to: run, evidence: `${name} of step ${step_name}` }],
      witness: run,
    }));
}

function ownerOf(user: string | null | undefined): readonly StatedEdge[] {
  return user ? [{ type: 'ownedBy', to: personUri(user) }] : [];
}

/** `key:value` of Metaflow is `key::value` here. */
function tagsOf({ tags, system_tags }: FlowRow): readonly string[] {
  return [...tags, ...system_tags]
    .filter((tag) => !tagged.some(([prefix]) => tag.startsWith(prefix)))
    .map((tag) => tag.replace(/^([\w-]+):(?!:)/, '$1::'))
    .slice(0, 100);
}
