import type { Colors } from '../text/colors.js'
import { harmless, printable } from '../text/printable.js'
import type { DoctorFinding } from './finding.js'
import type { ExaminedRole } from './role-examination.js'

const CHECK_WIDTH = 18
const CURE_INDENT = ' '.repeat(11)

/** A finding for people: a line, and its cure below. */
export function findingText({ check, ok, detail, code, cure }: DoctorFinding, colors: Colors): string {
  const mark = ok ? colors.green('ok     ') : colors.red('missing')
  const reason = code === undefined ? '' : ` ${colors.dim(`(${code})`)}`
  const line = `  ${mark}  ${check.padEnd(CHECK_WIDTH)} ${printable(detail)}${reason}`
  return ok || cure === undefined ? line : `${line}\n${CURE_INDENT}cure: ${harmless(cure)}`
}

/** The last line for people. */
export function verdictText(works: Readonly<Record<ExaminedRole, boolean>>): string {
  const word = (role: ExaminedRole): string => `${role}: ${works[role] ? 'works' : 'does not work'}`
  return `${word('client')}, ${word('phone')}`
}
