import { z } from 'zod'

/** What somebody may do in the console, from the least to the most: each may whatever those before it may. */
export const roles = ['viewer', 'responder', 'operator', 'admin'] as const
export const role = z.enum(roles)
export type Role = z.infer<typeof role>

/** Whether somebody of a role may do what needs another. */
export function may(own: Role, needed: Role): boolean {
  return roles.indexOf(own) >= roles.indexOf(needed)
}
