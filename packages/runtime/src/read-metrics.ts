import type { Registry } from 'prom-client'

/**
 * All metrics that can be read now, in Prometheus' format. One that cannot, because what it counts lies in a Redis that
 * is away, is left out: the others say more then than ever. One after the other: one may fill those that follow it.
 */
export async function readMetrics(registry: Registry): Promise<string> {
  let text = ''
  for (const { name } of registry.getMetricsAsArray()) {
    text += await registry.getSingleMetricAsString(name).then(
      (metric) => `${metric}\n\n`,
      () => '',
    )
  }
  return text
}
