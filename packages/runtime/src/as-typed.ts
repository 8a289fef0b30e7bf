/** The body of a form with the line breaks that somebody typed: browsers send two characters for each. */
export function asTyped(form: string): string {
  return form.replaceAll(/%0D%0A/gi, '%0A')
}
