import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

/** A microphone that beeps, which pages may use without asking. */
const sound = [
  'use-fake-device-for-media-stream',
  'use-fake-ui-for-media-stream',
  'autoplay-policy=no-user-gesture-required',
]

/** Debian's Chromium, or the one in CHROMIUM; undefined where there is none. */
export async function openBrowser(): Promise<Browser | undefined> {
  const args = ['no-sandbox', 'disable-gpu', 'disable-quic', 'no-first-run', 'disable-background-networking', ...sound]
  return chromium
    .launch({
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [...args, 'disable-component-update', 'disable-sync'].map((flag) => `--${flag}`),
    })
    .catch(() => undefined)
}
