import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { unpackJson } from '../../domain/ground-truth/packed-json.ts';
import type { EvaluationInputs, RecordedEvaluation } from '../../domain/health/evaluation-inputs.ts';
import type { EvaluationHistory } from '../../ports/evaluation-history.ts';
import { callDependency } from '../dependency-error.ts';
import { batchGet, itemId } from './batch-get.ts';
import { readRecord, recordKey } from './health-items.ts';

type Options = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

/** Reads the records that `createDynamoEvaluationStore` writes, with the attribute that lists leave out. */
export function createDynamoEvaluationHistory(options: Options): EvaluationHistory {
  const read: EvaluationHistory['read'] = (modelId, moments) =>
    callDependency('DynamoDB', async () => {
      const keys = moments.map((evaluatedAt) => recordKey({ modelId, evaluatedAt, kind: 'scheduled' }));
      const items = await batchGet(options, keys);
      return keys.flatMap((key) => recordedOf(items.get(itemId(key))) ?? []);
    });
  return {
    read,
    find: (modelId, evaluatedAt, kind) =>
      callDependency('DynamoDB', async () => {
        const key = recordKey({ modelId, evaluatedAt, kind });
        return recordedOf((await batchGet(options, [key])).get(itemId(key)));
      }),
  };
}

// Our own bytes, under a key that names what they are.
function recordedOf(item: Record<string, unknown> | undefined): RecordedEvaluation | undefined {
  if (!(item?.inputs instanceof Uint8Array)) return undefined;
  return { evaluation: readRecord(item), inputs: unpackJson(item.inputs) as EvaluationInputs };
}
