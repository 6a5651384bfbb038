// Debian's Chromium by Playwright: one browser for all pages, started when the first is asked for.
"use strict";
let started;

function browser() {
  started ??= require("playwright-core").chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  return started;
}

// A page of this width in this scheme; `use` gets it, and nothing of it is left afterwards.
async function withPage({ width = 1280, scheme = "light", ...options }, use) {
  const context = await (await browser()).newContext({
    viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: "reduce", ...options,
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10000);
    return await use(page);
  } finally {
    await context.close();
  }
}

async function close() {
  if (started) await (await started).close();
}

module.exports = { close, withPage };
