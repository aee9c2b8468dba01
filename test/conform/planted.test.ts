import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { CHANNEL_DEFECTS } from './planted/channel-defects.js'
import { CLIENT_DEFECTS } from './planted/client-defects.js'
import { LINK_DEFECTS } from './planted/link-defects.js'
import { PHONE_DEFECTS } from './planted/phone-defects.js'
import { SERVICE_DEFECTS } from './planted/service-defects.js'

const DEFECTS = [...CLIENT_DEFECTS, ...PHONE_DEFECTS, ...CHANNEL_DEFECTS, ...LINK_DEFECTS, ...SERVICE_DEFECTS]

test.each(DEFECTS)(
  'the $role that $name can be made: its text stands once in src/$file',
  ({ file, good }) => {
    expect(readFileSync(`src/${file}`, 'utf8').split(good)).toHaveLength(2)
  },
)
