import type { DeliveryRequest, NotificationQueue } from '../../ports/notification-queue.ts';

export type SentRequest = DeliveryRequest & { readonly delaySeconds: number };

/** Twin of the SQS queue for tests: keeps what was sent until it is taken. */
export function createMemoryNotificationQueue(): NotificationQueue & { readonly take: () => readonly SentRequest[] } {
  let sent: SentRequest[] = [];
  return {
    send: async (request, delaySeconds = 0) => void sent.push({ ...request, delaySeconds }),
    take: () => {
      const taken = sent;
      sent = [];
      return taken;
    },
  };
}
