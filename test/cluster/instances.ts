import { spawnSync } from 'node:child_process'
import { execPath } from 'node:process'
import type { CliProcess, StartCli } from '../support/cli.js'
import { readExample } from './haproxy.js'

/** An instance of the example in a process of its own, on this machine. */
export interface Instance {
  readonly process: CliProcess
  readonly port: number
  readonly metricsUrl: string
}

/** The options that compose.yaml gives each instance, for free ports and a proxy on this machine. */
async function exampleOptions(): Promise<readonly (readonly string[])[]> {
  const compose = await readExample('compose.yaml')
  // Each test has a directory of its own, or none.
  const all = [...compose.matchAll(/^ {4}- (--(?!directory=)\S+)$/gm)].map(([, option = '']) =>
    option
      .replace(/^(--port|--metrics-port)=.*/, '$1=0')
      // The proxy asks twice a second.
      .replace('--drain-lines=5', '--drain-lines=2')
      .replace('--host=0.0.0.0', '--host=127.0.0.1')
      .replace(/^--trusted-proxy=.*/, '--trusted-proxy=127.0.0.1'),
  )
  const own = [...compose.matchAll(/^ {4}command: \['(--routing-slots=.....)'\]$/gm)]
  return own.map(([, slots = '']) => [...all, slots])
}

/** What compose.yaml has Node run to see whether an instance is ready. @returns its exit code. */
export async function healthOf({ metricsUrl }: Instance): Promise<number | null> {
  const [, program = 'no program'] = /^ {6}- "(fetch.*)"$/m.exec(await readExample('compose.yaml')) ?? []
  const { port } = new URL(metricsUrl)
  return spawnSync(execPath, ['-e', program.replace(':9464', `:${port}`)]).status
}

/** Starts an instance. @param place from 0. @param port 0 picks a free one. @param more options of its own. */
export async function startInstance(
  start: StartCli,
  place: number,
  port = 0,
  ...more: readonly string[]
): Promise<Instance> {
  const options = (await exampleOptions())[place]
  if (options === undefined) throw new Error(`the example has no instance ${place}`)
  const process = start(
    'tunnel',
    'serve',
    ...options.map(each => each.replace('--port=0', `--port=${port}`)),
    ...more,
  )
  const { url } = await process.event('listening')
  const { url: metricsUrl } = await process.event('metrics')
  return { process, port: Number(new URL(String(url)).port), metricsUrl: String(metricsUrl) }
}
