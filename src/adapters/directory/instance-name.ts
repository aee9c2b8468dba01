import { UsageError } from '../../errors.js'

const NAME = /^[\w.-]{1,64}$/

/** What an engine’s lists call an instance. @throws UsageError `argument-invalid` */
export function checkedInstanceName(name: string = 'fido-hybrid'): string {
  if (NAME.test(name)) return name
  throw new UsageError('argument-invalid', 'an instance is named by 1 to 64 letters, digits, dots and dashes')
}
