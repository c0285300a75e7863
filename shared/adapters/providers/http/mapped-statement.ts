import { RunwayError } from '../../../domain/errors.ts';
import { isEdgeType } from '../../../domain/graph/edge-types.ts';
import { type EntityUri, parseEntityRef } from '../../../domain/graph/entity-ref.ts';
import type { Statement } from '../../../domain/graph/provider-contribution.ts';
import * as z from '../../../domain/zod.ts';

const text = z.string().max(2_000);
const attribute = z.union([text, z.number(), z.boolean(), z.array(text).max(500)]);
// JSONata gives the one element of a list of one.
const many = <T extends z.ZodType>(one: T, most: number) =>
  z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(one).max(most).default([]),
  );

const edgeSchema = z.strictObject({
  type: z.string().refine(isEdgeType, 'expected a type of edge'),
  to: z.string().refine(isUri, 'expected aip://<type>/<platform>/<id>'),
  evidence: text.optional(),
  confidence: z.number().min(0).max(1).optional(),
  provenance: z.enum(['declared', 'discovered']).optional(),
});

const mappedSchema = z.strictObject({
  name: text.optional(),
  description: z.string().max(20_000).optional(),
  tags: many(z.string().max(200), 200),
  attributes: z.record(z.string().regex(/^(?!__proto__$)[\w.-]{1,100}$/), z.union([attribute, z.null()])).default({}),
  edges: many(edgeSchema, 5_000),
});

/** What an expression gave, as a statement. Throws `MalformedRecord` when it is none. */
export function statementOf(subject: EntityUri, mapped: unknown): Statement {
  const parsed = mappedSchema.safeParse(mapped);
  if (!parsed.success)
    throw new RunwayError('MalformedRecord', 'mapping-failed', z.prettifyError(parsed.error).slice(0, 500));
  const { name, description, tags, attributes, edges } = parsed.data;
  const known = Object.entries(attributes).filter(
    (entry): entry is [string, z.output<typeof attribute>] => entry[1] !== null,
  );
  return {
    subject,
    description: {
      tags,
      attributes: Object.fromEntries(known),
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description }),
    },
    edges: edges.map(({ type, to, evidence, confidence, provenance }) => ({
      type,
      to,
      ...(evidence !== undefined && { evidence }),
      ...(confidence !== undefined && { confidence }),
      ...(provenance !== undefined && { provenance }),
    })),
  };
}

function isUri(text: string): boolean {
  try {
    parseEntityRef(text);
    return true;
  } catch {
    return false;
  }
}
