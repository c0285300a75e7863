import type { MetadataRow } from './metaflow-rows.ts';

/** Rows repeat: each task posts its fields twice, and again with every attempt. The newest row of the last attempt counts. */
export function newestRow(
  rows: readonly MetadataRow[],
  field: string,
  step?: string | undefined,
): MetadataRow | undefined {
  const candidates = rows.filter((row) => row.field_name === field && (step === undefined || row.step_name === step));
  return candidates.toSorted((a, b) => attemptOf(a) - attemptOf(b) || a.ts_epoch - b.ts_epoch).at(-1);
}

/** Of every task that has the field, its newest row. */
export function newestOfTasks(rows: readonly MetadataRow[], field: string): readonly MetadataRow[] {
  const tasks = Map.groupBy(
    rows.filter(({ field_name }) => field_name === field),
    ({ step_name, task_id }) => `${step_name}/${task_id}`,
  );
  return [...tasks.values()].map((own) => newestRow(own, field)).filter((row) => row !== undefined);
}

/** Keys in `saved-models`, `loaded-models` and their like, of all tasks. */
export function modelKeys(rows: readonly MetadataRow[], fields: readonly string[]): readonly string[] {
  const keys = fields.flatMap((field) => newestOfTasks(rows, field)).flatMap(({ value }) => keysIn(value));
  return [...new Set(keys)].toSorted().slice(0, 200);
}

/** JSON in a field; undefined when it is none. The text `None` stands for nothing. */
export function jsonField(rows: readonly MetadataRow[], field: string): unknown {
  return jsonOf(newestRow(rows, field)?.value);
}

export function attemptOf(row: MetadataRow | undefined): number {
  const tag = row?.tags.find((text) => text.startsWith('attempt_id:'));
  return tag === undefined ? -1 : Number(tag.slice('attempt_id:'.length));
}

function keysIn(value: string | null | undefined): readonly string[] {
  const parsed = jsonOf(value);
  const keys = typeof parsed === 'object' && parsed !== null && 'keys' in parsed ? parsed.keys : undefined;
  return Array.isArray(keys)
    ? keys.filter((key) => typeof key === 'string' && /^[^\p{Cc}\p{Cs}]{1,300}$/u.test(key))
    : [];
}

function jsonOf(text: string | null | undefined): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
