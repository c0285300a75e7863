import type { Guard } from '../types.ts';
import type { Permissions } from './permissions.ts';

/** Asks the permissions, and says in the log what was refused. */
export function createGuard(permissions: Permissions, log: (message: string) => void): Guard {
  return ({ principal, action, resource, sourceArn }) => {
    const context = sourceArn === undefined ? undefined : { 'aws:sourcearn': sourceArn };
    const { refusal } = permissions.decide(principal, action, resource, context);
    if (refusal !== undefined) log(`denied: ${refusal}`);
    return refusal;
  };
}
