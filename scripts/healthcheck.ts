// What docker compose asks every few seconds: is the service in this container alive?
const port = process.env['HEALTH_PORT'] || '8080'
const answer = await fetch(`http://127.0.0.1:${port}/livez`).catch(() => undefined)
process.exitCode = answer?.ok ? 0 : 1
