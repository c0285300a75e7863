import { readFile } from 'node:fs/promises';
import { RunwayError } from '../../shared/domain/errors.ts';
import { shapeProblems } from '../../shared/domain/ground-truth/field-problem.ts';
import { type Policy, policySchema } from '../../shared/domain/registry/policy.ts';
import { unusable } from '../fault.ts';

/**
 * `base` with what a JSON file says otherwise: objects are merged, anything else takes the place of what was there.
 * Throws `ArtifactUnusable` for a file that is no JSON object and for a field that no policy has.
 */
export async function readPolicy(path: string, base: Policy): Promise<Policy> {
  const changes = await readJson(path);
  if (!isObject(changes)) throw unusable(path, 'expected a JSON object, a policy or a part of one');
  const parsed = policySchema.safeParse(merged(base, changes), { reportInput: true });
  if (parsed.success) return parsed.data;
  const faults = shapeProblems(parsed.error).map(({ field, reason }) => `${field}: ${reason}`);
  throw unusable(path, faults.join('; '));
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new RunwayError('ArtifactUnusable', 'no-file', `${path}: cannot be opened (${error.code ?? error.message})`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unusable(path, `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function merged(base: unknown, changes: unknown): unknown {
  if (!isObject(base) || !isObject(changes)) return changes;
  const entries = Object.entries(changes).map(([name, value]) => [name, merged(base[name], value)]);
  return { ...base, ...Object.fromEntries(entries) };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
