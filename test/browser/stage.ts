import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { bootCloud } from '../../local/cloud.ts';
import { publishPortal } from '../../local/publish-portal.ts';
import { launchChromium } from './chromium.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const screenshots = path.join(project, 'artifacts', 'screenshots');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export type Look = { readonly width?: 1280 | 400; readonly scheme?: 'light' | 'dark' };
export const looks: readonly Required<Look>[] = [
  { width: 1280, scheme: 'light' },
  { width: 1280, scheme: 'dark' },
  { width: 400, scheme: 'light' },
  { width: 400, scheme: 'dark' },
];
export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The embedded cloud under a virtual clock with the portal published, and a browser. `close` leaves nothing behind. */
export async function openStage(assembly: string, start: string) {
  mkdirSync(screenshots, { recursive: true });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'runway-browser-'));
  const cloud = await bootCloud({ assembly, dataDir, clock: { mode: 'virtual', start } });
  await publishPortal(cloud, project);
  const browser = await launchChromium();

  /** A page on its own, where nobody is signed in. */
  async function anonymous({ width = 1280, scheme = 'light' }: Look = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
    context.setDefaultTimeout(20_000);
    return context.newPage();
  }

  /** As an admin who was signed in before, at `address`. */
  const signedIn = (address: string, look?: Look): Promise<Page> => signedInAs('Admin', address, look);

  async function signedInAs(role: Role, address: string, look?: Look): Promise<Page> {
    const page = await anonymous(look);
    await page.goto(cloud.cdnUrl);
    await signIn(page, role);
    if (address !== '/') await page.goto(`${cloud.cdnUrl}${address}`);
    return page;
  }

  return {
    cloud,
    anonymous,
    signedIn,
    signedInAs,
    later: (hours: number) => cloud.advanceTo(new Date(Date.parse(cloud.now()) + hours * 3_600_000).toISOString()),
    async close() {
      await browser.close();
      await cloud.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Somebody that the issuer's page offers, or anybody with these groups. */
type Role = 'Admin' | 'Viewer' | { readonly groups: string };

/** Through the issuer's page, as whoever has the role. */
export async function signIn(page: Page, role: Role = 'Admin'): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  if (typeof role === 'string') await page.getByRole('button', { name: role }).click();
  else {
    await page.getByLabel('Groups').fill(role.groups);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
  await page.locator('#content').waitFor();
}

/** When the requests of the page have been answered and what they brought is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');
}

/** Into `artifacts/screenshots/`, to be looked at. */
export async function shoot(page: Page, name: string, { width, scheme }: Required<Look>): Promise<void> {
  await page.screenshot({ path: path.join(screenshots, `${name}-${width}-${scheme}.png`), fullPage: true });
}

type Violations = readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];

/** What axe-core finds against WCAG 2.2 AA and its best practices. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger: the content security policy lets no other script in.
  await page.evaluate(axe);
  const found = await page.evaluate<Violations>('axe.run().then(({ violations }) => violations)');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** How much wider than its window the page is. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
