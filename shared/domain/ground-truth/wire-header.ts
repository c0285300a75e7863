const writerPattern = /^[a-z][a-z0-9-]{0,62}\/[A-Za-z0-9._-]{1,64}$/;
const signaturePattern = /^[A-Za-z0-9+/]{43}=$/;

const isText = (value: unknown): value is string => typeof value === 'string';
const isWhole = (value: unknown, least: number, most: number) =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

type Check = { readonly expected: string; readonly holds: (value: unknown) => boolean };

const linesChecks = {
  format: { expected: 'runway/1 or runway/2', holds: (value) => value === 'runway/1' },
  writer: { expected: '<team>/<name>', holds: (value) => isText(value) && writerPattern.test(value) },
  modelId: {
    expected: '1 to 63 characters',
    holds: (value) => isText(value) && value.length >= 1 && value.length <= 63,
  },
  bucket: { expected: 'a whole number from 0 to 1,023', holds: (value) => isWhole(value, 0, 1_023) },
  encoding: { expected: 'identity or gzip', holds: (value) => value === 'identity' || value === 'gzip' },
  count: { expected: 'a whole number from 1 to 100,000', holds: (value) => isWhole(value, 1, 100_000) },
  signature: { expected: '32 bytes in base64', holds: (value) => isText(value) && signaturePattern.test(value) },
} satisfies Readonly<Record<string, Check>>;

const columnsChecks = {
  ...linesChecks,
  format: { expected: 'runway/1 or runway/2', holds: (value) => value === 'runway/2' },
  encoding: {
    expected: 'identity, gzip or zstd',
    holds: (value) => value === 'identity' || value === 'gzip' || value === 'zstd',
  },
  keyId: { expected: 'a whole number from 1 to 1,000,000', holds: (value) => isWhole(value, 1, 1_000_000) },
} satisfies Readonly<Record<string, Check>>;

/** What is wrong with a parsed header; undefined if nothing. */
export function headerProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'the header is not a JSON object';
  const fields = new Map<string, unknown>(Object.entries(value));
  const checks: Readonly<Record<string, Check>> = fields.get('format') === 'runway/2' ? columnsChecks : linesChecks;
  for (const [name, { expected, holds }] of Object.entries(checks))
    if (!holds(fields.get(name))) return `${name}: expected ${expected}, got ${shown(fields.get(name))}`;
  const unknown = [...fields.keys()].find((name) => !Object.hasOwn(checks, name));
  return unknown === undefined ? undefined : `no such field: ${JSON.stringify(unknown.slice(0, 40))}`;
}

function shown(value: unknown): string {
  if (isText(value)) return JSON.stringify(value.slice(0, 40));
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
