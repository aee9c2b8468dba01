import { Session } from 'node:inspector/promises'
import type { Profiler } from 'node:inspector'

export type CpuProfile = Profiler.Profile

const SAMPLING_INTERVAL_US = 100

/** Profiles what this process does meanwhile, and nothing of its start. */
export async function profiled(work: () => Promise<void>): Promise<CpuProfile> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US })
    await session.post('Profiler.start')
    await work()
    const { profile } = await session.post('Profiler.stop')
    return profile
  } finally {
    session.disconnect()
  }
}

/** A function, who called it from where is told by its place in the tree. */
export interface Frame {
  readonly name: string
  /** Milliseconds in it and in what it called. */
  readonly total: number
  /** Milliseconds in itself. */
  readonly self: number
  readonly children: readonly Frame[]
}

const IDLE = ['(program)', '(idle)']
const US_PER_MS = 1000

/** The call tree of a profile, frames of the same function under the same caller taken together. */
export function callTree(profile: CpuProfile): Frame {
  const selfUs = new Map<number, number>()
  for (const [index, id] of (profile.samples ?? []).entries())
    selfUs.set(id, (selfUs.get(id) ?? 0) + (profile.timeDeltas?.[index] ?? 0))
  const nodes = new Map(profile.nodes.map(node => [node.id, node]))
  const [root] = profile.nodes
  if (root === undefined) throw new Error('the profile is empty')
  return merge('all', [root.id])

  function merge(name: string, ids: readonly number[]): Frame {
    const below = new Map<string, number[]>()
    for (const id of ids.flatMap(each => nodes.get(each)?.children ?? [])) {
      const child = nodes.get(id)
      if (child === undefined || IDLE.includes(child.callFrame.functionName)) continue
      const key = frameName(child.callFrame)
      below.set(key, [...(below.get(key) ?? []), id])
    }
    const children = Array.from(below, ([key, same]) => merge(key, same)).filter(({ total }) => total > 0)
    const self = ids.reduce((sum, id) => sum + (selfUs.get(id) ?? 0), 0) / US_PER_MS
    const total = children.reduce((sum, child) => sum + child.total, self)
    return { name, self, total, children: children.sort((left, right) => right.total - left.total) }
  }
}

function frameName({ functionName, url }: Profiler.ProfileNode['callFrame']): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  const place = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? (url.startsWith('node:') ? url : '')
  return place === '' ? name : `${name} ${place}`
}

/** Functions by the time in themselves, most first: name and share of the whole. */
export function hottest(tree: Frame, count: number): { name: string; share: number }[] {
  const selfs = new Map<string, number>()
  const visit = ({ name, self, children }: Frame): void => {
    selfs.set(name, (selfs.get(name) ?? 0) + self)
    children.forEach(visit)
  }
  visit(tree)
  return Array.from(selfs, ([name, self]) => ({ name, share: self / tree.total }))
    .sort((left, right) => right.share - left.share)
    .slice(0, count)
}
