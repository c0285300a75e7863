import * as z from 'zod';
import { parseProperties } from '../services/properties.ts';
import type { ResolvedResource } from '../types.ts';
import type { SignInClient } from './sign-in.ts';

const properties = z.object({
  CallbackURLs: z.array(z.string()).default([]),
  LogoutURLs: z.array(z.string()).default([]),
});

/** Resources of type `AWS::Cognito::UserPoolClient` by their ids. */
export function readSignInClients(clients: readonly ResolvedResource[]): ReadonlyMap<string, SignInClient> {
  return new Map(
    clients.map((client) => {
      const { CallbackURLs: callbackUrls, LogoutURLs: logoutUrls } = parseProperties(client, properties);
      return [client.physicalName, { callbackUrls, logoutUrls }];
    }),
  );
}
