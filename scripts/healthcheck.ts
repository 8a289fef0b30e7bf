// What docker compose asks every few seconds: is the service in this container alive?
const port = process.env['HEALTH_PORT'] || '8080'
const answer = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(4_000) }).catch(
  () => undefined,
)
process.exitCode = answer?.ok ? 0 : 1

// Docker restarts what has ended, not what is unhealthy. A service says 503 only when nothing but a restart can help.
if (answer?.status === 503) process.kill(1, 'SIGTERM')
