import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runChild } from './harness/children.js'
import { withCompiled } from './harness/compile.js'
import { EXIT } from './harness/options.js'
import { BENCH, ROOT } from './harness/places.js'
import { tell } from './harness/terminal.js'
import { flameGraph } from './pictures/flame-graph.js'
import { callTree, hottest } from './profiling/cpu-profile.js'
import type { CpuProfile } from './profiling/cpu-profile.js'
import { isTargetName, TARGET_NAMES } from './profiling/target-names.js'
import type { TargetName } from './profiling/target-names.js'

const HELP = `npm run bench:profile -- TARGET… [OPTIONS]

Leaves a CPU profile (for the developer tools of a browser) and a flame graph in bench/profiles/, and tells the
hottest functions.

${Object.entries(TARGET_NAMES)
  .map(([name, about]) => `  ${name.padEnd(16)}${about}\n`)
  .join('')}
  --no-build      do not build dist first
  --help          this text

Example:
  npm run bench:profile -- handshake

Exit code: 0 done, 1 failed, 2 bad usage.
`

const [BUILD_LIMIT_MS, PROFILE_LIMIT_MS, HOTTEST] = [300_000, 120_000, 12]

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const wanted = readTargets(args)
  if (wanted === undefined) return EXIT.usage
  if (wanted.help) {
    process.stdout.write(HELP)
    return EXIT.done
  }
  if (!wanted.noBuild) await runChild('npm', ['run', 'build'], { timeLimitMs: BUILD_LIMIT_MS, cwd: ROOT })
  return withCompiled(async compiled => {
    for (const target of wanted.targets) await profile(target, join(compiled, 'profiling', 'run.js'))
    return EXIT.done
  })
}

async function profile(target: TargetName, script: string): Promise<void> {
  const folder = join(BENCH, 'profiles')
  mkdirSync(folder, { recursive: true })
  const [file, graph] = [join(folder, `${target}.cpuprofile`), join(folder, `${target}.svg`)]
  await runChild(process.execPath, [script, target, file], {
    timeLimitMs: PROFILE_LIMIT_MS,
  })
  const tree = callTree(JSON.parse(readFileSync(file, 'utf8')) as CpuProfile)
  const hot = hottest(tree, HOTTEST).map(
    ({ name, share }) => `${(100 * share).toFixed(1).padStart(5)} %  ${name}`,
  )
  const title = `${target}: ${TARGET_NAMES[target]} (Node ${process.versions.node})`
  writeFileSync(graph, flameGraph({ title, description: hot.join('; ') }, tree))
  process.stdout.write(`${title}\n${hot.join('\n')}\n${file}\n${graph}\n\n`)
}

function readTargets(args: string[]): { targets: TargetName[]; help: boolean; noBuild: boolean } | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', default: false }, 'no-build': { type: 'boolean', default: false } },
    })
    const unknown = positionals.find(name => !isTargetName(name))
    if (unknown !== undefined) throw new Error(`there is no target ${unknown}`)
    if (positionals.length === 0 && !values.help) throw new Error('what is to be profiled?')
    return { targets: positionals.filter(isTargetName), help: values.help, noBuild: values['no-build'] }
  } catch (error) {
    tell(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`)
    return undefined
  }
}
