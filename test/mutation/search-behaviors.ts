import type { Behavior } from './behaviors.ts';
import { fact } from './customer.ts';
import type { World } from './world.ts';

type Body = Record<string, unknown>;

/** Name of the first model that is found. */
async function firstModel({ succeed }: World, q: string): Promise<unknown> {
  const { items } = await succeed('GET', `/v1/search?q=${q}&type=model`);
  return (items as Body[])[0]?.name;
}

export const searching: Readonly<Record<string, Behavior>> = {
  'GET /v1/search': {
    name: 'a model is found by its name, mistyped too, as soon as it is registered',
    async run(world) {
      const { register, cloud, modelId } = world;
      fact((await firstModel(world, modelId)) !== modelId, () => 'it is found before it is there');
      await register();
      await cloud.pump();
      for (const q of [modelId, `${modelId}x`]) {
        const found = await firstModel(world, q);
        fact(found === modelId, () => `${q} finds ${JSON.stringify(found)}, expected ${modelId}`);
      }
    },
  },
  'schedule graph/maintain-search': {
    name: 'the index is compared with the graph and kept, the newest and the one before',
    async run({ succeed, register, cloud, model, customer, advance }) {
      const manifest = async () => {
        const [text = '{}'] = await customer.objects('GraphBucketName', 'search/manifest.json');
        return JSON.parse(text) as Body;
      };
      await register();
      await cloud.pump();
      await advance(61);
      const first = await manifest();
      fact(Number(first.documents) > 0, () => `the snapshot has ${first.documents} documents`);
      for (const service of ['departures-board', 'crew-planning']) {
        await succeed('PUT', `${model}/consumers`, { consumers: [{ service }] });
        await cloud.pump();
        await advance(61);
      }
      const last = await manifest();
      fact(Number(last.change) > Number(first.change), () => `the snapshot is still of change ${last.change}`);
      fact(last.repairs === 0, () => `readers saw something else ${last.repairs} times`);
      const files = await customer.objects('GraphBucketName', 'search/');
      fact(files.length === 5, () => `there are ${files.length} files, expected two snapshots and the manifest`);
    },
  },
};
