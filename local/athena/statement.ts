/** What of Athena's language is understood: queries, UNLOAD of one as Parquet, and partitions that are added or moved. */
export type Statement =
  | { readonly kind: 'select'; readonly query: string }
  | { readonly kind: 'unload'; readonly query: string; readonly to: string; readonly compression: string }
  | {
      readonly kind: 'add-partition' | 'move-partition';
      readonly table: string;
      readonly value: string;
      readonly location: string;
    };

const unload = /^UNLOAD\s*\((?<query>.*)\)\s*TO\s*'(?<to>s3:\/\/[^']+\/)'\s*WITH\s*\((?<options>[^()]*)\)\s*$/is;
const partition = "PARTITION\\s*\\(\\s*`?\\w+`?\\s*=\\s*'(?<value>[^']+)'\\s*\\)";
const location = "LOCATION\\s*'(?<location>s3:\\/\\/[^']+\\/)'\\s*$";
const added = new RegExp(
  `^ALTER\\s+TABLE\\s+(?<table>\\w+)\\s+ADD\\s+IF\\s+NOT\\s+EXISTS\\s+${partition}\\s*${location}`,
  'i',
);
const moved = new RegExp(`^ALTER\\s+TABLE\\s+(?<table>\\w+)\\s+${partition}\\s*SET\\s+${location}`, 'i');

/** Undefined for what is not emulated. */
export function parseStatement(text: string): Statement | undefined {
  const sql = text.trim();
  const unloaded = unload.exec(sql)?.groups;
  if (unloaded !== undefined) {
    const options = unloaded.options ?? '';
    if (!/\bformat\s*=\s*'PARQUET'/i.test(options)) return undefined;
    const compression = /\bcompression\s*=\s*'(\w+)'/i.exec(options)?.[1] ?? 'GZIP';
    return { kind: 'unload', query: unloaded.query!, to: unloaded.to!, compression };
  }
  for (const [kind, pattern] of [
    ['add-partition', added],
    ['move-partition', moved],
  ] as const) {
    const groups = pattern.exec(sql)?.groups;
    if (groups !== undefined) return { kind, table: groups.table!, value: groups.value!, location: groups.location! };
  }
  return /^(SELECT|WITH)\b/i.test(sql) ? { kind: 'select', query: sql } : undefined;
}

/** First and last of what the query compares the column with; undefined bounds nothing. */
export function boundsOf(query: string, name: string): { readonly first: string; readonly last: string } | undefined {
  const between = new RegExp(`\\b"?${name}"?\\s+BETWEEN\\s+'([^']+)'\\s+AND\\s+'([^']+)'`, 'gi');
  const equal = new RegExp(`"?\\b${name}\\b"?\\s*=\\s*'([^']+)'`, 'gi');
  const ranges = [
    ...[...query.matchAll(between)].map(([, first = '', last = '']) => [first, last]),
    ...[...query.matchAll(equal)].map(([, value = '']) => [value, value]),
  ];
  if (ranges.length === 0) return undefined;
  return {
    first: ranges.map(([first]) => first!).sort()[0]!,
    last: ranges
      .map(([, last]) => last!)
      .sort()
      .at(-1)!,
  };
}
