import { commonEnvironment, positiveInteger, redisEnvironment, settingsFile } from '@switchboard/runtime'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...redisEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  FEEDS_CONCURRENCY: positiveInteger.default(10),
})
