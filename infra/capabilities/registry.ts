import { Duration } from 'aws-cdk-lib';
import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { Capability, type CapabilityProps } from '../parts/capability.ts';
import { failureQueue, failuresTo } from '../parts/queue.ts';
import type { RuntimeFunction } from '../parts/runtime-function.ts';

/** Which models exist, which version serves, who owns it, under which policies, how did it get here. */
export class Registry extends Capability {
  readonly deployVersion: RuntimeFunction;
  readonly registerVersion: RuntimeFunction;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id, props);
    this.reader('registry/list-models', { reads: ['lists'] });
    this.reader('registry/list-versions', { reads: ['heads', 'lists'] });
    for (const path of ['registry/get-model', 'registry/get-history', 'registry/compare-policies'])
      this.reader(path, { reads: ['heads', 'commits'] });
    for (const path of ['registry/register-model', 'registry/change-lifecycle']) this.writer(path);
    // A PUT repeats by nature and remembers no key.
    for (const path of ['registry/change-policy', 'registry/declare-consumers', 'registry/set-policy-defaults'])
      this.worker(path);
    this.reader('registry/get-policy-defaults');
    this.reader('registry/get-version').bindTable('HEALTH_TABLE', props.state.healthTable, ['dynamodb:GetItem']);
    this.function('registry/get-openapi');
    this.function('registry/answer-unknown-route');
    this.writers();

    // Reads a reference window and bins it, unless it is large.
    this.registerVersion = this.writer('registry/register-version', { timeout: Duration.seconds(29), memory: 1_024 });
    this.readsArtifacts(this.registerVersion).bindTable('HEALTH_TABLE', props.state.healthTable, [
      'dynamodb:GetItem',
      'dynamodb:PutItem',
    ]);
    this.deployVersion = this.writer('registry/deploy-version', { timeout: Duration.seconds(29), reads: ['commits'] });
    this.publishesRouting(this.readsArtifacts(this.deployVersion));
    this.relay();
  }

  /** They answer keys, so they remember no answers. */
  private writers(): void {
    this.reader('registry/list-writers', { reads: ['lists'] });
    this.reader('registry/get-writer');
    for (const path of ['registry/issue-writer-key', 'registry/rotate-writer-key'])
      this.readsWriterKeys(this.worker(path));
    this.worker('registry/revoke-writer');
  }

  private relay(): void {
    const { state, bus, alarms } = this.shared;
    const relay = this.function('registry/relay-events', { timeout: Duration.seconds(30) });
    relay.allow(['events:PutEvents'], [bus.eventBusArn]).set('EVENT_BUS', bus.eventBusName);
    relay.lambda.addEventSource(
      new DynamoEventSource(state.eventsTable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        bisectBatchOnError: true,
        // The stream keeps a day; a relay that fails for longer loses hints, which every projection survives.
        retryAttempts: 100,
        maxRecordAge: Duration.hours(23),
        reportBatchItemFailures: true,
        onFailure: failuresTo(failureQueue(this, 'RelayFailures', alarms)),
      }),
    );
    alarms.addLag('RelayLag', relay.lambda, Duration.minutes(10));
  }
}
