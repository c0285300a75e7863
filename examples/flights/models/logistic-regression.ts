import { seededRandom } from '../seeded-random.ts';

/** P(late) = 1 / (1 + exp(-(bias + Σ weights of the slots + numbers · numberWeights))). */
export type LogisticModel = {
  readonly bias: number;
  readonly weights: Float32Array;
  readonly numberWeights: readonly number[];
};

/** Rows laid out one after the other: `slotsPerRow` hashed categories and `numbersPerRow` numbers each. */
export type TrainingRows = {
  readonly count: number;
  readonly slotsPerRow: number;
  readonly slots: Uint16Array;
  readonly numbersPerRow: number;
  readonly numbers: Float32Array;
  readonly labels: Uint8Array;
};

export type TrainingOptions = {
  readonly weightCount: number;
  readonly epochs: number;
  readonly learningRate: number;
  /** L2 penalty per row on the weights a row touches. */
  readonly penalty: number;
  readonly seed: number;
};

/**
 * Stochastic gradient descent with a rate per weight (Duchi, Hazan, Singer 2011, AdaGrad) in a seeded random order: the
 * same rows and options give the same model, bit for bit.
 */
export function trainLogistic(rows: TrainingRows, options: TrainingOptions): LogisticModel {
  const { slotsPerRow, numbersPerRow, slots, numbers, labels } = rows;
  const { learningRate, penalty } = options;
  const weights = new Float32Array(options.weightCount);
  const squares = new Float32Array(options.weightCount).fill(1e-6);
  const dense = new Float64Array(numbersPerRow + 1);
  const denseSquares = new Float64Array(numbersPerRow + 1).fill(1e-6);
  const random = seededRandom(options.seed);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const [start, step] = permutation(rows.count, random);
    for (let i = 0, row = start; i < rows.count; i++, row = (row + step) % rows.count) {
      const firstSlot = row * slotsPerRow;
      const firstNumber = row * numbersPerRow;
      let sum = dense[numbersPerRow]!;
      for (let k = 0; k < slotsPerRow; k++) sum += weights[slots[firstSlot + k]!]!;
      for (let k = 0; k < numbersPerRow; k++) sum += dense[k]! * numbers[firstNumber + k]!;
      const error = sigmoid(sum) - labels[row]!;
      for (let k = 0; k < slotsPerRow; k++) {
        const slot = slots[firstSlot + k]!;
        const gradient = error + penalty * weights[slot]!;
        squares[slot]! += gradient * gradient;
        weights[slot]! -= (learningRate * gradient) / Math.sqrt(squares[slot]!);
      }
      for (let k = 0; k <= numbersPerRow; k++) {
        const gradient = k === numbersPerRow ? error : error * numbers[firstNumber + k]!;
        denseSquares[k]! += gradient * gradient;
        dense[k]! -= (learningRate * gradient) / Math.sqrt(denseSquares[k]!);
      }
    }
  }
  return { bias: dense[numbersPerRow]!, weights, numberWeights: [...dense.subarray(0, numbersPerRow)] };
}

/** A start and a step that visit every row once, without an index array. */
function permutation(count: number, random: () => number): readonly [number, number] {
  const start = Math.floor(random() * count);
  let step = Math.floor((0.3 + random() * 0.4) * count) | 1;
  while (greatestCommonDivisor(step, count) !== 1) step += 1;
  return [start, step];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
