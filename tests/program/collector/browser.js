// Looks at pages in a browser, and prints what is wrong with them as JSON.
// Arguments: folder of node_modules, browser, folder of pages, pages.
'use strict';
const path = require('path');
const [modules, browserPath, folder, ...names] = process.argv.slice(2);
const {chromium} = require(path.join(modules, 'playwright-core'));
const axe = require('fs').readFileSync(path.join(modules, 'axe-core', 'axe.min.js'), 'utf8');

const looks = [
  {viewport: {width: 320, height: 700}, colorScheme: 'dark'},
  {viewport: {width: 1280, height: 900}, colorScheme: 'light'},
  {viewport: {width: 768, height: 900}, colorScheme: 'light', forcedColors: 'active'},
];

// In a page: counts what breaks its policy.
function countViolations() {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', event => window.violations.push(event.violatedDirective));
}

// In a page: what can be reached by keys, and whether the focus can be seen.
function focusables() {
  return [...document.querySelectorAll('a[href], summary, [tabindex="0"]')].filter(one => one.checkVisibility()).length;
}
function focused() {
  const one = document.activeElement;
  if (one === document.body) return '';
  one.dataset.number ??= String(window.focusCount = (window.focusCount ?? 0) + 1);
  return getComputedStyle(one).outlineStyle === 'none' ? 'hidden' : one.dataset.number;
}

async function look(browser, look, wrong) {
  const context = await browser.newContext(look);
  const page = await context.newPage();
  await page.addInitScript(countViolations);
  let name = '';
  const say = what => wrong.push(`${name} at ${look.viewport.width}: ${what}`);
  page.on('console', message => say(`console: ${message.text()}`));
  page.on('pageerror', error => say(`error: ${error.message}`));
  page.on('dialog', dialog => { say('a dialog'); dialog.dismiss(); });
  page.on('request', request => { if (request.url() !== page.wanted) say(`a request: ${request.url()}`); });
  for (name of names) {
    page.wanted = 'file://' + path.join(folder, name);
    await page.goto(page.wanted);
    const state = await page.evaluate(() => ({
      violations: window.violations, scripts: document.scripts.length, lang: document.documentElement.lang,
      wider: document.documentElement.scrollWidth - innerWidth,
    }));
    for (const directive of state.violations) say(`against the policy: ${directive}`);
    if (state.scripts !== 0) say('a script');
    if (state.wider > 0) say(`${state.wider} pixels too wide`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
                                                               'best-practice']}));
    for (const one of found.violations) say(`axe: ${one.id} ${one.nodes[0].html.slice(0, 200)}`);
    if (found.passes.length < 10) say('axe has looked at nothing');
  }
  await context.close();
}

async function walkByKeys(browser, wrong) {
  const page = await browser.newPage({viewport: {width: 1280, height: 900}});
  for (const name of names) {
    await page.goto('file://' + path.join(folder, name));
    const expected = await page.evaluate(focusables);
    const reached = new Set();
    for (let i = 0; i < expected; ++i) {
      await page.keyboard.press('Tab');
      const one = await page.evaluate(focused);
      if (one === 'hidden') wrong.push(`${name}: the focus cannot be seen`);
      reached.add(one);
    }
    reached.delete('');
    if (reached.size !== expected) wrong.push(`${name}: ${reached.size} of ${expected} links are reached by keys`);
  }
  await page.close();
}

(async () => {
  const browser = await chromium.launch({executablePath: browserPath, args: ['--no-sandbox']});
  const wrong = [];
  for (const one of looks) await look(browser, one, wrong);
  await walkByKeys(browser, wrong);
  await browser.close();
  console.log(JSON.stringify({wrong, pages: names.length * looks.length}));
})().catch(error => { console.error(error); process.exit(1); });
