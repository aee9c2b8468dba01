import type { Command } from 'commander'

/** The options of one run by their names in camel case. */
export interface GivenOptions {
  /** Undefined when the option is missing. */
  text(name: string): string | undefined
  /** For options that are required or have a default. */
  requiredText(name: string): string
  flag(name: string): boolean
  /** Whether `--no-NAME` was given. */
  isOff(name: string): boolean
  /** What was given each time, for options that may be repeated. */
  list(name: string): readonly string[]
}

/** Reads what commander has parsed into precise types. */
export function givenOptions(command: Command): GivenOptions {
  const values: Readonly<Record<string, unknown>> = command.optsWithGlobals()
  const text = (name: string): string | undefined => {
    const value = values[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    text,
    requiredText: name => {
      const value = text(name)
      if (value === undefined) throw new TypeError(`no option ${name}`)
      return value
    },
    flag: name => values[name] === true,
    isOff: name => values[name] === false,
    list: name => {
      const value = values[name]
      return Array.isArray(value) ? value.map(String) : []
    },
  }
}
