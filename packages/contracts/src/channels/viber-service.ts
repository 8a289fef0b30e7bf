import { z } from 'zod'

import { cut } from '../cut.ts'
import type { MessageParts } from '../message-content.ts'
import { phoneNumbers } from './addresses.ts'
import type { ChannelFacts, ContentProblem } from './channel-facts.ts'

export const viberService: ChannelFacts = {
  otherNames: ['viber_service_msg', 'viber_sevice_msg'],
  label: 'Viber',
  how: 'on Viber',
  sender: z.string().min(1).max(50),
  addresses: phoneNumbers,
  reportsRead: true,
  alertWording: 'alertViber',
  bundleWording: 'alertBundleViber',
  maxAlertLength: 1_000,
  maxTextLength: 1_000,
  content: ['image', 'video', 'file'],
  options: ['ttlSeconds', 'viberCategory', 'viberType', 'viberButton'],
  problem,
  hasTemplates: false,
  /** Viber for business is one-way for most accounts. */
  noAnswers: ({ viberTwoWay }) =>
    viberTwoWay ? undefined : 'takes no answers: set viberTwoWay if your Viber account is two-way',
  linkButton: (content, { url, text }) =>
    content?.type === 'file' ? undefined : { viberButton: { url, text: cut(text, MAX_BUTTON, '…') } },
  chargedWhen: 'delivered',
}

/** Messages 1.20: viber_service.action.text, .ttl, file.name. */
const MAX_BUTTON = 30
const MIN_TTL_SECONDS = 30
const MAX_TTL_SECONDS = 259_200
const MAX_FILE_NAME = 25

function problem({ content, options }: MessageParts): ContentProblem | undefined {
  const ttl = options?.ttlSeconds ?? MIN_TTL_SECONDS
  if (ttl < MIN_TTL_SECONDS || ttl > MAX_TTL_SECONDS) {
    return { field: 'options.ttlSeconds', message: `must be ${MIN_TTL_SECONDS} to ${MAX_TTL_SECONDS} on Viber` }
  }
  if (content?.type === 'image' && options?.viberButton && content.caption === undefined) {
    return { field: 'content.caption', message: 'is required on Viber where there is a button' }
  }
  if (content?.type === 'file' && (content.name?.length ?? 0) > MAX_FILE_NAME) {
    return { field: 'content.name', message: `must have at most ${MAX_FILE_NAME} characters on Viber` }
  }
  if (content?.type !== 'video') return undefined
  const { caption, thumbUrl, durationSeconds, megabytes } = content
  const missing = Object.entries({ caption, thumbUrl, durationSeconds, megabytes }).find(
    ([, value]) => value === undefined,
  )
  return missing && { field: `content.${missing[0]}`, message: 'is required for a video on Viber' }
}
