import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';

export const usage = `npm run smoke -- --url <ApiUrl> [options]

  --url <url>               the API, as the output ApiUrl of the API's stack says
  --token <token>           a bearer token; or RUNWAY_TOKEN in the environment
  --issuer <url> --client-id <id>
                            asks the issuer for a token by client credentials; the secret is RUNWAY_CLIENT_SECRET
  --artifact-bucket <name>  output ArtifactBucketName; needs AWS credentials that may put and delete below smoke/.
                            Without it only reads are tried
  --cdn <url>               output CdnUrl; also reads the routing table there
  --team <team>             the token's team. @default smoke
  --local                   all of the above from a Runway that npm start runs at --url

The token needs the role admin, or editor, prediction-writer and label-writer of the team.
`;

export type SmokeOptions = {
  readonly url: string;
  readonly token: string;
  readonly team: string;
  readonly cdn: string | undefined;
  /** Undefined: only reads are tried. */
  readonly artifacts: { readonly bucket: string; readonly client: S3Client } | undefined;
  /** Milliseconds: the deployment's now, which is virtual in an embedded cloud. */
  readonly now: () => number | Promise<number>;
};

type Values = { readonly [name: string]: string | boolean | undefined };

/** Throws an Error that says which option is missing or wrong. */
export async function readOptions(argv: readonly string[]): Promise<SmokeOptions> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      url: text,
      token: text,
      issuer: text,
      'client-id': text,
      'artifact-bucket': text,
      cdn: text,
      team: text,
      local: { type: 'boolean', default: false },
    },
  });
  if (values.url === undefined || !URL.canParse(values.url)) throw new Error('--url: expected the address of the API');
  const url = values.url.replace(/\/+$/, '');
  if (values.local) return localOptions(url, values.team ?? 'smoke');
  const bucket = values['artifact-bucket'];
  return {
    url,
    token: await tokenFrom(values),
    team: values.team ?? 'smoke',
    cdn: values.cdn?.replace(/\/+$/, ''),
    artifacts: bucket === undefined ? undefined : { bucket, client: new S3Client({}) },
    now: () => Date.now(),
  };
}

async function tokenFrom(values: Values): Promise<string> {
  const given = values.token ?? process.env.RUNWAY_TOKEN;
  if (given !== undefined) return String(given);
  if (values.issuer === undefined || values['client-id'] === undefined)
    throw new Error('expected --token, RUNWAY_TOKEN, or --issuer with --client-id');
  return clientCredentials(String(values.issuer), String(values['client-id']));
}

/** OAuth 2.0 client credentials (RFC 6749, 4.4), at the token endpoint that the issuer's discovery document names. */
async function clientCredentials(issuer: string, clientId: string): Promise<string> {
  const secret = process.env.RUNWAY_CLIENT_SECRET;
  if (secret === undefined) throw new Error('RUNWAY_CLIENT_SECRET is not set');
  const document = await answerOf(fetch(`${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`));
  const answer = await answerOf(
    fetch(String(document.token_endpoint), {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    }),
  );
  return String(answer.access_token);
}

async function localOptions(url: string, team: string): Promise<SmokeOptions> {
  const status = async () => answerOf(fetch(`${url}/_local/status`));
  const body = JSON.stringify({ sub: 'smoke', groups: ['admin'] });
  const { token } = await answerOf(fetch(`${url}/_local/token`, { method: 'POST', body }));
  const { cdnUrl, outputs, environment } = (await status()) as {
    readonly cdnUrl: string;
    readonly outputs: Readonly<Record<string, string>>;
    readonly environment: Readonly<Record<string, string>>;
  };
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: environment.AWS_ENDPOINT_URL_S3 ?? '',
    forcePathStyle: true,
    credentials: { accessKeyId: 'customer', secretAccessKey: 'local' },
  });
  return {
    url,
    token: String(token),
    team,
    cdn: cdnUrl,
    artifacts: { bucket: outputs.ArtifactBucketName ?? '', client },
    now: async () => Date.parse(String((await status()).now)),
  };
}

async function answerOf(pending: Promise<Response>): Promise<Record<string, unknown>> {
  const response = await pending;
  if (!response.ok) throw new Error(`${response.status} from ${response.url}`);
  return (await response.json()) as Record<string, unknown>;
}
