import { compileExpression } from './intrinsics.ts';
import { isObject, type Read } from './json-path.ts';

function compileField(key: string, value: unknown): readonly [string, Read] {
  if (!key.endsWith('.$')) return [key, compileTemplate(value)];
  if (typeof value !== 'string') throw new Error(`${key} is ${JSON.stringify(value)}, expected a path or an intrinsic`);
  return [key.slice(0, -2), compileExpression(value)];
}

/** `Parameters` and `ResultSelector`: a JSON value in which the fields called `….$` are read from the scope. */
export function compileTemplate(template: unknown): Read {
  if (Array.isArray(template)) {
    const items = template.map(compileTemplate);
    return (scope) => items.map((read) => read(scope));
  }
  if (!isObject(template)) return () => template;
  const fields = Object.entries(template).map(([key, value]) => compileField(key, value));
  return (scope) => Object.fromEntries(fields.map(([key, read]) => [key, read(scope)]));
}
