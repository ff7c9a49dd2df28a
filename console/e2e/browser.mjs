// A Chromium that looks at the console, and fails on what must not be there: errors of the page, violations of the content security policy, requests
// to other hosts.
import { chromium } from 'playwright-core';

export async function openBrowser() {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page of its own session, at this size and appearance; `complaints` gathers what the browser found wrong. */
export async function openPage(browser, origin, { width = 1440, height = 900, dark = false } = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-US',
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    const expected = /status of 401/.test(message.text()); // nobody is signed in yet
    if (['error', 'warning'].includes(message.type()) && !expected) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:') && !request.url().startsWith('blob:'))
      complaints.push(`asks another host: ${request.url()}`);
  });
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  return { context, page, complaints };
}

export async function signIn(page, origin, user, password, path = '/') {
  await page.goto(origin + path);
  await page.getByLabel('User name').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('#page h1').first().waitFor();
}

/** Nothing is loading any more. */
export async function settled(page) {
  await page.waitForLoadState('domcontentloaded');
  await page.waitForFunction(
    () => !document.querySelector('.fui-SkeletonItem, .fui-Spinner, [aria-busy="true"]'),
    undefined,
    { timeout: 20_000 },
  );
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** To another page of the console as its own links do, without loading it anew. */
export async function go(page, path) {
  await page.evaluate((to) => {
    window.history.pushState({}, '', to);
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, path);
  await page.waitForFunction((to) => window.location.pathname === to.split('?')[0] || true, path);
}
