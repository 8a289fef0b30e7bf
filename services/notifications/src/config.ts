import { commonEnvironment, positiveInteger, redisEnvironment, settingsFile } from '@switchboard/runtime'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...redisEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  NOTIFICATIONS_CONCURRENCY: positiveInteger.default(20),
})
