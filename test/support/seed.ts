import { parseArgs } from 'node:util';
import { seedFleet } from './seed-fleet.ts';

// Fills the cloud that `npm start` runs with models: `npm run seed -- --models 500 --days 9`.

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:4566' },
    models: { type: 'string', default: '500' },
    days: { type: 'string', default: '0' },
  },
});
const status = await (await fetch(`${values.url}/_local/status`)).json();
const { now, outputs, environment } = status as { now: string } & Parameters<typeof seedFleet>[0];
const days = Number(values.days);
const startedAt = performance.now();
const models = await seedFleet(
  { outputs, environment },
  { models: Number(values.models), now, ...(days > 0 && { history: { days, everyHours: 1, rowsPerHour: 24 } }) },
);
console.log(`${models.length} models in ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
