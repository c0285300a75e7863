import { parseArgs } from 'node:util';
import { connect, readOutputs, whereIsEmbeddedCloud } from './redrive/deployment.ts';
import { redriveBatches } from './redrive/redrive-batches.ts';
import { redrivePoison } from './redrive/redrive-poison.ts';
import { type Redriven, reportLines } from './redrive/redriven.ts';

const usage = `npm run redrive -- --queue join|archive|poison (--outputs <file> | --local <url>) [--prefix <prefix>]

Puts records that were given up on the event stream again, once their cause is gone. Each counts once all the same.
  --queue join|archive    batches that the join, or the archive, failed on: read again from the stream, which keeps 7 days
  --queue poison          records in the failure bucket, all of them or those under --prefix
                          poison/ground-truth-join-events/<day>/
  --outputs cdk-outputs.json        of AWS; the file comes from npx cdk deploy --all --outputs-file cdk-outputs.json
  --local http://127.0.0.1:4566     an embedded cloud that runs; the address of its API`;

async function redrive(): Promise<Redriven> {
  const { values } = parseArgs({
    options: {
      queue: { type: 'string' },
      outputs: { type: 'string' },
      local: { type: 'string' },
      prefix: { type: 'string', default: 'poison/ground-truth-join-events/' },
    },
  });
  const { queue, outputs, local, prefix } = values;
  if ((outputs === undefined) === (local === undefined)) throw new Error(usage);
  const place = outputs === undefined ? await whereIsEmbeddedCloud(local ?? '') : readOutputs(outputs);
  const connection = connect(place);
  try {
    if (queue === 'join') return await redriveBatches(connection, place.outputs.JoinFailuresQueueUrl);
    if (queue === 'archive') return await redriveBatches(connection, place.outputs.ArchiveFailuresQueueUrl);
    if (queue === 'poison') return await redrivePoison(connection, prefix);
    throw new Error(usage);
  } finally {
    connection.close();
  }
}

try {
  const redriven = await redrive();
  for (const line of reportLines(redriven)) console.log(line);
  process.exitCode = redriven.left.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
