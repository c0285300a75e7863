import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket } from 'aws-cdk-lib/aws-s3';
import { NagCheck, reviewFindings } from '../../infra/nag.ts';
import { accept } from '../../infra/parts/accept.ts';
import { bundleDirectory, bundleFunctions } from '../../infra/parts/bundle.ts';
import { runwayApp } from '../../infra/runway-app.ts';
import type { Review, Reviews } from './nag-reviews.ts';

// Run by nag.test.ts in a process of its own: the CDK takes twice as long to load in a test runner. Prints `Reviews`.

const directory = mkdtempSync(path.join(tmpdir(), 'runway-nag-'));
process.on('exit', () => rmSync(directory, { recursive: true }));
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
const outdir = () => mkdtempSync(path.join(directory, 'app-'));

function review(app: App): Review {
  app.synth();
  const { open, accepted, stale } = reviewFindings(app);
  const text = ({ construct, acceptance }: (typeof accepted)[number]) => ({
    path: construct.node.path,
    rule: acceptance.rule,
    reason: acceptance.reason,
  });
  return {
    open: open.map(({ ruleName }) => ruleName),
    accepted: accepted.map(text),
    stale: stale.map(text),
    check: new NagCheck(app).validate().success ? 'passes' : 'fails',
  };
}

function stage(settings: Record<string, unknown>): Review {
  return review(runwayApp({ outdir: outdir(), context: { ...context, ...settings } }));
}

/** A public bucket, and a role that may do everything with it. */
function careless() {
  const app = new App({ outdir: outdir() });
  const stack = new Stack(app, 'Careless');
  const open = { blockPublicAcls: false, blockPublicPolicy: false };
  const blockPublicAccess = new BlockPublicAccess({ ...open, ignorePublicAcls: false, restrictPublicBuckets: false });
  const bucket = new Bucket(stack, 'Bucket', { publicReadAccess: true, blockPublicAccess });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['s3:*'], resources: [`${bucket.bucketArn}/*`] }));
  return { app, bucket, role };
}

function carelessAndAccepted(): Review {
  const { app, bucket, role } = careless();
  accept(role, 'AwsSolutions-IAM5', 'Objects of this one bucket', `Resource::${bucket.bucketArn}/*`);
  accept(role, 'AwsSolutions-S2', 'Stands at another resource than the bucket');
  return review(app);
}

function emptyAndAccepted(): Review {
  const app = new App({ outdir: outdir() });
  accept(new Stack(app, 'Empty'), 'AwsSolutions-S1', 'There was a bucket here once');
  return review(app);
}

if (!existsSync(bundleDirectory)) bundleFunctions();
const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/a';
const reviews: Reviews = {
  plain: stage({}),
  everything: stage({
    stage: 'prod',
    removal: 'destroy',
    alarmEmail: 'owner@example.com',
    apiDomain: 'api.example.com',
    apiCertificateArn: certificate,
    portalDomain: 'portal.example.com',
    portalCertificateArn: certificate,
    hostedZoneId: 'Z0123456789',
    hostedZoneName: 'example.com',
    oidcIssuer: 'https://issuer.example.com',
    oidcAudience: 'runway',
    joinReservedConcurrency: 5,
  }),
  careless: review(careless().app),
  carelessAndAccepted: carelessAndAccepted(),
  emptyAndAccepted: emptyAndAccepted(),
};
process.stdout.write(JSON.stringify(reviews));
