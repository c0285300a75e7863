import { createRunwayClient } from '../../sdk/client.ts';
import { createEncoder } from './models/encoder.ts';
import type { ModelName } from './models/flight-model.ts';
import { prepareFlights } from './prepare-data.ts';
import { createArtifacts } from './runway/artifacts.ts';
import { createEventSender, type ModelEvents } from './runway/event-sender.ts';
import { createRoutingReader } from './runway/routing-table.ts';
import { createScorerLoader } from './runway/scorer-loader.ts';
import { type Airborne, departures, outcomeOf, predict, type ServedModel } from './serve-flights.ts';
import { nothingServed, type ServingCommand, type ServingReport } from './serving-protocol.ts';
import { attributionWindowMinutes, environment, readEnvironment } from './settings.ts';

/**
 * A process of its own: replays flights on command. `serve` scores what leaves in a stretch of time by the routing
 * tables as they are now; `send` puts those predictions and the outcomes of what landed on the stream.
 */
const settings = readEnvironment();
const sample = Number(environment('FLIGHTS_SAMPLE'));
const { flights } = await prepareFlights(settings.dataDir, settings.dates);
const readRouting = createRoutingReader(settings.cdnUrl);
const loadScorer = createScorerLoader({
  client: createRunwayClient({ baseUrl: settings.apiUrl, token: () => settings.token }),
  artifacts: createArtifacts(settings.artifactBucket),
  flights,
  encoder: createEncoder(flights),
});
const sendEvents = createEventSender({
  stream: environment('RUNWAY_EVENT_STREAM'),
  writerKey: environment('RUNWAY_WRITER_KEY'),
});

/** The score that `late-basic` served for the flight at hand: `late-live`'s third input. */
let servedBasicScore = Number.NaN;
const scorers = new Map<string, (flight: number) => number>();
let airborne: readonly Airborne[] = [];
let unsent: readonly ModelEvents[] = [];

process.on('message', (command: ServingCommand) => {
  handle(command).then(
    (report) => process.send?.(report),
    (error: unknown) => {
      console.error('serving failed:', error);
      process.exit(1);
    },
  );
});
// Ctrl-C reaches the whole group; whoever started this process decides what it means.
process.on('SIGINT', () => undefined);
// Whoever started this process is gone.
process.on('disconnect', () => process.exit());
process.send?.(nothingServed);

async function handle(command: ServingCommand): Promise<ServingReport> {
  return command.type === 'serve' ? serve(command.from, command.to) : send();
}

async function serve(from: number, to: number): Promise<ServingReport> {
  const [basic, live] = await Promise.all([loadModel('late-basic'), loadModel('late-live')]);
  const predictions = departures(flights, from, to, sample).map((flight) => {
    const first = predict(flights, flight, basic, () => Number.NaN);
    servedBasicScore = first.score;
    return { flight, basic: first, live: predict(flights, flight, live, () => servedBasicScore) };
  });
  const flying = [
    ...airborne,
    ...predictions.map((made) => ({ flight: made.flight, basicScore: made.basic.score, liveScore: made.live.score })),
  ];
  const landed = flying.filter(({ flight }) => flights.landing[flight]! < to);
  airborne = flying.filter(({ flight }) => flights.landing[flight]! >= to);
  unsent = [
    {
      model: 'late-basic',
      predictions: predictions.map((made) => made.basic),
      outcomes: landed.map(({ flight, basicScore }) => outcomeOf(flights, flight, 'late-basic', basicScore)),
    },
    {
      model: 'late-live',
      predictions: predictions.map((made) => made.live),
      outcomes: landed.map(({ flight, liveScore }) => outcomeOf(flights, flight, 'late-live', liveScore)),
    },
  ];
  const late = landed.filter(
    ({ flight }) => flights.landing[flight]! - flights.departure[flight]! > attributionWindowMinutes,
  );
  return { predictions: 2 * predictions.length, outcomes: 2 * landed.length, late: 2 * late.length };
}

async function send(): Promise<ServingReport> {
  const events = unsent;
  unsent = [];
  await sendEvents(events);
  return nothingServed;
}

async function loadModel(name: ModelName): Promise<ServedModel> {
  const routing = await readRouting(name);
  const versions = [...new Set([...routing.arms, ...routing.shadows].map(({ version }) => version))];
  const loaded = await Promise.all(versions.map(async (version) => [version, await scorerOf(name, version)] as const));
  return { name, routing, scorers: new Map(loaded) };
}

async function scorerOf(name: ModelName, version: number): Promise<(flight: number) => number> {
  const key = `${name}#${version}`;
  const scorer = scorers.get(key) ?? (await loadScorer(name, version, () => servedBasicScore));
  scorers.set(key, scorer);
  return scorer;
}
