import { z } from 'zod'

const described = z.looseObject({
  /** Several: the first is what it is when it is something. */
  type: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
  const: z.unknown().optional(),
  format: z.string().optional(),
  example: z.unknown().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).default([]),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
})
type Described = z.infer<typeof described>

/** What such fields hold in real life, by their names. */
const KNOWN: Record<string, unknown> = {
  id: 'V1StGXR8_Z5jdHi6B',
  uuid: '63f61863-4a51-4f6b-86e1-46edebcf9356',
  code: 'A17',
  to: '+447700900011',
  address: '447700900011',
  text: 'Disk full on db-1',
  policy: 'oncall',
  by: 'Ada',
  user: 'Tony',
  template: 'delivery',
  topic: 'MSFT',
  value: '421.30',
  channel: 'sms',
  minutes: 30,
  queue: 'outbound-sms',
}

/** Something that fits a JSON schema: what must be there, and of the rest what is known by name. */
export function exampleOf(schema: unknown, name = ''): unknown {
  const field = described.parse(schema ?? {})
  if (field.example !== undefined) return field.example
  if (field.const !== undefined) return field.const
  if (field.enum) return field.default ?? (field.enum.includes(KNOWN[name]) ? KNOWN[name] : field.enum[0])
  if (field.properties) return exampleOfObject(field, field.properties)
  const [first] = field.anyOf ?? field.oneOf ?? []
  if (first !== undefined) return exampleOf(first, name)
  if (field.type === 'array') return [exampleOf(field.items)]
  if (field.type === 'object') return {}
  return field.default ?? exampleOfScalar(field, name)
}

function exampleOfObject({ required }: Described, properties: Record<string, unknown>): Record<string, unknown> {
  const shown = Object.entries(properties).filter(([key]) => required.includes(key) || KNOWN[key] !== undefined)
  return Object.fromEntries(shown.map(([key, value]) => [key, exampleOf(value, key)]))
}

function exampleOfScalar({ type, format, minimum }: Described, name: string): unknown {
  if (type === 'boolean') return false
  if (type === 'integer' || type === 'number') {
    return typeof KNOWN[name] === 'number' ? KNOWN[name] : Math.max(1, minimum ?? 1)
  }
  if (format === 'date-time') return '2026-01-15T03:00:00.000Z'
  if (format === 'uri') return 'https://example.com/picture.jpg'
  return typeof KNOWN[name] === 'string' ? KNOWN[name] : '…'
}
