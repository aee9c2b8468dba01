import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { Router } from 'express'

const FOLDER = new URL('../pages/', import.meta.url)

/** The pages by their addresses. */
const PAGES: Readonly<Record<string, string>> = {
  '/sign-in': 'sign-in.html',
  '/security-info': 'security-info.html',
  '/settings': 'settings.html',
  '/phone': 'phone.html',
}

const SCRIPTS = ['sign-in', 'security-info', 'settings', 'phone'] as const
const STYLES = ['site.css', 'phone.css'] as const

/** Serves the pages; their scripts are bundled once, in memory. */
export async function servePages(): Promise<Router> {
  const router = Router()
  const serve = (path: string, type: string, body: string): void => {
    router.get(path, (_request, response) => void response.type(type).send(body))
  }
  for (const [path, file] of Object.entries(PAGES)) serve(path, 'html', await read(file))
  for (const file of STYLES) serve(`/${file}`, 'css', await read(file))
  serve('/icon.svg', 'svg', await read('icon.svg'))
  for (const [name, script] of await bundle()) serve(`/${name}.js`, 'js', script)
  router.get('/', (_request, response) => {
    response.redirect('/security-info')
  })
  return router
}

function read(file: string): Promise<string> {
  return readFile(new URL(file, FOLDER), 'utf8')
}

async function bundle(): Promise<readonly (readonly [name: string, script: string])[]> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(FOLDER),
    entryPoints: SCRIPTS.map(name => `${name}.ts`),
    outdir: 'out',
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  })
  return SCRIPTS.map((name, index) => [name, outputFiles[index]?.text ?? ''] as const)
}
