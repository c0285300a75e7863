/** How many retrains of a team, or by an orchestrator, may run at once: one number, and others by name. */
export type Capacity = { readonly each: number; readonly exceptions?: Readonly<Record<string, number>> };

export function capacityOf({ each, exceptions = {} }: Capacity, name: string): number {
  return Object.hasOwn(exceptions, name) ? exceptions[name]! : each;
}
