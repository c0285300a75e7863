/** What one request may ask for; docs/graphql.md tells users the same figures. */
export const queryLimits = {
  /** Of the request's body. */
  bodyBytes: 65_536,
  /** Characters of the query. */
  length: 10_000,
  /** What the parser reads before it gives up. */
  tokens: 2_000,
  /** Fields inside each other. The worked example in docs/graphql.md has 9, an introspection of everything 15. */
  depth: 16,
  /** Fragments spread counted, each time. */
  aliases: 30,
  /** Fields, times the page size of every connection around them. */
  complexity: 10_000,
  /** Entities of one page, and ids of one `nodes`. */
  pageSize: 100,
  defaultPageSize: 20,
  /** Edges from the root of a lineage or an impact. */
  walkDepth: 10,
  defaultWalkDepth: 5,
  /** Edges read for one answer. */
  claims: 250_000,
  milliseconds: 10_000,
  /** Lambda answers with 6 MB at most. */
  answerBytes: 5_000_000,
} as const;
