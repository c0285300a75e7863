/**
 * Functions that Trino has and DuckDB lacks, in DuckDB's words. Everything else that our SQL calls, both have under the
 * same name.
 */
export const trinoMacros: readonly string[] = [
  'CREATE OR REPLACE MACRO json_format(document) AS CAST(document AS VARCHAR)',
];
