import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';

type Body = Record<string, unknown>;

const equal = (actual: unknown, expected: unknown, what: string) =>
  fact(actual === expected, () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
const entity = (uri: string) => `/v1/entities/${encodeURIComponent(uri)}`;
const modelUri = (modelId: string) => `aip://model/registry/${modelId}`;

export const enrichment: Readonly<Record<string, Behavior>> = {
  'schedule graph/enrich': {
    name: 'inference looks at a new model within minutes and says when it did',
    async run({ register, succeed, cloud, advance, modelId }) {
      await register();
      await cloud.pump();
      await advance(6);
      const shown = await succeed('GET', entity(modelUri(modelId)));
      equal((shown.entity as Body).state, 'enriched', 'the state');
    },
  },
};
