import { z } from 'zod'

export const loadRequest = z.object({ url: z.url(), count: z.number(), connections: z.number() })
export type LoadRequest = z.infer<typeof loadRequest>

export const loadResult = z.object({ seconds: z.number(), refused: z.number() })
export type LoadResult = z.infer<typeof loadResult>
