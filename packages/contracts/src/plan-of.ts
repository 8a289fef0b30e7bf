import { z } from 'zod'

import type { AlertPlan } from './alert.ts'
import { parseAlertChannel, reportsRead } from './channel.ts'
import type { AlertChannel } from './channel.ts'
import { stringsIn } from './fill-content.ts'
import type { Policy } from './policy.ts'

/** A policy in the walker's words. */
export function planOf(policy: Policy, name?: string): AlertPlan {
  return {
    ...(name === undefined ? {} : { policy: name }),
    users: policy.users.map((user) => ({
      name: user.name,
      channels: user.channels.map((channel) => ({
        channel: channel.type,
        to: channel.id_num,
        expirySeconds: channel.expiry_time,
        condition: channel.condition_status,
        ...(channel.language === undefined ? {} : { language: channel.language }),
        ...(channel.style === undefined ? {} : { style: channel.style }),
        ...(channel.content ? { content: channel.content } : {}),
        ...(channel.options ? { options: channel.options } : {}),
      })),
      finalWaitSeconds: user.final_wait ?? policy.final_wait,
    })),
    repeat: policy.repeat,
    blockedSeconds: policy.blocked_wait,
    announce: policy.announce,
    ...(policy.acknowledge === 'code' ? { acknowledge: policy.acknowledge } : {}),
    ...(policy.on_machine === 'leave_text' ? { leavesText: true } : {}),
    engine: policy.engine,
  }
}

export interface PlanRemark {
  path: (string | number)[]
  message: string
}

/** The channels of users as they were written, whatever else is wrong with them. */
const channelsAsWritten = z
  .array(
    z
      .object({ channels: z.array(z.object({ type: z.string().catch('') }).catch({ type: '' })).catch([]) })
      .catch({ channels: [] }),
  )
  .catch([])

/**
 * Channels that users have and no sender is configured for. Takes users as they were written, so that this is reported
 * together with whatever else is wrong.
 */
export function missingSenders(
  users: unknown,
  senders: Partial<Record<AlertChannel, string | undefined>>,
): PlanRemark[] {
  return channelsAsWritten.parse(users).flatMap(({ channels }, userIndex) =>
    channels.flatMap(({ type }, index) => {
      const channel = parseAlertChannel(type)
      if (!channel || senders[channel] !== undefined) return []
      return [{ path: ['users', userIndex, 'channels', index, 'type'], message: `there is no sender for ${channel}` }]
    }),
  )
}

/** What is accepted and may surprise: a condition that its channel cannot report, a content that does not say what happened. */
export function planWarnings(users: Policy['users']): PlanRemark[] {
  return eachChannel(users).flatMap(({ channel: { type, condition_status: condition, content }, path, isLast }) => {
    const isUnread = !isLast && condition === 'read' && !reportsRead(type)
    const isMute = content !== undefined && !stringsIn(content).some(({ text }) => text.includes('{text}'))
    return [
      ...(isUnread
        ? [
            {
              path: [...path, 'condition_status'],
              message: `${type} never reports "read": only a reply or the acknowledge link counts here`,
            },
          ]
        : []),
      ...(isMute
        ? [{ path: [...path, 'content'], message: 'has no {text}: whoever sees it is not told what the alert says' }]
        : []),
    ]
  })
}

function eachChannel(users: Policy['users']) {
  return users.flatMap((user, userIndex) =>
    user.channels.map((channel, index) => ({
      channel,
      path: ['users', userIndex, 'channels', index],
      isLast: index === user.channels.length - 1,
    })),
  )
}
