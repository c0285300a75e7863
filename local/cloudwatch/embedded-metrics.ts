import { closeSync, openSync, readSync, statSync } from 'node:fs';
import * as z from 'zod';
import type { MetricId } from './metric-store.ts';

export type Measurement = { readonly metric: MetricId; readonly value: number };

const lineSchema = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});
const valuesSchema = z.union([z.number().transform((value) => [value]), z.array(z.number())]);

/**
 * The measurements in lines of a function's output; lines in another format hold none. Their own timestamps are ignored:
 * a function's clock is this machine's, not the virtual one. Source: CloudWatch user guide, "Embedded metric format".
 */
export function readEmbeddedMetrics(lines: readonly string[]): readonly Measurement[] {
  return lines.filter((line) => line.startsWith('{') && line.includes('"_aws"')).flatMap(readLine);
}

function readLine(line: string): readonly Measurement[] {
  const parsed = lineSchema.safeParse(parseJson(line));
  if (!parsed.success) return [];
  const fields = parsed.data;
  return fields._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      (valuesSchema.safeParse(fields[Name]).data ?? []).flatMap((value) =>
        Dimensions.map((names) => {
          const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name])]));
          return { metric: { namespace: Namespace, name: Name, dimensions }, value };
        }),
      ),
    ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface LogTail {
  /** Whole lines that were written since the last time. */
  newLines(): readonly string[];
  close(): void;
}

/** Follows a log file from its present end on. Functions write to it synchronously, before they answer. */
export function openLogTail(file: string): LogTail {
  let descriptor: number | undefined;
  let position = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  let rest = '';
  let isClosed = false;
  const buffer = Buffer.alloc(65_536);

  return {
    newLines() {
      if (!isClosed) descriptor ??= openIfThere(file);
      if (descriptor === undefined) return [];
      let text = rest;
      for (;;) {
        const count = readSync(descriptor, buffer, 0, buffer.length, position);
        position += count;
        text += buffer.toString('latin1', 0, count);
        if (count < buffer.length) break;
      }
      const lines = text.split('\n');
      rest = lines.pop() ?? '';
      return lines;
    },
    close() {
      isClosed = true;
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

function openIfThere(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false }) === undefined ? undefined : openSync(file, 'r');
}
