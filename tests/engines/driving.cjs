// Built sites as a reader uses them: levels, Why, anchors, a phone, print, the theme's navigation.
"use strict";
const { withPage } = require("./browser.cjs");
const { violations } = require("./pages.cjs");

// What is wrong on the pages of a site, and how many pieces there were.
async function site({ origin, pages, scheme, axe = [] }) {
  return withPage({ scheme, bypassCSP: true }, async (page) => {
    const faults = [];
    let pieces = 0;
    watch(page, origin, (fault) => faults.push(fault));
    for (const path of pages) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(`${origin}/${path}`);
      const found = await used(page);
      pieces += await page.locator(".sd-embed").count();
      if (axe.includes(path)) found.push(...await violations(page, ".sd-embed"));
      faults.push(...found.map((fault) => `${path}: ${fault}`));
    }
    return { faults, pieces };
  });
}

// From page to page by the theme's own links, without a load; what is derived works there too.
async function instant({ origin, from, to }) {
  return withPage({}, async (page) => {
    const faults = [];
    watch(page, origin, (fault) => faults.push(fault));
    // the theme puts our host in the place of the site's, but not our port
    await page.route("**/sitemap.xml", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll("https://example.org", origin);
      await route.fulfill({ response, body });
    });
    await page.goto(`${origin}/${from}`, { waitUntil: "networkidle" });  // it asks for its map first
    await page.evaluate(() => { window.stayed = true; });
    await page.locator(`.md-nav a[href$="${to}"]:visible, .md-content a[href$="${to}"]`).first().click();
    await page.waitForURL(`**/${to}`);
    await page.locator(".sd-embed .sd-chain").first().waitFor();
    if (!await page.evaluate(() => window.stayed)) faults.push("the page was loaded");
    return [...faults, ...await used(page)];
  });
}

function watch(page, origin, say) {
  page.on("console", (message) => {
    const icon = message.location().url.endsWith("/favicon.ico");  // Chromium asks, no page does
    if (message.type() === "error" && !icon) say(message.text());
  });
  page.on("pageerror", (error) => say(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(data|blob|about):/.test(url)) say(`request of ${url}`);
  });
}

async function used(page) {
  const faults = await page.evaluate(broken);
  for (const fault of await levels(page)) faults.push(fault);
  for (const fault of await why(page)) faults.push(fault);
  for (const fault of await anchor(page)) faults.push(fault);
  await page.emulateMedia({ media: "print" });
  if (!await page.evaluate(allOpen)) faults.push("print: a Why stays closed");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.waitForTimeout(200);  // Material opens all folds
  if (await page.locator(".sd-exercise > .sd-fold").filter({ visible: true }).count()) faults.push("print: a solution");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 360, height: 900 });
  const wide = await page.evaluate(tooWide);
  return [...faults, ...wide.map((what) => `360 px: ${what}`)];
}

async function levels(page) {
  const section = page.locator(".sd-section")
    .filter({ has: page.locator(".sd-levels:visible") }).first();
  if (!await section.count()) return [];
  const rows = [];
  for (const level of ["brief", "standard", "full"]) {
    await section.locator(`.sd-levels label:has(.sd-pick-${level})`).click();
    rows.push(await section.locator(".sd-row:visible").count());
  }
  await section.locator(".sd-levels label:has(.sd-pick-standard)").click();
  return rows[0] > 0 && rows[0] <= rows[1] && rows[1] <= rows[2] && rows[0] < rows[2] ? [] : [`levels show ${rows} rows`];
}

async function why(page) {
  const row = page.locator(".sd-row:visible:has(> details.sd-why)").first();
  if (!await row.count()) return [];
  const inside = row.locator("> details > div");
  const before = await inside.isVisible();
  await row.locator("> details > summary").click();
  return !before && await inside.isVisible() ? [] : ["Why does not open"];
}

async function anchor(page) {
  const number = page.locator(".sd-row:visible > .sd-no").last();
  if (!await number.count()) return [];
  const wanted = await number.evaluate((a) => a.hash);  // a theme may write the address in full
  await number.click();
  try {
    await page.waitForFunction(arrived, wanted, { timeout: 3000 });
  } catch {
    return [`${wanted} does not lead there`];
  }
  return [];
}

// --- what runs in the page ---

function arrived(wanted) {
  const box = document.getElementById(decodeURIComponent(wanted.slice(1)))?.getBoundingClientRect();
  return location.hash === wanted && box && box.bottom > 0 && box.top < innerHeight;
}

function broken() {
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  const links = [...document.querySelectorAll(".sd-embed a[href^='#']")];
  const chains = [...document.querySelectorAll(".sd-embed .sd-chain")].map((chain) =>
    [...chain.children].filter((row) => row.checkVisibility())
      .flatMap((row) => [...row.querySelectorAll(":scope > .sd-eq")])
      .map((equals) => equals.getBoundingClientRect().left));
  return [
    ...ids.filter((id, k) => ids.indexOf(id) !== k).map((id) => `twice #${id}`),
    ...links.filter((a) => !document.getElementById(decodeURIComponent(a.hash.slice(1)))).map((a) => `dead ${a.hash}`),
    ...chains.filter((lefts) => Math.max(...lefts) - Math.min(...lefts) > 0.6).map(() => "crooked ="),
  ];
}

function allOpen() {
  const whys = [...document.querySelectorAll(".sd-embed .sd-why > div")];
  return whys.filter((div) => div.closest(".sd-row").checkVisibility())  // a Why itself has no box
    .every((div) => div.checkVisibility() && div.getBoundingClientRect().height > 0);
}

function tooWide() {
  const root = document.documentElement;
  const scrolls = (e) => { for (let x = e; x; x = x.parentElement) {
    if (getComputedStyle(x).overflowX !== "visible") return true; } return false; };
  const far = [...document.querySelectorAll(".sd-embed *")].filter((e) => e.checkVisibility()
    && !e.closest("math, svg") && !scrolls(e) && e.getBoundingClientRect().right > 361);
  return [
    ...(root.scrollWidth > root.clientWidth ? [`the page is ${root.scrollWidth} px wide`] : []),
    ...far.map((e) => `${e.localName}.${e.classList.value} reaches out`),
  ];
}

module.exports = { instant, site };
