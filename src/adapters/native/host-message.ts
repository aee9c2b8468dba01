import type { ModuleFailure } from './radio-module.js'

/** What the child process tells its parent. */
export type HostMessage =
  | { readonly type: 'loaded'; readonly package: string }
  | ({ readonly type: 'failed' } & ModuleFailure)
  | { readonly type: 'event'; readonly event: string; readonly args: readonly unknown[] }
  | { readonly type: 'answer'; readonly id: number; readonly error: Error | undefined }

const STAGES = ['absent', 'unfit', 'load', 'init'] as const

/** @returns undefined for any other value. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  if (!isRecord(value)) return undefined
  const { type, event, args, id, error } = value
  if (type === 'loaded' && typeof value['package'] === 'string') return { type, package: value['package'] }
  if (type === 'failed') return { type, ...failureOf(value) }
  if (type === 'event' && typeof event === 'string' && Array.isArray(args)) return { type, event, args }
  if (type === 'answer' && typeof id === 'number') return { type, id, error: errorOf(error) }
  return undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function failureOf({ stage, packages, error }: Readonly<Record<string, unknown>>): ModuleFailure {
  return {
    stage: STAGES.find(each => each === stage) ?? 'crash',
    packages: Array.isArray(packages) ? packages.map(String) : [],
    cause: errorOf(error),
  }
}

/** An error of the child, with its code. */
function errorOf(told: unknown): Error | undefined {
  if (!isRecord(told)) return undefined
  const error = new Error(String(told['message']))
  return told['code'] === '' ? error : Object.assign(error, { code: told['code'] })
}
