import { answerQuestions } from '../../harness/children.js'
import { OWN_PROCESS } from '../../harness/own-process.js'
import { RELAYS } from './relays.js'

/** A relay in a process of its own: `node --expose-gc relay-process.js KIND`. */
const port = await RELAYS[process.argv[2] as keyof typeof RELAYS]()

answerQuestions({ port: () => port, ...OWN_PROCESS })
