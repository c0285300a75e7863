import { z } from 'zod';

/** Team that owns both models. */
export const team = 'flights';
/** In the order in which they depend on each other. */
export const models = ['late-basic', 'late-live'] as const;
/** Name under which serving signs what it puts on the stream. */
export const writer = `${team}/serving`;
/** The trainer, as the lineage of its versions names it. */
export const pipeline = `${team}/trainer`;
/** The process that scores departures and tells passengers: what breaks when a model does. */
export const servingService = `${team}/serving`;
/** From this score on the business calls a flight late and tells its passengers. */
export const callScore = 0.3;
export const businessMetric = { name: 'rightCallRatio', direction: 'higher-is-better' } as const;

/** An outcome that comes later than this after pushback does not count. */
export const attributionWindowMinutes = 720;

const datesSchema = z.enum(['as-they-were', 'shuffled']);

/** Where Runway is and where the flights are; AWS endpoints and credentials come as the SDK expects them. */
export function readEnvironment() {
  return {
    apiUrl: environment('RUNWAY_API_URL'),
    cdnUrl: environment('RUNWAY_CDN_URL'),
    token: environment('RUNWAY_TOKEN'),
    artifactBucket: environment('RUNWAY_ARTIFACT_BUCKET'),
    dataDir: environment('FLIGHTS_DATA_DIR'),
    dates: datesSchema.parse(environment('FLIGHTS_DATES')),
  };
}

/** Throws an Error that names the variable when it is missing. */
export function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`environment variable ${name} is missing`);
  return value;
}
