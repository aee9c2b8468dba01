import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, ipcMain } from 'electron'
import { HybridClient } from 'fido-hybrid'
import { nobleScanner } from 'fido-hybrid/adapters/noble'
import { serveCredentials } from 'fido-hybrid/electron/main'
import { nodePlatform } from 'fido-hybrid/node'
import { hybridWindow } from './hybrid-window.js'
import { permit } from './permit.js'

const PAGE = process.env['PAGE'] ?? 'https://webauthn.io/'

/** A preload script that needs no bundler; in an asar archive it is found as well. */
const preload = fileURLToPath(import.meta.resolve('fido-hybrid/electron/preload.cjs'))

await app.whenReady()

const platform = nodePlatform({ scanner: nobleScanner() })
const stop = serveCredentials({
  ipcMain,
  client: new HybridClient(platform),
  permit,
  window: hybridWindow,
  onFailure: error => console.error(error),
})
app.once('will-quit', stop)
app.on('window-all-closed', () => app.quit())

const window = new BrowserWindow({
  width: 1000,
  height: 800,
  webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegrationInSubFrames: true },
})
await window.loadURL(PAGE)
