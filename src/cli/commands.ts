import type { Command } from 'commander'
import type { AddCommands, Bind } from './invocation.js'

/** A command of the program. Its module takes long to load. */
interface ProgramCommand {
  readonly name: string
  readonly description: string
  readonly load: () => Promise<AddCommands>
}

/** Its script holds all commands. */
const COMPLETION = 'completion'

const COMMANDS: readonly ProgramCommand[] = [
  {
    name: 'client',
    description: 'be the laptop: show a QR code and use the phone that scans it, or one that is remembered',
    load: async () => (await import('./client/client.js')).addClientCommands,
  },
  {
    name: 'phone',
    description: 'be the phone: answer QR codes and linked laptops, and keep passkeys',
    load: async () => (await import('./phone/phone.js')).addPhoneCommands,
  },
  {
    name: 'tunnel',
    description: 'be the tunnel service between laptop and phone',
    load: async () => (await import('./tunnel/tunnel.js')).addTunnelCommands,
  },
  {
    name: 'lab',
    description: 'serve a tunnel service, an air hub and a demo relying party on this machine',
    load: async () => (await import('./lab/lab.js')).addLabCommand,
  },
  {
    name: 'inspect',
    description: 'explain a QR code, an advert, a decrypted message or a trace',
    load: async () => (await import('./inspect/inspect.js')).addInspectCommand,
  },
  {
    name: 'conform',
    description: 'try another implementation of laptop, phone or tunnel service with good and bad peers',
    load: async () => (await import('./conform/conform.js')).addConformCommands,
  },
  {
    name: 'replay',
    description: 'play a recording of --trace-secrets against the sessions again',
    load: async () => (await import('./replay/replay.js')).addReplayCommand,
  },
  {
    name: 'doctor',
    description: 'say what this machine has and lacks for each role, and how to fix it',
    load: async () => (await import('./doctor/doctor.js')).addDoctorCommand,
  },
  {
    name: 'trial',
    description: 'lead a person through a trial with a laptop and a real phone, and write a report',
    load: async () => (await import('./trial/trial.js')).addTrialCommand,
  },
  {
    name: COMPLETION,
    description: 'print what a shell needs to complete commands and options',
    load: async () => (await import('./completion/completion.js')).addCompletionCommand,
  },
]

/** Adds the commands; loads those that the arguments name, or all where help about all may be wanted. */
export async function addCommands(program: Command, args: readonly string[], bind: Bind): Promise<void> {
  const named = COMMANDS.map(({ name }) => name).filter(name => args.includes(name))
  const all = named.length === 0 || named.includes(COMPLETION)
  const loaded = await Promise.all(
    COMMANDS.map(({ name, load }) => (all || named.includes(name) ? load() : Promise.resolve(undefined))),
  )
  COMMANDS.forEach(({ name, description }, place) => {
    const command = program.command(name).description(description)
    loaded[place]?.(command, bind)
  })
}
