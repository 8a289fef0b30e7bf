import {
  alertChannel,
  engineProblems,
  messageMedia,
  missingSenders,
  own,
  planOf,
  planWarnings,
  policy,
} from '@switchboard/contracts'
import type { AlertPlan, PlanRemark, Policy, SwitchboardConfig } from '@switchboard/contracts'
import { formatPath } from '@switchboard/runtime'
import { z } from 'zod'

import { partsWarning } from './parts-warning.ts'
import { Problem } from './problem.ts'
import type { FieldProblem } from './problem.ts'

/** Either the name of a configured policy or a list of users of its own. All problems are reported at once. */
export function alertBody(settings: Pick<SwitchboardConfig, 'senders'>) {
  return z
    .strictObject({
      policy: z.string().optional(),
      users: policy.shape.users.optional(),
      text: z.string().trim().min(1, 'must not be empty').max(4_000),
      media: messageMedia
        .optional()
        .describe(
          'comes with the text where the channel has that, as a link where not; on SMS on the page of the alert',
        ),
      ...policy.omit({ users: true }).partial().shape,
      senders: z
        .partialRecord(alertChannel, z.string().min(1).max(50))
        .optional()
        .describe('instead of the configured ones'),
    })
    .refine((body) => (body.policy === undefined) !== (body.users === undefined), {
      message: 'give either policy (the name of a configured one) or users',
      path: ['policy'],
    })
    .superRefine(
      (body, context) => {
        const { users, senders } = asWritten.parse(body)
        for (const { path, message } of missingSenders(users, { ...settings.senders, ...senders })) {
          context.addIssue({ code: 'custom', path, message: `${message}; add one to senders` })
        }
      },
      { when: () => true },
    )
}

const asWritten = z
  .object({ users: z.unknown(), senders: z.record(z.string(), z.string()).catch({}) })
  .catch({ users: [], senders: {} })

export type AlertBody = z.infer<ReturnType<typeof alertBody>>

/** The plan an alert walks, and what the caller should know about it. Throws a Problem (422) naming every field. */
export function readPlan(
  body: AlertBody,
  { policies }: Pick<SwitchboardConfig, 'policies'>,
): { plan: AlertPlan; warnings: FieldProblem[] } {
  if (body.policy !== undefined) {
    const named = own(policies, body.policy)
    if (named) {
      const warnings = planWarnings(named.users).map((warning) => toField(warning, `policies.${body.policy}.`))
      return { plan: planOf(named, body.policy), warnings: [...warnings, ...tooManyParts(named, body.text)] }
    }
    const known = Object.keys(policies).join(', ') || 'none'
    throw invalid([{ field: 'policy', message: `there is no policy "${body.policy}"; policies: ${known}` }])
  }
  const { text: _text, media: _media, senders: ownSenders = {}, policy: _policy, ...settings } = body
  const given = policy.parse(settings)
  const problems = engineProblems(given)
  if (problems.length > 0) throw invalid(problems.map((problem) => toField(problem)))
  return {
    plan: withSenders(planOf(given), ownSenders),
    warnings: [...planWarnings(given.users).map((warning) => toField(warning)), ...tooManyParts(given, body.text)],
  }
}

/** Longer ones are cut. */
const LONGEST_SMS = 1_000

function tooManyParts({ users }: Pick<Policy, 'users'>, text: string): FieldProblem[] {
  const channels = users.flatMap((user) => user.channels.map(({ type }) => type))
  return partsWarning(channels, 'text', text.slice(0, LONGEST_SMS))
}

function withSenders(plan: AlertPlan, senders: NonNullable<AlertBody['senders']>): AlertPlan {
  return {
    ...plan,
    users: plan.users.map((user) => ({
      ...user,
      channels: user.channels.map((step) => {
        const from = senders[step.channel]
        return from === undefined ? step : { ...step, from }
      }),
    })),
  }
}

function toField({ path, message }: PlanRemark, prefix = ''): FieldProblem {
  return { field: `${prefix}${formatPath(path)}`, message }
}

function invalid(fields: FieldProblem[]): Problem {
  return new Problem(422, 'Not valid', fields.map(({ field, message }) => `${field}: ${message}`).join('; '), fields)
}
