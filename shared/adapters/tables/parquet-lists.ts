import type { DecodedArray, SchemaTree } from 'hyparquet';
import type { Cell } from '../../ports/table.ts';

const numeric: ReadonlySet<string | undefined> = new Set(['INT32', 'INT64', 'FLOAT', 'DOUBLE']);

/** The layouts that writers use: a group `list` of one element, or the element repeated itself. */
export function isListOfNumbers({ element, children }: SchemaTree): boolean {
  if (element.repetition_type === 'REPEATED' && children.length === 0) return isNumber({ element, children });
  const isList = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
  const [group, ...others] = children;
  if (!isList || group === undefined || others.length > 0) return false;
  return group.children.length === 0 ? isNumber(group) : group.children.length === 1 && isNumber(group.children[0]!);
}

/** Dates and decimals are numbers of another kind. */
function isNumber({ element, children }: Pick<SchemaTree, 'element' | 'children'>): boolean {
  const { type, converted_type: kind, logical_type: logical } = element;
  const isPlain = (kind === undefined || /^U?INT_/.test(kind)) && (logical === undefined || logical.type === 'INTEGER');
  return children.length === 0 && numeric.has(type) && isPlain;
}

export function listCells(pieces: readonly DecodedArray[]): readonly Cell[] {
  return pieces.flatMap((piece) => Array.from(piece, listCell));
}

/** JSON writes null for what is no number. */
function listCell(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) throw new TypeError('expected lists of numbers');
  return JSON.stringify(
    Array.from(value as ArrayLike<unknown>, (item) => (typeof item === 'bigint' ? Number(item) : item)),
  );
}
