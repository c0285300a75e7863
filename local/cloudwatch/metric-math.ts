import { type Expression, parseExpression } from './expression.ts';

/** One data point; undefined when it is missing. */
type Point = number | undefined;
/** Gives a data point from those of the metrics by id, all of the same period. */
export type MetricMath = (pointOf: (id: string) => Point) => Point;

const binary: Readonly<Record<string, (left: number, right: number) => Point>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? undefined : left / right),
  '==': (left, right) => Number(left === right),
  '!=': (left, right) => Number(left !== right),
  '<': (left, right) => Number(left < right),
  '<=': (left, right) => Number(left <= right),
  '>': (left, right) => Number(left > right),
  '>=': (left, right) => Number(left >= right),
  AND: (left, right) => Number(left !== 0 && right !== 0),
  OR: (left, right) => Number(left !== 0 || right !== 0),
};
const synonyms: Readonly<Record<string, string>> = { '&&': 'AND', '||': 'OR' };

/**
 * Compiles the part of metric math that can be answered point by point: arithmetic, comparison, AND, OR, `FILL` with a
 * number, `IF`, and `MAX`, `MIN` and `SUM` of a list. Throws an Error naming anything else (`SEARCH`, `RATE`, …).
 * Source: CloudWatch user guide, "Using metric math".
 */
export function compileMetricMath(text: string): MetricMath {
  return compile(parseExpression(text));
}

function compile(expression: Expression): MetricMath {
  switch (expression.kind) {
    case 'number':
      return () => expression.value;
    case 'name':
      return (pointOf) => pointOf(expression.name);
    case 'operation':
      return compileOperation(expression.operator, expression.operands.map(compile));
    case 'call':
      return compileCall(expression.name, expression.parameters);
    case 'list':
    case 'text':
      throw new Error(`a ${expression.kind} cannot stand here in metric math`);
  }
}

function compileOperation(operator: string, operands: readonly MetricMath[]): MetricMath {
  const [first, second] = operands as readonly [MetricMath, MetricMath | undefined];
  const operate = binary[synonyms[operator] ?? operator];
  if (second === undefined && operator === '-') return (pointOf) => negate(first(pointOf));
  if (second === undefined || operate === undefined) throw new Error(`operator ${operator} is not emulated`);
  return (pointOf) => {
    const [left, right] = [first(pointOf), second(pointOf)];
    return left === undefined || right === undefined ? undefined : operate(left, right);
  };
}

function negate(point: Point): Point {
  return point === undefined ? undefined : -point;
}

function compileCall(name: string, parameters: readonly Expression[]): MetricMath {
  const [first, second, third] = parameters;
  if (name === 'FILL' && first !== undefined && second?.kind === 'number' && parameters.length === 2) {
    const series = compile(first);
    return (pointOf) => series(pointOf) ?? second.value;
  }
  if (name === 'IF' && first !== undefined && second !== undefined && parameters.length <= 3) {
    const [condition, then] = [compile(first), compile(second)];
    const otherwise: MetricMath = third === undefined ? () => undefined : compile(third);
    return (pointOf) => {
      const holds = condition(pointOf);
      return holds === undefined ? undefined : (holds === 0 ? otherwise : then)(pointOf);
    };
  }
  const fold = folds[name];
  if (fold === undefined || first?.kind !== 'list' || parameters.length > 1)
    throw new Error(`${name} with ${parameters.length} parameters is not emulated`);
  const series = first.items.map(compile);
  return (pointOf) => {
    const points = series.map((point) => point(pointOf)).filter((point) => point !== undefined);
    return points.length === 0 ? undefined : fold(points);
  };
}

const folds: Readonly<Record<string, (points: readonly number[]) => number>> = {
  MAX: (points) => Math.max(...points),
  MIN: (points) => Math.min(...points),
  SUM: (points) => points.reduce((sum, point) => sum + point, 0),
};
