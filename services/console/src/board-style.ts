/**
 * Bull Board's colours where they are too pale to be read, each a variable of its own, and ours for the way back. What is
 * not set by one of them stays as Bull Board has it.
 */
export const boardStyle = `<style>
:root { --muted-foreground: #4d5863; --hl-meta: #56616d; --status-failed: #b3261e; --destructive: #b3261e; --primary: #0b5a51 }
.dark-mode { --muted-foreground: #a9b3bf; --hl-meta: #a9b3bf; --status-failed: #f19a94; --destructive: #f19a94; --status-delayed: #b9a5f2; --primary: #3ecfb2 }
small { opacity: 1 }
.way-back { position: fixed; right: 1rem; bottom: 1rem; z-index: 9; padding: .5rem .875rem; border-radius: .5rem; background: #0b6e4f; color: #fff; font: 600 .875rem system-ui; text-decoration: none }
.way-back:focus-visible { outline: 3px solid #5fd3a4; outline-offset: 2px }
</style>`
