// What people do at the console, end to end: each check looks at the API afterwards, not only at the page.
import { go, openPage, settled, signIn } from './browser.mjs';
import { check, expect, expectAccessible } from './check.mjs';
import { pathOf } from './screens.mjs';

const ask = (page, path) => page.evaluate(async (url) => (await fetch(url)).json(), path);
const subnet = { path: '/space/subnet/{id}', find: ['subnets', 'prefix', '192.168.10.0/24'] };

export async function actions(browser, lab, keep) {
  const { context, page, complaints } = await openPage(browser, lab.url);
  await signIn(page, lab.url, lab.user, lab.password);
  await settled(page);
  const visit = async (path) => {
    await go(page, path);
    await page.locator('#page h1').first().waitFor();
    await settled(page);
  };

  await check('an address is found by the keyboard alone', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('10.64.0.60');
    await page
      .getByRole('option', { name: /10\.64\.0\.60/ })
      .first()
      .waitFor();
    await expectAccessible(page);
    await keep(page, 'search');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('tasks');
    await page.getByRole('option', { name: /Tasks/ }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Tasks', exact: true }).waitFor();
  });

  await check('the shortcuts are shown by ?, and g o goes to the overview', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Keyboard shortcuts').waitFor();
    await expectAccessible(page);
    await keep(page, 'shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  });

  await check('an address is allocated after a preview', async () => {
    await visit(await pathOf(page, subnet));
    await page.getByRole('button', { name: 'Allocate address' }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill('app7.corp.contoso.example');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Would be taken: 192.168.10.1').waitFor();
    await expectAccessible(page);
    await keep(page, 'allocate');
    expect(
      (await ask(page, '/api/v1/addresses?name=app7.corp.contoso.example')).items.length === 0,
      'a preview has taken an address',
    );
    await page.getByRole('button', { name: 'Allocate', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { items } = await ask(page, '/api/v1/addresses?name=app7.corp.contoso.example');
    expect(items.length === 1 && items[0].address === '192.168.10.1', JSON.stringify(items));
  });

  await check('what the server refuses is said at its field, and nothing that was typed is lost', async () => {
    await visit('/space?new=subnet');
    await page
      .getByRole('dialog')
      .getByLabel(/^Prefix/)
      .fill('10.20.0.1/24');
    await page.getByRole('dialog').getByLabel(/^Name/).fill('typed before');
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await page.locator('.fui-Field__validationMessage').first().waitFor();
    expect(
      (await page.getByRole('dialog').getByLabel(/^Name/).inputValue()) === 'typed before',
      'what was typed is gone',
    );
    await page.keyboard.press('Escape');
  });

  await check('a change that somebody else makes is seen without a reload', async () => {
    await visit(await pathOf(page, subnet));
    const id = page.url().match(/subnet\/(\d+)/)[1];
    await page.evaluate(
      async (path) =>
        fetch(path, {
          method: 'PATCH',
          body: JSON.stringify({ name: 'Renamed meanwhile' }),
          headers: { 'Content-Type': 'application/json', 'X-Ipam-Console': '1' },
        }),
      `/api/v1/subnets/${id}`,
    );
    await page.getByRole('heading', { name: /Renamed meanwhile/ }).waitFor({ timeout: 10_000 });
  });

  await check('a map is walked by the keyboard, and a free cell is allocated', async () => {
    await visit(`${await pathOf(page, subnet)}?ip=192.168.10.32`);
    await page.getByRole('grid', { name: /Addresses of/ }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('Allocate 192.168.10.49').waitFor();
    await page.keyboard.type('by-keyboard');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { items } = await ask(page, '/api/v1/addresses?name=by-keyboard');
    expect(items[0]?.address === '192.168.10.49', JSON.stringify(items));
  });

  await check('a table is filtered and sorted by the server, and its state is in the address', async () => {
    await visit('/monitor/leases');
    await page.getByRole('button', { name: 'Host', exact: true }).click();
    await page.waitForURL(/sort=hostname/);
    await page.getByLabel('All states').selectOption('declined');
    await page.waitForURL(/state=declined/);
    await page.getByText('1 row', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('1 row', { exact: true }).waitFor();
  });

  await check('a row is opened by the keyboard', async () => {
    await visit('/monitor/scopes');
    await page.getByRole('grid', { name: 'DHCP scopes' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/monitor\/scopes\/\d+/);
  });

  await check('a task is run now', async () => {
    await visit('/monitor/tasks');
    const before = (await ask(page, '/api/v1/tasks/AddressExpiry')).runs;
    await page.locator('.task', { hasText: 'AddressExpiry' }).getByRole('button', { name: 'Run now' }).click();
    await page.waitForFunction(
      async (runs) => (await (await fetch('/api/v1/tasks/AddressExpiry')).json()).runs > runs,
      before,
    );
  });

  await check('the data of a server is retrieved with its progress', async () => {
    await visit(await pathOf(page, { path: '/servers/{id}', find: ['servers', 'name', 'kea1.corp.contoso.example'] }));
    await page.getByRole('button', { name: 'Retrieve data' }).click();
    await page
      .locator('.panel', { hasText: 'Retrieving data' })
      .getByText('Succeeded')
      .first()
      .waitFor({ timeout: 60_000 });
    await keep(page, 'retrieve-data');
  });

  await check('a session that ends in the middle of a form loses nothing', async () => {
    await visit('/space?new=block');
    await page
      .getByRole('dialog')
      .getByLabel(/^Prefix/)
      .fill('100.64.0.0/10');
    await page.evaluate(() =>
      fetch('/api/v1/sessions/current', { method: 'DELETE', headers: { 'X-Ipam-Console': '1' } }),
    );
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await page.getByText('Your session is over').waitFor();
    await keep(page, 'session-over');
    await page.locator('.session-over').getByLabel('Password').fill(lab.password);
    await page.keyboard.press('Enter');
    await page.locator('.session-over').waitFor({ state: 'detached' });
    expect(
      (await page
        .getByRole('dialog')
        .getByLabel(/^Prefix/)
        .inputValue()) === '100.64.0.0/10',
      'what was typed is gone',
    );
    await page.getByRole('button', { name: 'Add', exact: true }).last().click();
    await page.waitForURL(/space\/block\/\d+/);
  });

  await check('the browser complains of nothing', async () => {
    const errors = complaints.filter((each) => !/status of (400|401)|ERR_INCOMPLETE_CHUNKED/.test(each)); // what was refused, and the stream of the session that was ended, on purpose
    expect(errors.length === 0, errors.join('\n'));
  });
  await context.close();
  await startEmpty(browser, lab, keep);
  await readOnly(browser, lab, keep);
}

async function startEmpty(browser, lab, keep) {
  const { context, page } = await openPage(browser, lab.empty_url);
  await check('a new installation is started by adding a server', async () => {
    await signIn(page, lab.empty_url, 'admin', lab.empty_password);
    await page.getByRole('heading', { name: 'Welcome to Cadastre' }).waitFor();
    await expectAccessible(page);
    await keep(page, 'guided-start');
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill('kea1');
    await page.getByLabel(/^URL of the control agent/).fill(lab.kea.url);
    await page.getByLabel('User name').fill(lab.kea.user);
    await page.getByLabel('Password').fill(lab.kea.password);
    await keep(page, 'add-server');
    await page.getByRole('button', { name: 'Add and verify' }).click();
    await page.getByRole('heading', { name: 'kea1' }).waitFor();
    await page.getByText('Reachable').first().waitFor();
    await page.waitForFunction(
      async () => (await (await fetch('/api/v1/dhcp_scopes?count=exact&limit=1')).json()).total > 0,
      undefined,
      { timeout: 60_000 },
    );
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByText('Fullest subnets').waitFor();
  });
  await context.close();
}

/** Who may only read is offered nothing that would be refused. */
async function readOnly(browser, lab, keep) {
  const { context, page, complaints } = await openPage(browser, lab.url);
  await check('a user with few rights is offered nothing that fails', async () => {
    await signIn(page, lab.url, 'viewer', lab.password);
    await settled(page);
    await go(page, await pathOf(page, subnet));
    await page.getByRole('tab', { name: 'Map' }).waitFor();
    await settled(page);
    expect(
      (await page.getByRole('button', { name: /Allocate|Edit|More actions/ }).count()) === 0,
      'a button is offered that would be refused',
    );
    await go(page, '/access/users');
    await page.getByText('You may not see this').waitFor();
    await keep(page, 'not-allowed');
    await go(page, '/servers');
    await settled(page);
    expect((await page.getByRole('button', { name: /Add server|Retrieve/ }).count()) === 0, 'a server could be added');
    expect(complaints.length === 0, complaints.join('\n'));
  });
  await context.close();
}
