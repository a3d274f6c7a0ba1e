// Looks at pages in a browser, and prints what is wrong with them and what they look like as JSON.
// Arguments: folder of node_modules, browser, folder of pages, folder for pictures or "", number of views, views, other
// pages. Views are pages of which the looks are printed and pictures are taken.
'use strict';
const path = require('path');
const [modules, browserPath, folder, pictures, viewCount, ...names] = process.argv.slice(2);
const views = names.slice(0, Number(viewCount));
const {chromium} = require(path.join(modules, 'playwright-core'));
const axe = require('fs').readFileSync(path.join(modules, 'axe-core', 'axe.min.js'), 'utf8');

const looks = [320, 1280].flatMap(width => [{colorScheme: 'light'}, {colorScheme: 'dark'}, {forcedColors: 'active'}]
  .map(theme => ({viewport: {width, height: 900}, ...theme})));
looks.push({viewport: {width: 768, height: 900}, colorScheme: 'light'});

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
      hidden: [...document.querySelectorAll('.scroll')].some(one => one.scrollWidth > one.clientWidth),
    }));
    for (const directive of state.violations) say(`against the policy: ${directive}`);
    if (state.scripts !== 0) say('a script');
    if (state.hidden) say('a table has columns out of sight');
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

// In a page: where its blocks begin and how wide they are, which no font changes: what is as wide as its text is left out.
function blocks() {
  const name = one => one.localName + [...one.classList].map(each => '.' + each).join('');
  const found = [];
  for (const one of document.querySelectorAll('body *')) {
    if (!['block', 'flex', 'grid', 'list-item'].includes(getComputedStyle(one).display) || !one.checkVisibility()) continue;
    if (one.closest('table, svg *, .terms *, nav li, .ends span, .skip')) continue;
    const box = one.getBoundingClientRect();
    found.push([name(one.parentElement) + ' > ' + name(one), `${Math.round(box.left)}+${Math.round(box.width)}`]);
  }
  return found;
}

// In a page: colours and size of what there is.
function paints() {
  const short = color => color.replace(/^rgba?\((.*)\)$/, '$1').replaceAll(' ', '');
  const found = [];
  for (const one of document.querySelectorAll('body, body *:not(bdi, br, defs, desc, title, pattern)')) {
    const style = getComputedStyle(one), parts = [];
    if (one.ownerSVGElement) {
      parts.push(short(style.fill));
    } else {
      parts.push(short(style.color), style.fontSize, style.fontWeight);
      if (short(style.backgroundColor) !== '0,0,0,0') parts.push('on ' + short(style.backgroundColor));
      if (style.borderLeftStyle !== 'none') parts.push('beside ' + short(style.borderLeftColor));
    }
    found.push([one.localName + [...one.classList].map(each => '.' + each).join(''), parts.join(' ')]);
  }
  return found;
}

// The views at three widths and in two themes, as lines of text (UI-32).
async function describe(browser) {
  const boxes = new Map(), colors = new Map();
  const put = (map, key, column, value) => {
    if (!map.has(key)) map.set(key, []);
    (map.get(key)[column] ??= new Set()).add(value);
  };
  for (const [theme, colorScheme] of ['light', 'dark'].entries()) {
    for (const [column, width] of [320, 768, 1280].entries()) {
      const page = await browser.newPage({viewport: {width, height: 900}, colorScheme});
      for (const view of views) {
        const kind = view.includes('/') ? view.split('/')[0] : view.replace('.html', '');
        await page.goto('file://' + path.join(folder, view));
        if (pictures) await page.screenshot({path: path.join(pictures, `${kind}-${width}-${colorScheme}.png`), fullPage: true});
        if (theme === 0) for (const [key, box] of await page.evaluate(blocks)) put(boxes, `${kind}: ${key}`, column, box);
        if (column === 2) for (const [key, paint] of await page.evaluate(paints)) put(colors, key, theme, paint);
      }
      await page.close();
    }
  }
  const lines = map => [...map].map(([key, columns]) =>
    [key, ...Array.from(columns, values => [...values ?? []].sort().join(' or '))].join(' | ')).sort();
  return ['# view: parent > element | left+width at 320 | at 768 | at 1280', ...lines(boxes),
          '# element | colour, size and weight in light | in dark', ...lines(colors)];
}

// On paper there is no navigation, and what is folded away is there.
async function printed(browser, wrong) {
  const page = await browser.newPage();
  await page.emulateMedia({media: 'print'});
  for (const name of views) {
    await page.goto('file://' + path.join(folder, name));
    const found = await page.evaluate(() => ({
      nav: document.querySelector('nav').checkVisibility(),
      folded: [...document.querySelectorAll('details > :not(summary)')].filter(one => one.getBoundingClientRect().height === 0).length,
    }));
    if (found.nav) wrong.push(`${name}: the navigation is printed`);
    if (found.folded) wrong.push(`${name}: ${found.folded} parts are folded away on paper`);
  }
  await page.close();
}

(async () => {
  const browser = await chromium.launch({executablePath: browserPath, args: ['--no-sandbox']});
  const wrong = [];
  for (const one of looks) await look(browser, one, wrong);
  await walkByKeys(browser, wrong);
  await printed(browser, wrong);
  const described = await describe(browser);
  await browser.close();
  console.log(JSON.stringify({wrong, pages: names.length * looks.length, looks: described}));
})().catch(error => { console.error(error); process.exit(1); });
