import { Validations } from 'aws-cdk-lib';
import { readArguments } from './arguments.ts';
import { bundleFunctions } from './parts/bundle.ts';
import { runwayApp } from './runway-app.ts';

const { props, nag } = readArguments(process.argv.slice(2));
bundleFunctions();
const app = runwayApp(props);
if (nag) {
  // Loading the rules takes as long as applying them, and what boots on this machine does without.
  const { NagCheck } = await import('./nag.ts');
  Validations.of(app).addPlugins(new NagCheck(app));
}
app.synth();
