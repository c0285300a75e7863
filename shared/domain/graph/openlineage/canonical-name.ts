import type { NodeName } from './node-key.ts';

/** Other spellings of a scheme; the first of the OpenLineage naming conventions is the one that is kept. */
const schemes: ReadonlyMap<string, string> = new Map([
  ['postgresql', 'postgres'],
  ['s3a', 's3'],
  ['s3n', 's3'],
  ['sqlserver', 'mssql'],
]);

/** Of systems whose namespace is `<scheme>://<host>:<port>`: the port that is meant when none is written. */
const defaultPorts: ReadonlyMap<string, number> = new Map([
  ['postgres', 5432],
  ['mysql', 3306],
  ['mssql', 1433],
  ['oracle', 1521],
  ['redshift', 5439],
  ['kafka', 9092],
  ['cassandra', 9042],
  ['hive', 10_000],
  ['trino', 8080],
]);

/** An object's name is a key, which begins with no slash; elsewhere a path does. */
const objectStores: ReadonlySet<string> = new Set(['s3', 'gs', 'abfss', 'abfs', 'wasbs', 'wasb']);
/** What stands before the @ is a container, not a person. */
const containerStores: ReadonlySet<string> = new Set(['abfss', 'abfs', 'wasbs', 'wasb']);

/**
 * One spelling of what the OpenLineage naming conventions (https://openlineage.io/docs/spec/naming) let producers write
 * in several: scheme and host in small letters, the default port written out, no credentials, no slash at the end, no
 * slash before an object's key. What has no scheme is left as it is.
 */
export function canonicalDataset({ namespace, name }: NodeName): NodeName {
  const canonical = canonicalNamespace(namespace);
  const scheme = schemeOf(canonical);
  const key = scheme !== undefined && objectStores.has(scheme) ? name.trim().replace(/^\/+(?=.)/, '') : name.trim();
  return { namespace: canonical, name: withoutEnd(key) || name };
}

/** A job's name is the scheduler's own; only the namespace has spellings. */
export function canonicalJob({ namespace, name }: NodeName): NodeName {
  return { namespace: canonicalNamespace(namespace), name };
}

export function canonicalNamespace(namespace: string): string {
  const trimmed = namespace.trim();
  const match = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?#]*)(.*)$/s.exec(trimmed);
  if (match === null) return trimmed === '' ? namespace : trimmed;
  const [, written = '', authority = '', path = ''] = match;
  const scheme = schemes.get(written.toLowerCase()) ?? written.toLowerCase();
  return `${scheme}://${canonicalAuthority(scheme, authority)}${withoutEnd(path, '')}`;
}

function canonicalAuthority(scheme: string, authority: string): string {
  if (containerStores.has(scheme)) return authority.toLowerCase();
  // Kafka and Cassandra name several brokers.
  const hosts = authority
    .slice(authority.lastIndexOf('@') + 1)
    .toLowerCase()
    .split(',');
  const port = defaultPorts.get(scheme);
  const withPort = (host: string) =>
    port === undefined || host === '' || /:\d+$/.test(host) ? host : `${host}:${port}`;
  return hosts.map((host) => withPort(host.trim())).join(',');
}

function schemeOf(namespace: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):\/\//.exec(namespace)?.[1];
}

// Without a backtracking expression, which a long run of slashes would keep busy.
function withoutEnd(path: string, atLeast = '/'): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return end === 0 && path.length > 0 ? atLeast : path.slice(0, end);
}
