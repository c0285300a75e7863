/**
 * Functions that Trino and DuckDB both have, with the same meaning for what we pass; reviewed against the function
 * references of Trino 476 and DuckDB 1.5. `json_format` is Trino's, and a macro of `local/athena/trino-macros.ts`.
 */
const functions = new Set(
  [
    // Aggregates and window functions.
    'count sum min max array_agg histogram row_number',
    'abs floor ln log2 power least greatest',
    // Of `date_diff` only milliseconds: DuckDB counts boundaries of longer units, Trino whole ones.
    'date_trunc date_diff extract',
    'concat coalesce replace regexp_extract_all json_format cast',
  ].flatMap((names) => names.split(' ')),
);

/** Words that stand before a bracket and are no function. */
const words = new Set(
  'AND AS BY CASE FILTER FROM IN JOIN NOT ON OR OVER SELECT THEN UNLOAD UNNEST VALUES WHEN WHERE WITH PARTITION TYPES'
    .split(' ')
    .map((word) => word.toLowerCase()),
);

const constructs: readonly (readonly [RegExp, string])[] = [
  [/::/, 'a cast by ::, which only DuckDB knows; CAST(… AS …) is both'],
  [/\[|\]/, 'a list in brackets, which Trino writes ARRAY[…]'],
  [/\/\//, 'whole division by //, which only DuckDB knows'],
  [/\bQUALIFY\b|\bEXCLUDE\b|\bGROUP BY ALL\b|\bASOF\b|\bPIVOT\b|\bSEMI\b|\bANTI\b|\bILIKE\b/i, 'a word of DuckDB only'],
  [
    /\bTRY\b|\bTRY_CAST\b|\bMATCH_RECOGNIZE\b|\bTABLESAMPLE\b|\bROW\s*\(/i,
    'a word whose meaning differs or is Trino’s only',
  ],
  [/`/, 'a backtick, which belongs into DDL'],
  [/(?<![\w.])\d+\.\d+(?!e)/i, 'a decimal; with an exponent it is a double in both'],
  [
    /\b(?:INTEGER|BIGINT)\s*\/|(?<![\w.])\d+\s*\/\s*\d+(?![e\d])/i,
    'division of whole numbers, which truncates in Trino only',
  ],
  [/;/, 'more than one statement'],
  [/--|\/\*/, 'a comment'],
  [/"(?!date")\w+"/, 'a quoted name other than "date"'],
  [/\bDATETIME\b|\bTEXT\b|\bSTRING\b|\bFLOAT\b|\bUBIGINT\b|\bHUGEINT\b/i, 'a type that Trino does not have'],
];

/** What of a query is not both Trino's and DuckDB's, or has not been reviewed. */
export function unportable(sql: string): readonly string[] {
  const code = sql.replace(/'(?:[^']|'')*'/g, "''");
  const called = [...code.matchAll(/\b([a-z_][\w]*)\s*\(/gi)].map((match) => match[1]!.toLowerCase());
  // `name (columns)` after WITH, a comma, AS or CROSS JOIN UNNEST names columns.
  const named = new Set(
    [...code.matchAll(/(?:WITH|,|AS)\s+(\w+)\s*\([\w, ]+\)\s*(?:AS|\n|WHERE|$)/gi)].map((match) =>
      match[1]!.toLowerCase(),
    ),
  );
  const unknown = called.filter((name) => !functions.has(name) && !words.has(name) && !named.has(name));
  return [
    ...[...new Set(unknown)].map((name) => `function ${name} is not reviewed`),
    ...constructs.flatMap(([pattern, what]) => (pattern.test(code) ? [what] : [])),
  ];
}
