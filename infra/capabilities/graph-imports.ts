import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { workflows } from '../../shared/names.ts';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';
import { Workflow } from '../parts/workflow.ts';

const progress = ['dynamodb:GetItem', 'dynamodb:PutItem'];

/** How what others know comes into the graph in bulk. */
export class GraphImports extends Capability {
  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    const { state } = this.shared;
    const workflow = this.workflow();
    const keeper = (path: string, actions: readonly string[], options = {}) =>
      this.function(path, options).bindTable('GRAPH_TABLE', state.graphTable, actions);
    keeper('graph/open-import', progress);
    this.putsParts(keeper('graph/put-import-part', progress, unpacking));
    this.starts(keeper('graph/commit-import', [...progress, 'dynamodb:Query']), workflow);
    keeper('graph/get-import', ['dynamodb:GetItem']);
    this.putsParts(this.starts(keeper('graph/import-graph', [...progress, 'dynamodb:Query'], unpacking), workflow));
  }

  private workflow(): Workflow {
    const { state, settings, alarms } = this.shared;
    // Holds one part, or what is said of one group of subjects.
    const step = this.function('graph/import-step', { timeout: Duration.minutes(5), memory: 1_769 })
      .bindTable('GRAPH_TABLE', state.graphTable, [...progress, 'dynamodb:BatchGetItem', 'dynamodb:Query'])
      .bindBucket('GRAPH_BUCKET', state.graphBucket, ['s3:GetObject', 's3:PutObject'], 'imports/*');
    return new Workflow(this, 'GraphImport', {
      file: workflows.importGraph,
      functions: { importStep: step },
      logRetentionDays: settings.logRetentionDays,
      alarms,
      // What was there still answers, and whoever imports is told.
      severity: 'ticket',
    });
  }

  private putsParts(target: RuntimeFunction): RuntimeFunction {
    return target.bindBucket('GRAPH_BUCKET', this.shared.state.graphBucket, ['s3:PutObject'], 'imports/*');
  }

  private starts(target: RuntimeFunction, { aliasArn }: Workflow): RuntimeFunction {
    return target.allow(['states:StartExecution'], [aliasArn]).set('IMPORT_WORKFLOW_ARN', aliasArn);
  }
}

/** A body may unpack to many times its size. */
const unpacking = { timeout: Duration.seconds(29), memory: 1_024 };
