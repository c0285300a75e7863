import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { bootCloud, type Cloud } from '../../local/cloud.ts';
import { publishPortal } from '../../local/publish-portal.ts';
import { createRunwayClient, type RunwayClient, unwrap } from '../../sdk/client.ts';
import { createCascades } from './demo/cascades.ts';
import { closing } from './demo/closing.ts';
import { createCohorts } from './demo/cohorts.ts';
import type { Entry } from './demo/entries.ts';
import { type DemoOptions, parseOptions, usage } from './demo/options.ts';
import { watchMemory } from './demo/peak-memory.ts';
import { createProgress, type Progress } from './demo/progress.ts';
import { projectDirectory, runNode, synthesize } from './demo/synthesize.ts';
import { createTimeline } from './demo/timeline.ts';
import { startWorker, type Worker } from './demo/worker.ts';
import { instantOf, minuteOf } from './flights.ts';
import { minutesPerDay } from './local-clock.ts';
import { prepareFlights } from './prepare-data.ts';
import { type InitialVersions, registerModels, trainInitialVersions } from './register-models.ts';
import { createArtifacts } from './runway/artifacts.ts';
import { nothingServed, type ServingCommand, type ServingReport } from './serving-protocol.ts';
import { models, team, writer } from './settings.ts';

type Stage = { readonly cloud: Cloud; readonly client: RunwayClient; readonly token: string };

/** Before the end of a stretch: the stream gathers records for a second before it hands them on. */
const sendMinutes = 0.5;
/** Columns of date, model and verb. */
const indent = 43;
const print = (line: string) => void process.stdout.write(`${line}\n`);
/** Last started, first stopped. */
const stoppers: (() => Promise<void>)[] = [];
const leaving = new AbortController();

const options = readOptions();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => void leave(signal === 'SIGINT' ? 130 : 143));
try {
  const status = await run(options);
  if (options.exit) await leave(status);
} catch (error) {
  // What was under way when it was told to stop cannot end well, and need not.
  if (leaving.signal.aborted) await new Promise(() => {});
  console.error(error);
  await leave(1);
}

function readOptions(): DemoOptions {
  try {
    const parsed = parseOptions(process.argv.slice(2));
    if (parsed !== 'help') return parsed;
    print(usage);
    process.exit(0);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    process.exit(2);
  }
}

async function leave(status: number): Promise<never> {
  // Whoever asks twice does not want to wait for the work under way.
  if (leaving.signal.aborted) process.exit(status);
  leaving.abort();
  for (const stop of stoppers.splice(0).toReversed()) await stop().catch((error: unknown) => console.error(error));
  process.exit(status);
}

async function run(options: DemoOptions): Promise<number> {
  const started = performance.now();
  const memory = watchMemory();
  const dataDir = path.resolve(projectDirectory, options.dataDir);
  const stage = await openStage(options, dataDir);
  const progress = createProgress();
  // Nobody waits for it: the days are replayed meanwhile, and can be watched in it.
  const portal = publishPortal(stage.cloud, projectDirectory, leaving.signal).then(
    () => progress.print(`  Watch it in the portal: ${stage.cloud.cdnUrl}`),
    (error: Error) => progress.print(`  ${error.message}`),
  );
  const { sent, cascades } = await replay(options, stage, await startServing(options, stage, dataDir), progress);
  progress.end();
  await portal;
  const end = await closing(stage.client, { from: options.from, to: options.to, sent });
  for (const line of [...end.lines, ...cascades]) print(line);
  const seconds = Math.round((performance.now() - started) / 1_000);
  const megabytes = Math.round(memory.stop() / 1_048_576).toLocaleString('en-US');
  print(`\nThe replay took ${seconds} s and at most ${megabytes} MB of memory, all processes together.`);
  if (!options.exit) for (const line of howToLookFurther(stage)) print(line);
  return end.isLoopClosed ? 0 : 1;
}

/** Template and first versions are made side by side; then the cloud boots, the models are registered, the trainer starts. */
async function openStage(options: DemoOptions, dataDir: string): Promise<Stage> {
  const assembly = path.join(dataDir, 'cdk.out');
  const cloudDir = path.join(dataDir, 'cloud');
  rmSync(cloudDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  print(styleText('bold', 'Runway replays the flights of early 2001 on the template that deploys it.'));
  const [versions] = await Promise.all([
    prepareVersions(options, dataDir),
    synthesize(assembly, options, leaving.signal),
  ]);
  const log = (line: string) => appendFileSync(path.join(dataDir, 'cloud.log'), `${line}\n`);
  const clock = { mode: 'virtual', start: options.from } as const;
  const cloud = await bootCloud({ assembly, dataDir: cloudDir, port: options.port, clock, log });
  stoppers.push(() => cloud.stop());
  Object.assign(process.env, cloud.sdkEnvironment());
  const token = await cloud.token({ sub: 'ada', groups: [`editor:${team}`, 'viewer'] });
  const client = createRunwayClient({ baseUrl: cloud.apiUrl, token: () => token });
  const artifacts = createArtifacts(outputOf(cloud, 'ArtifactBucketName'));
  await registerModels({ client, artifacts }, versions, options);
  await cloud.pump();
  await startTrainer(options, cloud, dataDir);
  return { cloud, client, token };
}

async function prepareVersions(options: DemoOptions, dataDir: string): Promise<InitialVersions> {
  // In a process of its own, because it keeps a core busy for seconds.
  await runNode(['examples/flights/prepare-data.ts', dataDir, options.dates], leaving.signal);
  const { flights, notes } = await prepareFlights(dataDir, options.dates);
  for (const note of notes) print(`  ${note}`);
  return trainInitialVersions(flights, minuteOf(options.from));
}

async function startTrainer(options: DemoOptions, cloud: Cloud, dataDir: string): Promise<void> {
  const queueUrl = outputOf(cloud, 'TrainingRequestQueueUrl');
  const trainer = await startWorker<never, string>('trainer.ts', {
    ...(await workerEnvironment(options, cloud, dataDir, { sub: 'trainer', groups: [`trainer:${team}`, 'viewer'] })),
    RUNWAY_TRAINING_REQUEST_QUEUE_URL: queueUrl,
    FLIGHTS_TRAINER_FAULT: options.fault,
  });
  stoppers.push(trainer.stop);
  const queue = new SQSClient({});
  // A message leaves the queue for good when its training has been reported: then the trainer has nothing to do.
  cloud.addIdleProbe(async () => {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes = {} } = await queue.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.every((name) => Attributes[name] === '0');
  });
}

