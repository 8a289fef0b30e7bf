import { commonEnvironment, dataEnvironment, positiveInteger, settingsFile } from '@switchboard/runtime'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...dataEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  FEEDS_CONCURRENCY: positiveInteger.default(10),
})
