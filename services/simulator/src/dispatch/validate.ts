import { rulesOf, type Channel } from '../channels.ts'
import { asList, asObject, type Body } from '../messages/read-body.ts'
import { validateV01 } from '../messages/validate-v01.ts'
import type { Validated, ValidMessage } from '../messages/validate-v1.ts'
import type { Problem } from '../vonage/problem.ts'

export interface DispatchStep {
  message: ValidMessage
  /** On every step but the last. */
  failover: { expiryMs: number; condition: 'delivered' | 'read' } | null
}

const SHORTEST_EXPIRY_SECONDS = 15
const LONGEST_EXPIRY_SECONDS = 86_400

/**
 * Checks a workflow. Whether Vonage takes `"600"` for 600, and `read` on SMS, is not written down anywhere: both are
 * refused only in strict mode.
 */
export function validateDispatch(body: Body, isStrict: boolean): Validated<DispatchStep[]> {
  if (body.template !== 'failover') return fail('template', 'must be failover')
  const items = asList(body.workflow)
  if (items.length === 0) return fail('workflow', 'is required')
  if (isStrict && items.length < 2) return fail('workflow', 'needs at least two messages')
  const steps: DispatchStep[] = []
  for (const [index, item] of items.entries()) {
    const step = validateStep(asObject(item) ?? {}, `workflow[${index}]`, index === items.length - 1, isStrict)
    if (!step.ok) return step
    steps.push(step.value)
  }
  return { ok: true, value: steps }
}

function validateStep(item: Body, at: string, isLast: boolean, isStrict: boolean): Validated<DispatchStep> {
  const message = validateV01(item)
  if (!message.ok) {
    const parameter = message.problem.invalidParameters?.[0]
    return fail(`${at}.${parameter?.name ?? ''}`, parameter?.reason ?? '')
  }
  if (isLast) {
    return item.failover === undefined
      ? { ok: true, value: { message: message.value, failover: null } }
      : fail(`${at}.failover`, 'is not allowed on the last message')
  }
  const failover = asObject(item.failover)
  if (failover === null) return fail(`${at}.failover`, 'is required on every message but the last')
  const seconds = readSeconds(failover.expiry_time, isStrict)
  if (seconds === null) return fail(`${at}.failover.expiry_time`, 'must be a whole number from 15 to 86400')
  const condition = readCondition(failover.condition_status, message.value.channel, isStrict)
  if (condition === null) return fail(`${at}.failover.condition_status`, 'is not supported on this channel')
  return { ok: true, value: { message: message.value, failover: { expiryMs: seconds * 1_000, condition } } }
}

function readSeconds(value: unknown, isStrict: boolean): number | null {
  const seconds = !isStrict && typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isInteger(seconds)) return null
  return seconds >= SHORTEST_EXPIRY_SECONDS && seconds <= LONGEST_EXPIRY_SECONDS ? seconds : null
}

function readCondition(value: unknown, channel: Channel, isStrict: boolean): 'delivered' | 'read' | null {
  if (value !== 'delivered' && value !== 'read') return null
  return isStrict && value === 'read' && !rulesOf[channel].reportsRead ? null : value
}

/** Dispatch gives `invalid_parameters` as one object where Messages v1 gives a list. */
function fail(name: string, reason: string): { ok: false; problem: Problem } {
  const type = 'https://www.nexmo.com/messages/Errors#InvalidParams'
  const detail = `${name} ${reason}`
  return {
    ok: false,
    problem: { status: 400, type, title: 'Invalid params', detail, invalidParameters: [{ name, reason }] },
  }
}
