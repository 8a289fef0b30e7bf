/** How one types it here. */
export const COMMAND = 'npm run switchboard --'
