import { Command } from 'commander'
import { addCommands } from './commands.js'
import type { Bind } from './invocation.js'

const NOTES = `
Exit codes:
  0    done
  1    the ceremony failed; with --json the last line is {"event":"error","code":…,"message":…}
  2    bad usage
  130  ended by Ctrl-C; 143 by SIGTERM, 129 by a closed terminal. A ceremony then ends with the error "aborted".
       A command that serves ends with 130 after Ctrl-C, and with 0 when SIGTERM or a closed terminal stopped it.

Environment:
  HTTPS_PROXY                 the proxy that tunnels go through, or else ALL_PROXY; NO_PROXY has the hosts that need none
  FIDO_HYBRID_DIRECTORY       what --directory of "tunnel serve" is unless given
  XDG_DATA_HOME               where files of passkeys and links are; ~/.local/share unless set
  XDG_CACHE_HOME              where Node keeps what it compiled; ~/.cache unless set
  NODE_DISABLE_COMPILE_CACHE  1 has Node keep nothing of that
  NODE_EXTRA_CA_CERTS         a file of certificates (PEM) that Node trusts beside its own
  DBUS_SYSTEM_BUS_ADDRESS     the bus of BlueZ, unless it is the system’s own
  NO_COLOR                    no colours, where it is set to anything

Files:
  ~/.local/share/fido-hybrid/passkeys.json           the phone’s passkeys
  ~/.local/share/fido-hybrid/passkeys.identity.json  by what linked laptops know the phone
  ~/.local/share/fido-hybrid/links.json              the phones that the laptop remembers
  ~/.cache/fido-hybrid/compiled                      what Node compiled; it may be deleted at any time`

/**
 * Makes the program with its commands.
 * @param args the command line: commands that it does not name may have neither options nor subcommands. Empty for all of them.
 * @param bind ties what a command does to it.
 */
export async function createProgram(args: readonly string[], version: string, bind: Bind): Promise<Command> {
  const program = new Command('fido-hybrid')
    .description(
      'The FIDO hybrid transport in both roles: the laptop that shows a QR code, the phone that scans it.',
    )
    .version(version, '--version', 'print the version')
    .option('--json', 'make stdout JSON Lines, one object an event; everything for people goes to stderr')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', NOTES)
  await addCommands(program, args, bind)
  return program
}
