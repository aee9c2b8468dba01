import type { Suite } from '../harness/group.js'
import { measureCalls } from './cluster/calls.js'
import { measureCeremonies } from './cluster/ceremonies.js'
import { runEngines } from './cluster/engines.js'
import { measureLines } from './cluster/lines.js'

/** Several instances on the cores of this machine: what they do, what they ask of an engine, what a waiting line takes. */
export const measure: Suite = async context => {
  await measureCeremonies(context)
  const engines = await runEngines(context)
  try {
    await measureCalls(context, engines)
    await measureLines(context, engines)
  } finally {
    for (const { program } of engines) await program.close()
  }
}
