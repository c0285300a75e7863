import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AppProps } from 'aws-cdk-lib';

/**
 * `node infra/app.ts --outdir <dir> -c name=value …` synthesizes as `cdk synth` does, without the CLI's start-up time.
 * Under the CLI there are no arguments: output folder and context come from its environment.
 */
export function readArguments(argv: readonly string[]): AppProps {
  const { values } = parseArgs({
    args: [...argv],
    options: { outdir: { type: 'string' }, context: { type: 'string', short: 'c', multiple: true } },
  });
  if (process.env.CDK_OUTDIR !== undefined) return {};
  const given = Object.fromEntries((values.context ?? []).map(splitPair));
  return { outdir: values.outdir ?? 'cdk.out', context: { ...cdkJsonContext(), ...given } };
}

function splitPair(pair: string): [string, string] {
  const cut = pair.indexOf('=');
  if (cut < 1) throw new Error(`-c: expected name=value, got ${pair}`);
  return [pair.slice(0, cut), pair.slice(cut + 1)];
}

function cdkJsonContext(): Record<string, unknown> {
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8')) as {
    context: Record<string, unknown>;
  };
  return context;
}
