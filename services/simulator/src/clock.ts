export interface ClockState {
  speed: number
  paused: boolean
  /** Simulated time in epoch milliseconds. */
  now: number
}

/** Simulated time: timers of the carrier, of retries and of Dispatch run on it, HTTP timeouts and signatures do not. */
export interface Clock {
  now(): number
  /** Runs the task after so many simulated milliseconds; returns a function that cancels it. */
  after(delayMs: number, task: () => void): () => void
  state(): ClockState
  set(change: { speed?: number | undefined; paused?: boolean | undefined }): void
  /** Moves time forward at once, running everything that falls due, in order. */
  step(ms: number): void
  /** Forgets every task, and goes back to the time of the wall. */
  clear(): void
}

interface Task {
  due: number
  run: (() => void) | null
}

const LONGEST_TIMER_MS = 2 ** 31 - 1

export function createClock(initialSpeed: number, wallNow: () => number = Date.now): Clock {
  const tasks: Task[] = []
  let speed = initialSpeed
  let paused = false
  let simBase = wallNow()
  let wallBase = simBase
  let timer: NodeJS.Timeout | undefined

  const now = () => (paused ? simBase : simBase + (wallNow() - wallBase) * speed)
  const rebase = (at: number) => {
    simBase = at
    wallBase = wallNow()
  }
  const arm = () => {
    clearTimeout(timer)
    const next = tasks[0]
    if (!next || paused) return
    const delay = Math.min(Math.max(0, Math.ceil((next.due - now()) / speed)), LONGEST_TIMER_MS)
    timer = setTimeout(() => {
      runDue(tasks, now())
      arm()
    }, delay)
  }

  return {
    now,
    after(delayMs, run) {
      const task: Task = { due: now() + Math.max(0, delayMs), run }
      insert(tasks, task)
      if (tasks[0] === task) arm()
      return () => {
        task.run = null
      }
    },
    state: () => ({ speed, paused, now: Math.round(now()) }),
    set(change) {
      rebase(now())
      speed = change.speed ?? speed
      paused = change.paused ?? paused
      arm()
    },
    step(ms) {
      const target = now() + ms
      for (let next = tasks[0]; next && next.due <= target; next = tasks[0]) {
        rebase(Math.max(simBase, next.due))
        runDue(tasks, next.due)
      }
      rebase(target)
      arm()
    },
    clear() {
      clearTimeout(timer)
      tasks.length = 0
      rebase(wallNow())
    },
  }
}

/** Keeps tasks ordered by due time; equal ones stay in the order they came. */
function insert(tasks: Task[], task: Task): void {
  let low = 0
  let high = tasks.length
  while (low < high) {
    const middle = (low + high) >> 1
    const other = tasks[middle]
    if (other && other.due <= task.due) low = middle + 1
    else high = middle
  }
  tasks.splice(low, 0, task)
}

function runDue(tasks: Task[], until: number): void {
  for (let next = tasks[0]; next && next.due <= until; next = tasks[0]) {
    tasks.shift()
    next.run?.()
  }
}
