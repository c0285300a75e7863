import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ModelName } from './flight-model.ts';
import type { LogisticModel } from './logistic-regression.ts';

const format = 'flights-logistic/1';
const artifactSchema = z.object({
  format: z.literal(format),
  bias: z.number(),
  numberWeights: z.array(z.number()),
  weights: z.base64(),
});

/** The model as bytes: JSON with the hashed weights as base64 of little-endian 32-bit floats. */
export function encodeArtifact(name: ModelName, model: LogisticModel): Buffer {
  const weights = Buffer.from(model.weights.buffer, model.weights.byteOffset, model.weights.byteLength);
  const { bias, numberWeights } = model;
  return Buffer.from(JSON.stringify({ format, name, bias, numberWeights, weights: weights.toString('base64') }));
}

/** Throws when the bytes are not an artefact of the model `name`. */
export function decodeArtifact(name: ModelName, bytes: Uint8Array): LogisticModel {
  const artifact = artifactSchema
    .extend({ name: z.literal(name) })
    .parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  const weights = Buffer.from(artifact.weights, 'base64');
  return {
    bias: artifact.bias,
    numberWeights: artifact.numberWeights,
    weights: new Float32Array(weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength)),
  };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
