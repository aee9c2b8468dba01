import { delimiter } from 'node:path'
import { PAGE_PROGRAMS, missingProgram } from '../../testing/page-programs.js'
import type { PageProgram } from '../../testing/page-programs.js'
import { UnsupportedError } from '../../errors.js'
import type { Environment } from './environment.js'
import { problem } from './finding.js'
import type { DoctorFinding } from './finding.js'

const DRIVER = 'playwright-core'

/** Whether this machine can test the browser’s own dialog: the system, its programs, and the package that drives the browser. */
export async function pageFindings(
  environment: Environment,
  searchPath: string | undefined,
): Promise<readonly DoctorFinding[]> {
  const folders = (searchPath ?? '').split(delimiter).filter(folder => folder !== '')
  const programs = Object.entries(PAGE_PROGRAMS) as [keyof typeof PAGE_PROGRAMS, PageProgram][]
  return [
    systemFinding(environment),
    ...(await Promise.all(
      programs.map(async ([check, program]) => {
        const found = await findCommand(program, folders, environment)
        if (found !== undefined) return { check, ok: true, detail: found }
        return problem(check, missingProgram(program), `Run: apt-get install ${program.debianPackage}`)
      }),
    )),
    driverFinding(environment),
  ]
}

function systemFinding({ platform }: Environment): DoctorFinding {
  if (platform === 'linux') return { check: 'system', ok: true, detail: platform }
  const failure = new UnsupportedError(
    'capability-missing',
    `the dialog is tested on Linux, not on ${platform}`,
  )
  return problem('system', failure, 'Use Linux for these tests, in a container or a virtual machine.')
}

async function findCommand(
  { commands }: PageProgram,
  folders: readonly string[],
  environment: Environment,
): Promise<string | undefined> {
  const listed = await Promise.all(folders.map(folder => environment.list(folder)))
  const places = commands.flatMap(name =>
    folders.flatMap((folder, at) => (listed[at]?.includes(name) === true ? [`${folder}/${name}`] : [])),
  )
  return places[0]
}

function driverFinding(environment: Environment): DoctorFinding {
  if (environment.isInstalled(DRIVER)) return { check: 'driver', ok: true, detail: DRIVER }
  const failure = new UnsupportedError('package-missing', `the package ${DRIVER} is not installed`)
  return problem('driver', failure, `Run: npm install --save-dev ${DRIVER}`)
}
