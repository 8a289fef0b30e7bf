import {
  commonEnvironment,
  positiveInteger,
  redisEnvironment,
  settingsFile,
  vonageEnvironment,
} from '@switchboard/runtime'
import { z } from 'zod'

export const configSchema = z.object({
  ...commonEnvironment,
  ...redisEnvironment,
  ...vonageEnvironment,
  SWITCHBOARD_CONFIG: settingsFile,
  /** Messages under way at once, per channel and replica. */
  OUTBOUND_CONCURRENCY: positiveInteger.default(20),
})
