import { spawnSync } from 'node:child_process'
import { afterAll, describe } from 'vitest'
import type { Cell } from './report.js'
import { cellsOf, writeReport } from './report.js'

/** An implementation of somebody else’s, whose cells are tests. */
export interface Peer {
  /** As its makers write it. */
  readonly name: string
  /** Asked for only when its cells run. */
  readonly version: () => string
  /** Why its cells cannot run here; undefined when they can. */
  readonly lacks: string | undefined
}

/** Says why something cannot run; undefined when nothing is in its way. */
type Check = () => string | undefined

/** @returns the first reason that a check gives. */
export function lacking(...checks: readonly Check[]): string | undefined {
  for (const check of checks) {
    const reason = check()
    if (reason !== undefined) return reason
  }
  return undefined
}

/** That a program starts. @param cure how to get it, as a sentence without its full stop. */
export function program(name: string, cure: string, args: readonly string[] = ['--version']): Check {
  return () =>
    spawnSync(name, args, { stdio: 'ignore' }).error === undefined ? undefined : `no ${name}: ${cure}`
}

/** The cells of a peer: its tests, which are skipped with the reason in their heading where they cannot run. */
export function describePeer(peer: Peer, cells: () => void): void {
  if (peer.lacks !== undefined) {
    process.stderr.write(`The cells of ${peer.name} are skipped: ${peer.lacks}.\n`)
    describe.skip(`${peer.name}, skipped: ${peer.lacks}`, cells)
    return
  }
  describe(peer.name, () => {
    afterAll(async ({}, suite) => {
      const told: readonly Cell[] = cellsOf(suite)
      await writeReport(peer.name, peer.version(), told)
    })
    cells()
  })
}
