import type { Running } from './boot.ts';

type Named = { readonly name: string };
type Connection<T> = { readonly edges: readonly { readonly node: T }[] };
type Asked = {
  readonly model: {
    readonly associatedAbTests: readonly (Named & {
      readonly status: string;
      readonly cells: readonly (Named & { readonly number: number })[];
      readonly models: Connection<Named>;
    })[];
  };
  readonly modelVersion: {
    readonly pipelineRun: (Named & { readonly status: string }) | null;
    readonly evaluations: Connection<{
      readonly metric: string;
      readonly value: number | null;
      readonly status: string;
    }>;
  };
};

const query = `query ($model: ID!, $version: ID!, $asOf: DateTime) {
  model(id: $model, asOf: $asOf) {
    associatedAbTests { name status cells { name number } models { edges { node { name } } } }
  }
  modelVersion(id: $version, asOf: $asOf) {
    pipelineRun { name status }
    evaluations { edges { node { metric value status } } }
  }
}`;

/** What the graph tells of a model and of its second version. */
export async function graphOf({ customer }: Running, name: string, asOf?: string): Promise<Asked> {
  const [model, version] = [`aip://model/registry/${name}`, `aip://model-version/registry/${name}/2`];
  const answer = await customer.succeed('POST', '/graphql', { query, variables: { model, version, asOf } });
  return (answer as { readonly data: Asked }).data;
}
