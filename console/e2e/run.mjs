// The console in a real Chromium against a real ipamd with real servers behind it.
//   node e2e/run.mjs LAB.json [--pictures FOLDER] [--only light|dark|narrow|actions]
// LAB.json is the line that tests/e2e/console_lab.py prints. With --pictures each screen is kept as a PNG, light, and some dark and narrow.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { go, openBrowser, openPage, settled, signIn } from './browser.mjs';
import { check, expect, expectAccessible, finish } from './check.mjs';
import { pathOf, screens } from './screens.mjs';
import { actions } from './actions.mjs';

const lab = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const pictures = option('--pictures');
const only = option('--only');
const keep = async (page, name) => pictures && page.screenshot({ path: join(pictures, `${name}.png`) });
const browser = await openBrowser();

async function show(page, path) {
  await go(page, path);
  await page.locator('#page h1').first().waitFor();
  await settled(page);
}

/** All screens at one appearance: each is reached, says what it is, has no fault that axe finds, and makes the browser complain of nothing. */
async function lookAtScreens(dark) {
  const mode = dark ? 'dark' : 'light';
  const { context, page, complaints } = await openPage(browser, lab.url, { dark });
  await page.goto(lab.url);
  await check(`sign-in, ${mode}`, async () => {
    await page.getByLabel('Password').waitFor();
    await expectAccessible(page);
    await keep(page, dark ? 'sign-in-dark' : 'sign-in');
  });
  await signIn(page, lab.url, lab.user, lab.password);
  for (const screen of screens) {
    await check(`${screen.name}, ${mode}`, async () => {
      await show(page, await pathOf(page, screen));
      await page.mouse.move(2, 400);
      if (!dark || ['overview', 'subnet-map', 'block-map'].includes(screen.name))
        await keep(page, dark ? `${screen.name}-dark` : screen.name);
      expect((await page.locator('#page h1').first().innerText()).length > 0, 'the screen has no name');
      expect(
        (await page.locator('.error-state').count()) === 0,
        `an error is shown: ${await page.locator('.error-state').allInnerTexts()}`,
      );
      await expectAccessible(page);
      const errors = complaints.splice(0);
      expect(errors.length === 0, errors.join('\n'));
    });
  }
  await check(`no violation of the content security policy, ${mode}`, async () => {
    const violations = await page.evaluate(() => window.violations);
    expect(violations.length === 0, violations.join('\n'));
  });
  await context.close();
}

async function lookNarrow() {
  const { context, page, complaints } = await openPage(browser, lab.url, { width: 400, height: 800 });
  await signIn(page, lab.url, lab.user, lab.password);
  for (const screen of screens.filter((each) =>
    ['overview', 'address-space', 'subnet-map', 'server-inventory', 'leases', 'tasks'].includes(each.name),
  )) {
    await check(`${screen.name}, 400 px wide`, async () => {
      await show(page, await pathOf(page, screen));
      await keep(page, `${screen.name}-narrow`);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width <= 400, `the page is ${width} px wide`);
      expect(complaints.length === 0, complaints.join('\n'));
    });
  }
  await context.close();
}

try {
  if (!only || only === 'light') await lookAtScreens(false);
  if (!only || only === 'dark') await lookAtScreens(true);
  if (!only || only === 'narrow') await lookNarrow();
  if (!only || only === 'actions') await actions(browser, lab, keep);
} finally {
  await browser.close();
}
finish();
