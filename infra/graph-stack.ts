import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Enrichment } from './capabilities/enrichment.ts';
import { Entities } from './capabilities/entities.ts';
import { Graph } from './capabilities/graph.ts';
import { GraphImports } from './capabilities/graph-imports.ts';
import { GraphQl } from './capabilities/graphql.ts';
import { OpenLineage } from './capabilities/open-lineage.ts';
import { Providers } from './capabilities/providers.ts';
import { Search } from './capabilities/search.ts';
import type { MonitoringStack } from './monitoring-stack.ts';
import type { RuntimeFunction } from './parts/runtime-function.ts';
import type { ServiceStack } from './service-stack.ts';
import type { Settings } from './settings.ts';
import type { StateStack } from './state-stack.ts';

export interface GraphStackProps {
  readonly settings: Settings;
  readonly state: StateStack;
  readonly monitoring: MonitoringStack;
  readonly service: ServiceStack;
}

const makersOfStatements = [
  'graph/apply-lineage',
  'graph/enrich',
  'graph/import-step',
  'graph/hydrate-entities',
  'graph/reconcile-providers',
  'graph/set-edge-override',
  'graph/withdraw-edge-override',
  'graph/decide-suggestion',
];

/** The lifecycle graph: who says what of which entity, what follows from it, and how it is found; can be recreated. */
export class GraphStack extends Stack {
  /** By path under `functions/`. */
  readonly functions: ReadonlyMap<string, RuntimeFunction>;

  constructor(scope: Construct, id: string, { service, ...props }: GraphStackProps) {
    super(scope, id, {
      description: 'Runway: the lifecycle graph, its providers, search and queries; can be recreated',
    });
    const { bus, routingBucket } = service;
    const shared = { ...props, bus, routingBucket, alarms: props.monitoring.alarms };
    const graph = new Graph(this, 'Graph', shared);
    const entities = new Entities(this, 'Entities', shared);
    const enrichment = new Enrichment(this, 'Enrichment', shared);
    const openLineage = new OpenLineage(this, 'OpenLineage', shared);
    const search = new Search(this, 'Search', shared);
    const graphQl = new GraphQl(this, 'GraphQl', shared);
    const imports = new GraphImports(this, 'GraphImports', shared);
    const providers = new Providers(this, 'Providers', shared);
    for (const { functions } of [openLineage, enrichment, imports, providers])
      for (const path of makersOfStatements.filter((each) => functions.has(each))) graph.hints(functions.get(path)!);
    providers.readsFor(enrichment.functions.get('graph/enrich')!);
    const capabilities = [graph, entities, enrichment, openLineage, search, graphQl, imports, providers];
    this.functions = new Map(capabilities.flatMap((capability) => [...capability.functions]));
  }
}
