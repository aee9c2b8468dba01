#!/usr/bin/env node
/**
 * The `fido-hybrid` command.
 * @module
 */
import { readFileSync } from 'node:fs'
import { exitSoon, listenForInterrupts } from './cli/interrupt.js'
import { runCli } from './cli/main.js'
import { nodePlatform } from './node.js'

const { argv, env, stdin, stdout, stderr } = process
const [, , ...args] = argv

process.exitCode = await runCli(args, {
  stdin,
  stdout,
  stderr,
  env,
  version: packageVersion(),
  platform: nodePlatform,
  signal: listenForInterrupts(process),
})
exitSoon(process)

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const manifest: unknown = JSON.parse(text)
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return hasVersion ? String(manifest.version) : 'unknown'
}
