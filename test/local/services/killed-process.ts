import { bootSmallCloud, cloudStart } from './small-cloud.ts';

// Functions that read a stream or a queue succeed once; every other invocation never ends. The parent kills this
// process in that state.
const calls = new Map<string, number>();
const cloud = await bootSmallCloud(process.argv[2] ?? '', {
  async invoke(functionName) {
    const call = (calls.get(functionName) ?? 0) + 1;
    calls.set(functionName, call);
    if (call === 1 && functionName !== 'scheduled') return { ok: true, payload: undefined };
    process.stdout.write(`hanging ${functionName}\n`);
    return new Promise(() => undefined);
  },
});
await cloud.putWork();
process.stdout.write(`dynamo ${cloud.dynamo.endpoint}\n`);
cloud.clock.set(cloudStart + 5 * 60_000);
void cloud.pump.pump();
