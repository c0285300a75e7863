import type { Instant } from '../domain/time.ts';

/** One delivery to attempt. `at`: the moment from which on it is due, which is its consumer's now. */
export type DeliveryRequest = { readonly notificationId: string; readonly target: string; readonly at: Instant };

export interface NotificationQueue {
  /** `delaySeconds`: 0..900, until it may be taken. Throws `DependencyUnavailable`. */
  send(request: DeliveryRequest, delaySeconds?: number): Promise<void>;
}
