import type { IConstruct } from 'constructs';

/** What a rule of cdk-nag found and stays as it is. */
export type Acceptance = {
  readonly rule: Rule;
  /** For whoever asks why, in a sentence. */
  readonly reason: string;
  /** Which of several findings of the rule, e.g. `Resource::<ARN>`; references in it are resolved. @default its only one */
  readonly finding?: string;
};

type Rule = `AwsSolutions-${string}` | `Serverless-${string}`;

const acceptances = new WeakMap<IConstruct, Acceptance[]>();

/**
 * Lets a finding be, in `construct` and below; one that accepts nothing fails the check. CDK's own `acknowledge` wants
 * findings as text with the names that CloudFormation will give, which nobody knows beside the resource.
 */
export function accept(construct: IConstruct, rule: Rule, reason: string, finding?: string): void {
  const acceptance = { rule, reason, ...(finding !== undefined && { finding }) };
  acceptances.set(construct, [...acceptancesOf(construct), acceptance]);
}

export function acceptancesOf(construct: IConstruct): readonly Acceptance[] {
  return acceptances.get(construct) ?? [];
}
