// Imported ahead of a service (`node --import`): when whoever started it is gone without a word, the service stops too.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// The channel alone must not keep the process running.
process.channel?.unref()
