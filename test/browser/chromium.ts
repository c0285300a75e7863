import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const candidates = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = candidates.find((path) => path !== undefined && existsSync(path));
const isRequired = process.env.CI === 'true';

/** Why the suite has nothing to run; undefined when it has. Where CI runs, a browser that is missing is a failure. */
export const reasonToSkip =
  executablePath === undefined && !isRequired
    ? 'no Chromium: scripts/install-chromium.sh installs it, or CHROMIUM_PATH names one'
    : undefined;
if (reasonToSkip !== undefined) process.stderr.write(`browser tests are skipped: ${reasonToSkip}\n`);

/** Throws an Error when there is no browser. */
export function launchChromium(): Promise<Browser> {
  if (executablePath === undefined)
    throw new Error('CI runs the browser tests: scripts/install-chromium.sh comes first');
  return chromium.launch({
    executablePath,
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
