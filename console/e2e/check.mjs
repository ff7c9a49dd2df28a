// What the tests of the console share: a list of checks that are run one after the other, each told when it fails, and the rules of accessibility.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let failures = 0;
let count = 0;

export async function check(name, work) {
  ++count;
  const began = Date.now();
  try {
    await work();
    console.log(`ok    ${name} (${Date.now() - began} ms)`);
  } catch (error) {
    ++failures;
    console.log(`FAIL  ${name}\n      ${String(error.message).split('\n').slice(0, 12).join('\n      ')}`);
  }
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

export function finish() {
  console.log(`${count - failures} of ${count} checks passed`);
  process.exitCode = failures === 0 && count > 0 ? 0 : 1;
}

/**
 * WCAG 2.2 A and AA by axe-core. Left out is what Fluent's focus library puts into the page: elements that are hidden and take the focus only to pass it
 * on (data-tabster-dummy).
 */
export async function expectAccessible(page) {
  // The content security policy lets no script in but the console's own; the protocol of the browser does.
  const found = await page.evaluate(
    `${axeSource}; axe.run({ exclude: [['[data-tabster-dummy]']] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
      .then((result) => result.violations.map((each) => each.id + ': ' + each.nodes.slice(0, 3).map((node) => node.target.join(' ') + ' — ' + (node.failureSummary || '').split('\\n').slice(1, 2).join('')).join(' | ')))`,
  );
  expect(found.length === 0, `axe: ${found.join('\n')}`);
}