async function startServing(options: DemoOptions, { cloud, client }: Stage, dataDir: string) {
  const { key } = await unwrap(client.POST('/v1/writers', { body: { writer, scopes: ['predictions', 'outcomes'] } }));
  const serving = await startWorker<ServingCommand, ServingReport>('serving.ts', {
    ...(await workerEnvironment(options, cloud, dataDir, { sub: 'serving', groups: ['viewer'] })),
    RUNWAY_EVENT_STREAM: outputOf(cloud, 'EventStreamName'),
    RUNWAY_WRITER_KEY: key,
    FLIGHTS_SAMPLE: String(options.sample),
  });
  stoppers.push(serving.stop);
  return serving;
}

async function workerEnvironment(
  options: DemoOptions,
  cloud: Cloud,
  dataDir: string,
  claims: { readonly sub: string; readonly groups: readonly string[] },
): Promise<Record<string, string>> {
  return {
    RUNWAY_API_URL: cloud.apiUrl,
    RUNWAY_CDN_URL: cloud.cdnUrl,
    RUNWAY_TOKEN: await cloud.token(claims),
    RUNWAY_ARTIFACT_BUCKET: outputOf(cloud, 'ArtifactBucketName'),
    FLIGHTS_DATA_DIR: dataDir,
    FLIGHTS_DATES: options.dates,
  };
}

/**
 * Stretch by stretch: serving scores by the routing tables of its beginning, the clock moves almost to its end, the
 * records are sent, and what falls due at the end (an evaluation) sees them.
 */
async function replay(
  options: DemoOptions,
  { cloud, client }: Stage,
  serving: Worker<ServingCommand, ServingReport>,
  progress: Progress,
): Promise<{ readonly sent: ServingReport; readonly cascades: readonly string[] }> {
  const [start, end] = [minuteOf(options.from), minuteOf(options.to)];
  const step = options.evaluationHours * 60;
  const timeline = createTimeline(client, models);
  const [cohorts, cascades] = [createCohorts(client, models[0], options.from), createCascades(client, models[0])];
  const sent = { ...nothingServed };
  const tellNews = async () => {
    for (const news of [timeline, cascades]) for (const entry of await news.read(cloud.now())) tell(progress, entry);
  };
  for (let from = start; from < end; from += step) {
    const to = from + step;
    // Neither moves the clock, so the news of the day before are told while serving works.
    const [report] = await Promise.all([
      serving.ask({ type: 'serve', from, to }),
      from % minutesPerDay === 0 ? tellNews() : undefined,
    ]);
    await cloud.advanceTo(new Date((to - sendMinutes) * 60_000).toISOString());
    await serving.ask({ type: 'send' });
    await cloud.advanceTo(instantOf(to));
    for (const entry of await cohorts.read(cloud.now())) tell(progress, entry);
    sent.predictions += report.predictions;
    sent.outcomes += report.outcomes;
    sent.late += report.late;
    progress.show((to - start) / (end - start), cloud.now(), sent.predictions + sent.outcomes);
  }
  await tellNews();
  for (const entry of await timeline.unfinishedComparisons(cloud.now())) tell(progress, entry);
  return { sent, cascades: await cascades.summary() };
}

function tell(progress: Progress, { at, model, verb, text, below = [] }: Entry): void {
  const when = `${at.slice(0, 10)} ${at.slice(11, 16)}`;
  progress.print(`${when}  ${model.padEnd(10)}  ${styleText('bold', verb.padEnd(11))}  ${text}`);
  for (const line of below.flatMap(wrap)) progress.print(`${' '.repeat(indent)}${line}`);
}

/** Breaks between words, so that evidence stays beside its finding. */
function wrap(text: string): readonly string[] {
  const width = Math.max(40, (process.stdout.columns ?? 140) - indent);
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function outputOf({ outputs }: Cloud, name: string): string {
  if (outputs[name] === undefined) throw new Error(`the stacks have no output ${name}`);
  return outputs[name];
}

function howToLookFurther({ cloud, token }: Stage): readonly string[] {
  const get = (route: string) => `  curl -s -H "authorization: Bearer $TOKEN" '${cloud.apiUrl}${route}'`;
  return [
    `\nIt stays up until Ctrl-C. Look around in the portal: ${cloud.cdnUrl}/models/late-live`,
    'Or ask the API:',
    `  TOKEN=${token}`,
    get('/v1/models'),
    get('/v1/models/late-live/health'),
    get('/v1/models/late-live/history?limit=100'),
    get('/v1/models/late-basic/retrains'),
    get('/v1/models/late-basic/rollouts'),
    get('/v1/models/late-basic/performance?from=2001-04-01T00:00:00Z&to=2001-06-01T00:00:00Z&bucket=1d'),
    `  curl -s '${cloud.cdnUrl}/routing/late-live.json'`,
  ];
}
