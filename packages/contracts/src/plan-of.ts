import type { AlertPlan } from './alert.ts'
import { reportsRead } from './channel.ts'
import type { Channel } from './channel.ts'
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
      })),
      finalWaitSeconds: user.final_wait ?? policy.final_wait,
    })),
    repeat: policy.repeat,
    announce: policy.announce,
    engine: policy.engine,
  }
}

export interface PlanRemark {
  path: (string | number)[]
  message: string
}

/** Channels that a policy uses and no sender is configured for. */
export function missingSenders(users: Policy['users'], senders: Partial<Record<Channel, string>>): PlanRemark[] {
  return eachChannel(users).flatMap(({ channel, path }) =>
    senders[channel.type] === undefined
      ? [{ path: [...path, 'type'], message: `there is no sender for ${channel.type}; add senders.${channel.type}` }]
      : [],
  )
}

/** What is accepted and may surprise: a condition that its channel cannot report. */
export function planWarnings(users: Policy['users']): PlanRemark[] {
  return eachChannel(users).flatMap(({ channel, path, isLast }) =>
    !isLast && channel.condition_status === 'read' && !reportsRead(channel.type)
      ? [
          {
            path: [...path, 'condition_status'],
            message: `${channel.type} never reports "read": only a reply or the acknowledge link counts here`,
          },
        ]
      : [],
  )
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
