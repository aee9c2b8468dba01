import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findProgram, PAGE_PROGRAMS } from '../../testing/page-programs.js'
import { READY_FD, startChildProgram } from './child-program.js'
import type { ChildProgram } from './child-program.js'

const ALLOW_ALL = '<allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/>'

/**
 * Starts the dbus-daemon of this machine with a configuration of our own; it says its address.
 * @param folder where configuration and socket go. @param policy what it allows, in its own XML; everything unless given.
 * @throws UnsupportedError `package-missing` without dbus-daemon.
 */
export async function startBus(folder: string, policy: string = ALLOW_ALL): Promise<ChildProgram> {
  const program = findProgram(PAGE_PROGRAMS.bus, process.env['PATH'])
  const configuration = join(folder, 'bus.conf')
  await writeFile(configuration, configurationOf(join(folder, 'bus'), policy))
  const args = ['--config-file', configuration, '--nofork', `--print-address=${READY_FD}`]
  return startChildProgram(program, args)
}

function configurationOf(socket: string, policy: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">${policy}</policy>
</busconfig>
`
}
