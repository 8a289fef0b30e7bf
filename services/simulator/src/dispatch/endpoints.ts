import type { Account } from '../account.ts'
import { parseBody } from '../messages/endpoints.ts'
import { asObject } from '../messages/read-body.ts'
import type { ApiRequest, Endpoint } from '../vonage/endpoint.ts'
import { answerProblem, invalidJson, type Answer, type Problem } from '../vonage/problem.ts'
import { validateDispatch } from './validate.ts'
import type { Workflows } from './workflows.ts'

export interface DispatchDeps {
  account: Pick<Account, 'settings'>
  workflows: Pick<Workflows, 'start'>
}

/** `POST /v0.1/dispatch`: the documentation writes it with a trailing slash, programs mostly without. */
export function dispatchEndpoints(deps: DispatchDeps): Endpoint[] {
  return [
    {
      method: 'POST',
      paths: ['/v0.1/dispatch', '/v0.1/dispatch/'],
      product: 'dispatch',
      style: 'json',
      accepts: ['jwt', 'basic'],
      handle: (request) => dispatch(request, deps),
    },
  ]
}

function dispatch(request: ApiRequest, deps: DispatchDeps): Answer {
  const body = parseBody(request.rawBody)
  if (!body.ok) return refuse({ ...invalidJson(body.reason), status: 400 })
  const valid = validateDispatch(body.value, deps.account.settings().strictDispatch)
  if (!valid.ok) return refuse(valid.problem)
  const { dispatchUuid, messageUuid } = deps.workflows.start(valid.value, request)
  return { status: 202, about: [dispatchUuid, messageUuid], body: { dispatch_uuid: dispatchUuid } }
}

function refuse(problem: Problem): Answer {
  const answer = answerProblem(problem)
  const [parameter] = problem.invalidParameters ?? []
  return { ...answer, body: { ...asObject(answer.body), ...(parameter ? { invalid_parameters: parameter } : {}) } }
}
