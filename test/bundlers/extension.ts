import { existsSync } from 'node:fs'
import { copyFile, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import type { BrowserContext, Worker } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { CHROMIUM } from '../browser/support/executable.js'
import { TemporaryFolder } from '../support/temporary-folder.js'

/** Why there is no extension here; undefined where there can be one. */
export const NO_BROWSER: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `No ${CHROMIUM}: the service workers of extensions are skipped. test/browser/install-packages.sh installs the Debian package chromium.`

const MANIFEST = {
  manifest_version: 3,
  name: 'Passkeys of a phone',
  version: '1',
  background: { service_worker: 'main.js' },
}

/** Starts a browser, for the length of a test, with an extension of one script. @returns its service worker. */
export async function extensionWorker(script: string): Promise<Worker> {
  const folder = await TemporaryFolder.create()
  onTestFinished(() => folder.remove())
  await copyFile(script, folder.at('main.js'))
  await writeFile(folder.at('manifest.json'), JSON.stringify(MANIFEST))
  const context = await launch(folder.path)
  onTestFinished(() => context.close())
  return context.serviceWorkers()[0] ?? context.waitForEvent('serviceworker')
}

function launch(extension: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', {
    executablePath: CHROMIUM,
    args: [
      // The new one: the old has no extensions.
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      `--disable-extensions-except=${extension}`,
      `--load-extension=${extension}`,
    ],
  })
}
