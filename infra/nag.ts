import {
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  Stack,
} from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import type { IConstruct } from 'constructs';
import { type Acceptance, acceptancesOf } from './parts/accept.ts';

/** What cdk-nag's packs say of an app that has been synthesized. */
export type NagReview = {
  /** Findings that nobody accepted. */
  readonly open: readonly PolicyViolation[];
  readonly accepted: readonly PlacedAcceptance[];
  /** Acceptances of what is no longer found. */
  readonly stale: readonly PlacedAcceptance[];
};

type PlacedAcceptance = { readonly construct: IConstruct; readonly acceptance: Acceptance };

/** Fails `cdk synth`, and with it every deployment, on open findings and on stale acceptances. */
export class NagCheck implements IPolicyValidationPlugin {
  readonly name = 'cdk-nag';
  readonly #app: IConstruct;

  constructor(app: IConstruct) {
    this.#app = app;
  }

  validate(): PolicyValidationPluginReport {
    const { open, stale } = reviewFindings(this.#app);
    const violations = [...open, ...stale.map(asViolation)];
    return { success: violations.length === 0, violations };
  }
}

/** References across stacks have their final names only after the synthesis, so call it then. */
export function reviewFindings(app: IConstruct): NagReview {
  const constructs = new Map(app.node.findAll().map((construct) => [construct.node.path, construct]));
  const placed = [...constructs.values()].flatMap((construct) =>
    acceptancesOf(construct).map((acceptance) => ({
      construct,
      acceptance,
      ruleName: ruleNameOf(construct, acceptance),
    })),
  );
  const used = new Set<PlacedAcceptance>();
  const isOpen = (ruleName: string, path: string): boolean => {
    const scopes = constructs.get(path)?.node.scopes ?? [];
    const matching = placed.filter((one) => one.ruleName === ruleName && scopes.includes(one.construct));
    for (const one of matching) used.add(one);
    return matching.length === 0;
  };
  const open = [new AwsSolutionsChecks(), new ServerlessChecks()]
    .flatMap((pack) => pack.validateScope(app).violations)
    .map((violation) => ({
      ...violation,
      violatingResources: violation.violatingResources.filter(({ constructPath = '' }) =>
        isOpen(violation.ruleName, constructPath),
      ),
    }))
    .filter(({ violatingResources }) => violatingResources.length > 0);
  return { open, accepted: placed.filter((one) => used.has(one)), stale: placed.filter((one) => !used.has(one)) };
}

/** As the packs name a finding: `AwsSolutions-IAM5[Resource::<Table.Arn>/index/*]`. */
function ruleNameOf(construct: IConstruct, { rule, finding }: Acceptance): string {
  return finding === undefined ? rule : `${rule}[${flattenCfnReference(Stack.of(construct).resolve(finding))}]`;
}

function asViolation({ construct, acceptance }: PlacedAcceptance): PolicyViolation {
  return {
    ruleName: `stale-${acceptance.rule}`,
    description: `accepted and not found: ${acceptance.finding ?? acceptance.rule}; take the acceptance away`,
    severity: 'error',
    violatingResources: [{ constructPath: construct.node.path, locations: [] }],
  };
}
