import { z } from 'zod';

/** Team that owns both models. */
export const team = 'flights';
/** In the order in which they depend on each other. */
export const models = ['late-basic', 'late-live'] as const;
/** Name under which serving signs what it puts on the stream. */
export const writer = `${team}/serving`;
/** From this score on the business calls a flight late and tells its passengers. */
export const callScore = 0.3;
export const businessMetric = { name: 'rightCallRatio', direction: 'higher-is-better' } as const;

const environmentSchema = z.object({
  RUNWAY_API_URL: z.url(),
  RUNWAY_CDN_URL: z.url(),
  RUNWAY_TOKEN: z.string().min(1),
  RUNWAY_ARTIFACT_BUCKET: z.string().min(1),
  FLIGHTS_DATA_DIR: z.string().min(1),
  FLIGHTS_DATES: z.enum(['as-they-were', 'shuffled']).default('as-they-were'),
});

/** Where Runway is and where the flights are; AWS endpoints and credentials come as the SDK expects them. */
export function readEnvironment() {
  const environment = environmentSchema.parse(process.env);
  return {
    apiUrl: environment.RUNWAY_API_URL,
    cdnUrl: environment.RUNWAY_CDN_URL,
    token: environment.RUNWAY_TOKEN,
    artifactBucket: environment.RUNWAY_ARTIFACT_BUCKET,
    dataDir: environment.FLIGHTS_DATA_DIR,
    dates: environment.FLIGHTS_DATES,
  };
}
