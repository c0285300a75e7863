import type { EntityUri } from '../entity-ref.ts';
import type { Statement } from '../provider-contribution.ts';

/** What follows from a state for the graph: all that is said of its subjects, and subjects that are no more. */
export type Stated = { readonly statements: readonly Statement[]; readonly retired: readonly EntityUri[] };
