import { contentProblems, describeContent, factsOf, messageParts } from '@switchboard/contracts'
import type { Channel, MessageParts } from '@switchboard/contracts'
import { z } from 'zod'

import { scalar } from './webhooks/fields.ts'

const numeric = scalar.transform(Number).optional()
const viberOptions = z
  .object({
    category: z.string().optional(),
    type: z.string().optional(),
    ttl: numeric,
    duration: numeric,
    file_size: numeric,
    action: z.object({ url: z.string(), text: z.string() }).optional(),
  })
  .optional()

/** The `message` of an item as Messages v0.1 has it. The members of its content depend on the type. */
export const dispatchMessage = z.object({
  content: z.looseObject({ type: z.string('is required.') }, 'is required.'),
  whatsapp: z.object({ locale: z.string().optional(), policy: z.literal('deterministic').optional() }).optional(),
  messenger: z.object({ category: z.string().optional(), tag: z.string().optional() }).optional(),
  viber_service_msg: viberOptions,
})
export type DispatchMessage = z.output<typeof dispatchMessage>

export type DispatchContent = MessageParts & { text: string }

export interface Problem {
  /** Within the item. */
  path: string[]
  problem: string
}

/** What an item says, in our words; or everything that is wrong with it, by the names of the caller. */
export function readDispatchContent(channel: Channel, message: DispatchMessage): DispatchContent | Problem[] {
  const { type, text } = message.content
  const types = ['text', ...factsOf[channel].content]
  const problem = (path: string[], sentence: string) => ({ path: theirPath(type, path), problem: sentence })
  if (!types.includes(type)) return [problem(['content', 'type'], `must be ${types.join(', ')} on this channel.`)]
  if (type === 'text' && (typeof text !== 'string' || text === '')) return [problem(['text'], 'is required.')]
  const read = messageParts.safeParse(
    defined({ content: type === 'text' ? undefined : contentOf(message), options: optionsOn[channel]?.(message) }),
  )
  if (!read.success) return read.error.issues.map(({ path, message: why }) => problem(path.map(String), `${why}.`))
  const { content } = read.data
  const said = { text: content ? describeContent(content) : String(text), ...read.data }
  const problems = contentProblems(channel, said)
  return problems.length === 0 ? said : problems.map((each) => problem(each.field.split('.'), `${each.message}.`))
}

/** Either shape. What is neither is left as it is, to be refused. */
const parameter = z.union([z.object({ default: z.string() }).transform((each) => each.default), z.unknown()])
const members = z.record(z.string(), z.unknown()).catch({})

function contentOf({ content, whatsapp, viber_service_msg: viber }: DispatchMessage): object {
  const { type } = content
  if (type === 'custom') return { type, custom: content['custom'] }
  const { url, caption, name, thumb_url: thumbUrl, parameters = [] } = members.parse(content[type])
  if (type === 'template') {
    const written = Array.isArray(parameters) ? parameters.map((each) => parameter.parse(each)) : parameters
    return { type, template: defined({ name, parameters: written, locale: whatsapp?.locale }) }
  }
  const ofVideo = { thumbUrl, durationSeconds: viber?.duration, megabytes: viber?.file_size }
  return defined({ type, url, caption, ...(type === 'file' ? { name } : {}), ...(type === 'video' ? ofVideo : {}) })
}

/** The options that v0.1 has, in our words. */
const optionsOn: Partial<Record<Channel, (message: DispatchMessage) => object | undefined>> = {
  messenger({ messenger }) {
    const isTagged = messenger?.category === 'message_tag' || messenger?.tag !== undefined
    if (isTagged) return { messengerTag: messenger.tag ?? '' }
    return messenger?.category === undefined ? undefined : { messengerCategory: messenger.category }
  },
  viber_service({ viber_service_msg: viber }) {
    const { ttl, category, type, action } = viber ?? {}
    const options = defined({ ttlSeconds: ttl, viberCategory: category, viberType: type, viberButton: action })
    return Object.keys(options).length > 0 ? options : undefined
  },
}

function defined(given: object): object {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

const ownPlaces: Record<string, string[]> = {
  locale: ['whatsapp', 'locale'],
  durationSeconds: ['viber_service_msg', 'duration'],
  megabytes: ['viber_service_msg', 'file_size'],
  ttlSeconds: ['viber_service_msg', 'ttl'],
  viberCategory: ['viber_service_msg', 'category'],
  viberType: ['viber_service_msg', 'type'],
  viberButton: ['viber_service_msg', 'action'],
  messengerTag: ['messenger', 'tag'],
  messengerCategory: ['messenger', 'category'],
}

/** Where the caller wrote what we call `path`. */
function theirPath(type: string, path: string[]): string[] {
  const [first, ...rest] = path
  const place = ownPlaces[rest.at(-1) ?? ''] ?? (first === 'options' ? ownPlaces[rest[0] ?? ''] : undefined)
  if (place) return place
  if (first === 'text' || rest[0] === 'type') return ['content', rest[0] ?? 'text']
  const inner = rest.filter((name) => name !== type).map((name) => (name === 'thumbUrl' ? 'thumb_url' : name))
  return ['content', type, ...inner]
}
