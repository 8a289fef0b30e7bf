/** For checks that also look where other fields are wrong, so that all problems are told at once. */
export const always = { when: () => true }
