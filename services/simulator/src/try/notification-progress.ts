import type { NotificationSeen } from './switchboard.ts'

export interface NotificationProgress {
  sentence: string
  /** Nothing more will come of it. */
  isOver: boolean
  /** The person may answer now. */
  isAsking: boolean
}

/** What has become of a notification, in a sentence. */
export function notificationProgress({ state, message, choice }: NotificationSeen, name: string): NotificationProgress {
  if (choice) return over(`${name} chose ${choice.option}, ${choice.meaning}. It is stored, and was confirmed to her.`)
  if (message?.reason === 'opted-out') {
    return over(`Not sent: ${name} has opted out. Let her text START, then try again.`)
  }
  if (state === 'failed') return over(`Not sent: ${message?.reason ?? 'refused'}.`)
  if (message?.state === 'delivered') {
    return { sentence: `It is on ${name}’s phone and waits for an answer.`, isOver: false, isAsking: true }
  }
  return { sentence: 'On its way …', isOver: false, isAsking: false }
}

function over(sentence: string): NotificationProgress {
  return { sentence, isOver: true, isAsking: false }
}
