// One embedded cloud in a process of its own, to be killed. Prints where it is found as one line of JSON.
import { bootCloud } from '../../local/cloud.ts';
import { everyRole, type Place } from '../mutation/customer.ts';

const [assembly = '', dataDir = '', start = ''] = process.argv.slice(2);
const log = (message: string) => process.stderr.write(`${message}\n`);
const cloud = await bootCloud({ assembly, dataDir, clock: { mode: 'virtual', start: Date.parse(start) }, log });
process.once('SIGTERM', async () => {
  await cloud.stop();
  process.exit(0);
});
const place: Place = {
  apiUrl: cloud.apiUrl,
  outputs: cloud.outputs,
  environment: cloud.sdkEnvironment(),
  token: await cloud.token(everyRole),
};
process.stdout.write(`${JSON.stringify(place)}\n`);
