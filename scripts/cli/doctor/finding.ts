/** One line of the doctor. */
export interface Finding {
  about: string
  level: 'ok' | 'warning' | 'failure'
  says: string
  /** What to do about it. */
  todo?: string
}

export function ok(about: string, says: string): Finding {
  return { about, level: 'ok', says }
}

export function warning(about: string, says: string, todo: string): Finding {
  return { about, level: 'warning', says, todo }
}

export function failure(about: string, says: string, todo: string): Finding {
  return { about, level: 'failure', says, todo }
}
