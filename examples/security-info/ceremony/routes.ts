import { Router } from 'express'
import type { Request } from 'express'
import { Fields } from '../http/fields.js'
import { Problem, STATUS } from '../http/problem.js'
import type { Ceremonies } from './ceremonies.js'
import type { Ceremony } from './ceremony.js'
import { wishFrom } from './wish.js'

/** What pages may ask of the device that shows them: to start a ceremony, to follow it, to judge its answer, to give it up. */
export function ceremonyRoutes(ceremonies: Ceremonies): Router {
  const router = Router()
  const found = (id: string): Ceremony => {
    const ceremony = ceremonies.find(id)
    if (ceremony === undefined) throw over()
    return ceremony
  }
  router.post('/ceremonies', (request, response) => {
    const { id } = ceremonies.start(wishFrom(request.body), originOf(request))
    response.status(STATUS.created).json({ id })
  })
  router.get('/ceremonies/:id', (request, response) => {
    found(request.params.id).follow(response)
  })
  router.post('/ceremonies/:id/verdict', async (request, response) => {
    const isAccepted = new Fields(request.body).flag('isAccepted')
    if (!(await found(request.params.id).judge(isAccepted))) throw over()
    response.sendStatus(STATUS.noContent)
  })
  router.delete('/ceremonies/:id', async (request, response) => {
    await found(request.params.id).end('cancelled')
    response.sendStatus(STATUS.noContent)
  })
  return router
}

/** The browser’s word on who asks; the guard has seen it before. */
export function originOf(request: Request): string {
  return request.headers.origin ?? ''
}

/** What came too late. */
export function over(): Problem {
  return new Problem(STATUS.notFound, { code: 'over', message: 'This is over already.' })
}
