import { writeFileSync } from 'node:fs'
import { isTargetName } from './target-names.js'
import { TARGETS } from './targets.js'

// What `profile.ts` starts for each target: `node run.js TARGET FILE`.
const [, , name = '', file = ''] = process.argv
if (!isTargetName(name)) throw new Error(`there is no target ${name}`)
writeFileSync(file, JSON.stringify(await TARGETS[name]()))
