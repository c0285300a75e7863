/** Who asks: a person or a service, as the token's claims say. Workflows and schedules act as `system`. */
export type Actor = {
  readonly id: string;
  readonly kind: 'person' | 'service' | 'system';
  readonly roles: readonly string[];
  readonly teams: readonly string[];
};

export function systemActor(capability: string): Actor {
  return { id: `runway:${capability}`, kind: 'system', roles: ['system'], teams: [] };
}
