/** The parts of `arn:aws:<service>:<region>:<account>:<resource>`. */
export type ArnParts = {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
};

/** Throws when `arn` is not an ARN. */
export function parseArn(arn: string): ArnParts {
  const [prefix, , service, region, account, ...resource] = arn.split(':');
  if (prefix !== 'arn' || service === undefined || region === undefined || account === undefined) {
    throw new Error(`not an ARN: ${arn}`);
  }
  return { service, region, account, resource: resource.join(':') };
}

/** The function's name in a name, or in an ARN with or without version or alias. */
export function functionNameOf(nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  const name = parseArn(nameOrArn).resource.split(':')[1];
  if (name === undefined) throw new Error(`not the ARN of a function: ${nameOrArn}`);
  return name;
}
