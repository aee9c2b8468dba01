import { CommanderError } from 'commander'
import type { Command, OutputConfiguration } from 'commander'
import { UsageError } from '../errors.js'
import { CommandLineError, EXIT, toFailure, ToldEnd } from './failure.js'
import { givenOptions } from './options/given.js'
import type { Action } from './invocation.js'
import { Output } from './output.js'
import { createProgram } from './program.js'
import type { Surroundings } from './surroundings.js'

/** More than any timer waits; only there to keep the process alive. */
const LONG_MS = 2 ** 30

/**
 * Runs one command to its end, with everything released.
 * @param args without the names of Node and of the script.
 * @returns the exit code.
 */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const output = new Output(surroundings, wantsJson(args))
  // Keeps the process alive: deadlines do not, and what the command waits for may not be a handle.
  const alive = setInterval(() => undefined, LONG_MS)
  try {
    const program = await programOf(args, output, surroundings)
    await program.parseAsync(args, { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done
    if (error instanceof ToldEnd) return error.exitCode
    const failure = toFailure(error instanceof CommanderError ? usageOf(error) : error)
    // Commander has told the people already.
    if (error instanceof CommanderError) output.event(failure.event)
    else output.failure(failure)
    return failure.exitCode
  } finally {
    clearInterval(alive)
  }
}

/** Reports an error that nothing caught, a bug. @returns the exit code. */
export function reportCrash(args: readonly string[], surroundings: Surroundings, error: unknown): number {
  const failure = toFailure(error)
  new Output(surroundings, wantsJson(args)).failure(failure)
  return failure.exitCode
}

// Mistakes have to be told as JSON also when they are mistakes about options.
function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return args.slice(0, end < 0 ? undefined : end).includes('--json')
}

async function programOf(
  args: readonly string[],
  output: Output,
  surroundings: Surroundings,
): Promise<Command> {
  const program = await createProgram(args, surroundings.version, (command, action) => {
    command.action(() => invoke(command, action, output, surroundings))
  })
  setUp(program, {
    writeErr: text => surroundings.stderr.write(text),
    writeOut: text => (output.json ? surroundings.stderr : surroundings.stdout).write(text),
  })
  return program
}

async function invoke(
  command: Command,
  action: Action,
  output: Output,
  surroundings: Surroundings,
): Promise<void> {
  try {
    await action({ options: givenOptions(command), operands: command.args, output, surroundings })
  } catch (error) {
    if (error instanceof CommandLineError) output.note(usageHint(command))
    throw error
  }
}

/** A command takes these settings from the one above it only while it is made. */
function setUp(command: Command, output: OutputConfiguration): void {
  tellStrayOptions(command)
  command.exitOverride().configureOutput(output).showHelpAfterError(usageHint(command))
  for (const subcommand of command.commands) setUp(subcommand, output)
}

/** A mistyped option that has to be there is missed before it is found to be unknown: the error says both. */
function tellStrayOptions(command: Command): void {
  const tell = command.error.bind(command)
  command.error = (message, options) => {
    const isMissing = options?.code === 'commander.missingMandatoryOptionValue'
    const stray = isMissing ? command.args.find(word => /^--?[a-z]/i.test(word)) : undefined
    return tell(stray === undefined ? message : `${message}; there is no option '${stray}'`, options)
  }
}

function usageHint(command: Command): string {
  const usage = command.createHelp().commandUsage(command)
  return `Usage: ${usage}\nTry --help behind the command.`
}

function usageOf(error: CommanderError): CommandLineError {
  const message = error.code === 'commander.help' ? 'a command is missing' : error.message
  return new CommandLineError(new UsageError('argument-invalid', message.replace(/^error: /, '')))
}
