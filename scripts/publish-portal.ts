import { parseArgs } from 'node:util';
import { ensurePortal } from './portal/build.ts';
import { askEmbeddedCloud, readDeployment } from './portal/deployment.ts';
import { uploadPortal } from './portal/upload.ts';

const usage = `npm run portal:publish -- --outputs <file> | --local <url>
  --outputs cdk-outputs.json        to AWS; the file comes from npx cdk deploy --all --outputs-file cdk-outputs.json
  --local http://127.0.0.1:4566     to an embedded cloud that runs; the address of its API`;
const complain = (line: string) => void process.stderr.write(`${line}\n`);

async function publish(): Promise<void> {
  const { values } = parseArgs({ options: { outputs: { type: 'string' }, local: { type: 'string' } } });
  if ((values.outputs === undefined) === (values.local === undefined)) throw new Error(usage);
  const deployment =
    values.outputs === undefined ? await askEmbeddedCloud(values.local ?? '') : readDeployment(values.outputs);
  await uploadPortal(await ensurePortal(complain), deployment);
  process.stdout.write(`The portal is at ${deployment.url}\n`);
}

try {
  await publish();
} catch (error) {
  complain(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
