import { CtapError, DeadlineError, ERROR_CATALOGUE, HybridError, TunnelError } from '../errors.js'
import type { ErrorCode } from '../errors.js'
import type { TracedError } from './records.js'
import { SYSTEM_CODES } from './system-codes.js'
import type { SystemCode } from './system-codes.js'

/** The most errors of one chain that a trace keeps. */
export const CHAIN_MAX = 8

/** The codes that an error of a trace may have. */
export const TRACED_CODES: readonly TracedError['code'][] = [
  ...(Object.values(ERROR_CATALOGUE).flatMap(entries => Object.keys(entries)) as ErrorCode[]),
  ...SYSTEM_CODES,
  'other',
]

/** An error and its causes, by codes and numbers alone: their messages may quote anything. */
export function tracedErrors(error: unknown): readonly TracedError[] {
  const chain: TracedError[] = []
  for (let next = error; next instanceof Error && chain.length < CHAIN_MAX; next = next.cause)
    chain.push(tracedError(next))
  return chain.length > 0 ? chain : [{ code: 'other' }]
}

function tracedError(error: Error): TracedError {
  if (!(error instanceof HybridError)) return { code: systemCode(error) }
  const { code } = error
  if (error instanceof DeadlineError) return { code, stage: error.stage }
  if (error instanceof CtapError) return { code, status: error.status }
  if (!(error instanceof TunnelError)) return { code }
  const { stage, status, closeCode } = error
  return { code, stage, status, closeCode }
}

/** Node has it as `code`, errors of D-Bus as `type`. */
function systemCode(
  error: Error & { readonly code?: unknown; readonly type?: unknown },
): SystemCode | 'other' {
  return SYSTEM_CODES.find(code => code === error.code || code === error.type) ?? 'other'
}
