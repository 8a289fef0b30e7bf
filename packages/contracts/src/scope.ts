import { z } from 'zod'

/** What a token of the API may do; each route asks for one. */
export const scopes = [
  'alerts:read',
  'alerts:write',
  'calls:read',
  'feeds:write',
  'jobs:read',
  'jobs:write',
  'messages:read',
  'messages:write',
  'notifications:read',
  'notifications:write',
  'people:erase',
  'people:read',
  'people:write',
  'tokens:read',
  'tokens:write',
] as const
export const scope = z.enum(scopes)
export type Scope = z.infer<typeof scope>
