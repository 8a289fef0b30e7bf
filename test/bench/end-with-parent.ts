// Loaded before each part of a benchmark: a benchmark that is killed leaves none of them behind.
process.once('disconnect', () => process.exit())
