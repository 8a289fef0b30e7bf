import { channels, factsOf, missingSenders, planWarnings } from '@switchboard/contracts'
import type { SwitchboardConfig } from '@switchboard/contracts'
import { formatPath } from '@switchboard/runtime'
import type { FastifyInstance } from 'fastify'

import { effectiveEnvironment, environmentWarnings } from './effective-environment.ts'
import type { RouteDeps } from './route-deps.ts'

/** What is in force, with what may surprise about it. Secrets are named, never shown. */
export function configurationRoutes(
  app: FastifyInstance,
  { pages, settings, environment, readRedis }: RouteDeps,
): void {
  app.get('/configuration', async (request, reply) => {
    const redis = await readRedis()
    return pages.show(request, reply, 'configuration', {
      title: 'Configuration',
      section: 'configuration',
      settings,
      sections: Object.entries(maskSettings(settings)).filter(([name]) => name !== '$schema'),
      environment: effectiveEnvironment(environment),
      warnings: [
        ...settingsWarnings(settings),
        ...environmentWarnings(environment),
        ...redis.warnings.map((warning) => `Redis: ${warning}`),
      ],
    })
  })
}

/** Headers of feeds carry keys of other services. */
export function maskSettings(settings: SwitchboardConfig): Record<string, unknown> {
  const feeds = Object.entries(settings.feeds).map(([topic, feed]) => {
    if (feed.source !== 'http') return [topic, feed]
    const headers = Object.fromEntries(Object.keys(feed.headers).map((name) => [name, MASK]))
    return [topic, { ...feed, url: maskUrl(feed.url), headers }]
  })
  return { ...settings, feeds: Object.fromEntries(feeds) }
}

const MASK = '••••••'

/** Keys often travel in the query. */
function maskUrl(url: string): string {
  const parsed = URL.parse(url)
  if (!parsed) return url
  for (const name of new Set(parsed.searchParams.keys())) parsed.searchParams.set(name, MASK)
  // The key of some services is the name.
  if (parsed.username) parsed.username = MASK
  if (parsed.password) parsed.password = MASK
  return parsed.href.replaceAll(encodeURIComponent(MASK), MASK)
}

export function settingsWarnings({ policies, senders, feeds, notifications, templates }: SwitchboardConfig): string[] {
  const ofPolicies = Object.entries(policies).flatMap(([name, { users }]) =>
    [...missingSenders(users, senders), ...planWarnings(users)].map(
      ({ path, message }) => `policies.${name}.${formatPath(path)}: ${message}`,
    ),
  )
  const withoutSender = channels.filter((channel) => senders[channel] === undefined)
  const untemplated = channels.filter((on) => factsOf[on].hasTemplates && senders[on] && !templates[on])
  return [
    ...ofPolicies,
    ...withoutSender.map((channel) => `senders.${channel} is missing: nothing can be sent on ${channel}.`),
    ...untemplated.map(
      (channel) =>
        `templates.${channel} is missing: feeds and notifications are sent on ${channel} within 24 hours of a person's last message only, alerts as text that may be refused.`,
    ),
    ...(Object.keys(feeds).length === 0 ? ['feeds is empty: there is nothing to subscribe to.'] : []),
    ...(Object.keys(policies).length === 0 ? ['policies is empty: alerts can be started by hand only.'] : []),
    ...(Object.keys(notifications).length === 0 ? ['notifications is empty: there is nothing to send.'] : []),
  ]
}
