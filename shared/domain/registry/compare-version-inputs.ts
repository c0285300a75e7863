import type { ModelVersion } from './model.ts';
import type { Feature } from './schemas.ts';

type Changes<T> = {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly from: T; readonly to: T }[];
};

export type VersionInputs = {
  /** By name; a feature of another type or obligation has changed. */
  readonly features: Changes<string>;
  /** By name of the dataset; one of which another version was read has changed. */
  readonly datasets: Changes<string>;
};

type Inputs = Pick<ModelVersion, 'features' | 'datasetVersions'>;

/** What the second version reads otherwise than the first. */
export function compareVersionInputs(first: Inputs, second: Inputs): VersionInputs {
  const features = ({ features: list }: Inputs) => new Map(list.map((each) => [each.name, shapeOf(each)]));
  const datasets = ({ datasetVersions: list }: Inputs) => new Map(list.map((each) => [each.dataset, each.version]));
  return {
    features: compare(features(first), features(second)),
    datasets: compare(datasets(first), datasets(second)),
  };
}

function shapeOf({ type, required }: Feature): string {
  return required ? type : `${type}, optional`;
}

function compare(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Changes<string> {
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).toSorted(),
    removed: [...before.keys()].filter((name) => !after.has(name)).toSorted(),
    changed: [...before].flatMap(([name, from]) => {
      const to = after.get(name);
      return to === undefined || to === from ? [] : [{ name, from, to }];
    }),
  };
}
