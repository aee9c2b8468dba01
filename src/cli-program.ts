import { readFileSync } from 'node:fs'
import { nodeEnvironment } from './cli/doctor/environment.js'
import { exitSoon, listenForInterrupts } from './cli/interrupt.js'
import { reportCrash, runCli } from './cli/main.js'
import type { Surroundings } from './cli/surroundings.js'
import { nodePlatform } from './node.js'

/** Runs the command line that the process was started with, and sets its exit code. */
export async function startCommand(process: NodeJS.Process): Promise<void> {
  const { argv, env, stdin, stdout, stderr } = process
  const [, , ...args] = argv
  const surroundings: Surroundings = {
    stdin,
    stdout,
    stderr,
    env,
    version: packageVersion(),
    environment: nodeEnvironment(),
    platform: nodePlatform,
    ...listenForInterrupts(process),
  }
  process.on('uncaughtException', error => process.exit(reportCrash(args, surroundings, error)))
  process.exitCode = await runCli(args, surroundings)
  exitSoon(process)
}

function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  const manifest: unknown = JSON.parse(text)
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest
  return hasVersion ? String(manifest.version) : 'unknown'
}
