import { maximumParts } from '../domain/graph/import/graph-import.ts';
import { importModes } from '../domain/graph/import/import-line.ts';
import { providerIdPattern } from '../domain/graph/provider-contribution.ts';
import { instantSchema } from '../domain/time.ts';
import * as z from '../domain/zod.ts';
import { operation } from '../runtime/operation.ts';

/** Lambda takes 6 MB, and a body that is no text comes in base64. */
const maxBodyBytes = 4_400_000;
/** Of one part; it is unpacked in memory. */
export const maxUnpackedBytes = 32_000_000;
const rawBody = 'application/x-ndjson';

const provider = z.string().regex(providerIdPattern).meta({ description: 'whose mutation it is' });
const mode = z.enum(importModes).meta({
  description: 'full: what the provider does not say it no longer has; delta: what has changed',
});
const params = z.strictObject({ importId: z.string().regex(/^[a-z][a-z0-9-]{0,62}-i[1-9]\d{0,8}$/) });
const count = z.number().int();

const report = z
  .object({
    importId: z.string(),
    provider: z.string(),
    mode,
    status: z.enum(['open', 'splitting', 'listing', 'writing', 'succeeded', 'failed']),
    startedBy: z.string(),
    startedAt: instantSchema,
    updatedAt: instantSchema,
    committedAt: instantSchema.optional().meta({ description: 'from then on what it says holds' }),
    endedAt: instantSchema.optional(),
    attempt: count,
    parts: count,
    groups: count.meta({ description: 'sets of subjects, written one after the other' }),
    done: count.meta({ description: 'parts, pages or groups of the present status' }),
    lines: count.meta({ description: 'that were not empty' }),
    entities: count,
    edges: count,
    rejected: count,
    errors: z
      .array(z.object({ part: count.optional(), line: count.optional(), reason: z.string() }))
      .meta({ description: 'the first hundred; part and line from 1' }),
    ends: z.enum(['applied', 'withheld', 'none']).meta({
      description: 'whether what was not said has ended; withheld while lines of a full import were rejected',
    }),
    changed: count.meta({ description: 'subjects of which something else is said now' }),
    same: count,
    retired: count,
  })
  .meta({ id: 'GraphImport' });

export const importGraph = operation({
  id: 'importGraph',
  summary: "Import entities and edges as one provider's mutation, of lines that fit one request.",
  query: z.strictObject({ provider, mode }),
  rawBody,
  maxBodyBytes,
  response: report,
  status: 202,
  errors: ['reserved-provider', 'import-running', 'payload-too-large', 'malformed-gzip', 'empty-body'],
});

export const openGraphImport = operation({
  id: 'openGraphImport',
  summary: 'Open an import that takes its lines in parts.',
  body: z.strictObject({ provider, mode }),
  response: report,
  status: 201,
  errors: ['reserved-provider'],
});

export const putGraphImportPart = operation({
  id: 'putGraphImportPart',
  summary: 'Put a part of an import, whole lines; the same number again takes the place of the part before.',
  params: params.extend({ part: z.coerce.number().int().min(1).max(maximumParts) }),
  rawBody,
  maxBodyBytes,
  response: report,
  errors: ['unknown-import', 'illegal-transition', 'payload-too-large', 'malformed-gzip', 'empty-body'],
});

export const commitGraphImport = operation({
  id: 'commitGraphImport',
  summary: 'Begin an import whose parts are all there; one that failed goes on where it stopped.',
  params,
  body: z.strictObject({ parts: z.number().int().min(1).max(maximumParts) }),
  response: report,
  status: 202,
  errors: ['unknown-import', 'missing-parts', 'import-running', 'payload-too-large'],
});

export const getGraphImport = operation({
  id: 'getGraphImport',
  summary: 'How far an import has come, and which lines it could not read.',
  params,
  response: report,
  errors: ['unknown-import'],
});
