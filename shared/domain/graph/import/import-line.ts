import { RunwayError } from '../../errors.ts';
import * as z from '../../zod.ts';
import { edgeTypeNames } from '../edge-types.ts';
import type { Attributes } from '../entities.ts';
import { type EntityUri, parseEntityRef } from '../entity-ref.ts';
import { entityTypeDefinitions } from '../entity-types.ts';
import type { StatedEdge, Statement } from '../provider-contribution.ts';

/** `full`: all that the provider knows, what it does not say it no longer has. `delta`: what has changed. */
export const importModes = ['full', 'delta'] as const;
export type ImportMode = (typeof importModes)[number];

/** What one line says, of the subject whose statement it belongs to. */
export type ImportLine =
  | { readonly kind: 'entity'; readonly subject: EntityUri; readonly description: Description }
  | { readonly kind: 'edge'; readonly subject: EntityUri; readonly edge: StatedEdge }
  | { readonly kind: 'retire'; readonly subject: EntityUri }
  | { readonly kind: 'end'; readonly subject: EntityUri; readonly edge: Pick<StatedEdge, 'type' | 'to'> };

type Description = NonNullable<Statement['description']>;

const plain = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'expected text without control characters');
// A name is shown in lists, graphs and mails of other systems too.
const name = plain(500).regex(/^[^<>]*$/, 'expected text without < and >');
const description = z
  .string()
  .max(10_000)
  .regex(/^(?:[\n\r\t]|[^\p{Cc}\p{Cs}])*$/u, 'expected text without control characters')
  .regex(/^(?!.*<\s*\/?\s*script)/is, 'expected text without script elements');
const tag = plain(500).regex(/^[^:<>]+(::[^<>]+)?$/, 'expected key::value');
const uri = z.string().superRefine((text, context) => {
  try {
    parseEntityRef(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'expected an entity' });
  }
});
const attributeName = /^[A-Za-z][\w.-]{0,99}$/;
const maximumAttributeBytes = 32_768;
const value = z.union([plain(2_000), z.number(), z.boolean(), z.array(plain(2_000)).max(100)]);
const attributes = z
  .record(z.string().regex(attributeName, `expected ${attributeName}`), value)
  .refine((given) => JSON.stringify(given).length <= maximumAttributeBytes, `at most ${maximumAttributeBytes} bytes`);

const edgeTypes = z.enum([...edgeTypeNames, 'produces']);
const edgeKey = { from: uri, to: uri, type: edgeTypes };
const lines = z.union([
  z.strictObject({
    entity: z.strictObject({
      uri,
      name: name.min(1).optional(),
      description: description.optional(),
      tags: z.array(tag).max(100).optional(),
      attributes: attributes.optional(),
    }),
  }),
  z.strictObject({
    edge: z.strictObject({
      ...edgeKey,
      evidence: plain(1_000).optional(),
      confidence: z.number().min(0).max(1).optional(),
    }),
  }),
  z.strictObject({ retire: z.union([z.strictObject({ uri }), z.strictObject(edgeKey)]) }),
]);
const kinds = { entity: lines.options[0], edge: lines.options[1], retire: lines.options[2] } as const;

/** What a line's value says. Throws `MalformedRecord` (code `invalid-line`) with the reason. */
export function readImportLine(given: unknown, mode: ImportMode): ImportLine {
  const kind = kindOf(given);
  if (kind === undefined) throw invalid('expected one of {"entity":…}, {"edge":…}, {"retire":…}');
  const parsed = kinds[kind].safeParse(given);
  if (!parsed.success) throw invalid(reasonOf(parsed.error));
  const line = parsed.data;
  if ('entity' in line) return entityLine(line.entity);
  if ('edge' in line) return edgeLine(line.edge);
  if (mode === 'full') throw invalid('retire belongs to a delta: what a full import does not say is retired');
  if ('uri' in line.retire) return { kind: 'retire', subject: line.retire.uri };
  const { subject, edge } = directed(line.retire);
  return { kind: 'end', subject, edge };
}

function kindOf(given: unknown): keyof typeof kinds | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  return (['entity', 'edge', 'retire'] as const).find((kind) => Object.hasOwn(given, kind));
}

type Given<K extends keyof typeof kinds> = z.output<(typeof kinds)[K]>;

function entityLine({ uri: subject, attributes: given, ...rest }: Given<'entity'>['entity']): ImportLine {
  const { type } = parseEntityRef(subject);
  const expected = entityTypeDefinitions[type].attributes.safeParse(given ?? {});
  if (!expected.success) throw invalid(`/entity/attributes${reasonOf(expected.error)}`);
  // What the type does not name is kept as it comes.
  return { kind: 'entity', subject, description: { ...rest, attributes: (given ?? {}) as Attributes } };
}

function edgeLine({ evidence, confidence, ...ends }: Given<'edge'>['edge']): ImportLine {
  const { subject, edge } = directed(ends);
  if (subject === edge.to && edge.type === 'aliasOf') throw invalid('/edge: an entity is no other name of itself');
  return {
    kind: 'edge',
    subject,
    edge: { ...edge, ...(evidence !== undefined && { evidence }), ...(confidence !== undefined && { confidence }) },
  };
}

/** From dependant to dependency: what a pipeline `produces` is producedBy it. */
function directed({ from, to, type }: { readonly from: string; readonly to: string; readonly type: string }) {
  if (type === 'produces') return { subject: to, edge: { type: 'producedBy' as const, to: from } };
  return { subject: from, edge: { type: type as StatedEdge['type'], to } };
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  const pointer = (issue?.path ?? []).map((part) => `/${String(part)}`).join('');
  return `${pointer}: ${issue?.message ?? 'not as expected'}`.slice(0, 300);
}

function invalid(reason: string): RunwayError {
  return new RunwayError('MalformedRecord', 'invalid-line', reason);
}
