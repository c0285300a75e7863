import { Duration } from 'aws-cdk-lib';
import { OAuthScope, type UserPool, UserPoolClient, UserPoolClientIdentityProvider } from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';

/**
 * What the portal is to the user pool: a public client that signs people in by authorization code with PKCE. It stands in
 * the API's stack, because it names the portal's address, and holds nothing that would be lost with it.
 */
export function portalClient(scope: Construct, userPool: UserPool, portalUrl: string): UserPoolClient {
  return new UserPoolClient(scope, 'PortalClient', {
    userPool,
    generateSecret: false,
    authFlows: { userSrp: true },
    oAuth: {
      flows: { authorizationCodeGrant: true },
      scopes: [OAuthScope.OPENID],
      callbackUrls: [`${portalUrl}/signed-in`],
      logoutUrls: [`${portalUrl}/`],
    },
    supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
    preventUserExistenceErrors: true,
    accessTokenValidity: Duration.hours(1),
  });
}
