import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';

export const graphql: Readonly<Record<string, Behavior>> = {
  'POST /graphql': {
    name: 'one query tells who owns a model and what it reads, and finds it by its name',
    async run({ register, succeed, cloud, modelId }) {
      await register();
      await cloud.pump();
      const query = 'query ($id: ID!) { model(id: $id) { name owners { name } features { totalCount } } }';
      const variables = { id: `aip://model/registry/${modelId}` };
      const answer = await succeed('POST', '/graphql', { query, variables });
      const { model } = Object(answer.data);
      const found = await succeed('POST', '/graphql', {
        query: 'query ($q: String!) { search(q: $q, type: [model], first: 1) { totalCount edges { node { id } } } }',
        variables: { q: modelId },
      });
      fact(
        Object(found.data).search?.edges[0]?.node.id === variables.id,
        () => `search answers ${JSON.stringify(found)}`,
      );
      fact(
        model?.name === modelId && model.owners[0]?.name === 'flights' && model.features.totalCount > 0,
        () => `the answer is ${JSON.stringify(answer)}`,
      );
    },
  },
};
