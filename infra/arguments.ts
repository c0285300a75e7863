import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AppProps } from 'aws-cdk-lib';

export type Arguments = {
  readonly props: AppProps;
  /** Check the stacks with cdk-nag's packs. */
  readonly nag: boolean;
};

/**
 * `node infra/app.ts --outdir <dir> -c name=value …` synthesizes as `cdk synth` does, without the CLI's start-up time.
 * Under the CLI there is no argument but `--nag`, see cdk.json: output folder and context come from its environment.
 */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      outdir: { type: 'string' },
      context: { type: 'string', short: 'c', multiple: true },
      nag: { type: 'boolean', default: false },
    },
  });
  if (process.env.CDK_OUTDIR !== undefined) return { props: {}, nag: values.nag };
  const given = Object.fromEntries((values.context ?? []).map(splitPair));
  const props = { outdir: values.outdir ?? 'cdk.out', context: { ...cdkJsonContext(), ...given } };
  return { props, nag: values.nag };
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
