// Runs one function in a process of its own, to be killed. Prints the process id of the function.
import path from 'node:path';
import { createFunctions } from '../../../local/lambda/functions.ts';
import { functionResource, temporaryDirectory, writeAssembly } from './write-assembly.ts';

const source = `export const handler = async (event) =>
  event.hang ? new Promise(() => setInterval(() => {}, 1000)) : process.pid;`;
const assembly = writeAssembly({}, { subject: source });
const directory = temporaryDirectory();
const { Properties } = functionResource('subject', { Timeout: 900 });
const identity = { logicalId: 'Subject', type: 'AWS::Lambda::Function', physicalName: 'subject', arn: 'arn' };
const functions = createFunctions({
  functions: [{ ...identity, properties: Properties }],
  assetPath: () => path.join(assembly, 'asset.subject'),
  environment: {},
  logDirectory: directory,
});
const answer = await functions.invoke('subject', {});
void functions.invoke('subject', { hang: process.argv[2] === 'busy' });
process.stdout.write(`${answer.ok ? answer.payload : answer.errorMessage}\n`);
setInterval(() => undefined, 1000);
