import type { Reader } from './parse-setting.ts';

/** ARNs of SageMaker endpoints by the model that they serve. */
export type SageMakerEndpoints = Readonly<Record<string, string>>;

const model = /^[a-z][a-z0-9-]{0,62}$/;
const endpoint = /^arn:aws[\w-]*:sagemaker:[\w-]+:\d{12}:endpoint\/[A-Za-z0-9-]{1,63}$/;
/** A function's environment holds all of them, and 4 KB in all. */
const maximumCharacters = 2_000;

/** An object of a stage's file, or a text of JSON on the command line. */
export const readEndpoints: Reader<SageMakerEndpoints> = (name, given) => {
  const endpoints: unknown = typeof given === 'string' ? parsed(given) : given;
  if (!isRecord(endpoints)) throw refusal(name, 'an object', given);
  const checked: Record<string, string> = {};
  for (const [modelId, arn] of Object.entries(endpoints)) {
    if (!model.test(modelId)) throw refusal(name, "models' names", modelId);
    if (typeof arn !== 'string' || !endpoint.test(arn)) throw refusal(`${name}.${modelId}`, "an endpoint's ARN", arn);
    checked[modelId] = arn;
  }
  const { length } = JSON.stringify(checked);
  if (length > maximumCharacters) throw refusal(name, `at most ${maximumCharacters} characters in all`, length);
  return checked;
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refusal(name: string, expected: string, given: unknown): Error {
  return new Error(`setting ${name}: expected ${expected}, got ${JSON.stringify(given) ?? 'nothing'}`);
}
